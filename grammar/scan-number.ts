/** Cuts what begins with a digit: numbers, times, dates, durations, and the forms of them that are refused later. */
import type { TokenType } from "chevrotain";
import { T } from "./tokens.ts";

export interface NumberScan {
  readonly type: TokenType;
  readonly end: number;
}

const notInWord = String.raw`(?![\p{L}\p{N}_])`;
const unit = "(?:weeks?|wk|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)";

/** In this order; the first that fits is taken. */
const forms: readonly (readonly [RegExp, TokenType])[] = [
  // 2026-11-21, and 2026-12-24T18:00, which the tree builder refuses
  [
    new RegExp(String.raw`\d{4}-\d{1,2}-\d{1,2}(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?${notInWord}`, "yui"),
    T.DateLiteral,
  ],
  [new RegExp(String.raw`\d{1,2}([./])\d{1,2}\1(?:\d{4}|\d\d)(?![.\d\p{L}_])`, "yu"), T.DateLiteral],
  [new RegExp(String.raw`\d{1,2}(?::\d+){1,2}(?:[ \t]*[ap]m)?${notInWord}`, "yui"), T.ClockLiteral],
  [new RegExp(String.raw`\d{1,2}(?:\.\d\d)?[ \t]*[ap]m${notInWord}`, "yui"), T.ClockLiteral],
  [new RegExp(`4xx${notInWord}`, "yui"), T.FourXx],
  [new RegExp(`(?:\\d+(?:\\.\\d+)?${unit})+${notInWord}`, "yui"), T.ShortDuration],
  [new RegExp(String.raw`-?\d+(?:\.\d+)?(?![.,]?\d|[\p{L}_])`, "yu"), T.NumberLiteral],
  [new RegExp(String.raw`-?\d+,\d+(?!,?\d|[\p{L}_])`, "yu"), T.DecimalComma],
  [new RegExp(String.raw`-?\d+(?:\.\d+)?(?=,)`, "yu"), T.NumberLiteral],
  [new RegExp(String.raw`-?\d[\p{L}\p{M}\p{N}_]*(?:[.:\-\/][\p{L}\p{N}_]+)*`, "yu"), T.BareText],
];

/** Within brackets a comma between digits separates; outside it was meant as a decimal point. */
export function scanNumber(text: string, at: number, inBrackets: boolean): NumberScan {
  for (const [form, type] of forms) {
    if (type === T.DecimalComma && (inBrackets || text.charCodeAt(at - 1) === 44)) continue;
    form.lastIndex = at;
    if (form.test(text)) return { type, end: form.lastIndex };
  }
  return { type: T.NumberLiteral, end: at + 1 };
}
