/** Folding against an oracle that the engine ships: `u` + `i` regular expressions use Unicode simple case folding. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactText, foldName, foldText } from "../../src/domain/index.ts";

const equalWithoutCase = (a: string, b: string): boolean =>
  new RegExp(`^${[...a].map((c) => `\\u{${c.codePointAt(0)!.toString(16)}}`).join("")}$`, "iu").test(b);

describe("foldText", () => {
  it("folds every code point to one that is equal to it without case", () => {
    const wrong: string[] = [];
    for (let point = 0; point <= 0x2ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const character = String.fromCodePoint(point).normalize("NFC");
      const folded = foldText(character);
      if (folded !== character && !equalWithoutCase(folded, character)) wrong.push(`U+${point.toString(16)}`);
    }
    expect(wrong).toEqual([]);
  });

  it("gives upper and lower case of a code point one form wherever simple folding does", () => {
    const wrong: string[] = [];
    for (let point = 0; point <= 0x1ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const character = String.fromCodePoint(point).normalize("NFC");
      for (const other of [character.toLowerCase(), character.toUpperCase()]) {
        if ([...other].length !== 1 || !equalWithoutCase(character, other)) continue;
        if (foldText(character) !== foldText(other)) wrong.push(`U+${point.toString(16)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("is idempotent on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => foldText(foldText(text)) === foldText(text)),
    );
  });

  it("compares composed and decomposed letters alike", () => {
    expect(foldText("GERÄT")).toBe(foldText("gera\u0308t"));
  });

  it("keeps sharp s apart from ss, as simple folding does", () => {
    expect(foldText("STRASSE")).not.toBe(foldText("straße"));
    expect(foldText("STRAẞE")).toBe(foldText("straße"));
  });
});

describe("names and dedup titles", () => {
  it("trims and composes but keeps case in exact text", () => {
    expect(exactText("  Gera\u0308t SRV-B ")).toBe("Gerät SRV-B");
    expect(exactText("Disk")).not.toBe(exactText("disk"));
  });

  it("compares names without case and outer blanks", () => {
    expect(foldName(" ACME ")).toBe(foldName("acme"));
  });
});
