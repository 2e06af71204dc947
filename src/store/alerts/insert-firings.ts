/** Stores which rules fired, why, and what became of their actions; and where the two matchers disagreed. */
import type { Disagreement, Firing } from "../../decision/index.ts";
import { jsonArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

const FIRINGS = `insert into firings (alert_id, ticket_id, rule, file, line, event, depth, at, rule_set, conditions, outcomes)
select alert_id, ticket_id, rule, file, line, event, depth, at, $11::integer, conditions, outcomes
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::smallint[],
  $8::timestamptz[], $9::jsonb[], $10::jsonb[])
as f (alert_id, ticket_id, rule, file, line, event, depth, at, conditions, outcomes)`;

export function insertFirings(db: Transaction, firings: readonly Firing[], ruleSet: number): void {
  if (firings.length === 0) return;
  db.send({
    name: "insert-firings",
    text: FIRINGS,
    values: [
      plainArray(firings, (firing) => firing.alertId),
      plainArray(firings, (firing) => firing.ticketId),
      textArray(firings, (firing) => firing.rule),
      textArray(firings, (firing) => firing.file),
      plainArray(firings, (firing) => firing.line),
      textArray(firings, (firing) => firing.on),
      plainArray(firings, (firing) => firing.depth),
      timeArray(firings, (firing) => firing.at),
      jsonArray(firings, (firing) => firing.conditions),
      jsonArray(firings, (firing) => firing.outcomes),
      ruleSet,
    ],
  });
}

const DISAGREEMENTS = `insert into disagreements (alert_id, ticket_id, rule, at, rule_set, detail)
select alert_id, ticket_id, rule, at, $6::integer, detail
from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
as d (alert_id, ticket_id, rule, at, detail)`;

export function insertDisagreements(
  db: Transaction,
  disagreements: readonly Disagreement[],
  ruleSet: number,
): void {
  if (disagreements.length === 0) return;
  db.send({
    text: DISAGREEMENTS,
    values: [
      plainArray(disagreements, (disagreement) => disagreement.alertId),
      plainArray(disagreements, (disagreement) => disagreement.ticketId),
      textArray(disagreements, (disagreement) => disagreement.rule),
      timeArray(disagreements, (disagreement) => disagreement.at),
      textArray(disagreements, (disagreement) => disagreement.detail),
      ruleSet,
    ],
  });
}
