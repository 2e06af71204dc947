/** What every answer of the language server looks at: one file of one set, and how the client counts. Pure. */
import { inWhole, type Span } from "../diagnostics/index.ts";
import type { Declaration } from "../../grammar/ast.ts";
import type { Encoding, Range } from "./positions.ts";
import { toRange } from "./positions.ts";
import type { SetFile, SetState } from "./rule-set.ts";
import { heldNames } from "./held-names.ts";
import { occurrencesIn, type Occurrence } from "./occurrences.ts";

export interface Look {
  readonly state: SetState;
  readonly file: SetFile;
  readonly encoding: Encoding;
}

/** A span as the protocol has it. */
export interface Location {
  readonly uri: string;
  readonly range: Range;
}

export function contains(span: Span, offset: number): boolean {
  const { start, end } = inWhole(span);
  return start <= offset && offset <= end;
}

/** The declaration at an offset; with half-typed text behind it, the one above. */
export function declarationAt({ file }: Look, offset: number): Declaration | undefined {
  return file.tree.declarations.findLast(({ span }) => inWhole(span).start <= offset);
}

/** The narrowest name at an offset: a field's path holds the name of a user-defined field. */
export function occurrenceAt(look: Look, offset: number): Occurrence | undefined {
  const { source } = look.file;
  const declared = look.file.tree.declarations
    .filter(({ span }) => contains(span, offset))
    .flatMap(occurrencesIn);
  const held = heldNames(look.state).filter(({ span }) => span.source.path === source.path);
  return [...declared, ...held]
    .filter(({ span }) => contains(span, offset))
    .toSorted((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start))[0];
}

export function locate({ state, encoding }: Look, span: Span): Location | undefined {
  const { path } = span.source;
  const file = state.files.find((one) => one.path === path);
  return file && { uri: file.uri, range: toRange(span, encoding) };
}
