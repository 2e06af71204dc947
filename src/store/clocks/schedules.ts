/** Schedules of rules: what Temporal is to know, what it was told, and which times were decided. Knows nothing of Temporal. */
import type { ScheduleTimes } from "../../decision/index.ts";
import { DAY, type Instant } from "../../domain/index.ts";
import type { Queryable, Transaction } from "../statement.ts";

export interface StoredSchedule {
  readonly key: string;
  readonly rule: string;
  readonly hash: string;
  readonly times: ScheduleTimes;
  readonly file: string;
  readonly line: number;
  /** False: the rule left the set in force. */
  readonly isWanted: boolean;
  /** Temporal was told this very hash. */
  readonly isTold: boolean;
}

export async function selectSchedules(db: Queryable): Promise<readonly StoredSchedule[]> {
  const rows = await db.query<{
    key: string;
    rule: string;
    hash: string;
    times: ScheduleTimes;
    file: string;
    line: number;
    wanted: boolean;
    told: boolean;
  }>({
    text: `select key, rule, hash, times, file, line, wanted, told_hash is not distinct from hash as told
      from rule_schedules order by key`,
  });
  return rows.map(({ wanted, told, ...row }) => ({ ...row, isWanted: wanted, isTold: told }));
}

/** Unless it changed meanwhile: then it is told again. */
export async function markScheduleTold(
  db: Queryable,
  { key, hash }: { readonly key: string; readonly hash: string },
): Promise<void> {
  await db.query({
    text: "update rule_schedules set told_hash = $2 where key = $1 and hash = $2 and wanted",
    values: [key, hash],
  });
}

/** Temporal does not know it any more. */
export async function forgetSchedule(db: Queryable, key: string): Promise<void> {
  await db.query({ text: "delete from rule_schedules where key = $1 and not wanted", values: [key] });
}

/** Longer than any scheduler comes back to a time. */
const RUNS_KEPT_MS = 30 * DAY;

/** False: this time of the rule was decided before. */
export async function takeScheduleRun(
  db: Transaction,
  run: { readonly rule: string; readonly at: Instant },
): Promise<boolean> {
  db.send({
    text: "delete from schedule_runs where rule = $1 and at < $2",
    values: [run.rule, new Date(run.at - RUNS_KEPT_MS).toISOString()],
  });
  const rows = await db.query({
    text: "insert into schedule_runs (rule, at) values ($1, $2) on conflict do nothing returning at",
    values: [run.rule, new Date(run.at).toISOString()],
  });
  return rows.length > 0;
}

/** The last time of the rule that was decided before `at`. */
export async function selectLastScheduleRun(
  db: Queryable,
  run: { readonly rule: string; readonly at: Instant },
): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Instant | null }>({
    text: "select max(at) as at from schedule_runs where rule = $1 and at < $2",
    values: [run.rule, new Date(run.at).toISOString()],
  });
  return row?.at ?? undefined;
}
