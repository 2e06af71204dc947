/** What every part of the lowering reads: the checked set, and lookups lowered once. Knows nothing of matching. */
import type { Calendar } from "../calendar/index.ts";
import { spanText, type Span } from "../diagnostics/index.ts";
import type { CheckedRules } from "../checker/index.ts";
import type { Name } from "../../grammar/ast.ts";
import { exactText } from "../domain/index.ts";
import type { LookupIr, Origin } from "./rule-ir.ts";

export interface Lowering {
  readonly checked: CheckedRules;
  /** Lookups already lowered, so that equal names are one object. */
  readonly lookups: Map<string, LookupIr>;
  /** Lowered once, so that equal names are one object. */
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Zone for dates in the text: the set's only calendar's, else UTC. */
  readonly zone: string | undefined;
  /** Set while a definition is put in where it is used. */
  readonly definition?: string;
}

/**
 * What `like` takes in a definition is the definition's own: put in where it is used it would else stand for the rule's name
 * of the same letters from there on. A plain name has no dot.
 */
export function takenName({ definition }: Lowering, name: string): string {
  return definition === undefined ? name : `${definition}.${name}`;
}

/** Where it was written, its text with comments left out and white space folded. */
export function originOf(span: Span): Origin {
  const { line, column } = span.source.position(span.start);
  return { file: span.source.path, line, column, text: onOneLine(spanText(span)) };
}

function onOneLine(written: string): string {
  // The common case, ten thousand times over: nothing to leave out and nothing to fold.
  if (!/#|\s\s|[^\S ]|^\s|\s$/.test(written)) return written;
  // Looked for first: to leave comments out of a text without any costs more than all else here.
  const said = written.includes("#")
    ? written.replace(/^((?:[^"'#\n]|"(?:\\.|[^"\\\n])*"|'[^'\n]*')*)#.*$/gm, "$1")
    : written;
  return said.replace(/[^\S ]\s*|\s\s+/g, " ").trim();
}

/** The parser leaves parts out only beside an error, and a set with errors is never lowered. */
export function present<T>(part: T | undefined, what: string): T {
  if (part === undefined) throw new Error(`${what} is missing in a checked rule set`);
  return part;
}

export function nameText(name: Pick<Name, "text"> | undefined, what: string): string {
  return exactText(present(name, what).text);
}
