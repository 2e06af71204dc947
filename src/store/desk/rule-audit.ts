/** What the rule audit asks of the database: which set was in force long ago. Knows no rule. */
import type { Instant } from "../../domain/index.ts";
import type { Db } from "./sql.ts";

/** The newest set that was published at or before `at`; undefined when all are younger. */
export async function selectRuleSetBefore(db: Db, at: Instant): Promise<number | undefined> {
  const rows = await db.query<{ number: number }>({
    text: "select number from rule_sets where created_at <= to_timestamp($1::float8 / 1000) order by number desc limit 1",
    values: [at],
  });
  return rows[0]?.number;
}
