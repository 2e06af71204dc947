/**
 * Rule text in its one form (language.md): the tree says what stands where, the tokens are written as typed. A file with a
 * mistake in it is given back as it is, since nobody knows what its author means.
 */
import type { CstNode, IToken } from "chevrotain";
import { SourceText, type Diagnostic } from "../../src/diagnostics/index.ts";
import type { RuleFile } from "../ast.ts";
import { DiagnosticSink } from "../diagnostic-sink.ts";
import { lex, type RuleToken } from "../lexer.ts";
import { parseRuleFile } from "../parse-rule-file.ts";
import { sharedParser } from "../parser.ts";
import { splitDeclarations } from "../split-declarations.ts";
import { T } from "../tokens.ts";
import { CommentPlaces } from "./comment-places.ts";
import { buildLine, isBlankAbove, type Line } from "./lines.ts";
import { isSameFile } from "./same-file.ts";
import type { Writing } from "./sentence.ts";
import { writeFile } from "./write-lines.ts";

export type Formatting =
  | { readonly kind: "formatted"; readonly text: string }
  /** It does not parse; the text stays as it is. */
  | { readonly kind: "broken"; readonly diagnostics: readonly Diagnostic[] }
  /** The new text would not say the same: a fault of the formatter, and the text stays as it is. */
  | { readonly kind: "refused" };

/** Reads what it wrote and compares: no file is ever given another meaning, no comment is lost. */
export function formatChecked(path: string, text: string): Formatting {
  const before = parseRuleFile(new SourceText(path, text));
  const errors = before.diagnostics.filter((one) => one.severity === "error");
  if (errors.length > 0) return { kind: "broken", diagnostics: errors };
  const formatted = formatRuleFile(before.file);
  const after = parseRuleFile(new SourceText(path, formatted));
  const isSound = after.diagnostics.every((one) => one.severity !== "error");
  return isSound && isSameFile(before.file, after.file)
    ? { kind: "formatted", text: formatted }
    : { kind: "refused" };
}

/** The text of a file without syntax errors in its one form; any other text as it is. */
export function formatRuleFile(file: RuleFile): string {
  const { source } = file;
  const sink = new DiagnosticSink();
  const { tokens, comments } = lex(source, sink);
  if (sink.sorted().some((one) => one.severity === "error")) return source.text;
  const writing: Writing = {
    tokens,
    indexes: new Map<IToken, number>(tokens.map((token, i) => [token, i])),
    comments: new CommentPlaces(tokens, comments),
    text: source.text,
  };
  const lines: Line[] = [];
  for (const { tokens: chunk } of splitDeclarations(tokens)) {
    const [head, version] = chunk;
    const hasVersion = head?.tokenType === T.Rules && version?.tokenType === T.NumberLiteral;
    if (hasVersion) lines.push(versionLine(writing, head, version));
    const rest = hasVersion ? chunk.slice(2) : chunk;
    if (rest.length === 0) continue;
    const declaration = readDeclaration(rest);
    if (declaration === undefined) return source.text;
    lines.push(buildLine(writing, declaration));
  }
  return writeFile(lines, writing.comments.atEnd, source.text);
}

function readDeclaration(tokens: readonly RuleToken[]): CstNode | undefined {
  const { tree, errors } = sharedParser().parse(tokens, false);
  const [declaration] = Object.values(tree?.children ?? {}).flat();
  const isRead = errors.length === 0 && declaration !== undefined && "children" in declaration;
  return isRead ? declaration : undefined;
}

function versionLine(writing: Writing, word: RuleToken, number: RuleToken): Line {
  const first = writing.indexes.get(word) ?? 0;
  const { inside, above, trailing } = writing.comments.take({ first, last: first + 1 });
  const start = above[0]?.span.start ?? word.startOffset;
  return {
    name: "rules",
    key: undefined,
    doc: `rules ${number.image}`,
    blankAbove: isBlankAbove(writing.text, start),
    blankBelowComments: isBlankAbove(writing.text, word.startOffset),
    inside,
    above,
    trailing,
    body: [],
    end: undefined,
  };
}
