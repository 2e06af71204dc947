/** Each word of the language is read as itself, whatever its case and whatever longer word it begins. */
import { describe, expect, it } from "vitest";
import { DiagnosticSink } from "../../grammar/diagnostic-sink.ts";
import { lex } from "../../grammar/lexer.ts";
import { DeclarationParser } from "../../grammar/parser.ts";
import { reservedWords, T, wordTypes } from "../../grammar/tokens.ts";
import { SourceText } from "../../src/diagnostics/index.ts";
import { parse, summaries } from "./reading.ts";

const reserved =
  "rule list lookup values define test inactive when if except then end otherwise and or not in is like contains does starts ends matches between at exactly create set add remove complete notify run suppress stop expect given receive true false empty created completed";

function tokensOf(text: string) {
  return lex(new SourceText("t.rules", text), new DiagnosticSink()).tokens;
}

function typesOf(text: string) {
  return tokensOf(text).map((token) => token.tokenType);
}

describe("words", () => {
  it("reserves exactly the words of the language page", () => {
    expect([...reservedWords].toSorted()).toEqual(reserved.split(" ").toSorted());
  });

  it.each([...wordTypes])("reads %s as a word of its own, in any case", (word, type) => {
    expect(typesOf(`${word} ${word.toUpperCase()}`)).toEqual([type, type]);
  });

  it.each([...wordTypes.keys()])("reads a longer word that begins with %s as a name", (word) => {
    expect(typesOf(`${word}_x ${word}ö`)).toEqual([T.Word, T.Word]);
  });

  it.each([...wordTypes.keys()])("reads %s as a plain name after a dot and before =", (word) => {
    expect(typesOf(`ticket.${word}`).at(-1)).toBe(T.Word);
    expect(typesOf(`${word} = 1`)[0]).toBe(T.Word);
  });

  it("takes every soft word as the name of a list, and no reserved one", () => {
    for (const word of wordTypes.keys()) {
      const told = summaries(parse(`list ${word} = ["x"]\ndefine d as alert.source in ${word}`).diagnostics);
      if (reservedWords.has(word)) expect(told.join("\n"), word).toContain("can't be a name");
      else expect(told, word).toEqual([]);
    }
  });

  it("takes names of any script, no-break blanks, byte order marks and mixed line ends", () => {
    const text =
      '\ufefflist\u00a0Größe\u202f= ["x"]\r\nlist имя = ["y"]\rlist 名前 = ["z"]\nlist नाम = ["w"]\n';
    const { file, diagnostics } = parse(text);
    expect(summaries(diagnostics)).toEqual([]);
    expect(file.declarations.map((one) => one.kind === "list" && one.name?.text)).toEqual([
      "Größe",
      "имя",
      "名前",
      "नाम",
    ]);
  });
});

describe("the grammar", () => {
  it("is free of ambiguities with two tokens of lookahead", () => {
    expect(() => new DeclarationParser(true)).not.toThrow();
  });
});
