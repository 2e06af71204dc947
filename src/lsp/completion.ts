/**
 * What could stand at a place. The parser says which words and kinds of tokens fit (grammar/assist), the field catalogue
 * and the set say which names and values. Pure; works on half-typed text, since only what stands before counts.
 */
import {
  CompletionItemKind,
  InsertTextFormat,
  type CompletionItem,
  type CompletionList,
} from "vscode-languageserver";
import { catalogue } from "../diagnostics/index.ts";
import { COMPLETIONS_MAX, pathSegment } from "../domain/index.ts";
import { assistAt, isTestPath, type Assist } from "../../grammar/index.ts";
import { namesOf, wantedNames, wantedPath, type Wanted } from "./completion-context.ts";
import {
  fieldKey,
  padded,
  passedClauses,
  rootKey,
  usualInCategory,
  wordKey,
  writtenFields,
} from "./completion-order.ts";
import { allPaths, rootsAt, type KnownPath } from "./fields-at.ts";
import { declarationAt, type Look } from "./look.ts";
import {
  actionPhrases,
  declarationPhrases,
  eventPhrases,
  plainOf,
  stepPhrases,
  testPhrases,
  ticketLinePhrases,
  type Phrase,
} from "./phrases.ts";
import { toPosition, type Range } from "./positions.ts";

export interface CompletionOptions {
  readonly snippets: boolean;
  /** The character that asked by itself. */
  readonly trigger: string | undefined;
}

export function completionsAt(look: Look, offset: number, options: CompletionOptions): CompletionList {
  const { text } = look.file.source;
  // A blank asks behind a word only: a new line is not yet a question.
  if (options.trigger === " " && /(^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, offset - 200), offset)))
    return { isIncomplete: false, items: [] };
  const items = new Proposals(look, offset, assistAt(look.file.source, offset), options.snippets).all();
  return { isIncomplete: items.length > COMPLETIONS_MAX, items: items.slice(0, COMPLETIONS_MAX) };
}

class Proposals {
  readonly #look: Look;
  readonly #offset: number;
  readonly #assist: Assist;
  readonly #snippets: boolean;
  readonly #items: CompletionItem[] = [];

  constructor(look: Look, offset: number, assist: Assist, snippets: boolean) {
    this.#look = look;
    this.#offset = offset;
    this.#assist = assist;
    this.#snippets = snippets;
  }

  all(): CompletionItem[] {
    const { at, inComment } = this.#assist;
    if (inComment) this.#codes();
    else if (at?.kind === "text") this.#insideText();
    else this.#outsideText();
    return this.#items;
  }

  /** `# allow R2010 because ...` */
  #codes(): void {
    const line =
      this.#look.file.source.text
        .slice(0, this.#offset)
        .split(/[\r\n]/)
        .at(-1) ?? "";
    const typed = /#+\s*allow\s+(?:.*[ ,])?(R?\d*)$/i.exec(line)?.[1];
    if (typed === undefined) return;
    for (const { code, severity, title } of catalogue)
      if (severity === "warning")
        this.#add(code, CompletionItemKind.Constant, `${code} because `, {
          detail: title,
          from: this.#offset - typed.length,
        });
  }

  #insideText(): void {
    const { at } = this.#assist;
    if (at === undefined) return;
    const typed = this.#look.file.source.text.slice(at.start, this.#offset);
    const hole = /\{([^{}"]*)$/.exec(typed)?.[1];
    if (hole !== undefined) {
      const part = /(?:^|\bor\s+)([^\s]*)$/.exec(hole)?.[1] ?? "";
      this.#paths(this.#offset - part.length, true);
      return;
    }
    const closes = at.type !== "UnclosedText" && at.type !== "UnclosedBlock" && at.image.length > 1;
    const quotes = at.image.startsWith('"""') ? 3 : 1;
    const from = at.start + quotes;
    const to = closes ? at.end - quotes : at.end;
    if (to < from) return;
    for (const one of this.#wanted())
      this.#word(one, { from, to, quoted: false, closing: closes ? "" : '"' });
  }

  #wanted(): readonly Wanted[] {
    const { before } = this.#assist;
    const names = wantedNames(this.#look, this.#assist);
    if (names !== undefined) return names;
    const path = wantedPath(before, this.#assist);
    return path === undefined ? [] : this.#valuesOf(path);
  }

  #valuesOf(path: string): readonly Wanted[] {
    const vocabulary = this.#look.state.vocabularies.get(path);
    return (vocabulary?.words ?? []).map((word) => ({
      text: word,
      detail: `value of ${path}`,
      kind: CompletionItemKind.EnumMember,
    }));
  }

  #outsideText(): void {
    const { expected, before, at, mayBegin } = this.#assist;
    const from = at?.start ?? this.#offset;
    const path = pathBefore(this.#look.file.source.text, from);
    if (path !== from) {
      const isSet = before.some(({ type, end }) => type === "Set" && end <= path && end > path - 3);
      this.#paths(path, false, isSet ? isWritable : undefined);
      return;
    }
    if (expected.has("PlainText"))
      for (const one of this.#wanted())
        this.#word(one, { from, to: this.#offset, quoted: true, closing: "" });
    this.#phrases(mayBegin, from);
    if (expected.has("Word")) this.#words(from);
    if (this.#assist.productions.at(-1) === "duration" && expected.has("NumberLiteral"))
      this.#add("30 minutes", CompletionItemKind.Value, "30 minutes", { from, sort: "0" });
    if (before.length > 0 && !expected.has("Word")) this.#keywords(from);
    else if (before.length > 0) this.#keywords(from, reservedOnly);
  }

  /** Where any word is taken: paths, names of lists and lookups, fields of a block. */
  #words(from: number): void {
    const inner = this.#assist.productions.at(-1) ?? "";
    if (inner === "categoryDeclaration" || inner === "mailDefaults") {
      this.#ticketFields(from);
      return;
    }
    if (this.#assist.productions.includes("valuesDeclaration")) {
      this.#paths(from, false, takesValues);
      return;
    }
    if (inner === "bareName" || inner === "event" || inner === "declaration") {
      if (inner === "event") this.#paths(from, false, isWritable);
      return;
    }
    for (const one of namesOf(this.#look, this.#assist))
      this.#add(one.text, one.kind, one.text, { detail: one.detail, from, sort: this.#nameSort(one, inner) });
    if (inner === "scope") return;
    const isSet = this.#assist.before.at(-1)?.type === "Set";
    this.#paths(from, this.#assist.productions.includes("thenClause"), isSet ? isWritable : undefined);
  }

  /** A list stands behind `in`, a definition among conditions, a lookup where a value is written; elsewhere fields come first. */
  #nameSort({ detail }: Wanted, inner: string): string {
    const { before, productions } = this.#assist;
    const last = before.at(-1)?.image.toLowerCase();
    if (detail === "taken by like") return "1";
    if (detail === "list") return last === "in" ? "1" : "6";
    if (detail === "lookup") return productions.includes("fieldLine") ? "2" : "6";
    return inner === "operand" ? "4" : "6";
  }

  #paths(from: number, inText: boolean, keep: (path: KnownPath) => boolean = () => true): void {
    const { state } = this.#look;
    const declaration = declarationAt(this.#look, this.#offset);
    const roots = rootsAt(declaration, this.#offset);
    for (const [place, path] of allPaths(state.declarations).entries()) {
      const { root } = path;
      if (root === "rule" ? !inText : roots !== undefined && !roots.has(root)) continue;
      if (!keep(path)) continue;
      const missing = path.mayBeMissing ? ", may be missing" : "";
      this.#add(path.path, CompletionItemKind.Field, path.path, {
        detail: `${path.type}${missing}`,
        documentation: path.documentation,
        from,
        sort: `3${rootKey(root, roots)}${padded(place)}`,
      });
    }
    for (const field of sourceFields(this.#look))
      if (roots === undefined || roots.has("alert"))
        this.#add(field, CompletionItemKind.Field, field, {
          detail: "written elsewhere in this set",
          from,
          sort: "4",
        });
  }

  #phrases(mayBegin: boolean, from: number): void {
    const { expected, productions, before } = this.#assist;
    const offer = (phrases: readonly Phrase[], sort: string): void => {
      for (const [place, one] of phrases.entries()) {
        const first = one.label.split(" ")[0] ?? "";
        const fits = mayBegin || expected.has(first) || (first === "ticket.status" && expected.has("ticket"));
        if (fits) this.#phrase(one, from, sort + padded(place));
      }
    };
    const isTest = isTestPath(this.#look.file.path);
    if (mayBegin) offer(isTest ? testPhrases : declarationPhrases, "1");
    if (before.length === 0) return;
    if (productions.at(-1) === "event") offer(eventPhrases, "1");
    else if (isTest && !mayBegin && expected.has("expect")) offer(stepPhrases, "1");
    else if (!mayBegin && expected.has("notify") && expected.has("suppress")) offer(actionPhrases, "3");
    if (!expected.has("dedup") || expected.has("Word")) return;
    this.#ticketFields(from);
    offer(ticketLinePhrases, "2");
  }

  #ticketFields(from: number): void {
    const written = writtenFields(this.#assist.before);
    const paths = allPaths(this.#look.state.declarations);
    const first = this.#assist.productions.at(-1) === "categoryDeclaration" ? usualInCategory : undefined;
    for (const [place, { path, writable, documentation, type }] of paths.entries()) {
      const name = path.replace(/^ticket\./, "");
      if (!writable || written.has(name)) continue;
      this.#add(name, CompletionItemKind.Property, `${name} = `, {
        detail: type,
        documentation,
        from,
        sort: `1${fieldKey(name, place, first)}`,
      });
    }
  }

  #phrase({ label, snippet, documentation }: Phrase, from: number, sort: string): void {
    this.#items.push({
      label,
      kind: CompletionItemKind.Snippet,
      documentation,
      sortText: `${sort}${label}`,
      filterText: label,
      insertTextFormat: this.#snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      textEdit: {
        range: this.#range(from, this.#offset),
        newText: this.#snippets ? snippet : plainOf(snippet),
      },
    });
  }

  #keywords(from: number, keep: (word: string) => boolean = () => true): void {
    const taken = new Set([...this.#items.map(({ label }) => label), ...passedClauses(this.#assist)]);
    for (const word of this.#assist.expected)
      if (/^[a-z0-9]+$/.test(word) && !taken.has(word) && keep(word))
        this.#add(word, CompletionItemKind.Keyword, word, {
          from,
          sort: word === "end" ? "9" : `5${wordKey(word)}`,
        });
  }

  #word(
    { text, detail, kind }: Wanted,
    place: { readonly from: number; readonly to: number; readonly quoted: boolean; readonly closing: string },
  ): void {
    const { from, to, quoted, closing } = place;
    const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    const order = String(this.#items.length).padStart(5, "0");
    const newText = quoted ? `"${escaped}"` : `${escaped}${closing}`;
    this.#items.push({
      label: quoted ? `"${text}"` : text,
      kind,
      detail,
      sortText: `0${order}`,
      filterText: quoted ? `"${text}"` : text,
      textEdit: { range: this.#range(from, to), newText },
    });
  }

  #add(
    label: string,
    kind: CompletionItemKind,
    newText: string,
    more: {
      readonly from: number;
      readonly detail?: string;
      readonly documentation?: string;
      readonly sort?: string;
    },
  ): void {
    const { from, detail, documentation, sort = "2" } = more;
    this.#items.push({
      label,
      kind,
      ...(detail === undefined ? {} : { detail }),
      ...(documentation === undefined ? {} : { documentation }),
      sortText: `${sort}${label}`,
      filterText: label,
      textEdit: { range: this.#range(from, this.#offset), newText },
    });
  }

  #range(from: number, to: number): Range {
    const { file, encoding } = this.#look;
    return { start: toPosition(file.source, from, encoding), end: toPosition(file.source, to, encoding) };
  }
}

function isWritable({ root, writable }: KnownPath): boolean {
  return root === "ticket" && writable;
}

/** Fields whose words a set may close with `values`. */
function takesValues({ path, type, writable }: KnownPath): boolean {
  return type === "text" && (writable || path === "alert.severity" || path === "alert.source");
}

/** Where the path begins that ends at an offset with a dot; the offset itself where there is none. */
function pathBefore(text: string, at: number): number {
  const line = text.slice(Math.max(0, at - 300), at);
  const path = /(?:[\p{L}_][\p{L}\p{N}_]*\.|"(?:[^"\\\r\n]|\\.)*"\.)+$/u.exec(line)?.[0];
  return path === undefined ? at : at - path.length;
}

/** `alert.fields.NAME` that other rules read: nobody declares them. */
function sourceFields({ state }: Look): readonly string[] {
  const found = new Set<string>();
  for (const { source } of state.files)
    for (const [path] of source.text.matchAll(/\balert\.fields\.(?:[\p{L}_][\p{L}\p{N}_]*|"[^"\r\n]+")/gu)) {
      found.add(path);
      if (found.size > SOURCE_FIELDS_MAX) return [...found];
    }
  return [...found].map((path) => path.replace(/"([^"]+)"$/, (_, name: string) => pathSegment(name)));
}

const SOURCE_FIELDS_MAX = 200;

/** Beside paths only words that are certainly words of the language. */
const words = new Set(
  (
    "when if except then end otherwise and or not in is like contains does starts ends matches between at exactly create " +
    "set add remove complete notify run suppress stop expect given receive true false empty created completed any all none " +
    "more less during outside"
  ).split(" "),
);
function reservedOnly(word: string): boolean {
  return words.has(word);
}
