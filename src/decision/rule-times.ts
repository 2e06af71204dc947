/**
 * Which rules of a set have a clock or a schedule, as whoever keeps time durably must know it: names, and hashes of what
 * their times depend on. Pure; the years that a schedule's exceptions are told for are arguments.
 */
import { hash } from "node:crypto";
import {
  isOccurrence,
  isWallTime,
  movedTimes,
  type Calendar,
  type ClosedDays,
  type Schedule,
  type WallTime,
} from "../calendar/index.ts";
import type { Instant } from "../domain/index.ts";
import type { RuleIr, RuleSetIr, TimerIr } from "../compiler/index.ts";
import { isClock } from "./deadlines.ts";

/** A rule on `ticket idle`, `open`, `due` or `overdue`. */
export interface ClockRule {
  readonly rule: string;
  /** The same while every deadline stays the same. */
  readonly hash: string;
}

/** A rule on `every`; one that joins several schedules has several. */
export interface ScheduleRule {
  readonly rule: string;
  /** Hash of the name, and which of its schedules: an id without words. */
  readonly key: string;
  readonly hash: string;
  readonly file: string;
  readonly line: number;
  readonly times: ScheduleTimes;
}

/** Times as a scheduler takes them that matches wall clocks literally; plain data. */
export type ScheduleTimes =
  /** Counted from midnight UTC of 1970. */
  | { readonly kind: "interval"; readonly ms: number }
  | {
      readonly kind: "times";
      readonly zone: string;
      /** 1 is Monday. */
      readonly days: readonly number[];
      /** Since midnight. */
      readonly seconds: readonly number[];
      /** Left out, both ends in. */
      readonly closed: readonly ClosedDays[];
      /** In addition: times that a clock change skips run as much later as it jumps. */
      readonly moved: readonly WallTime[];
    };

export interface TimedRules {
  readonly clocks: readonly ClockRule[];
  readonly schedules: readonly ScheduleRule[];
}

/** How many years ahead skipped times are told: a set that stays longer in force is told anew by then. */
const YEARS_AHEAD = 3;

/** Inactive rules have no times. */
export function timedRulesOf(ir: Pick<RuleSetIr, "rules">, now: Instant): TimedRules {
  const active = ir.rules.filter((rule) => rule.active);
  const year = new Date(now).getUTCFullYear();
  return {
    clocks: active.flatMap(clockRuleOf),
    schedules: active.flatMap((rule) => scheduleRulesOf(rule, year)),
  };
}

function clockRuleOf(rule: RuleIr): readonly ClockRule[] {
  const timers = rule.triggers.flatMap(({ kind, timer }) =>
    timer?.kind === "clock" && isClock(kind) ? [[kind, timer.ms, calendarFacts(timer.calendar)]] : [],
  );
  return timers.length === 0 ? [] : [{ rule: rule.name, hash: digest(timers) }];
}

function calendarFacts(calendar: Calendar | undefined): unknown {
  if (calendar === undefined) return null;
  return [calendar.zone, [...calendar.hours], calendar.closed];
}

function scheduleRulesOf(rule: RuleIr, year: number): readonly ScheduleRule[] {
  const { name, file, line } = rule;
  return schedulesOf(rule).map((schedule, i) => {
    const times = timesOf(schedule, year);
    const key = i === 0 ? digest([name]) : `${digest([name])}-${i + 1}`;
    return { rule: name, key, hash: digest([times, file, line]), file, line, times };
  });
}

function schedulesOf({ triggers }: RuleIr): readonly Schedule[] {
  return triggers
    .map(({ timer }) => timer)
    .filter((timer): timer is Extract<TimerIr, { kind: "schedule" }> => timer?.kind === "schedule")
    .map(({ schedule }) => schedule);
}

function timesOf(schedule: Schedule, year: number): ScheduleTimes {
  if (schedule.kind === "interval") return schedule;
  return {
    kind: "times",
    zone: schedule.zone,
    days: [...schedule.days].sort((a, b) => a - b),
    seconds: [...schedule.times].sort((a, b) => a - b),
    closed: schedule.calendar?.closed ?? [],
    moved: movedTimes(schedule, year, year + YEARS_AHEAD),
  };
}

/**
 * What a moment is to a rule that a scheduler started at it. `left-out`: its words name it, but a holiday or a clock
 * change takes it out. `by-hand`: none of its times. `gone`: no rule in force has this name and a schedule.
 */
export function scheduledMoment(
  ir: Pick<RuleSetIr, "rules">,
  rule: string,
  at: Instant,
): "due" | "left-out" | "by-hand" | "gone" {
  const found = ir.rules.find(({ name, active }) => active && name === rule);
  const schedules = found === undefined ? [] : schedulesOf(found);
  if (schedules.length === 0) return "gone";
  if (schedules.some((schedule) => isOccurrence(schedule, at))) return "due";
  return schedules.some((schedule) => isWallTime(schedule, at)) ? "left-out" : "by-hand";
}

const DIGEST_CHARACTERS = 32;

function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value)).slice(0, DIGEST_CHARACTERS);
}
