/** What the rule audit asks of the database: when rules last fired, and which set was in force long ago. Knows no rule. */
import type { Instant } from "../../domain/index.ts";
import type { Db } from "./sql.ts";

/** Names of rules that fired at or after `since`, tests of nothing else; by name, as rules are told apart in a set. */
export async function selectRulesFiredSince(db: Db, since: Instant): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ rule: string }>({
    text: "select distinct rule from firings where at >= to_timestamp($1::float8 / 1000)",
    values: [since],
  });
  return new Set(rows.map(({ rule }) => rule));
}

/** The newest set that was published at or before `at`; undefined when all are younger. */
export async function selectRuleSetBefore(db: Db, at: Instant): Promise<number | undefined> {
  const rows = await db.query<{ number: number }>({
    text: "select number from rule_sets where created_at <= to_timestamp($1::float8 / 1000) order by number desc limit 1",
    values: [at],
  });
  return rows[0]?.number;
}
