/**
 * The samples of the language page, and the example files beside it, are read without a word of complaint.
 * test/grammar/samples holds the fenced blocks of the page as they stand there, and the example files.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generateCstTypes } from "../../grammar/cst-types.ts";
import { renderDiagnostics } from "../../src/diagnostics/index.ts";
import { parse } from "./reading.ts";

const folder = new URL("./samples/", import.meta.url);
const read = (name: string) => parse(readFileSync(new URL(name, folder), "utf8"), name);

describe("samples", () => {
  it.each(readdirSync(folder))("reads %s without a diagnostic", (name) => {
    expect(renderDiagnostics(read(name).diagnostics)).toBe("");
  });

  it("finds every declaration of the page", () => {
    const kinds = read("declarations.rules").file.declarations.map((one) => one.kind);
    expect(new Set(kinds)).toEqual(
      new Set([
        ...["list", "lookup", "values", "define", "calendar", "category", "recipient", "template", "callout"],
        ...["partner", "udf", "mailbox", "maintenance"],
      ]),
    );
  });

  it("keeps names, comments and documentation of the example", () => {
    const { file } = read("msp.rules");
    const rules = file.declarations.filter((one) => one.kind === "rule");
    expect(file.version?.value).toBe(1);
    expect(rules.map((rule) => rule.name?.text)).toContain("Tell Datto when we are done");
    expect(rules[0]?.doc).toBe("Opens a ticket for every alert that the NOC looks after.");
    expect(file.comments.length).toBe(5);
  });
});

describe("the types of the concrete tree", () => {
  it("are those that the grammar gives (node scripts/generate-cst-types.ts)", () => {
    const written = readFileSync(new URL("../../grammar/gen/cst.d.ts", import.meta.url), "utf8");
    expect(written).toBe(generateCstTypes());
  });
});
