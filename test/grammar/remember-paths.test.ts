import { expect, test } from "vitest";
import { DiagnosticSink } from "../../grammar/diagnostic-sink.ts";
import { lex } from "../../grammar/lexer.ts";
import { DeclarationParser } from "../../grammar/parser.ts";
import { SourceText } from "../../src/diagnostics/index.ts";

const broken = [
  'rule "a" when alert recieved then stop end',
  'rule "a" when if then stop end',
  'rule "a" when alert received if alert.title then stop end',
  'rule "a" when alert received then , stop end',
  'test "a" then end',
  "12",
];

test("tells a mistake at a choice for the second time as it was told for the first time", () => {
  const parser = new DeclarationParser(false);
  const mistakes = broken.map((text) => {
    const { tokens } = lex(new SourceText("a.rules", text), new DiagnosticSink());
    return [1, 2].map(() =>
      parser.parse(tokens, true).errors.map(({ name, message, token, context }) => ({
        name,
        message,
        token: token.startOffset,
        context,
      })),
    );
  });
  for (const [first, second] of mistakes) expect(second).toEqual(first);
  expect(mistakes.flat(2).filter(({ name }) => name === "NoViableAltException").length).toBeGreaterThan(4);
});
