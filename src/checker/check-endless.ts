/**
 * R2024: what a rule file says of time and what never comes to be, or never ends: a calendar closed for years, a maintenance
 * without an end, a schedule on days without hours, a wait longer than a calendar is looked ahead. Knows no clock.
 */
import { spanText } from "../diagnostics/index.ts";
import { CALENDAR_REACH_DAYS, DAY, MAINTENANCE_MS_MAX } from "../domain/index.ts";
import type {
  CalendarDeclaration,
  DateNode,
  DateRange,
  DurationNode,
  MaintenanceDeclaration,
  Name,
  ScheduleNode,
} from "../../grammar/ast.ts";
import { durationWords } from "./amounts.ts";
import type { Report } from "./report.ts";
import { openSecondsOfWeek, secondsOf, weekdaysOf, WEEK_SECONDS } from "./weekdays.ts";

/** A year of holidays in a row is hardly meant. */
const CLOSED_DAYS_MAX = 366;

/** Ranges that adjoin count as one. */
export function checkLongClosed(report: Report, { closed }: CalendarDeclaration): void {
  const ranges = closed.map(daysOf).sort((a, b) => a.from - b.from);
  let from = -Infinity;
  let to = -Infinity;
  for (const range of ranges) {
    if (range.from > to + DAY) ({ from, to } = range);
    to = Math.max(to, range.to);
    if ((to - from) / DAY < CLOSED_DAYS_MAX) continue;
    const summary = `the calendar is closed from ${dayText(from)} to ${dayText(to)}, for more than a year`;
    report.add("R2024", range.of.span, summary, {
      help: "waits that count its hours stand still for so long, and schedules in it do not run; look at the years",
    });
    return;
  }
}

function daysOf(range: DateRange): { readonly from: number; readonly to: number; readonly of: DateRange } {
  return { from: momentOf(range.from), to: momentOf(range.to ?? range.from), of: range };
}

/** Only to compare two of one zone. */
export function momentOf({ year, month, day, time }: DateNode): number {
  const date = new Date(0).setUTCFullYear(year, month - 1, day);
  return date + (time === undefined ? 0 : secondsOf(time) * 1000);
}

function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, "2026-12-24".length);
}

const INSTEAD_OF_ENDLESS =
  "what came in it is decided at its end; to keep alerts away for good write a rule: `when alert received ... then suppress alert`";

export function checkMaintenanceEnds(report: Report, { name, span, times }: MaintenanceDeclaration): void {
  const weekly = times.flatMap((time) => (time.kind === "every" ? [time] : []));
  if (openSecondsOfWeek(weekly) === WEEK_SECONDS)
    report.add("R2024", name?.span ?? span, "the maintenance never ends", { help: INSTEAD_OF_ENDLESS });
  for (const time of times) {
    if (time.kind === "every" || time.to === undefined) continue;
    const lasts = momentOf(time.to) - momentOf(time.from);
    if (lasts > MAINTENANCE_MS_MAX)
      report.add("R2024", time.span, `the maintenance lasts ${durationWords(lasts)}`, {
        help: INSTEAD_OF_ENDLESS,
      });
  }
}

/** Days of the week on which the calendar never opens are left out of a schedule. */
export function checkScheduleComes(
  report: Report,
  { days, calendar, span }: ScheduleNode,
  declared: CalendarDeclaration | undefined,
): void {
  if (declared === undefined || calendar === undefined || declared.hours.length === 0) return;
  const open = new Set(declared.hours.flatMap((line) => [...weekdaysOf(line.days)]));
  if ([...weekdaysOf(days)].some((day) => open.has(day))) return;
  report.add("R2024", span, `this never comes: \`${calendar.text}\` has no hours on ${dayWords(days)}`, {
    labels: [{ span: declared.name?.span ?? declared.span, text: "days without hours are closed" }],
    help: "name another day, or leave the calendar out and write `zone`",
  });
}

function dayWords(days: ScheduleNode["days"]): string {
  return days.map(({ span }) => spanText(span)).join(", ");
}

/** `during "business hours"`: so much open time lies within the time that is looked ahead. */
export function checkWaitEnds(
  report: Report,
  duration: DurationNode | undefined,
  calendar: Name | undefined,
  declared: CalendarDeclaration | undefined,
): void {
  if (duration === undefined || calendar === undefined || declared === undefined) return;
  const perWeek = openSecondsOfWeek(declared.hours);
  const weeks = duration.ms / 1000 / perWeek;
  if (perWeek === 0 || weeks * 7 <= CALENDAR_REACH_DAYS) return;
  const summary = `\`${spanText(duration.span)}\` of the hours of \`${calendar.text}\` take more than ten years`;
  report.add("R2024", duration.span, summary, {
    note: `the calendar is open for ${durationWords(perWeek * 1000)} a week; what is more than ${CALENDAR_REACH_DAYS} days away never comes`,
    help: "a day of open hours is written in hours: `10 hours`",
  });
}
