/** Calendars, maintenance windows and schedules as `src/calendar` reads them. Knows nothing of rules. */
import type { Calendar, DayRange, PlainDay, Schedule, Weekday, WindowTimes } from "../calendar/index.ts";
import { secondsOf, weekdaysOf } from "../checker/index.ts";
import { DAY, exactText, foldName } from "../domain/index.ts";
import type {
  CalendarDeclaration,
  ClockRange,
  DateNode,
  DayRange as DayRangeNode,
  MaintenanceDeclaration,
  MaintenanceTime,
  Name,
  ScheduleNode,
} from "../../grammar/ast.ts";
import { nameText, present, type Lowering } from "./lowering.ts";
import type { MaintenanceIr } from "./rule-ir.ts";
import { instantOf } from "./wall-clock.ts";

/** Where neither the declaration nor the set's only calendar names one. */
const DEFAULT_ZONE = "UTC";
const DAY_SECONDS = DAY / 1000;

/* ---------- calendars ---------- */

export function lowerCalendar(node: CalendarDeclaration, name: string): Calendar {
  return {
    name,
    zone: node.zone?.value ?? DEFAULT_ZONE,
    hours: hoursOf(node.hours),
    closed: node.closed.map(({ from, to }) => ({ from: dayOf(from), to: dayOf(to ?? from) })),
  };
}

export function calendarOf(lowering: Lowering, name: Name | undefined): Calendar {
  const text = nameText(name, "the name of a calendar");
  return present(lowering.calendars.get(text), `the calendar ${text}`);
}

type Hours = ReadonlyMap<Weekday, readonly DayRange[]>;

function hoursOf(
  lines: readonly { readonly days: readonly DayRangeNode[]; readonly ranges: readonly ClockRange[] }[],
): Hours {
  const hours = new Map<Weekday, DayRange[]>();
  for (const { days, ranges } of lines) {
    for (const day of weekdaysOf(days)) {
      hours.set(day, [...(hours.get(day) ?? []), ...ranges.map(rangeOf)]);
    }
  }
  return hours;
}

/** Over midnight it belongs to the day on which it begins; `0:00 to 0:00` is the whole day. */
function rangeOf({ from, to }: ClockRange): DayRange {
  const start = secondsOf(from);
  const end = secondsOf(present(to, "the end of a range"));
  return { from: start, to: end > start ? end : end + DAY_SECONDS };
}

function dayOf({ year, month, day }: DateNode): PlainDay {
  return { year, month, day };
}

/* ---------- schedules ---------- */

/** Zone: its own, else its calendar's, else the set's only calendar's, else UTC (language.md 3.1). */
export function lowerSchedule(lowering: Lowering, node: ScheduleNode): Schedule {
  if (node.interval !== undefined) return { kind: "interval", ms: node.interval.ms };
  const calendar = node.calendar === undefined ? undefined : calendarOf(lowering, node.calendar);
  return {
    kind: "times",
    days: openDays(weekdaysOf(node.days), calendar),
    times: node.times.map(secondsOf),
    zone: node.zone?.value ?? calendar?.zone ?? lowering.zone ?? DEFAULT_ZONE,
    calendar,
  };
}

/** "Days that the calendar closes are left out": holidays by date, and days of the week without any hours. */
function openDays(days: ReadonlySet<Weekday>, calendar: Calendar | undefined): ReadonlySet<Weekday> {
  if (calendar === undefined) return days;
  return new Set([...days].filter((day) => (calendar.hours.get(day)?.length ?? 0) > 0));
}

/* ---------- maintenance ---------- */

export function lowerMaintenance(lowering: Lowering, node: MaintenanceDeclaration): MaintenanceIr {
  const zone = node.zone?.value ?? lowering.zone ?? DEFAULT_ZONE;
  const names = (kind: MaintenanceDeclaration["scopes"][number]["kind"]): ReadonlySet<string> =>
    new Set(
      node.scopes
        .filter((scope) => scope.kind === kind)
        .flatMap((scope) => scope.names.map((name) => foldName(exactText(name.value)))),
    );
  return {
    name: nameText(node.name, "the name of a maintenance"),
    organizations: names("organization"),
    devices: names("device"),
    sources: names("source"),
    times: node.times.map((time) => windowTimes(time, zone)),
  };
}

function windowTimes(time: MaintenanceTime, zone: string): WindowTimes {
  if (time.kind === "every") return { kind: "weekly", zone, hours: hoursOf([time]) };
  const to = present(time.to, "the end of a maintenance");
  return { kind: "span", from: instantOf(time.from, zone), to: endOf(to, zone) };
}

/** A day without a time is maintained as a whole, like `closed`: both ends in. */
function endOf(to: DateNode, zone: string): number {
  if (to.time !== undefined) return instantOf(to, zone);
  const next = new Date(Date.UTC(to.year, to.month - 1, to.day + 1));
  const day = { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
  return instantOf({ ...to, ...day }, zone);
}
