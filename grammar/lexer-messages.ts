/** What the lexer says about signs that the language does not have, in the admin's words. */
import { spanText, type Span } from "../src/diagnostics/index.ts";
import type { DiagnosticSink } from "./diagnostic-sink.ts";

/** Signs with an unmistakable word of ours: said here, and taken as that word, so that the rule is kept. */
export const foreignSigns: ReadonlyMap<string, string> = new Map([
  ["&&", "and"],
  ["&", "and"],
  ["||", "or"],
  ["|", "or"],
  ["!", "not"],
  ["=>", "->"],
  ["=~", "matches"],
  ["~=", "matches"],
]);

export function reportForeignSign(
  sink: DiagnosticSink,
  span: Span,
  word: string = foreignSigns.get(spanText(span)) ?? spanText(span),
): void {
  const sign = spanText(span);
  const { source, start, end } = span;
  const before = /[\w"')\]]$/.test(source.text.slice(Math.max(0, start - 1), start)) ? " " : "";
  const after = /^[\w"'([]/.test(source.text.slice(end, end + 1)) ? " " : "";
  sink.report("R1105", span, `\`${sign}\` is written \`${word}\` here`, {
    help: `write \`${word}\``,
    fixes: [{ title: `write \`${word}\``, safe: true, edits: [{ span, newText: before + word + after }] }],
  });
}

export function reportColon(sink: DiagnosticSink, span: Span, after: string): void {
  sink.report("R1105", span, `no colon is needed after \`${after}\``, {
    help: "leave the colon out",
    fixes: [{ title: "remove the colon", safe: true, edits: [{ span, newText: "" }] }],
  });
}

export function reportUnquoted(sink: DiagnosticSink, span: Span): void {
  const text = spanText(span);
  sink.report("R1107", span, `\`${text}\` is neither a number nor a name`, {
    help: `if it is a text, put it in quotes: \`"${text}"\``,
    fixes: [{ title: "put it in quotes", safe: false, edits: [{ span, newText: `"${text}"` }] }],
  });
}

export function reportStrayCharacters(sink: DiagnosticSink, span: Span): void {
  const text = spanText(span);
  if (/^;+$/.test(text)) {
    sink.report("R1105", span, "no semicolon is needed here", {
      help: "leave it out: a line ends by itself",
      fixes: [{ title: "remove the semicolon", safe: true, edits: [{ span, newText: "" }] }],
    });
    return;
  }
  sink.report("R1004", span, `${describe(text)} does not belong here`, { help: helpFor(text) });
}

function describe(text: string): string {
  const code = text.codePointAt(0) ?? 0;
  const isVisible = /^[^\p{C}\p{Z}]/u.test(text);
  if (!isVisible) return `an invisible character (U+${code.toString(16).toUpperCase().padStart(4, "0")})`;
  return text.length <= 20 ? `\`${text}\`` : `\`${[...text].slice(0, 20).join("")}...\``;
}

function helpFor(text: string): string {
  if (text.startsWith("/")) return "a comment begins with `#`";
  if (text.startsWith("{") || text.startsWith("}"))
    return "braces stand only inside a text; conditions are grouped with `( )`";
  if (/^[+*%^~-]/.test(text))
    return "the language does not calculate; a text may hold this character when it stands in quotes";
  return "if it is part of a text, put the text in quotes";
}
