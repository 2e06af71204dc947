/** Rule-set versions, which of them is in force, and what follows from it: the declared user-defined fields. */
import type { TimedRules } from "../../decision/index.ts";
import { foldName } from "../../domain/index.ts";
import { putTimesInForce } from "../clocks/rules-in-force.ts";
import type { Store } from "../store.ts";
import type { Transaction } from "../statement.ts";
import { CHANNELS, notifyChannel } from "../notify-channel.ts";
import { dropSwitches } from "./callout-switches.ts";
import { rfc3339, type Db } from "./sql.ts";

export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

export interface RuleSetRow {
  readonly number: number;
  readonly hash: string;
  readonly author: string;
  readonly origin: "up" | "api";
  readonly message: string | null;
  readonly created_at: string;
  readonly active: boolean;
  readonly diagnostics: readonly unknown[];
}

export interface NewRuleSet {
  readonly hash: string;
  readonly author: string;
  readonly origin: "up" | "api";
  readonly message: string | undefined;
  readonly files: readonly RuleFile[];
  readonly diagnostics: readonly unknown[];
}

export interface DeclaredUdf {
  readonly scope: "ticket" | "organization" | "device";
  readonly name: string;
  readonly type: "text" | "number" | "date" | "boolean";
  readonly partner: string | undefined;
}

const SELECT = `select r.number, r.hash, r.author, r.origin, r.message, ${rfc3339("r.created_at")} as created_at,
    (a.number is not null) as active, r.diagnostics
  from rule_sets r left join active_rule_set a on a.number = r.number`;

/** What follows from putting a set in force. */
export interface SetInForce {
  readonly udfs: readonly DeclaredUdf[];
  readonly timed: TimedRules;
  readonly callouts: readonly { readonly name: string; readonly hash: string }[];
}

/** Gives it the next number and puts it in force, in one transaction. */
export async function publishRuleSet(
  store: Store,
  set: NewRuleSet,
  declared: SetInForce,
): Promise<RuleSetRow> {
  return await store.transaction(async (transaction) => {
    // Two at once: the second waits and gets the number after.
    await transaction.query({ text: "lock table rule_sets in share row exclusive mode" });
    const rows = await transaction.query<{ number: number }>({
      text: `insert into rule_sets (number, hash, author, origin, message, files, diagnostics)
        select coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6 from rule_sets returning number`,
      values: [
        set.hash,
        set.author,
        set.origin,
        set.message ?? null,
        JSON.stringify(set.files),
        JSON.stringify(set.diagnostics),
      ],
    });
    const number = rows[0]?.number ?? 0;
    await putInForce(transaction, { number, by: set.author, declared });
    const row = await selectRuleSet(transaction, number);
    if (row === undefined) throw new Error("a rule set vanished while it was published");
    return row;
  });
}

/** Rolls back or forward to a version that exists. */
export async function activateRuleSet(
  store: Store,
  number: number,
  by: string,
  declared: SetInForce,
): Promise<RuleSetRow | undefined> {
  return await store.transaction(async (transaction) => {
    if ((await selectRuleSet(transaction, number)) === undefined) return undefined;
    await putInForce(transaction, { number, by, declared });
    return await selectRuleSet(transaction, number);
  });
}

/** Fields that the set does not declare become inactive, their values stay (language.md 2, partner). */
async function putInForce(
  transaction: Transaction,
  {
    number,
    by,
    declared: { udfs, timed, callouts },
  }: { readonly number: number; readonly by: string; readonly declared: SetInForce },
): Promise<void> {
  const [active] = await transaction.query<{ activation: number }>({
    text: `insert into active_rule_set as a (one, number, activated_by) values (true, $1, $2)
      on conflict (one) do update set number = excluded.number, activated_at = now(), activated_by = excluded.activated_by,
        activation = a.activation + 1 returning activation`,
    values: [number, by],
  });
  await putTimesInForce(transaction, active?.activation ?? 1, timed);
  await notifyChannel(transaction, CHANNELS.rules);
  await dropSwitches(transaction, callouts);
  await transaction.query({ text: "update udf_definitions set active = false where active" });
  await transaction.query({
    text: `insert into udf_definitions (scope, name, type, partner, partner_key, active)
      select distinct on (scope, name) scope, name, type, partner, partner_key, true
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as x (scope, name, type, partner, partner_key)
      on conflict (scope, name) do update set type = excluded.type, partner = excluded.partner,
        partner_key = excluded.partner_key, active = true`,
    values: [
      udfs.map((udf) => udf.scope),
      udfs.map((udf) => udf.name),
      udfs.map((udf) => udf.type),
      udfs.map((udf) => udf.partner ?? null),
      udfs.map((udf) => (udf.partner === undefined ? null : foldName(udf.partner))),
    ],
  });
}

export async function selectRuleSets(
  db: Db,
  page: { readonly limit: number; readonly before: number | undefined },
): Promise<readonly RuleSetRow[]> {
  return await db.query<RuleSetRow>({
    text: `${SELECT} where $1::int is null or r.number < $1::int order by r.number desc limit $2`,
    values: [page.before ?? null, page.limit],
  });
}

export async function selectRuleSet(db: Db, number: number): Promise<RuleSetRow | undefined> {
  const rows = await db.query<RuleSetRow>({ text: `${SELECT} where r.number = $1`, values: [number] });
  return rows[0];
}

export async function selectRuleSetFiles(db: Db, number: number): Promise<readonly RuleFile[] | undefined> {
  const rows = await db.query<{ files: readonly RuleFile[] }>({
    text: "select files from rule_sets where number = $1",
    values: [number],
  });
  return rows[0]?.files;
}

export async function selectNumberInForce(db: Db): Promise<number | undefined> {
  const rows = await db.query<{ number: number }>({
    name: "rule-set-in-force",
    text: "select number from active_rule_set",
  });
  return rows[0]?.number;
}

/** What `up` itself published last: it publishes again only when the folder differs from this (contract.md 1). */
export async function selectHashPublishedByUp(db: Db): Promise<string | undefined> {
  const rows = await db.query<{ hash: string }>({
    text: "select hash from rule_sets where origin = 'up' order by number desc limit 1",
  });
  return rows[0]?.hash;
}

export interface UdfRow {
  readonly scope: "ticket" | "organization" | "device";
  readonly name: string;
  readonly type: "text" | "number" | "date" | "boolean";
  readonly partner: string | null;
  readonly active: boolean;
}

export async function selectUdfs(db: Db): Promise<readonly UdfRow[]> {
  return await db.query<UdfRow>({
    text: "select scope, name, type, partner, active from udf_definitions order by scope, name",
  });
}
