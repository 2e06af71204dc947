/** Stores deliveries of callouts as the decision built them: pending ones wait for their workflow, others are told only. */
import type { NewDelivery } from "../../decision/index.ts";
import { jsonArray, plainArray, textArray, textListArray, timeArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

export interface DeliveryRow {
  readonly id: string;
  readonly delivery: NewDelivery;
  /** Hash of the callout's text that it was made by. */
  readonly declarationHash: string | undefined;
}

const SQL = `insert into deliveries (id, callout, ticket_id, rule, created_at, state, reason, request, schedule,
  notify_on_failure, declaration_hash, finished_at)
select id, callout, ticket_id, rule, created_at, state, reason, request, schedule, notify_on_failure::text[],
  declaration_hash, case when state <> 'pending' then created_at end
from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::text[], $7::text[], $8::jsonb[],
  $9::jsonb[], $10::text[], $11::text[])
as d (id, callout, ticket_id, rule, created_at, state, reason, request, schedule, notify_on_failure, declaration_hash)`;

export function insertDeliveries(db: Transaction, deliveries: readonly DeliveryRow[]): void {
  if (deliveries.length === 0) return;
  db.send({
    name: "insert-deliveries",
    text: SQL,
    values: [
      plainArray(deliveries, (row) => row.id),
      textArray(deliveries, (row) => row.delivery.callout),
      plainArray(deliveries, (row) => row.delivery.ticketId),
      jsonArray(deliveries, (row) => row.delivery.rule),
      timeArray(deliveries, (row) => row.delivery.at),
      plainArray(deliveries, (row) => row.delivery.state),
      textArray(deliveries, (row) => row.delivery.reason),
      jsonArray(deliveries, (row) => row.delivery.request),
      jsonArray(deliveries, (row) => row.delivery.schedule),
      textListArray(deliveries, (row) => row.delivery.notifyOnFailure),
      textArray(deliveries, (row) => row.declarationHash),
    ],
  });
}
