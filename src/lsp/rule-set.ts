/**
 * One rule set as an editor sees it: the texts that are open or on disk, read again file by file, checked again rule by
 * rule. Pure: knows no files and no protocol. Never throws on any text.
 *
 *   put(uri, text) ──> RuleFileReader (only what changed) ──┐
 *   put ...                                                 ├──> RuleSetChecker (only what changed) ──> state()
 *   warn(found by analysis, elsewhere, later) ──────────────┘     R20xx pinned to the trees they were found in
 */
import { compareCodePoints, RuleSetChecker, type CheckResult, type Declarations } from "../checker/index.ts";
import { diagnostic, SourceText, toWholeFile, type Diagnostic, type Span } from "../diagnostics/index.ts";
import { EDITOR_FILE_CHARACTERS_MAX } from "../domain/index.ts";
import type { Declaration, RuleFile } from "../../grammar/ast.ts";
import { RuleFileReader, type ParsedRuleFile } from "../../grammar/index.ts";

export interface SetFile {
  readonly uri: string;
  /** Relative to the set's folder: what decides the order of files. */
  readonly path: string;
  readonly source: SourceText;
  readonly tree: RuleFile;
}

export interface SetState {
  readonly files: readonly SetFile[];
  readonly declarations: Declarations;
  readonly vocabularies: CheckResult["vocabularies"];
  /** By URI; each file of the set has an entry. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly hasErrors: boolean;
}

/** A warning as it comes from another thread: offsets in the texts that were sent there. */
export interface FarSpan {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}
export interface FarDiagnostic extends Omit<Diagnostic, "span" | "labels" | "fixes"> {
  readonly span: FarSpan;
  readonly labels: readonly { readonly span: FarSpan; readonly text: string }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly safe: boolean;
    readonly edits: readonly { readonly span: FarSpan; readonly newText: string }[];
  }[];
}

interface Held {
  readonly uri: string;
  readonly path: string;
  readonly reader: RuleFileReader;
  source: SourceText;
  parsed: ParsedRuleFile;
}

export class RuleSet {
  readonly #held = new Map<string, Held>();
  readonly #checker = new RuleSetChecker();
  #warnings: readonly Diagnostic[] = [];
  #state: SetState | undefined;

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  put(uri: string, path: string, text: string): void {
    const known = this.#held.get(uri);
    if (known?.source.text === text) return;
    const source = new SourceText(path, text);
    const reader = known?.reader ?? new RuleFileReader();
    const parsed = readWithin(reader, source);
    if (known === undefined) this.#held.set(uri, { uri, path, reader, source, parsed });
    else Object.assign(known, { source, parsed });
    this.#state = undefined;
  }

  remove(uri: string): void {
    if (this.#held.delete(uri)) this.#state = undefined;
  }

  has(uri: string): boolean {
    return this.#held.has(uri);
  }

  text(uri: string): string | undefined {
    return this.#held.get(uri)?.source.text;
  }

  /** The set as it stands now; computed once after each change. */
  state(): SetState {
    this.#state ??= this.#check();
    return this.#state;
  }

  file(uri: string): SetFile | undefined {
    return this.state().files.find((file) => file.uri === uri);
  }

  /** Texts for an analysis elsewhere; what it finds comes back by `warn`. */
  texts(): readonly { readonly path: string; readonly text: string }[] {
    return this.#sorted().map(({ path, source }) => ({ path, text: source.text }));
  }

  /** Takes what an analysis of `texts` found. Of files that changed meanwhile nothing is taken. */
  warn(
    found: readonly FarDiagnostic[],
    texts: readonly { readonly path: string; readonly text: string }[],
  ): void {
    const sent = new Map(texts.map(({ path, text }) => [path, text]));
    const same = new Map(
      [...this.#held.values()]
        .filter(({ path, source }) => sent.get(path) === source.text)
        .map((held) => [held.path, held]),
    );
    this.#warnings = found.flatMap((one) => pin(one, same) ?? []);
    this.#state = undefined;
  }

  #sorted(): readonly Held[] {
    return [...this.#held.values()].sort((a, b) => compareCodePoints(a.path, b.path));
  }

  #check(): SetState {
    const held = this.#sorted();
    const result = this.#checker.check(
      held.map(({ parsed }) => parsed),
      { wholeSet: false },
    );
    const found = [...result.diagnostics, ...this.#alive(held, result.diagnostics)];
    const byPath = Map.groupBy(found, (one) => one.span.source.path);
    return {
      files: held.map(({ uri, path, source, parsed }) => ({ uri, path, source, tree: parsed.file })),
      declarations: result.declarations,
      vocabularies: result.vocabularies,
      diagnostics: new Map(held.map(({ uri, path }) => [uri, byPath.get(path) ?? []])),
      hasErrors: found.some((one) => one.severity === "error"),
    };
  }

  /** Warnings whose tree is still there, and that the check did not give by itself. */
  #alive(held: readonly Held[], told: readonly Diagnostic[]): readonly Diagnostic[] {
    if (this.#warnings.length === 0) return [];
    const sources = new Set(held.flatMap(({ source, parsed }) => [source, ...excerptsOf(parsed.file)]));
    const lives = ({ source }: Span): boolean => sources.has(source);
    const known = new Set(told.map(keyOf));
    return this.#warnings
      .filter(({ span }) => lives(span))
      .map((one) =>
        toWholeFile({
          ...one,
          labels: one.labels.filter(({ span }) => lives(span)),
          fixes: one.fixes.filter(({ edits }) => edits.every(({ span }) => lives(span))),
        }),
      )
      .filter((one) => !known.has(keyOf(one)));
  }
}

function keyOf({ code, span }: Diagnostic): string {
  return `${code} ${span.source.path} ${span.start} ${span.end}`;
}

function readWithin(reader: RuleFileReader, source: SourceText): ParsedRuleFile {
  if (source.text.length <= EDITOR_FILE_CHARACTERS_MAX) return reader.read(source);
  const found = diagnostic("R1011", source.span(0, 0), "this file is too large for an editor", {
    help: "split it: the order of files does not matter",
  });
  return { file: { source, version: undefined, declarations: [], comments: [] }, diagnostics: [found] };
}

function excerptsOf(tree: RuleFile): readonly SourceText[] {
  return tree.declarations.map((declaration) => declaration.span.source);
}

/** The places of a warning counted in the trees that hold them, so that it moves with them and goes with them. */
function pin(one: FarDiagnostic, files: ReadonlyMap<string, Held>): Diagnostic | undefined {
  const near = ({ path, start, end }: FarSpan): Span | undefined => {
    const held = files.get(path);
    if (held === undefined) return undefined;
    const source = holderOf(held.parsed.file.declarations, start, end)?.span.source ?? held.source;
    return source.span(start - source.base, end - source.base);
  };
  const span = near(one.span);
  if (span === undefined) return undefined;
  return {
    ...one,
    span,
    labels: one.labels.flatMap((label) => {
      const at = near(label.span);
      return at === undefined ? [] : [{ ...label, span: at }];
    }),
    fixes: one.fixes.flatMap((fix) => {
      const edits = fix.edits.flatMap((edit) => {
        const at = near(edit.span);
        return at === undefined ? [] : [{ ...edit, span: at }];
      });
      return edits.length === fix.edits.length ? [{ ...fix, edits }] : [];
    }),
  };
}

function holderOf(declarations: readonly Declaration[], start: number, end: number): Declaration | undefined {
  return declarations.find(
    ({ span }) => span.source.base + span.start <= start && end <= span.source.base + span.end,
  );
}
