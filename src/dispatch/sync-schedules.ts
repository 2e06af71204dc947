/**
 * Makes Temporal's Schedules those of the rule set in force: one a rule on `every ...`, made, changed or deleted; whoever paused one
 * in the UI finds it paused afterwards. What was told is remembered, so a look without a change asks nobody.
 */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type CalendarSpec,
  type ScheduleOptions,
  type ScheduleSpec,
} from "@temporalio/client";
import { SCHEDULE_CATCH_UP_MS } from "../domain/index.ts";
import { forgetSchedule, markScheduleTold, selectSchedules, type StoredSchedule } from "../store/index.ts";
import { workflowIds } from "../../workflows/ids.ts";
import { searchAttributes, toKeyword } from "../../workflows/search-attributes.ts";
import { cutSummary, plain } from "../../workflows/wording.ts";
import type { StartContext } from "./start-workflows.ts";

/** Throws: TemporalAway, StoreUnavailable; what was told is remembered. */
export async function syncSchedules(context: StartContext): Promise<number> {
  let changed = 0;
  for (const schedule of await selectSchedules(context.db)) {
    if (!schedule.isWanted) await removeSchedule(context, schedule);
    else if (schedule.isTold) continue;
    else await putSchedule(context, schedule);
    changed += 1;
  }
  return changed;
}

/** Those that Temporal was told of and does not have any more: deleted by hand, or in another's place. Returns how many were made. */
export async function restoreSchedules(context: StartContext): Promise<number> {
  const { client, call } = context.temporal;
  let made = await syncSchedules(context);
  for (const schedule of await selectSchedules(context.db)) {
    if (!schedule.isWanted) continue;
    try {
      await call(() => client.schedule.getHandle(workflowIds.schedule(schedule.key)).describe());
    } catch (thrown) {
      if (!(thrown instanceof ScheduleNotFoundError)) throw thrown;
      await putSchedule(context, schedule);
      made += 1;
    }
  }
  return made;
}

async function removeSchedule({ db, temporal }: StartContext, { key }: StoredSchedule): Promise<void> {
  try {
    await temporal.call(() => temporal.client.schedule.getHandle(workflowIds.schedule(key)).delete());
  } catch (thrown) {
    if (!(thrown instanceof ScheduleNotFoundError)) throw thrown;
  }
  await forgetSchedule(db, key);
}

async function putSchedule(context: StartContext, schedule: StoredSchedule): Promise<void> {
  const { client, call } = context.temporal;
  const options = scheduleOptions(schedule, context.queues.rules);
  try {
    await call(() => client.schedule.create(options));
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown;
    const { action, spec, policies } = options;
    await call(() =>
      client.schedule
        .getHandle(options.scheduleId)
        .update(({ state }) => ({ action, spec, state, ...(policies === undefined ? {} : { policies }) })),
    );
  }
  await markScheduleTold(context.db, schedule);
}

type NewSchedule = ScheduleOptions & { readonly action: { readonly type: "startWorkflow" } };

function scheduleOptions(schedule: StoredSchedule, taskQueue: string): NewSchedule {
  const { key, rule, times, file, line } = schedule;
  const id = workflowIds.schedule(key);
  return {
    scheduleId: id,
    spec: specOf(times),
    policies: {
      overlap: "SKIP",
      // Temporal's own default is a year (contract.md 4, Every).
      catchupWindow: SCHEDULE_CATCH_UP_MS,
    },
    action: {
      type: "startWorkflow",
      workflowType: "scheduledRule",
      workflowId: id,
      taskQueue,
      args: [{ rule }],
      staticSummary: cutSummary(`rule "${rule}"`),
      staticDetails: `Rule **${plain(rule)}**, ${plain(file)}:${line}, at one of its times.`,
      typedSearchAttributes: [{ key: searchAttributes.rule, value: toKeyword(rule) }],
    },
    typedSearchAttributes: [{ key: searchAttributes.rule, value: toKeyword(rule) }],
    memo: { rule, file, line },
    state: { note: cutSummary(`rule "${rule}", ${file}:${line}`) },
  };
}

const DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] as const;
const MONTHS = [
  "JANUARY",
  "FEBRUARY",
  "MARCH",
  "APRIL",
  "MAY",
  "JUNE",
  "JULY",
  "AUGUST",
  "SEPTEMBER",
  "OCTOBER",
  "NOVEMBER",
  "DECEMBER",
] as const;

/**
 * Temporal compares the wall clock literally: a time that is skipped is added where it runs instead, one that comes twice is
 * started twice, and the second start finds that it is none of the rule's times.
 */
export function specOf(times: StoredSchedule["times"]): ScheduleSpec {
  if (times.kind === "interval") return { intervals: [{ every: times.ms }] };
  const dayOfWeek = times.days.map((day) => DAYS[day - 1] ?? "MONDAY");
  return {
    timezone: times.zone,
    calendars: [
      ...times.seconds.map((second) => ({ ...clockOf(second), dayOfWeek })),
      ...times.moved.map(({ second, ...day }) => ({ ...clockOf(second), ...dayOf(day) })),
    ],
    skip: times.closed.flatMap(({ from, to }) => datesBetween(from, to)),
  };
}

function clockOf(second: number): Pick<CalendarSpec, "hour" | "minute" | "second"> {
  return {
    hour: Math.floor(second / 3600),
    minute: Math.floor((second % 3600) / 60),
    second: second % 60,
  };
}

interface PlainDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dayOf({ year, month, day }: PlainDay): Pick<CalendarSpec, "year" | "month" | "dayOfMonth"> {
  return { year, month: MONTHS[month - 1] ?? "JANUARY", dayOfMonth: day };
}

/** A range of days, both ends in, as one entry a month: whole days, whatever the time. */
function datesBetween(from: PlainDay, to: PlainDay): CalendarSpec[] {
  const wholeDay = { hour: "*", minute: "*", second: "*" } as const;
  const entries: CalendarSpec[] = [];
  for (let { year, month } = from; year < to.year || (year === to.year && month <= to.month);) {
    const first = year === from.year && month === from.month ? from.day : 1;
    const last = year === to.year && month === to.month ? to.day : 31;
    entries.push({
      ...wholeDay,
      year,
      month: MONTHS[month - 1] ?? "JANUARY",
      dayOfMonth: { start: first, end: last },
    });
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
  return entries;
}
