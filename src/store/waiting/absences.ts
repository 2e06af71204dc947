/**
 * Silences that are waited for (contract.md 4, Absence). The row of a key moves with every alert of it; its workflow hears
 * of none and reads the row when its time comes. Decides nothing.
 */
import type { Absence } from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import { ALERT_COLUMNS, toAlert, type AlertRow } from "../alerts/alert-rows.ts";
import { bytesArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";

const COLUMNS = `b.key, b.rule, b.last_seen_at, b.due_at, ${ALERT_COLUMNS}`;

const LOAD = `select ${COLUMNS} from absences b join alerts a on a.id = b.alert_id
where b.key = any($1::bytea[]) and b.state = 'waiting' order by b.key`;

type Row = AlertRow & { key: string; rule: string; last_seen_at: Instant; due_at: Instant };

/** By key (hex). With `lock` no alert moves them until the transaction's end. */
export async function loadAbsences(
  db: Queryable,
  keys: readonly string[],
  options: { readonly lock: boolean },
): Promise<ReadonlyMap<string, Absence>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<Row>({
    name: options.lock ? "lock-absences" : "load-absences",
    text: options.lock ? `${LOAD} for update of b` : LOAD,
    values: [bytesArray(keys, (key) => key)],
  });
  return new Map(rows.map((row) => [row.key, toAbsence(row)]));
}

function toAbsence(row: Row): Absence {
  const { key, rule, last_seen_at: lastSeenAt, due_at: dueAt } = row;
  return { key, rule, lastSeenAt, dueAt, alert: toAlert(row) };
}

export interface ArmedAbsence {
  /** Of the row, where it is a new one. */
  readonly id: string;
  readonly ruleHash: string;
  readonly absence: Pick<Absence, "key" | "rule" | "lastSeenAt" | "dueAt"> & {
    readonly alert: { readonly id: string };
  };
}

/** An alert that was received before the one that the row has does not move it: batches commit as they can. */
const ARM = `with given as (
  select * from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
    as g (id, key, rule, rule_hash, last_seen_at, due_at, alert_id)
), armed as (
  insert into absences as b (id, key, rule, rule_hash, last_seen_at, due_at, alert_id)
  select id, key, rule, rule_hash, last_seen_at, due_at, alert_id from given order by key
  on conflict (key) where state = 'waiting' do update set last_seen_at = excluded.last_seen_at,
    due_at = excluded.due_at, alert_id = excluded.alert_id, rule_hash = excluded.rule_hash
    where b.last_seen_at <= excluded.last_seen_at
  returning id
)
insert into outbox (lane, kind, workflow_id, payload)
select ${OUTBOX_LANES.holds}, 'start-absence', 'absence:' || armed.id, '{}' from armed join given on given.id = armed.id`;

export function armAbsences(db: Transaction, armed: readonly ArmedAbsence[]): void {
  if (armed.length === 0) return;
  db.send({
    name: "arm-absences",
    text: ARM,
    values: [
      plainArray(armed, ({ id }) => id),
      bytesArray(armed, ({ absence }) => absence.key),
      textArray(armed, ({ absence }) => absence.rule),
      textArray(armed, ({ ruleHash }) => ruleHash),
      timeArray(armed, ({ absence }) => absence.lastSeenAt),
      timeArray(armed, ({ absence }) => absence.dueAt),
      plainArray(armed, ({ absence }) => absence.alert.id),
    ],
  });
}

export interface EndedAbsence {
  readonly key: string;
  readonly state: "told" | "dropped";
  readonly reason: string;
}

/** Telling is its workflow's own doing; else the workflow is told. */
const END = `with given as (
  select * from unnest($1::bytea[], $2::text[], $3::text[]) as g (key, state, reason)
), ended as (
  update absences b set state = g.state, reason = g.reason, ended_at = $4 from given g
  where b.key = g.key and b.state = 'waiting' returning b.id, b.state
)
insert into outbox (lane, kind, workflow_id, payload)
select ${OUTBOX_LANES.holds}, 'absence-changed', 'absence:' || id, '{}' from ended where state <> 'told'`;

export function endAbsences(db: Transaction, ended: readonly EndedAbsence[], at: Instant): void {
  if (ended.length === 0) return;
  db.send({
    name: "end-absences",
    text: END,
    values: [
      bytesArray(ended, ({ key }) => key),
      plainArray(ended, ({ state }) => state),
      textArray(ended, ({ reason }) => reason),
      new Date(at).toISOString(),
    ],
  });
}

/** What the rules made of it, once that is known: for a workflow that asks again. */
export function explainAbsence(db: Transaction, id: string, reason: string): void {
  db.send({ text: "update absences set reason = $2 where id = $1", values: [id, reason] });
}

export interface AbsenceFacts {
  readonly id: string;
  readonly key: string;
  readonly rule: string;
  readonly state: "waiting" | EndedAbsence["state"];
  readonly reason: string | undefined;
  readonly lastSeenAt: Instant;
  readonly dueAt: Instant;
  readonly title: string | undefined;
  readonly source: string | undefined;
  readonly organizationId: string | undefined;
}

/** For its workflow. */
export async function selectAbsence(db: Queryable, id: string): Promise<AbsenceFacts | undefined> {
  const [row] = await db.query<{
    id: string;
    key: string;
    rule: string;
    state: AbsenceFacts["state"];
    reason: string | null;
    last_seen_at: Instant;
    due_at: Instant;
    title: string | null;
    source: string | null;
    organization_id: string | null;
  }>({
    name: "select-absence",
    text: `select b.id, b.key, b.rule, b.state, b.reason, b.last_seen_at, b.due_at, a.title, a.source, a.organization_id
      from absences b left join alerts a on a.id = b.alert_id where b.id = $1`,
    values: [id],
  });
  if (row === undefined) return undefined;
  return {
    id: row.id,
    key: row.key,
    rule: row.rule,
    state: row.state,
    reason: row.reason ?? undefined,
    lastSeenAt: row.last_seen_at,
    dueAt: row.due_at,
    title: row.title ?? undefined,
    source: row.source ?? undefined,
    organizationId: row.organization_id ?? undefined,
  };
}
