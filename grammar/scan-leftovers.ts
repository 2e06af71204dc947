/** What was pasted along with rules and is none: fences of Markdown, marks of an unfinished merge, whole files of other languages. Knows lines. */
import { diagnostic, type Diagnostic, type SourceText } from "../src/diagnostics/index.ts";
import { lineEnd } from "./scan-text.ts";

export interface Leftover {
  readonly end: number;
  /** Undefined: told already, with the first of its kind. */
  readonly report: Diagnostic | undefined;
}

const fence = /^[ \t]*```.*(?:\r\n|\n|\r|$)/gm;

/** At the beginning of a line. `before` is whether one of this kind stood above. */
export function scanLeftover(source: SourceText, at: number, before: boolean): Leftover | undefined {
  const { text } = source;
  if (text.startsWith("```", at)) {
    const end = lineEnd(text, at);
    return { end, report: before ? undefined : reportFences(source, at, end) };
  }
  return text.startsWith("<<<<<<<", at) ? scanConflict(source, at) : undefined;
}

function reportFences(source: SourceText, at: number, end: number): Diagnostic {
  const edits = [...source.text.matchAll(fence)].map(({ 0: line, index }) => ({
    span: source.span(index, index + line.length),
    newText: "",
  }));
  return diagnostic("R1004", source.span(at, end), "a fence of Markdown does not belong into a rule file", {
    help: "remove the lines with ` ``` `",
    fixes: [{ title: "remove the fences", safe: true, edits }],
  });
}

/** The text of our side is read, that of the other is left out: both would be declared twice. */
function scanConflict(source: SourceText, at: number): Leftover {
  const { text } = source;
  const end = lineEnd(text, at);
  const report = diagnostic("R1101", source.span(at, end), "a merge was left unfinished here", {
    help: "keep one of the two texts, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
  });
  return { end, report };
}

/** Where reading goes on at `=======` of an unfinished merge: behind the other side's text. */
export function otherSideEnd(text: string, at: number): number | undefined {
  if (!text.startsWith("=======", at)) return undefined;
  const close = /^>{7}.*$/m.exec(text.slice(at));
  return close === null ? undefined : at + close.index + close[0].length;
}

const head =
  /^[ \t]*(?:inactive[ \t]+)?(?:rule|test|calendar|category|recipient|template|callout|partner|mailbox|maintenance|list|lookup|values|define|udf|rules)[ \t]+["'“„\w]/m;
const others: readonly (readonly [RegExp, string])[] = [
  [/^\s*[[{]/, "JSON"],
  [/^\s*<[!?a-z]/i, "XML or HTML"],
  [/^\s*(?:#[^\n\r]*[\n\r]\s*)*(?:---|[\w-]+:)[ \t]*(?=[\n\r]|$)/, "YAML"],
];

/** A whole file of another language: one message, not one for each of its signs. */
export function otherLanguage(source: SourceText): Diagnostic | undefined {
  const { text } = source;
  const name = others.find(([form]) => form.test(text))?.[1];
  if (name === undefined || head.test(text)) return undefined;
  const start = text.search(/[^\s\ufeff]/);
  const end = start + text.slice(start, lineEnd(text, start)).trimEnd().length;
  return diagnostic("R1101", source.span(start, end), `this file is ${name}, not rules`, {
    help: 'a rule begins with `rule "name"` and ends with `end`; other programs\' rules have to be written anew',
  });
}
