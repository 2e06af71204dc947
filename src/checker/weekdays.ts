/** Days of the week and hours of a day as rule files write them, and how much of a week they are. Knows no zone. */
import type { Weekday } from "../calendar/index.ts";
import { DAY } from "../domain/index.ts";
import type { ClockNode, ClockRange, DayRange, DayWord } from "../../grammar/ast.ts";

const DAY_SECONDS = DAY / 1000;
export const WEEK_SECONDS = 7 * DAY_SECONDS;

const numberOfDay: Record<DayWord, Weekday> = {
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sunday: 7,
};
const everyDay = Object.values(numberOfDay);

export function weekdaysOf(ranges: readonly DayRange[]): ReadonlySet<Weekday> {
  return new Set(ranges.flatMap(weekdaysIn));
}

/** `saturday to monday` goes over the week's end. */
function weekdaysIn({ from, to }: DayRange): readonly Weekday[] {
  if (from === "day") return everyDay;
  if (from === "weekday") return everyDay.filter((day) => day <= numberOfDay.friday);
  const first = numberOfDay[from];
  const last = numberOfDay[to ?? from];
  return everyDay.filter((day) =>
    first <= last ? first <= day && day <= last : day >= first || day <= last,
  );
}

/** Since midnight. */
export function secondsOf({ hour, minute, second }: ClockNode): number {
  return hour * 3600 + minute * 60 + second;
}

interface HoursLine {
  readonly days: readonly DayRange[];
  readonly ranges: readonly ClockRange[];
}

/** Open seconds of a week without holidays and clock changes; what overlaps counts once. */
export function openSecondsOfWeek(lines: readonly HoursLine[]): number {
  const spans = lines.flatMap(({ days, ranges }) =>
    [...weekdaysOf(days)].flatMap((day) => ranges.flatMap((range) => spansOfWeek(day, range))),
  );
  let open = 0;
  let end = 0;
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    open += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return open;
}

interface WeekSpan {
  readonly from: number;
  readonly to: number;
}

/** Of Sunday night the rest lies at the beginning of the week. */
function spansOfWeek(day: Weekday, { from, to }: ClockRange): readonly WeekSpan[] {
  if (to === undefined) return [];
  const start = (day - 1) * DAY_SECONDS + secondsOf(from);
  const length = secondsOf(to) - secondsOf(from);
  const end = start + (length > 0 ? length : length + DAY_SECONDS);
  if (end <= WEEK_SECONDS) return [{ from: start, to: end }];
  return [
    { from: start, to: WEEK_SECONDS },
    { from: 0, to: end - WEEK_SECONDS },
  ];
}
