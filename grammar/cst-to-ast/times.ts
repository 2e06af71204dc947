/** Durations, clock times and dates; refuses `5m` in rules, `8am`, `24.12.2026` and what no calendar has. */
import type { IToken } from "chevrotain";
import type { ClockNode, DateNode, DayRange, DayWord, DurationNode } from "../ast.ts";
import type * as Cst from "../gen/cst.d.ts";
import { DAY, HOUR, MINUTE, RULE_DURATION_MS_MAX, SECOND } from "../../src/domain/index.ts";
import type { ClockRange, DateRange } from "../ast.ts";
import { endOf, first, inOrder, replaceFix, second, spanOf, typed, type TreeContext } from "./context.ts";

const unitMs: Readonly<Record<string, number>> = {
  w: 7 * DAY,
  d: DAY,
  h: HOUR,
  m: MINUTE,
  s: SECOND,
};
const unitWords: Readonly<Record<string, string>> = {
  w: "week",
  d: "day",
  h: "hour",
  m: "minute",
  s: "second",
};

export function buildDuration(
  context: TreeContext,
  node: Cst.DurationCstNode | undefined,
): DurationNode | undefined {
  if (node === undefined) return undefined;
  const number = first(node.children.NumberLiteral);
  if (
    number !== undefined &&
    (node.children.Unit?.length ?? 0) < (node.children.NumberLiteral?.length ?? 0)
  ) {
    const at = context.source.span(endOf(number), endOf(number));
    const unit = number.image === "1" ? "minute" : "minutes";
    context.sink.report("R1103", spanOf(context, number), `\`${number.image}\` lacks its unit of time`, {
      help: `write \`${number.image} ${unit}\`, or another of seconds, minutes, hours, days, weeks`,
      fixes: [replaceFix(`write \`${number.image} ${unit}\``, at, ` ${unit}`, false)],
    });
    return { kind: "duration", ms: Number(number.image) * MINUTE, short: false, span: spanOf(context, node) };
  }
  return buildDurationParts(context, node);
}

export function buildDurationParts(
  context: TreeContext,
  node: Cst.DurationCstNode | Cst.DurationValueCstNode,
): DurationNode {
  const span = spanOf(context, node);
  const short = first(node.children.ShortDuration);
  if (short !== undefined) return buildShort(context, short);
  const numbers = typed(node.children.NumberLiteral);
  const units = typed(node.children.Unit);
  // A number that was left out is told by the parser: nothing more is said of its length then.
  if (numbers.length < units.length || numbers.some(({ image }) => image === ""))
    return { kind: "duration", ms: MINUTE, short: false, span };
  const parts = numbers.map(({ image }, i) => Number(image) * msOf(units[i]?.image ?? "m"));
  const ms = Math.round(parts.reduce((sum, part) => sum + part, 0));
  if (parts.some((part) => part < 0)) {
    const positive = numbers.map(({ image }, i) => `${image.replace("-", "")} ${units[i]?.image ?? ""}`);
    const written = positive.join(" ").trim();
    context.sink.report("R1010", span, "no length of time is less than nothing", {
      help: `write \`${written}\``,
      fixes: [replaceFix(`write \`${written}\``, span, written, false)],
    });
  } else if (!Number.isSafeInteger(ms)) {
    context.sink.report("R1010", span, "a duration of this length does not exist", {
      help: `the longest is \`${RULE_DURATION_MS_MAX / DAY} days\``,
    });
  } else reportRepeatedUnit(context, units, parts, span);
  return { kind: "duration", ms: Math.max(0, ms), short: false, span };
}

/** `5 minutes 5 minutes`: a slip, and nobody adds it up. */
function reportRepeatedUnit(
  context: TreeContext,
  units: readonly IToken[],
  parts: readonly number[],
  span: DurationNode["span"],
): void {
  const letters = units.map(({ image }) => image.charAt(0).toLowerCase());
  const twice = letters.findIndex((letter, i) => letters.indexOf(letter) < i);
  const unit = letters[twice];
  if (unit === undefined) return;
  const same = parts.reduce((sum, part, i) => sum + (letters[i] === unit ? part : 0), 0);
  const written = `${same / msOf(unit)} ${unitWords[unit] ?? "minute"}s`;
  context.sink.report("R1110", span, `a length of time names its ${unitWords[unit] ?? "minute"}s twice`, {
    help: letters.every((letter) => letter === unit)
      ? `did you mean \`${written}\`?`
      : "write each unit once",
  });
}

function msOf(unit: string): number {
  return unitMs[unit.charAt(0).toLowerCase()] ?? MINUTE;
}

function buildShort(context: TreeContext, token: IToken): DurationNode {
  const span = spanOf(context, token);
  const parts = [...token.image.matchAll(/(\d+(?:\.\d+)?)(\p{L}+)/gu)].map(([, amount = "0", unit = "m"]) => {
    const letter = unit.charAt(0).toLowerCase();
    return { amount: Number(amount), letter, isLetter: unit.length === 1 };
  });
  const ms = parts.reduce((sum, { amount, letter }) => sum + amount * (unitMs[letter] ?? MINUTE), 0);
  if (!context.isTest || parts.some((part) => !part.isLetter)) {
    const written = parts
      .map(({ amount, letter }) => `${amount} ${unitWords[letter] ?? "minute"}${amount === 1 ? "" : "s"}`)
      .join(" ");
    context.sink.report("R1009", span, `\`${token.image}\` is written \`${written}\` here`, {
      help: `write \`${written}\``,
      fixes: [replaceFix(`write \`${written}\``, span, written, true)],
    });
  }
  return { kind: "duration", ms: Math.round(ms), short: true, span };
}

/* ---------- clock times and dates ---------- */

export function buildMoment(
  context: TreeContext,
  node: Cst.MomentCstNode | undefined,
): ClockNode | DateNode | undefined {
  const date = first(node?.children.DateLiteral);
  const clock = first(node?.children.ClockLiteral);
  if (date === undefined) return clock === undefined ? undefined : buildClock(context, clock);
  return buildDate(context, date, clock);
}

export function buildClock(context: TreeContext, token: IToken): ClockNode {
  const span = spanOf(context, token);
  const [, hours = "0", minutes, seconds, half] =
    /^(\d{1,2})(?:[:.](\d+))?(?::(\d+))?\s*([ap]m)?$/i.exec(token.image) ?? [];
  let hour = Number(hours);
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  const clock: ClockNode = {
    kind: "clock",
    hour,
    minute: Number(minutes ?? 0),
    second: Number(seconds ?? 0),
    span,
  };
  const exists = clock.hour < 24 && clock.minute < 60 && clock.second < 60;
  if (!exists) {
    const midnight = clock.hour === 24 && clock.minute === 0 && clock.second === 0;
    context.sink.report("R1010", span, `there is no time \`${token.image}\``, {
      help: midnight ? "midnight is `0:00`" : "hours go from 0 to 23, minutes and seconds to 59",
    });
  } else if (half !== undefined || minutes?.length !== 2 || (seconds !== undefined && seconds.length !== 2)) {
    const written = `${hour}:${pad(clock.minute)}${seconds === undefined ? "" : `:${pad(clock.second)}`}`;
    context.sink.report("R1007", span, `\`${token.image}\` is not read as a time`, {
      help: `write \`${written}\``,
      fixes: [replaceFix(`write \`${written}\``, span, written, half !== undefined)],
    });
  }
  return clock;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

export function buildDate(context: TreeContext, token: IToken, clock: IToken | undefined): DateNode {
  const span = context.source.span(token.startOffset, endOf(clock ?? token));
  const time = clock === undefined ? undefined : buildClock(context, clock);
  const own = context.source.span(token.startOffset, endOf(token));
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d\d:\d\d(?::\d\d)?).*)?$/i.exec(token.image);
  if (iso !== null) {
    const [, year = "", month = "", day = "", clockText] = iso;
    const written = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    if (clockText !== undefined || written !== token.image) {
      const full = clockText === undefined ? written : `${written} ${clockText}`;
      reportDate(context, token, `write \`${full}\``, full, clockText === undefined);
    }
    return checkedDate(context, own, {
      kind: "date",
      year: Number(year),
      month: Number(month),
      day: Number(day),
      time,
      span,
    });
  }
  return buildForeignDate(context, token, time, span);
}

/** `24.12.2026`, `12/24/2026`: which is the day is plain with dots, or where only one of the two can be a month. */
function buildForeignDate(
  context: TreeContext,
  token: IToken,
  time: ClockNode | undefined,
  span: DateNode["span"],
): DateNode {
  const [a = 1, b = 1, typedYear = 2000] = token.image.split(/[./]/).map(Number);
  const year = typedYear < 100 ? 2000 + typedYear : typedYear;
  const readings = [
    { month: b, day: a },
    ...(token.image.includes(".") || a === b ? [] : [{ month: a, day: b }]),
  ].filter(({ month, day }) => exists({ year, month, day }));
  const written = readings.map(({ month, day }) => `${year}-${pad(month)}-${pad(day)}`);
  const own = context.source.span(token.startOffset, endOf(token));
  const example = written.length === 0 ? "such as `2026-12-24`" : `\`${written.join("` or `")}\``;
  context.sink.report("R1008", own, `\`${token.image}\` is not read as a date`, {
    help: `write year, month, day: ${example}`,
    fixes: written.map((text) => replaceFix(`write \`${text}\``, own, text, false)),
  });
  const { month, day } = readings[0] ?? { month: 1, day: 1 };
  return { kind: "date", year, month, day, time, span };
}

function reportDate(context: TreeContext, token: IToken, help: string, written: string, safe: boolean): void {
  const span = context.source.span(token.startOffset, endOf(token));
  context.sink.report("R1008", span, `\`${token.image}\` is not read as a date`, {
    help,
    fixes: [replaceFix(`write \`${written}\``, span, written, safe)],
  });
}

function checkedDate(context: TreeContext, span: DateNode["span"], date: DateNode): DateNode {
  if (!exists(date)) {
    context.sink.report("R1010", span, "there is no such day in the calendar", {
      help: "dates are year, month, day, such as `2026-12-24`",
    });
  }
  return date;
}

function exists({ year, month, day }: Pick<DateNode, "year" | "month" | "day">): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

export function buildDateRange(context: TreeContext, node: Cst.DateRangeCstNode): DateRange | undefined {
  const from = first(node.children.DateLiteral);
  if (from === undefined) return undefined;
  const to = second(node.children.DateLiteral);
  return {
    from: buildDate(context, from, undefined),
    to: to === undefined ? undefined : buildDate(context, to, undefined),
    span: spanOf(context, node),
  };
}

/* ---------- days and hours ---------- */

export function buildDays(context: TreeContext, node: Cst.DaysCstNode | undefined): readonly DayRange[] {
  return typed(node?.children.dayRange).flatMap((range) => buildDayRange(context, range) ?? []);
}

function buildDayRange(context: TreeContext, node: Cst.DayRangeCstNode): DayRange | undefined {
  const days = typed(node.children.DayName);
  const whole = first(node.children.Weekday) ?? first(node.children.Unit);
  const [from, to] = inOrder(whole === undefined ? [] : [whole], days);
  if (from === undefined) return undefined;
  if (whole !== undefined && !["day", "weekday"].includes(whole.image.toLowerCase())) {
    context.sink.report("R1101", spanOf(context, whole), `\`${whole.image}\` is not a day`, {
      help: "name days such as `monday to friday`, or write `day` or `weekday`",
    });
  }
  return {
    from: dayWord(from.image),
    to: to === undefined ? undefined : (to.image.toLowerCase() as DayWord),
    span: spanOf(context, node),
  };
}

function dayWord(image: string): DayRange["from"] {
  const word = image.toLowerCase();
  return word === "days" ? "day" : (word as DayRange["from"]);
}

export function buildClockRanges(
  context: TreeContext,
  node: Cst.ClockRangesCstNode | undefined,
): readonly ClockRange[] {
  return typed(node?.children.clockRange).flatMap((range) => {
    const from = first(range.children.ClockLiteral);
    const to = second(range.children.ClockLiteral);
    if (from === undefined) return [];
    return {
      from: buildClock(context, from),
      to: to === undefined ? undefined : buildClock(context, to),
      span: spanOf(context, range),
    };
  });
}
