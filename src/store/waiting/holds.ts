/**
 * Holds of alerts (contract.md 4, Hold). Who reads to decide or writes has locked the identity in dedup_keys. Ended ones
 * stay for a while, so that a workflow that asks twice hears the same. Decides nothing.
 */
import type { Hold } from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import { ALERT_COLUMNS, toAlert, type AlertRow } from "../alerts/alert-rows.ts";
import { bytesArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";

const LOAD = `select h.identity, h.rule, h.started_at, h.due_at, ${ALERT_COLUMNS}
from unnest($1::bytea[]) as k (identity)
join holds h on h.identity = k.identity and h.state = 'waiting'
join alerts a on a.id = h.alert_id
order by h.started_at, h.id`;

/** Those that wait, by identity (hex). */
export async function loadHolds(
  db: Queryable,
  identities: readonly string[],
): Promise<ReadonlyMap<string, readonly Hold[]>> {
  const holds = new Map<string, Hold[]>();
  if (identities.length === 0) return holds;
  const rows = await db.query<
    AlertRow & { identity: string; rule: string; started_at: Instant; due_at: Instant }
  >({ name: "load-holds", text: LOAD, values: [bytesArray(identities, (identity) => identity)] });
  for (const row of rows) {
    const { identity, rule, started_at: startedAt, due_at: dueAt } = row;
    const hold: Hold = { identity, rule, startedAt, dueAt, alert: toAlert(row) };
    holds.set(identity, [...(holds.get(identity) ?? []), hold]);
  }
  return holds;
}

export interface KeptHold {
  /** Of the row, where it is a new one. */
  readonly id: string;
  readonly ruleHash: string;
  readonly hold: Pick<Hold, "identity" | "rule" | "startedAt" | "dueAt"> & {
    readonly alert: { readonly id: string };
  };
}

/** A new one gets its workflow; one that waits keeps its beginning. */
const KEEP = `with given as (
  select * from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
    as g (id, identity, rule, rule_hash, started_at, due_at, alert_id)
), kept as (
  insert into holds (id, identity, rule, rule_hash, started_at, due_at, alert_id)
  select id, identity, rule, rule_hash, started_at, due_at, alert_id from given order by identity, rule
  on conflict (identity, rule) where state = 'waiting'
    do update set alert_id = excluded.alert_id, due_at = excluded.due_at
  returning id
)
insert into outbox (lane, kind, workflow_id, payload)
select ${OUTBOX_LANES.holds}, 'start-hold', 'held:' || kept.id, '{}' from kept join given on given.id = kept.id`;

export function keepHolds(db: Transaction, kept: readonly KeptHold[]): void {
  if (kept.length === 0) return;
  db.send({
    name: "keep-holds",
    text: KEEP,
    values: [
      plainArray(kept, ({ id }) => id),
      bytesArray(kept, ({ hold }) => hold.identity),
      textArray(kept, ({ hold }) => hold.rule),
      textArray(kept, ({ ruleHash }) => ruleHash),
      timeArray(kept, ({ hold }) => hold.startedAt),
      timeArray(kept, ({ hold }) => hold.dueAt),
      plainArray(kept, ({ hold }) => hold.alert.id),
    ],
  });
}

export interface EndedHold {
  readonly identity: string;
  readonly rule: string;
  readonly state: "released" | "cleared" | "dropped";
  /** For whoever asks why the alert came to nothing. */
  readonly reason: string;
}

/** A release is its workflow's own doing; else the workflow is told, and the alert says what became of it. */
const END = `with given as (
  select * from unnest($1::bytea[], $2::text[], $3::text[], $4::text[]) as g (identity, rule, state, reason)
), ended as (
  update holds h set state = g.state, reason = g.reason, ended_at = $5 from given g
  where h.identity = g.identity and h.rule = g.rule and h.state = 'waiting'
  returning h.id, h.alert_id, h.state, h.reason
), told as (
  insert into outbox (lane, kind, workflow_id, payload)
  select ${OUTBOX_LANES.holds}, 'hold-changed', 'held:' || id, '{}' from ended where state <> 'released'
)
update alerts a set why = a.why || '; ' || e.reason from ended e
where a.id = e.alert_id and e.state <> 'released'`;

export function endHolds(db: Transaction, ended: readonly EndedHold[], at: Instant): void {
  if (ended.length === 0) return;
  db.send({
    name: "end-holds",
    text: END,
    values: [
      bytesArray(ended, ({ identity }) => identity),
      textArray(ended, ({ rule }) => rule),
      plainArray(ended, ({ state }) => state),
      textArray(ended, ({ reason }) => reason),
      new Date(at).toISOString(),
    ],
  });
}

export interface HoldFacts {
  readonly id: string;
  readonly identity: string;
  readonly rule: string;
  readonly state: "waiting" | EndedHold["state"];
  readonly reason: string | undefined;
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  readonly alertId: string;
  readonly title: string | undefined;
  readonly source: string | undefined;
  readonly organizationId: string | undefined;
}

/** For its workflow. The title is missing when the alert is older than alerts are kept. */
export async function selectHold(db: Queryable, id: string): Promise<HoldFacts | undefined> {
  const [row] = await db.query<{
    id: string;
    identity: string;
    rule: string;
    state: HoldFacts["state"];
    reason: string | null;
    started_at: Instant;
    due_at: Instant;
    alert_id: string;
    title: string | null;
    source: string | null;
    organization_id: string | null;
  }>({
    name: "select-hold",
    text: `select h.id, h.identity, h.rule, h.state, h.reason, h.started_at, h.due_at, h.alert_id,
        a.title, a.source, a.organization_id
      from holds h left join alerts a on a.id = h.alert_id where h.id = $1`,
    values: [id],
  });
  if (row === undefined) return undefined;
  return {
    id: row.id,
    identity: row.identity,
    rule: row.rule,
    state: row.state,
    reason: row.reason ?? undefined,
    startedAt: row.started_at,
    dueAt: row.due_at,
    alertId: row.alert_id,
    title: row.title ?? undefined,
    source: row.source ?? undefined,
    organizationId: row.organization_id ?? undefined,
  };
}

/** What the rules made of it, once that is known: for a workflow that asks again. */
export function explainHold(db: Transaction, id: string, reason: string): void {
  db.send({ text: "update holds set reason = $2 where id = $1", values: [id, reason] });
}

/** Its time is now: somebody does not want to wait. */
export async function hastenHold(db: Queryable, id: string, at: Instant): Promise<void> {
  await db.query({
    text: "update holds set due_at = $2 where id = $1 and state = 'waiting' and due_at > $2",
    values: [id, new Date(at).toISOString()],
  });
}
