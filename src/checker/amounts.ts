/** Durations, numbers and counts within their ranges. Knows nothing of what they are for. */
import { spanText } from "../diagnostics/index.ts";
import { DAY, HOUR, MINUTE, RULE_DURATION_MS_MAX, SECOND } from "../domain/index.ts";
import type { DurationNode, NumberNode } from "../../grammar/ast.ts";
import type { Report } from "./report.ts";

const units = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
] as const;

/** `1 hour 30 minutes` */
export function durationWords(ms: number): string {
  let rest = ms;
  const words: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return words.length === 0 ? "0 seconds" : words.join(" ");
}

interface DurationRange {
  readonly max?: number;
  /** What to do who wants none at all. */
  readonly insteadOfNone?: string;
}

/** Above zero and at most `max`. The short form is the parser's to tell. */
export function checkDuration(
  report: Report,
  duration: DurationNode | undefined,
  what: string,
  { max = RULE_DURATION_MS_MAX, insteadOfNone = "at least `1 second`" }: DurationRange = {},
): void {
  if (duration === undefined) return;
  if (duration.ms <= 0)
    report.add("R1311", duration.span, `${what} must be longer than \`${spanText(duration.span)}\``, {
      help: insteadOfNone,
    });
  else if (duration.ms > max)
    report.add("R1311", duration.span, `${what} is too long`, { help: `at most ${durationWords(max)}` });
}

export function checkInteger(
  report: Report,
  number: NumberNode | undefined,
  what: string,
  range: { readonly min: number; readonly max: number },
): void {
  if (number === undefined) return;
  const { value, span } = number;
  if (!Number.isInteger(value)) report.add("R1311", span, `${what} is a whole number`);
  else if (value < range.min || value > range.max)
    report.add("R1311", span, `${what} lies between ${range.min} and ${range.max}`);
}
