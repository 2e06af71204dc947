/** The closed lists of words: `values`, their defaults, the program's own words, and names of declarations. */
import type { Diagnostic, DiagnosticCode, Span } from "../diagnostics/index.ts";
import { COMPLETE, exactText, foldText, type Field } from "../domain/index.ts";
import type { StringNode, ValuesDeclaration } from "../../grammar/ast.ts";
import type { Checking } from "./checking.ts";
import type { Declarations, Vocabulary } from "./checked-rules.ts";
import type { Report } from "./report.ts";
import { suggest } from "./suggest.ts";

const actors = ["staff", "contact", "system", "rule", "integration"];
const fixedWords: Readonly<Record<string, readonly string[]>> = {
  "alert.status": ["firing", "resolved"],
  "actor.kind": actors,
  "ticket.created_by.kind": actors,
  "note.visibility": ["internal", "public"],
};

/** Ranks that hold when a set declares none (language.md 2). */
const defaultRanks: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "alert.severity": [["info"], ["warning"], ["minor"], ["major", "error"], ["critical"]],
  "ticket.priority": [["Low"], ["Medium"], ["High"], ["Critical"]],
};
const defaultStatus = ["New", "In Progress", "Waiting", COMPLETE];

export function buildVocabularies(
  declarations: Declarations,
  values: ReadonlyMap<string, ValuesDeclaration>,
  report: Report,
): ReadonlyMap<string, Vocabulary> {
  const all = new Map<string, Vocabulary>();
  const put = (v: Vocabulary): void => void all.set(v.path, v);
  for (const [path, words] of Object.entries(fixedWords)) put(vocabulary(path, words, "fixed"));
  for (const [path, ranks] of Object.entries(defaultRanks))
    put({ ...vocabulary(path, ranks.flat(), "values"), ranks: rankWords(ranks) });
  put(vocabulary("ticket.status", defaultStatus, "values"));
  put(vocabulary("ticket.category", [...declarations.categories.keys()], "category"));
  put(vocabulary("callout.name", [...declarations.callouts.keys()], "callout"));
  for (const [path, declaration] of values) put(declaredVocabulary(path, declaration, report));
  return all;
}

function vocabulary(path: string, words: readonly string[], source: Vocabulary["source"]): Vocabulary {
  return { path, words, ranks: undefined, source, declared: undefined };
}

function rankWords(ranks: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(ranks.flatMap((words, rank) => words.map((word) => [foldText(word), rank] as const)));
}

function declaredVocabulary(path: string, declaration: ValuesDeclaration, report: Report): Vocabulary {
  const first = new Map<string, Span>();
  for (const word of declaration.ranks.flat()) {
    const key = foldText(exactText(word.value));
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, word.span);
    else
      report.add("R1313", word.span, `\`${word.value}\` stands in the list twice`, {
        labels: [{ span: earlier, text: "first here" }],
      });
  }
  const words = declaration.ranks.map((rank) => rank.map((word) => exactText(word.value)));
  if (path === "ticket.status" && !first.has(foldText(COMPLETE)))
    report.add("R1312", declaration.path?.span ?? declaration.span, "the status values lack `Complete`", {
      help: 'add `"Complete"`: it is the status that ends a ticket',
    });
  return {
    path,
    words: words.flat(),
    ranks: declaration.ordered ? rankWords(words) : undefined,
    source: "values",
    declared: declaration.path?.span ?? declaration.span,
  };
}

export function vocabularyOf(checking: Checking, field: Field | undefined): Vocabulary | undefined {
  return field === undefined ? undefined : checking.vocabularies.get(field.path);
}

/** Reports a word that the list does not hold. `at` is where it is told, when not at the word itself. */
export function checkWord(
  checking: Checking,
  node: StringNode,
  vocabulary: Vocabulary,
  at: Span = node.span,
): void {
  const wanted = foldText(exactText(node.value));
  if (vocabulary.words.some((word) => foldText(word) === wanted)) return;
  const near = suggest(node.value, vocabulary.words);
  const labels = [
    ...(vocabulary.declared === undefined
      ? []
      : [{ span: vocabulary.declared, text: "the values are listed here" }]),
    ...(at === node.span ? [] : [{ span: node.span, text: "from here" }]),
  ];
  const named = vocabulary.source === "category" || vocabulary.source === "callout";
  const code: DiagnosticCode = named ? "R1201" : "R1204";
  const summary = named
    ? `unknown ${vocabulary.source} \`${node.value}\``
    : `\`${node.value}\` is not a value of \`${vocabulary.path}\``;
  checking.report.add(code, at, summary, {
    labels,
    help: near === undefined ? listWords(vocabulary) : `did you mean \`"${near.text}"\`?`,
    fixes: near === undefined || at !== node.span ? [] : [replaceWord(node, near.text, near.sure)],
  });
}

function replaceWord(node: StringNode, text: string, safe: boolean): Diagnostic["fixes"][number] {
  const quoted = `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  return { title: `write ${quoted}`, edits: [{ span: node.span, newText: quoted }], safe };
}

const WORDS_SHOWN = 12;

function listWords(vocabulary: Vocabulary): string {
  const { words, source, path } = vocabulary;
  if (words.length === 0) return `the rule set declares no ${source}`;
  const shown = words.slice(0, WORDS_SHOWN).map((word) => `"${word}"`);
  const more = words.length > WORDS_SHOWN ? ", ..." : "";
  const lead =
    source === "values" ? `\`${path}\` is one of` : source === "fixed" ? "it is one of" : "declared are";
  return `${lead} ${shown.join(", ")}${more}`;
}
