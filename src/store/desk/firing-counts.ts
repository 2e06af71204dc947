/** How often and when rules fired of late, by whole hours: for those who write rules, and for the rule audit. Read only. */
import type { Instant } from "../../domain/index.ts";
import { rfc3339, type Db } from "./sql.ts";

export interface FiringCount {
  readonly rule: string;
  readonly firings: number;
  readonly last_at: string;
}

/** What was folded and what was not yet, at one moment: nothing is missing or there twice. `$1`: milliseconds. */
const COUNTED = `select rule, firings, last_at from rule_firings where hour >= date_trunc('hour', to_timestamp($1::float8 / 1000), 'UTC')
  union all
  select rule, firings, last_at from rule_firings_new where hour >= date_trunc('hour', to_timestamp($1::float8 / 1000), 'UTC')`;

/** Since the beginning of the hour of `since`; by how often, then by name. */
export async function selectFiringCounts(db: Db, since: Instant): Promise<readonly FiringCount[]> {
  return await db.query<FiringCount>({
    text: `select rule, sum(firings)::int as firings, ${rfc3339("max(last_at)")} as last_at from (${COUNTED}) counted
      group by rule order by firings desc, rule`,
    values: [since],
  });
}

/** Names of rules that fired at or after `since`; undefined while firings of before there were counts are still being counted. */
export async function selectRulesFiredSince(
  db: Db,
  since: Instant,
): Promise<ReadonlySet<string> | undefined> {
  const [uncounted] = await db.query<{ up_to: number }>({ text: "select up_to from rule_firings_uncounted" });
  if (uncounted !== undefined) return undefined;
  const rows = await db.query<{ rule: string }>({
    text: `select rule from (${COUNTED}) counted group by rule having max(last_at) >= to_timestamp($1::float8 / 1000)`,
    values: [since],
  });
  return new Set(rows.map(({ rule }) => rule));
}
