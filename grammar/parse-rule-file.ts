/**
 * One rule file or test file: text to tree and diagnostics, always both, never thrown. The steps in order: limits, tokens,
 * nesting, declarations cut apart, each parsed (and repaired where it is broken), tree, what belongs in which kind of file.
 */
import { diagnostic, type Diagnostic, type SourceText } from "../src/diagnostics/index.ts";
import { RULE_FILE_CHARACTERS_MAX } from "../src/domain/index.ts";
import type { Declaration, NumberNode, RuleFile } from "./ast.ts";
import { checkFileKind } from "./check-file-kind.ts";
import { checkLines, limitNesting } from "./check-limits.ts";
import { buildDeclaration } from "./cst-to-ast/index.ts";
import { DiagnosticSink } from "./diagnostic-sink.ts";
import { DocComments } from "./doc-comments.ts";
import type { KeptDeclarations } from "./kept-declarations.ts";
import { lex } from "./lexer.ts";
import { ChunkReader } from "./read-chunk.ts";
import { otherLanguage } from "./scan-leftovers.ts";
import { splitDeclarations, type Chunk } from "./split-declarations.ts";
import { T } from "./tokens.ts";

export interface ParsedRuleFile {
  readonly file: RuleFile;
  readonly diagnostics: readonly Diagnostic[];
}

/** Which versions of the language this program reads. */
const languageVersions: readonly number[] = [1];

export function isTestPath(path: string): boolean {
  return path.endsWith(".test.rules");
}

/** `kept`: declarations of an earlier reading of this file that may stand as they are (kept-declarations.ts). */
export function parseRuleFile(source: SourceText, kept?: KeptDeclarations): ParsedRuleFile {
  const sink = new DiagnosticSink();
  if (source.text.length > RULE_FILE_CHARACTERS_MAX) return refuseLargeFile(source);
  const other = otherLanguage(source);
  if (other !== undefined) return emptyFile(source, other);
  checkLines(source, sink);
  const { tokens, comments } = lex(source, sink);
  const limited = limitNesting(source, tokens, sink);
  kept?.begin(source);
  const docs = new DocComments(source, comments);
  const reader = new ChunkReader(source);
  const isTest = isTestPath(source.path);
  const declarations: Declaration[] = [];
  let version: NumberNode | undefined;
  for (const chunk of splitDeclarations(limited.tokens)) {
    const head = readVersion(source, chunk, sink);
    if (head !== undefined) {
      if (version !== undefined || declarations.length > 0) reportLateVersion(head, sink);
      version ??= head;
    }
    const rest = head === undefined ? chunk : { ...chunk, tokens: chunk.tokens.slice(2) };
    const start = rest.tokens[0];
    if (start === undefined) continue;
    // What follows from tokens that the limit left out is not told as well.
    const isCut = limited.isCut(start.startOffset, chunk.next?.startOffset ?? Infinity);
    const doc = docs.above(start.startOffset);
    const place = isCut ? undefined : kept?.place(rest);
    const declaration =
      kept !== undefined && place !== undefined
        ? kept.read(rest, place, doc, sink)
        : readDeclaration(reader, { source, sink: isCut ? new DiagnosticSink() : sink, isTest, doc }, rest);
    if (declaration !== undefined) declarations.push(declaration);
  }
  checkFileKind(declarations, isTest, sink);
  return { file: { source, version, declarations, comments }, diagnostics: sink.sorted() };
}

interface Reading {
  readonly source: SourceText;
  readonly sink: DiagnosticSink;
  readonly isTest: boolean;
  readonly doc: string | undefined;
}

export function readDeclaration(
  reader: ChunkReader,
  { source, sink, isTest, doc }: Reading,
  chunk: Chunk,
): Declaration | undefined {
  const { tree, isBroken } = reader.read(chunk, sink);
  return tree && buildDeclaration({ source, sink, isTest, isBroken }, tree, doc);
}

function readVersion(source: SourceText, chunk: Chunk, sink: DiagnosticSink): NumberNode | undefined {
  const [word, number] = chunk.tokens;
  if (word?.tokenType !== T.Rules || number?.tokenType !== T.NumberLiteral) return undefined;
  const span = source.span(number.startOffset, number.startOffset + number.image.length);
  const value = Number(number.image);
  if (!languageVersions.includes(value)) {
    sink.report("R1012", span, `language version ${number.image} is not known here`, {
      help: `this program reads version ${languageVersions.join(", ")}: write \`rules ${languageVersions.at(-1) ?? 1}\``,
    });
  }
  return { kind: "number", value, span };
}

function reportLateVersion(version: NumberNode, sink: DiagnosticSink): void {
  sink.report("R1109", version.span, "the language version stands at the beginning of the file, once", {
    help: "move `rules` and its number to the first line",
  });
}

function refuseLargeFile(source: SourceText): ParsedRuleFile {
  const mebibytes = Math.round(RULE_FILE_CHARACTERS_MAX / 1024 / 1024);
  const found = diagnostic("R1011", source.span(0, 0), "this file is too large to be read", {
    help: `a rule file has at most ${mebibytes} million characters; split it: the order of files does not matter`,
  });
  return emptyFile(source, found);
}

function emptyFile(source: SourceText, found: Diagnostic): ParsedRuleFile {
  return { file: { source, version: undefined, declarations: [], comments: [] }, diagnostics: [found] };
}
