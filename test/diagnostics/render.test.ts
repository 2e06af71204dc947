/** Diagnostics as a terminal shows them, and the catalogue of codes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  catalogue,
  diagnostic,
  renderDiagnostic,
  renderDiagnostics,
  SourceText,
  toRecord,
} from "../../src/diagnostics/index.ts";

function found(text: string, part: string, path = "rules/intake.rules") {
  const source = new SourceText(path, text);
  const start = text.indexOf(part);
  return { source, span: source.span(start, start + part.length) };
}

describe("rendering", () => {
  it("has exactly the form of the language page", () => {
    const { span } = found(`${"\n".repeat(13)}  and alert.severty at least "minor"`, "alert.severty");
    const one = diagnostic("R1203", span, "unknown field `alert.severty`", {
      note: "an alert has no field of this name",
      help: "did you mean `alert.severity`?",
      fixes: [{ title: "write `alert.severity`", safe: true, edits: [{ span, newText: "alert.severity" }] }],
    });
    // As printed in language.md 5, with the column that the place has.
    expect(renderDiagnostic(one)).toBe(
      [
        "error R1203  unknown field `alert.severty`",
        "  --> rules/intake.rules:14:7",
        "   |",
        '14 |   and alert.severty at least "minor"',
        "   |       ^^^^^^^^^^^^^ an alert has no field of this name",
        "   = help: did you mean `alert.severity`?                        [fix: safe]",
        "",
      ].join("\n"),
    );
  });

  it("shows labels on their lines, with dots between distant ones", () => {
    const { source, span } = found("one\ntwo\nthree\nfour", "one");
    const labels = [{ span: source.span(14, 18), text: "noticed here" }];
    expect(renderDiagnostic(diagnostic("R1102", span, "open", { labels }))).toBe(
      "error R1102  open\n --> rules/intake.rules:1:1\n  |\n1 | one\n  | ^^^\n ...\n4 | four\n  | ---- noticed here\n",
    );
  });

  it("underlines the right columns behind tabs, wide characters and marks", () => {
    const { span } = found("\t名前 e\u0301 = here", "here");
    const lines = renderDiagnostic(diagnostic("R1101", span, "x")).split("\n");
    expect(lines[3]).toBe("1 |     名前 e\u0301 = here");
    expect(lines[4]).toBe(`  |     ${" ".repeat(2 * 2 + 1 + 1 + 3)}^^^^`);
  });

  it("cuts a long line around its place", () => {
    const { span } = found(`${"x".repeat(500)}HERE${"y".repeat(500)}`, "HERE");
    const lines = renderDiagnostic(diagnostic("R1101", span, "x")).split("\n");
    expect(lines[3]?.length).toBeLessThan(200);
    const column = lines[3]?.indexOf("HERE") ?? -1;
    expect(lines[4]?.indexOf("^^^^")).toBe(column);
  });

  it("marks a place at the end of the file and one over several lines at its first", () => {
    const { source } = found("ab\ncd", "ab");
    expect(renderDiagnostic(diagnostic("R1101", source.span(5, 5), "x"))).toContain("2 | cd\n  |   ^\n");
    expect(renderDiagnostic(diagnostic("R1101", source.span(1, 5), "x"))).toContain("1 | ab\n  |  ^\n");
  });

  it("shows characters without a picture, and colours when asked", () => {
    const { span } = found("a\u0000\u001b b", "b");
    const one = diagnostic("R2010", span, "unused");
    expect(renderDiagnostic(one)).toContain("1 | a\ufffd\ufffd b");
    expect(renderDiagnostic(one, { color: true })).toContain("\u001b[1;33mwarning R2010\u001b[0m");
    expect(renderDiagnostics([one, one]).split("\n\n").length).toBe(2);
  });
});

describe("the catalogue", () => {
  it("is sorted, and each title is small, without a full stop", () => {
    const codes = catalogue.map((entry) => entry.code);
    expect(codes).toEqual(codes.toSorted());
    for (const { code, severity, title } of catalogue) {
      expect(code).toMatch(/^R(10|11|12|13|14|20)\d\d$/);
      expect(severity).toBe(code.startsWith("R20") ? "warning" : "error");
      expect(title).toMatch(/^[a-z`].*[^.]$/);
    }
  });

  it("has every code of the contract", () => {
    const codes = new Set(catalogue.map((entry) => entry.code as string));
    for (let n = 2001; n <= 2023; n++) expect(codes.has(`R${n}`)).toBe(true);
    expect(codes.has("R1203")).toBe(true);
  });

  it("lists every code that the grammar reports", () => {
    const source = ["lexer-messages", "scan-quoted", "parse-rule-file"].map((name) =>
      readFileSync(new URL(`../../grammar/${name}.ts`, import.meta.url), "utf8"),
    );
    const codes = new Set(catalogue.map((entry) => entry.code as string));
    for (const [code] of source.join("").matchAll(/R1[01]\d\d/g)) expect(codes.has(code)).toBe(true);
  });

  it("gives the public record with lines and columns in code points", () => {
    const { span } = found("\u{1f600} x", "x", "a.rules");
    expect(toRecord(diagnostic("R1101", span, "s", { note: "not public" }))).toEqual({
      code: "R1101",
      severity: "error",
      summary: "s",
      span: {
        file: "a.rules",
        start: { line: 1, column: 3, offset: 3 },
        end: { line: 1, column: 4, offset: 4 },
      },
      labels: [],
      fixes: [],
      docs: "docs/diagnostics/R1101.md",
    });
  });
});
