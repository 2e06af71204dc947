/**
 * Firings by rule and hour (0014_rule_firings.sql): folds what alerts added into the counts, and counts what was there before
 * the counts were. Each call is one short statement; several workers may do so at once. Knows no rule.
 */
import { FIRINGS_COUNTED_STEP, FIRINGS_FOLDED_STEP } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

/** In order of the key, so that two that fold at once never wait for each other crosswise. */
const ADD = `insert into rule_firings as r (rule, hour, firings, last_at)
  select rule, hour, sum(firings), max(last_at) from added group by rule, hour order by rule, hour
  on conflict (rule, hour) do update
    set firings = r.firings + excluded.firings, last_at = greatest(r.last_at, excluded.last_at)`;

const FOLD = `
with added as (
  delete from rule_firings_new where ctid = any (array(
    select ctid from rule_firings_new limit ${FIRINGS_FOLDED_STEP} for update skip locked))
  returning rule, hour, firings, last_at
), folded as (${ADD})
select count(*)::int as n from added`;

/** By id, newest first: what is asked for most is right first. */
const COUNT_OLD = `
with step as materialized (
  select up_to, greatest(up_to - ${FIRINGS_COUNTED_STEP}, 0) as down_to from rule_firings_uncounted
  for update skip locked
), added as (
  select f.rule, date_trunc('hour', f.at, 'UTC') as hour, count(*) as firings, max(f.at) as last_at
  from step join firings f on f.id > step.down_to and f.id <= step.up_to group by 1, 2
), folded as (${ADD}), moved as (
  update rule_firings_uncounted u set up_to = step.down_to from step where step.down_to > 0
), ended as (
  delete from rule_firings_uncounted where exists (select from step where down_to = 0)
)
select count(*)::int as n from step`;

/** How many rows were folded; fewer than FIRINGS_FOLDED_STEP mean that no more is there. */
export async function foldFirings(db: Queryable): Promise<number> {
  const [row] = await db.query<{ n: number }>({ text: FOLD });
  return row?.n ?? 0;
}

/** False: all firings are counted, or another worker is counting. */
export async function countOldFirings(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ n: number }>({ text: COUNT_OLD });
  return (row?.n ?? 0) > 0;
}
