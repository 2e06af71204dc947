/** What waits for a rule that is no longer as it was, and what the rules on a silence have seen. Decides nothing. */
import type { Alert, Instant } from "../../domain/index.ts";
import { ALERT_COLUMNS, toAlert, type AlertRow } from "../alerts/alert-rows.ts";
import { bytesArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";

export interface RuleText {
  readonly name: string;
  readonly hash: string;
}

const isStray = (table: string): string => `${table}.state = 'waiting' and not exists (
  select from unnest($1::text[], $2::text[]) as r (rule, hash) where r.rule = ${table}.rule and r.hash = ${table}.rule_hash)`;

function textsOf(rules: readonly RuleText[]): readonly string[] {
  return [textArray(rules, ({ name }) => name), textArray(rules, ({ hash }) => hash)];
}

export interface StrayHold {
  readonly id: string;
  readonly identity: string;
  readonly rule: string;
  readonly startedAt: Instant;
}

/** Holds that no rule of this text waits for. */
export async function selectStrayHolds(
  db: Queryable,
  rules: readonly RuleText[],
  limit: number,
): Promise<readonly StrayHold[]> {
  const rows = await db.query<{ id: string; identity: string; rule: string; started_at: Instant }>({
    text: `select id, identity, rule, started_at from holds where ${isStray("holds")} order by id limit $3`,
    values: [...textsOf(rules), limit],
  });
  return rows.map(({ started_at: startedAt, ...row }) => ({ ...row, startedAt }));
}

/** Keys (hex) of silences that no rule of this text waits for. */
export async function selectStrayAbsences(
  db: Queryable,
  rules: readonly RuleText[],
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.query<{ key: string }>({
    text: `select key from absences where ${isStray("absences")} order by id limit $3`,
    values: [...textsOf(rules), limit],
  });
  return rows.map(({ key }) => key);
}

export interface MovedHold {
  readonly id: string;
  readonly ruleHash: string;
  readonly dueAt: Instant;
}

/** The same hold under another text of its rule; its workflow looks again. */
export function moveHolds(db: Transaction, moved: readonly MovedHold[]): void {
  if (moved.length === 0) return;
  db.send({
    text: `with moved as (
      update holds h set rule_hash = m.rule_hash, due_at = m.due_at
      from unnest($1::text[], $2::text[], $3::timestamptz[]) as m (id, rule_hash, due_at)
      where h.id = m.id and h.state = 'waiting' returning h.id
    )
    insert into outbox (lane, kind, workflow_id, payload)
    select ${OUTBOX_LANES.holds}, 'hold-changed', 'held:' || id, '{}' from moved`,
    values: [
      plainArray(moved, ({ id }) => id),
      textArray(moved, ({ ruleHash }) => ruleHash),
      timeArray(moved, ({ dueAt }) => dueAt),
    ],
  });
}

export interface MovedAbsence {
  /** Hex. */
  readonly key: string;
  readonly ruleHash: string;
  readonly dueAt: Instant;
}

export function moveAbsences(db: Transaction, moved: readonly MovedAbsence[]): void {
  if (moved.length === 0) return;
  db.send({
    text: `with moved as (
      update absences b set rule_hash = m.rule_hash, due_at = m.due_at
      from unnest($1::bytea[], $2::text[], $3::timestamptz[]) as m (key, rule_hash, due_at)
      where b.key = m.key and b.state = 'waiting' returning b.id
    )
    insert into outbox (lane, kind, workflow_id, payload)
    select ${OUTBOX_LANES.holds}, 'absence-changed', 'absence:' || id, '{}' from moved`,
    values: [
      bytesArray(moved, ({ key }) => key),
      textArray(moved, ({ ruleHash }) => ruleHash),
      timeArray(moved, ({ dueAt }) => dueAt),
    ],
  });
}

/** Rules on a silence that have looked at the alerts from before their publishing. */
export async function selectArmedRules(db: Queryable): Promise<readonly RuleText[]> {
  return await db.query<RuleText>({ text: "select rule as name, rule_hash as hash from armed_rules" });
}

/** Those that are no longer in force are forgotten: coming back, they look again. */
export async function rememberArmedRules(db: Queryable, rules: readonly RuleText[]): Promise<void> {
  await db.query({
    text: `with gone as (delete from armed_rules where not rule = any($1::text[]))
      insert into armed_rules (rule, rule_hash) select * from unnest($1::text[], $2::text[])
      on conflict (rule) do update set rule_hash = excluded.rule_hash`,
    values: textsOf(rules),
  });
}

/** Coming back, they look again. */
export function forgetArmedRules(db: Transaction, rules: readonly string[]): void {
  if (rules.length === 0) return;
  db.send({
    text: "delete from armed_rules where rule = any($1::text[])",
    values: [textArray(rules, (rule) => rule)],
  });
}

/** Of keys (hex), until when an alert was seen before the silence that was told last. */
export async function selectToldAbsences(
  db: Queryable,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<{ key: string; last_seen_at: Instant }>({
    text: `select key, max(last_seen_at) as last_seen_at from absences
      where key = any($1::bytea[]) and state = 'told' group by key`,
    values: [bytesArray(keys, (key) => key)],
  });
  return new Map(rows.map((row) => [row.key, row.last_seen_at]));
}

/** Newest first, those before `before` (an id; undefined: from the newest on). */
export async function selectFiringAlerts(
  db: Queryable,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<readonly Alert[]> {
  const rows = await db.query<AlertRow>({
    text: `select ${ALERT_COLUMNS} from alerts a
      where a.status = 'firing' and ($1::text is null or a.id < $1::text collate "C") order by a.id desc limit $2`,
    values: [page.before ?? null, page.limit],
  });
  return rows.map(toAlert);
}
