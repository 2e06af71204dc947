/** How often each rule fired of late: for those who write rules. Read only; bounded by the newest firings, whatever was asked. */
import type { Instant } from "../../domain/index.ts";
import { FIRINGS_COUNTED_MAX } from "../../domain/index.ts";
import { rfc3339, type Db } from "./sql.ts";

export interface FiringCount {
  readonly rule: string;
  readonly firings: number;
  readonly last_at: string;
}

/** By how often, then by name. Older firings than the newest FIRINGS_COUNTED_MAX are not counted. */
export async function selectFiringCounts(db: Db, since: Instant): Promise<readonly FiringCount[]> {
  return await db.query<FiringCount>({
    text: `select rule, count(*)::int as firings, ${rfc3339("max(at)")} as last_at
      from (select rule, at from firings order by id desc limit $2) newest
      where at >= to_timestamp($1::float8 / 1000)
      group by rule order by firings desc, rule`,
    values: [since, FIRINGS_COUNTED_MAX],
  });
}
