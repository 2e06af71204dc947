/** Edits put into a text: together where they do not meet, whole or not at all, in the line breaks of the text. */
import { describe, expect, it } from "vitest";
import {
  applyEdits,
  chooseSafeFixes,
  diagnostic,
  SourceText,
  type Fix,
} from "../../src/diagnostics/index.ts";

const source = new SourceText("a.rules", "abcdefghij");
const fix = (edits: readonly (readonly [number, number, string])[], safe = true): Fix => ({
  title: "mend",
  safe,
  edits: edits.map(([start, end, newText]) => ({ span: source.span(start, end), newText })),
});
const told = (at: number, ...fixes: readonly Fix[]) =>
  diagnostic("R1104", source.span(at, at + 1), `at ${at}`, { fixes });
const chosen = (...all: readonly ReturnType<typeof told>[]) =>
  chooseSafeFixes("a.rules", all).map(({ diagnostic: { summary } }) => summary);

describe("safe fixes", () => {
  it("are taken in order, and of two that meet the first", () => {
    expect(
      chosen(told(0, fix([[0, 3, "X"]])), told(2, fix([[2, 5, "Y"]])), told(5, fix([[5, 6, "Z"]]))),
    ).toEqual(["at 0", "at 5"]);
  });

  it("are taken whole or not at all", () => {
    const both = told(
      0,
      fix([
        [0, 1, "("],
        [8, 9, ")"],
      ]),
    );
    expect(chosen(told(8, fix([[8, 9, "x"]])), both)).toEqual(["at 8"]);
  });

  it("never insert twice at one place", () => {
    expect(chosen(told(3, fix([[3, 3, "a"]])), told(4, fix([[3, 3, "b"]])))).toEqual(["at 3"]);
  });

  it("leave out those to choose and those of other files", () => {
    const other = new SourceText("b.rules", "xyz");
    const far = diagnostic("R1104", other.span(0, 1), "far", {
      fixes: [{ title: "mend", safe: true, edits: [{ span: other.span(0, 1), newText: "q" }] }],
    });
    expect(chosen(told(1, fix([[1, 2, "x"]], false)), far)).toEqual([]);
    expect(chosen(told(1, fix([[1, 2, "x"]], false), fix([[1, 2, "y"]])))).toEqual(["at 1"]);
  });

  it("are written from the back, with the line breaks of the file", () => {
    const windows = new SourceText("w.rules", "one\r\ntwo\r\n");
    const edits = [
      { span: windows.span(0, 3), newText: "1\n!" },
      { span: windows.span(5, 8), newText: "2" },
    ];
    expect(applyEdits(windows.text, edits)).toBe("1\r\n!\r\n2\r\n");
  });
});
