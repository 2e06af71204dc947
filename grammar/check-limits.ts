/** Keeps what is read within bounds: line length, depth of brackets; and finds characters that no text can keep. */
import type { SourceText } from "../src/diagnostics/index.ts";
import { NESTING_DEPTH_MAX, RULE_LINE_CHARACTERS_MAX } from "../src/domain/index.ts";
import type { DiagnosticSink } from "./diagnostic-sink.ts";
import type { RuleToken } from "./lexer.ts";
import { lineEnd } from "./scan-text.ts";
import { T } from "./tokens.ts";

/** NUL and halves of surrogate pairs: a database keeps neither. */
const unkeepable = /\0+|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function checkLines(source: SourceText, sink: DiagnosticSink): void {
  const { text } = source;
  for (let start = 0; start < text.length;) {
    const end = lineEnd(text, start);
    if (end - start > RULE_LINE_CHARACTERS_MAX) {
      sink.report("R1011", source.span(start, Math.min(end, start + 20)), "this line is too long", {
        help: `a line has at most ${RULE_LINE_CHARACTERS_MAX} characters; line breaks may stand wherever blanks may`,
      });
    }
    start = end + 1;
  }
  for (const found of text.matchAll(unkeepable)) {
    if (sink.isFull) return;
    const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    const span = source.span(found.index, found.index + found[0].length);
    sink.report("R1004", span, `an invisible character (U+${code}) does not belong here`, {
      help: "remove it",
      fixes: [{ title: "remove the character", safe: true, edits: [{ span, newText: "" }] }],
    });
  }
}

export interface LimitedTokens {
  readonly tokens: readonly RuleToken[];
  /** Whether tokens were left out between two offsets; asked in the order of the file. */
  readonly isCut: (from: number, to: number) => boolean;
}

/** Leaves out what lies deeper than the limit, so that nothing behind the lexer recurses further. */
export function limitNesting(
  source: SourceText,
  tokens: readonly RuleToken[],
  sink: DiagnosticSink,
): LimitedTokens {
  // A copy only where something is left out: a file has a hundred thousand tokens, and hardly one nests too deeply.
  let kept: RuleToken[] | undefined;
  const cut: number[] = [];
  let depth = 0;
  let nots = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) continue;
    const type = token.tokenType;
    // Such a word at the beginning of a line never stands in brackets: one that was not closed ends here.
    if (depth > 0 && token.firstOnLine && headWords.has(type)) depth = 0;
    const opens = type === T.LParen || type === T.LBracket;
    nots = type === T.Not ? nots + 1 : 0;
    if (opens) depth++;
    if (depth <= NESTING_DEPTH_MAX && nots <= NESTING_DEPTH_MAX) kept?.push(token);
    else kept ??= tokens.slice(0, i);
    if ((opens && depth === NESTING_DEPTH_MAX + 1) || nots === NESTING_DEPTH_MAX + 1) {
      cut.push(token.startOffset);
      sink.report(
        "R1113",
        source.span(token.startOffset, token.startOffset + token.image.length),
        "nested too deeply",
        {
          help: `at most ${NESTING_DEPTH_MAX} brackets may stand in each other; give parts a name with \`define\``,
        },
      );
    }
    if (type === T.RParen || type === T.RBracket) depth = Math.max(0, depth - 1);
  }
  let next = 0;
  const isCut = (from: number, to: number): boolean => {
    while ((cut[next] ?? Infinity) < from) next++;
    return (cut[next] ?? Infinity) < to;
  };
  return { tokens: kept ?? tokens, isCut };
}

const headWords = new Set([
  T.Rule,
  T.List,
  T.Lookup,
  T.Values,
  T.Define,
  T.Test,
  T.Inactive,
  T.End,
  T.Then,
  T.When,
  T.Except,
]);
