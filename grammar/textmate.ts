/**
 * The language as a TextMate grammar, from the same vocabulary as the lexer: for editors and sites that colour text
 * without a language server. scripts/generate-textmate.ts writes it, a test compares it with the lexer token by token.
 *
 *   comments > text blocks > texts (with interpolation) > literals > heads of declarations > field names > paths > words > signs
 *
 * Regular expressions are Oniguruma's. Case of words does not matter, so each word pattern begins with `(?i)`.
 */
import { declarationWords, reservedWords, wordTypes } from "./tokens.ts";

interface Pattern {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Pattern[];
  readonly include?: string;
}
type Captures = Readonly<Record<string, { readonly name?: string; readonly patterns?: readonly Pattern[] }>>;

const letter = String.raw`[\p{L}\p{M}_]`;
const nameOf = String.raw`${letter}[\p{L}\p{M}\p{N}_]*`;
/** Not within a longer word, and not a segment of a path. */
const before = String.raw`(?<![\p{L}\p{M}\p{N}_.])`;
const after = String.raw`(?![\p{L}\p{M}\p{N}_])`;
const roots = "alert|ticket|repeat|actor|note|entry|callout|mail|rule";

const control = ["when", "if", "except", "then", "end", "otherwise"];
const constants = ["true", "false", "empty"];
const connectives = ["and", "or", "not"];
const actions = ["create", "set", "add", "remove", "complete", "notify", "run", "suppress", "stop"];
const testing = ["test", "expect", "given", "receive"];

function oneOf(words: readonly string[]): string {
  return String.raw`(?i)${before}(?:${words.join("|")})${after}`;
}

function wordPatterns(): readonly Pattern[] {
  const grouped = new Set([...control, ...constants, ...connectives, ...actions, ...testing]);
  const comparing = [...reservedWords].filter(
    (word) => !grouped.has(word) && !declarationWords.includes(word),
  );
  const soft = [...wordTypes.keys()].filter((word) => !reservedWords.has(word));
  return [
    { name: "keyword.control.tocsin", match: oneOf(control) },
    { name: "constant.language.tocsin", match: oneOf(constants) },
    { name: "keyword.operator.logical.tocsin", match: oneOf(connectives) },
    { name: "keyword.other.action.tocsin", match: oneOf(actions) },
    { name: "keyword.other.test.tocsin", match: oneOf(testing) },
    { name: "storage.type.tocsin", match: oneOf(declarationWords.filter((w) => reservedWords.has(w))) },
    { name: "keyword.operator.word.tocsin", match: oneOf(comparing) },
    { name: "keyword.other.tocsin", match: oneOf(soft) },
  ];
}

const comments: readonly Pattern[] = [
  {
    name: "comment.line.number-sign.tocsin",
    match: String.raw`(?i)#\s*(allow)\s+(R\d{4})\s+(because)${after}.*$`,
    captures: {
      1: { name: "keyword.control.directive.tocsin" },
      2: { name: "constant.other.tocsin" },
      3: { name: "keyword.control.directive.tocsin" },
    },
  },
  { name: "comment.block.documentation.tocsin", match: "##.*$" },
  { name: "comment.line.number-sign.tocsin", match: "#.*$" },
];

/** A `{` directly before a letter opens one (language.md 1); texts within it may hold the like again. */
const interpolation: Pattern = {
  name: "meta.interpolation.tocsin",
  begin: String.raw`\{(?=${letter})`,
  end: String.raw`\}|$`,
  beginCaptures: { 0: { name: "punctuation.section.interpolation.begin.tocsin" } },
  endCaptures: { 0: { name: "punctuation.section.interpolation.end.tocsin" } },
  patterns: [{ include: "#text" }, { include: "#path" }, { include: "#words" }],
};

const escape: Pattern = { name: "constant.character.escape.tocsin", match: String.raw`\\["\\nt{*]` };

function quoted(name: string, begin: string, end: string, patterns: readonly Pattern[]): Pattern {
  return {
    name,
    begin,
    end,
    beginCaptures: { 0: { name: "punctuation.definition.string.begin.tocsin" } },
    endCaptures: { 0: { name: "punctuation.definition.string.end.tocsin" } },
    patterns,
  };
}

const literals: readonly Pattern[] = [
  {
    name: "constant.numeric.date.tocsin",
    match: String.raw`${before}\d{4}-\d{2}-\d{2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?${after}`,
  },
  { name: "constant.numeric.time.tocsin", match: String.raw`${before}\d{1,2}:\d{2}(?::\d{2})?${after}` },
  {
    match: String.raw`(?i)${before}(\d+)(\s+)((?:second|minute|hour|day|week)s?)${after}`,
    captures: {
      1: { name: "constant.numeric.tocsin" },
      3: { name: "keyword.other.unit.tocsin" },
    },
  },
  { name: "constant.numeric.duration.tocsin", match: String.raw`(?i)${before}(?:\d+[smhdw])+${after}` },
  { name: "constant.other.tocsin", match: String.raw`(?i)${before}4xx${after}` },
  { name: "constant.numeric.tocsin", match: String.raw`${before}-?\d+(?:\.\d+)?${after}` },
];

const heads: readonly Pattern[] = [
  {
    // A declaration and its name; `callout "x"` within a sentence is coloured alike, which does no harm.
    match: String.raw`(?i)^\s*(?:(inactive)\s+)?(rule|template|callout|recipient|category|calendar|mailbox|maintenance|partner|test)\s+("(?:[^"\\]|\\.)*")`,
    captures: {
      1: { name: "storage.modifier.tocsin" },
      2: { name: "storage.type.tocsin" },
      3: { name: "string.quoted.double.tocsin entity.name.section.tocsin" },
    },
  },
  {
    match: String.raw`(?i)^\s*(list|lookup|define)\s+(${nameOf})`,
    captures: { 1: { name: "storage.type.tocsin" }, 2: { name: "entity.name.type.tocsin" } },
  },
];

export function textMateGrammar(): object {
  return {
    $comment: "Generated from the vocabulary by scripts/generate-textmate.ts; not to be edited.",
    name: "Tocsin rules",
    scopeName: "source.tocsin",
    fileTypes: ["rules"],
    patterns: ["comments", "text", "literals", "heads", "fields", "path", "words", "signs"].map((part) => ({
      include: `#${part}`,
    })),
    repository: {
      comments: { patterns: comments },
      text: {
        patterns: [
          quoted("string.quoted.triple.tocsin", '"""', '"""', [escape, interpolation]),
          quoted("string.quoted.double.tocsin", '"', '"|$', [escape, interpolation]),
          quoted("string.quoted.single.tocsin string.regexp.tocsin", "'", "'|$", []),
        ],
      },
      literals: { patterns: literals },
      heads: { patterns: heads },
      // `title = ...`; after a dot it is a segment of a path.
      fields: {
        patterns: [
          { name: "variable.other.property.tocsin", match: String.raw`${before}${nameOf}(?=[^\S\n]*=)` },
        ],
      },
      path: {
        patterns: [
          { name: "variable.language.tocsin", match: String.raw`(?i)${before}(?:${roots})(?=\.)` },
          {
            match: String.raw`(\.)(${nameOf})`,
            captures: {
              1: { name: "punctuation.accessor.tocsin" },
              2: { name: "variable.other.member.tocsin" },
            },
          },
          { name: "punctuation.accessor.tocsin", match: String.raw`\.(?=")` },
        ],
      },
      words: { patterns: wordPatterns() },
      signs: {
        patterns: [
          { name: "keyword.operator.arrow.tocsin", match: "->" },
          { name: "keyword.operator.comparison.tocsin", match: "<=|>=|<|>" },
          { name: "keyword.operator.assignment.tocsin", match: "=" },
          { name: "punctuation.separator.tocsin", match: "," },
          { name: "punctuation.section.brackets.tocsin", match: String.raw`[\[\]()]` },
        ],
      },
    },
  };
}
