/** The TextMate grammar says of every token of the samples what the lexer says, run by the engine that VS Code uses. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import oniguruma from "vscode-oniguruma";
import textMate, { type IGrammar, type StateStack } from "vscode-textmate";
import { DiagnosticSink } from "../../grammar/diagnostic-sink.ts";
import { lex, type RuleToken } from "../../grammar/lexer.ts";
import { textMateGrammar } from "../../grammar/textmate.ts";
import { reservedTypes, T } from "../../grammar/tokens.ts";
import { SourceText } from "../../src/diagnostics/index.ts";

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string): string => readFileSync(place(path), "utf8");
const written = "../../editors/tocsin.tmLanguage.json";

let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textMate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textMate.parseRawGrammar(read(written), "tocsin.json")),
  });
  const loaded = await registry.loadGrammar("source.tocsin");
  if (loaded === null) throw new Error("the grammar was not loaded");
  grammar = loaded;
});

/** Scopes at each offset where they change, as `offset -> scopes`. */
function scopesOf(text: string): (offset: number) => readonly string[] {
  const lines: { start: number; tokens: { startIndex: number; scopes: string[] }[] }[] = [];
  let state: StateStack = textMate.INITIAL;
  let start = 0;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    lines.push({ start, tokens });
    state = ruleStack;
    start += line.length + 1;
  }
  return (offset) => {
    const line = lines.findLast((one) => one.start <= offset);
    return line?.tokens.findLast((one) => one.startIndex <= offset - line.start)?.scopes ?? [];
  };
}

const quoted = new Set([T.PlainText, T.BlockText, T.RawText]);
const numbers = new Set([T.NumberLiteral, T.ShortDuration, T.ClockLiteral, T.DateLiteral]);

function expectedScope(token: RuleToken): RegExp {
  if (quoted.has(token.tokenType)) return /string\.quoted/;
  if (numbers.has(token.tokenType)) return /constant\.numeric/;
  if (reservedTypes.has(token.tokenType)) return /keyword|storage|constant\.language|variable/;
  if (/^\w/.test(token.image)) return /keyword|variable|entity|constant|storage|source\.tocsin$/;
  return /punctuation|keyword\.operator/;
}

function lexed(path: string, text: string): ReturnType<typeof lex> {
  return lex(new SourceText(path, text), new DiagnosticSink());
}

const samples = [
  ...["../corpus/examples/msp.rules", "../corpus/examples/msp.test.rules"],
  ...["../corpus/checker/language-page.rules", "../../rules/msp.rules"],
  ...readdirSync(place("samples"))
    .filter((name) => name.endsWith(".rules"))
    .map((name) => `samples/${name}`),
];

describe("the TextMate grammar", () => {
  it("is the one that the vocabulary gives", () => {
    expect(JSON.parse(read(written))).toEqual(textMateGrammar());
  });

  it.each(samples)("colours every token of %s as the lexer reads it", (path) => {
    const text = read(path);
    const scopesAt = scopesOf(text);
    const { tokens, comments } = lexed(path, text);
    const wrong = tokens.flatMap((token) => {
      const scopes = scopesAt(token.startOffset).join(" ");
      const fits = expectedScope(token).test(scopes) && !scopes.includes("comment");
      return fits ? [] : [`${token.image} at ${String(token.startOffset)}: ${scopes}`];
    });
    const uncoloured = comments.filter(({ span }) => !scopesAt(span.start).join(" ").includes("comment"));
    expect([...wrong, ...uncoloured]).toEqual([]);
  });

  it.each([
    ['title = "a {ticket.udf."X"} b" # c', "X", /interpolation.*string/],
    ['title = "a {ticket.udf."X"} b" # c', " b", /string\.quoted\.double/],
    ['title = "a {ticket.udf."X"} b" # c', "# c", /comment/],
    ['if alert.title is "not closed\nand alert.source is "x"', "and", /keyword/],
    ["RULE_of is 1", "RULE_of", /^source\.tocsin$/],
    ["alert.rule is 1", "rule", /member/],
    ['# allow R2010 because "x"', "allow", /directive/],
    ["matches '^a{2}\"$' and x", "and", /keyword/],
  ])("reads %j: %j", (text, part, scope) => {
    expect(scopesOf(text)(text.indexOf(part)).join(" ")).toMatch(scope);
  });
});
