/**
 * A diagnostic as a terminal shows it (language.md 5). Knows lines, columns and colours, nothing of rules.
 *
 *   error R1203  unknown field `alert.severty`
 *     --> rules/intake.rules:14:9
 *      |
 *   14 |   and alert.severty at least "minor"
 *      |       ^^^^^^^^^^^^^ an alert has no field of this name
 *      = help: did you mean `alert.severity`?                        [fix: safe]
 */
import type { Diagnostic, Severity } from "./diagnostic.ts";
import type { SourceText, Span } from "./source-text.ts";

export interface RenderOptions {
  /** ANSI colours; off for files and pipes. */
  readonly color?: boolean;
}

const tabWidth = 4;
/** Columns of a source line that are shown; of a longer one the part around the place. */
const lineWidthMax = 140;
const fixColumn = 65;

/** One after the other with a blank line between; empty for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  return diagnostics.map((one) => renderDiagnostic(one, options)).join("\n");
}

/** Ends with a line break. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  const paint = painter(options.color ?? false);
  const { span, severity, code, summary } = diagnostic;
  const start = span.source.position(span.start);
  const marks = [
    { span, sign: "^", text: diagnostic.note ?? "", main: true },
    ...diagnostic.labels.map((label) => ({ span: label.span, sign: "-", text: label.text, main: false })),
  ].map((mark) => ({ ...mark, line: mark.span.source.position(mark.span.start).line }));
  const gutter = Math.max(...marks.map((mark) => String(mark.line).length));
  const empty = " ".repeat(gutter);
  const lines = [
    `${paint(severity, `${severity} ${code}`)}  ${paint("bold", summary)}`,
    `${empty}${paint("frame", "-->")} ${span.source.path}:${start.line}:${start.column}`,
    paint("frame", `${empty} |`),
    ...excerptLines(marks, gutter, severity, paint),
    ...noteLines(diagnostic, empty, paint),
  ];
  return `${lines.join("\n")}\n${hiddenLine(diagnostic)}`;
}

/** Below the last that is shown of a file. */
function hiddenLine({ hidden, span }: Diagnostic): string {
  if (hidden === undefined) return "";
  const count = hidden.atLeast ? `at least ${hidden.count}` : String(hidden.count);
  return `\n... and ${count} more in ${span.source.path}: mend these and check again\n`;
}

interface Mark {
  readonly span: Span;
  readonly sign: string;
  readonly text: string;
  readonly main: boolean;
  readonly line: number;
}

/** Each marked line once, with its marks below; `...` where lines are left out. */
function excerptLines(marks: readonly Mark[], gutter: number, severity: Severity, paint: Paint): string[] {
  const out: string[] = [];
  const empty = " ".repeat(gutter);
  const places = [...new Map(marks.map((mark) => [`${mark.span.source.path}:${mark.line}`, mark])).values()];
  const sorted = places.toSorted(
    (a, b) =>
      Number(a.span.source !== marks[0]?.span.source) - Number(b.span.source !== marks[0]?.span.source) ||
      a.line - b.line,
  );
  let before: Mark | undefined;
  for (const place of sorted) {
    const { source } = place.span;
    if (before !== undefined && before.span.source !== source) {
      out.push(
        `${empty}${paint("frame", "-->")} ${source.path}:${place.line}:${source.position(place.span.start).column}`,
      );
    } else if (before !== undefined && place.line > before.line + 1) out.push(paint("frame", `${empty}...`));
    const here = marks.filter((mark) => mark.line === place.line && mark.span.source === source);
    const shown = showLine(source, place.line, here);
    out.push(`${paint("frame", `${String(place.line).padStart(gutter)} |`)} ${shown.text}`.trimEnd());
    for (const { mark, indent, width } of shown.marks) {
      const tail = mark.text === "" ? "" : ` ${mark.text}`;
      const painted = paint(mark.main ? severity : "frame", mark.sign.repeat(width) + tail);
      out.push(`${paint("frame", `${empty} |`)} ${" ".repeat(indent)}${painted}`);
    }
    before = place;
  }
  return out;
}

interface ShownLine {
  readonly text: string;
  readonly marks: readonly { readonly mark: Mark; readonly indent: number; readonly width: number }[];
}

/** A line as printed, and where its marks lie in printed columns. */
function showLine(source: SourceText, line: number, marks: readonly Mark[]): ShownLine {
  const raw = source.line(line);
  const lineStart = source.lineStarts[line - 1] ?? 0;
  const placed = marks.map((mark) => {
    const from = Math.min(raw.length, mark.span.start - lineStart);
    const to = Math.max(from, Math.min(raw.length, mark.span.end - lineStart));
    const indent = printed(raw.slice(0, from)).length === 0 ? 0 : columns(printed(raw.slice(0, from)));
    const end = columns(printed(raw.slice(0, to)));
    return { mark, indent, width: Math.max(1, end - indent) };
  });
  const text = printed(raw);
  if (columns(text) <= lineWidthMax) return { text, marks: placed };
  return cutLine(text, placed);
}

/** The part of a long line around its first mark. */
function cutLine(text: string, marks: ShownLine["marks"]): ShownLine {
  const first = Math.min(...marks.map((mark) => mark.indent));
  const from = Math.max(0, first - lineWidthMax / 4);
  let column = 0;
  let shown = "";
  for (const character of text) {
    if (column >= from && column < from + lineWidthMax) shown += character;
    column += columns(character);
  }
  const lead = from > 0 ? "... " : "";
  return {
    text: `${lead}${shown}${column > from + lineWidthMax ? " ..." : ""}`,
    marks: marks
      .filter((mark) => mark.indent < from + lineWidthMax)
      .map(({ mark, indent, width }) => ({
        mark,
        indent: indent - from + lead.length,
        width: Math.min(width, from + lineWidthMax - indent),
      })),
  };
}

/** Tabs as blanks up to the next stop, characters without a picture as one that shows them. */
function printed(raw: string): string {
  let out = "";
  let column = 0;
  for (const character of raw) {
    const shown =
      character === "\t"
        ? " ".repeat(tabWidth - (column % tabWidth))
        : character.replace(/[\p{Cc}\p{Cs}]/u, "\ufffd");
    out += shown;
    column += columns(shown);
  }
  return out;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const withoutWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns of a terminal: wide characters take two, marks on a letter none. */
function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let count = 0;
  for (const character of text) count += withoutWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return count;
}

function noteLines({ detail, help, fixes }: Diagnostic, empty: string, paint: Paint): string[] {
  const out: string[] = [];
  if (detail !== undefined)
    out.push(...detail.split("\n").map((line) => `${empty} ${paint("frame", "=")} ${line}`));
  const tag = fixes.length === 0 ? "" : fixes.some((fix) => fix.safe) ? "[fix: safe]" : "[fix: to choose]";
  if (help === undefined && tag === "") return out;
  const text = `${empty} = help: ${help ?? fixes.map((fix) => fix.title).join(", or ")}`;
  const padded = tag === "" ? text : `${text.padEnd(fixColumn - 2)}  ${tag}`;
  out.push(padded.replace("=", paint("frame", "=")));
  return out;
}

/* ---------- colour ---------- */

type Style = Severity | "bold" | "frame";
type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, string>> = {
  error: "1;31",
  warning: "1;33",
  info: "1;36",
  bold: "1",
  frame: "34",
};

function painter(color: boolean): Paint {
  return color ? (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m` : (_style, text) => text;
}
