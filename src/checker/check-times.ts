/** Calendars, maintenance and schedules: zones that exist, hours that open, runs a minute apart. Knows nothing of running them. */
import { isZone } from "../calendar/index.ts";
import { spanText, type Span } from "../diagnostics/index.ts";
import { DAY, MINUTE } from "../domain/index.ts";
import type {
  CalendarDeclaration,
  ClockNode,
  ClockRange,
  DateNode,
  MaintenanceDeclaration,
  ScheduleNode,
  StringNode,
} from "../../grammar/ast.ts";
import { checkDuration, durationWords } from "./amounts.ts";
import { checkLongClosed, checkMaintenanceEnds, checkScheduleComes, momentOf } from "./check-endless.ts";
import type { Checking } from "./checking.ts";
import { findNamed } from "./names.ts";
import type { Report } from "./report.ts";
import { replace } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";
import { secondsOf } from "./weekdays.ts";

/** language.md 3.1 */
const RUNS_APART_MS_MIN = MINUTE;
const APART_HELP = `runs lie at least ${durationWords(RUNS_APART_MS_MIN)} apart`;

export function checkZone(report: Report, zone: StringNode | undefined): void {
  if (zone === undefined || isZone(zone.value)) return;
  const near = suggest(zone.value, Intl.supportedValuesOf("timeZone"));
  report.add("R1204", zone.span, `\`${zone.value}\` is not a time zone`, {
    help:
      near === undefined
        ? 'name a place, such as `zone "Europe/Berlin"`'
        : `did you mean \`"${near.text}"\`?`,
    fixes: near === undefined ? [] : [replace(zone.span, `"${near.text}"`, near.sure)],
  });
}

export function checkCalendar({ report }: Checking, calendar: CalendarDeclaration): void {
  checkZone(report, calendar.zone);
  for (const { ranges } of calendar.hours) for (const range of ranges) checkRange(report, range);
  for (const { from, to, span } of calendar.closed) checkOrder(report, from, to, span);
  checkLongClosed(report, calendar);
  if (calendar.hours.every(({ ranges }) => ranges.length === 0))
    report.add("R1311", calendar.name?.span ?? calendar.span, "the calendar is never open", {
      help: "say when it is: `monday to friday 08:00 to 18:00`",
    });
}

export function checkMaintenance({ report }: Checking, window: MaintenanceDeclaration): void {
  checkZone(report, window.zone);
  if (window.times.length === 0)
    report.add("R1311", window.name?.span ?? window.span, "the maintenance has no time", {
      help: "say when it is: `every saturday 22:00 to 04:00`, or `from 2026-12-24 18:00 to 2026-12-27 06:00`",
    });
  for (const time of window.times) {
    if (time.kind === "every") for (const range of time.ranges) checkRange(report, range);
    else checkOrder(report, time.from, time.to, time.span);
  }
  checkMaintenanceEnds(report, window);
}

/** Over midnight is fine: `22:00 to 04:00`. `0:00 to 0:00` is the whole day. */
function checkRange(report: Report, { from, to, span }: ClockRange): void {
  if (to === undefined || secondsOf(from) !== secondsOf(to) || secondsOf(from) === 0) return;
  report.add("R1311", span, `\`${spanText(span)}\` begins and ends at the same time`, {
    help: "the whole day is `0:00 to 0:00`",
  });
}

/** Days may be the same; moments may not. */
function checkOrder(report: Report, from: DateNode, to: DateNode | undefined, span: Span): void {
  if (to === undefined) return;
  const hasTime = from.time !== undefined || to.time !== undefined;
  const difference = momentOf(to) - momentOf(from);
  if (difference > 0 || (difference === 0 && !hasTime)) return;
  const when = difference === 0 ? "when" : "before";
  report.add("R1311", span, `\`${spanText(span)}\` ends ${when} it begins`, {
    help: difference === 0 ? "say a later end" : "exchange the two, or look at the year",
  });
}

export function checkSchedule(checking: Checking, schedule: ScheduleNode): void {
  const { report } = checking;
  const { interval, times, calendar, zone, span } = schedule;
  const declared = findNamed(checking, "calendar", calendar);
  checkZone(report, zone);
  if (interval !== undefined) {
    checkDuration(report, interval, "the time between two runs", { insteadOfNone: APART_HELP });
    if (interval.ms > 0 && interval.ms < RUNS_APART_MS_MIN) tooOften(report, interval.span);
    const beside = times[0] ?? calendar ?? zone;
    if (beside !== undefined)
      report.add("R1314", beside.span, "an interval runs day and night, whatever the zone", {
        help: "name days and times: `every weekday at 08:00, 12:00`",
      });
    return;
  }
  if (times.length === 0) {
    report.add("R1311", span, "the schedule has no time", { help: "say when: `every weekday at 08:00`" });
    return;
  }
  checkApart(report, times);
  checkScheduleComes(report, schedule, declared);
}

/** Also over midnight, as if every day ran: two runs in one minute would be one too many. */
function checkApart(report: Report, times: readonly ClockNode[]): void {
  const sorted = [...times].sort((a, b) => secondsOf(a) - secondsOf(b));
  if (reportTwice(report, times)) return;
  for (const [at, time] of sorted.entries()) {
    const next = sorted[at + 1];
    const [first] = sorted;
    const following = next === undefined ? secondsOf(first ?? time) + DAY / 1000 : secondsOf(next);
    if ((following - secondsOf(time)) * 1000 < RUNS_APART_MS_MIN) tooOften(report, (next ?? time).span);
  }
}

function reportTwice(report: Report, times: readonly ClockNode[]): boolean {
  const [twice, first] =
    times
      .map((time, i) => [time, times.slice(0, i).find((other) => secondsOf(other) === secondsOf(time))])
      .find(([, other]) => other !== undefined) ?? [];
  if (twice === undefined || first === undefined) return false;
  report.add("R1313", twice.span, `\`${spanText(twice.span)}\` stands in the schedule twice`, {
    labels: [{ span: first.span, text: "first here" }],
    help: "each time runs once: leave one out",
  });
  return true;
}

function tooOften(report: Report, span: Span): void {
  report.add("R1311", span, `\`${spanText(span)}\` is too close to the run before`, {
    help: APART_HELP,
  });
}
