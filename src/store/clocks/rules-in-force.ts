/** Since when each rule with a clock is in force, and which schedules the set has: written when a set is put in force. */
import type { TimedRules } from "../../decision/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";

export interface RulesInForce {
  readonly number: number;
  /** Grows by one whenever a set is put in force, an older one too. */
  readonly activation: number;
  /** By name of the rule: the activation since which it is in force without a break. Rules with a clock only. */
  readonly clocksSince: ReadonlyMap<string, number>;
}

/** As one moment shows it. Undefined: no set was published. */
export async function selectRulesInForce(db: Queryable): Promise<RulesInForce | undefined> {
  const [row] = await db.query<{
    number: number;
    activation: number;
    since: Readonly<Record<string, number>>;
  }>({
    name: "select-rules-in-force",
    text: `select number, activation,
      coalesce((select json_object_agg(rule, since) from rule_clocks), '{}') as since from active_rule_set`,
  });
  if (row === undefined) return undefined;
  const { number, activation, since } = row;
  return { number, activation, clocksSince: new Map(Object.entries(since)) };
}

/** Only the number that says whether one's own rules are those in force. */
export async function selectActivation(db: Queryable): Promise<number | undefined> {
  const [row] = await db.query<{ activation: number }>({
    name: "select-activation",
    text: "select activation from active_rule_set",
  });
  return row?.activation;
}

/** The same, and no other set is put in force until the transaction's end. */
export async function lockActivation(db: Queryable): Promise<number | undefined> {
  const [row] = await db.query<{ activation: number }>({
    name: "lock-activation",
    text: "select activation from active_rule_set for share",
  });
  return row?.activation;
}

/**
 * In the transaction that puts the set in force. Rules keep `since` while their name stays; clocks whose hash changed are
 * looked at again, by a workflow; Temporal is told of schedules. Both through the outbox.
 */
export async function putTimesInForce(
  db: Transaction,
  activation: number,
  { clocks, schedules }: TimedRules,
): Promise<void> {
  await db.query({
    text: "delete from rule_clocks where rule <> all($1::text[])",
    values: [clocks.map(({ rule }) => rule)],
  });
  const changed = await db.query<{ rule: string }>({
    text: `insert into rule_clocks as r (rule, hash, since, hash_since)
      select rule, hash, $3, $3 from unnest($1::text[], $2::text[]) as x (rule, hash)
      on conflict (rule) do update set hash = excluded.hash, hash_since = excluded.hash_since where r.hash <> excluded.hash
      returning rule`,
    values: [clocks.map(({ rule }) => rule), clocks.map(({ hash }) => hash), activation],
  });
  const [before] = await db.query<{ n: number }>({
    text: "select count(*) as n from rule_clocks where rule = any($1) and since < $2",
    values: [changed.map(({ rule }) => rule), activation],
  });
  if ((before?.n ?? 0) > 0) await tell(db, "rearm-tickets", `rearm:${activation}`);
  if (await putSchedules(db, schedules)) await tell(db, "sync-schedules", "schedules");
}

/** Answers whether Temporal has to be told. */
async function putSchedules(db: Transaction, schedules: TimedRules["schedules"]): Promise<boolean> {
  await db.query({
    text: "update rule_schedules set wanted = false, told_hash = null where wanted and key <> all($1::text[])",
    values: [schedules.map(({ key }) => key)],
  });
  await db.query({
    text: `insert into rule_schedules as s (rule, key, hash, times, file, line)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::int[])
      on conflict (key) do update set rule = excluded.rule, hash = excluded.hash, times = excluded.times,
        file = excluded.file, line = excluded.line, wanted = true`,
    values: [
      schedules.map(({ rule }) => rule),
      schedules.map(({ key }) => key),
      schedules.map(({ hash }) => hash),
      schedules.map(({ times }) => JSON.stringify(times)),
      schedules.map(({ file }) => file),
      schedules.map(({ line }) => line),
    ],
  });
  const untold = await db.query({
    text: "select from rule_schedules where not wanted or told_hash is distinct from hash limit 1",
  });
  return untold.length > 0;
}

async function tell(db: Transaction, kind: string, workflowId: string): Promise<void> {
  await db.query({
    text: `insert into outbox (lane, kind, workflow_id, payload) values (${OUTBOX_LANES.clocks}, $1, $2, '{}')`,
    values: [kind, workflowId],
  });
}
