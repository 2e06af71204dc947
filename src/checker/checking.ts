/**
 * What every check works with: the report, the names, and the place from which something is read. Knows no check.
 *
 * A Place says what a sentence can see: which roots are at hand (always, or maybe), which names `like` took, and which
 * paths surely have a value there. Definitions, templates and lookups are read from many places: they are looked at
 * once in an open place that collects what they read, and every use is judged by its own place (`Reads`).
 */
import type { Span } from "../diagnostics/index.ts";
import type { Field, FieldRoot } from "../domain/index.ts";
import type { Declaration, EventNode, Expression, PathNode } from "../../grammar/ast.ts";
import type { Declarations, PathMeaning, Vocabulary } from "./checked-rules.ts";
import type { Report } from "./report.ts";

export interface Checking {
  readonly report: Report;
  readonly declarations: Declarations;
  readonly vocabularies: ReadonlyMap<string, Vocabulary>;
  readonly meanings: Map<PathNode, PathMeaning>;
  /** Declarations that something uses (R2010). */
  readonly used: Set<Declaration>;
  readonly reads: Map<Declaration, Reads>;
  /** Names of secrets, where each is first written. */
  readonly secrets: Map<string, Span>;
}

/** What a declaration reads wherever it is used. */
export interface Reads {
  readonly paths: { readonly path: PathNode; readonly field: Field }[];
  /** Holes in its texts: they may lack a value (R2014). */
  readonly holes: { readonly value: Expression; readonly span: Span }[];
}

export type AtHand = "always" | "maybe";

export interface Place {
  /** Undefined: an open place, where `reads` collects. */
  readonly roots: ReadonlyMap<FieldRoot, AtHand> | undefined;
  readonly reads: Reads | undefined;
  /** Why a root is missing, in a sentence. */
  readonly whyMissing: (root: FieldRoot) => string;
  /** What to do about a path that may be missing in a text; left out: give it something to say. */
  readonly ifMissing?: (path: string) => string;
  /** Names that `like` surely took before this place. */
  readonly bound: ReadonlyMap<string, Span>;
  readonly scope: NameScope;
  /** Canonical paths that have a value here whatever the catalogue says. */
  readonly present: ReadonlySet<string>;
  readonly events: readonly EventNode[];
}

/** One rule or declaration: names that `like` takes in it somewhere, and the roots that it was told about once. */
export interface NameScope {
  readonly taken: ReadonlyMap<string, Span>;
  /** Why a taken name is not usable, with the place to look at. */
  readonly loose: Map<string, { readonly span: Span; readonly why: string }>;
  readonly complained: Set<FieldRoot>;
}

export function newScope(taken: ReadonlyMap<string, Span> = new Map()): NameScope {
  return { taken, loose: new Map(), complained: new Set() };
}

export function openPlace(reads: Reads, taken?: ReadonlyMap<string, Span>): Place {
  return {
    roots: undefined,
    reads,
    whyMissing: () => "",
    bound: new Map(),
    scope: newScope(taken),
    present: new Set(),
    events: [],
  };
}
