/** CSV as spreadsheets write it. */
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/ingest/index.ts";

function rows(text: string): unknown {
  const table = parseCsv(text, 10);
  return table.kind === "refused" ? table.errors : table.rows.map((row) => Object.fromEntries(row.cells));
}

describe("CSV", () => {
  it("reads quotes, doubled quotes, line breaks inside, CRLF and a byte order mark", () => {
    expect(rows('\ufeffname,tags\r\n"Acme, Inc.","a ""b"""\r\n"two\nlines",\r\n')).toEqual([
      { name: "Acme, Inc.", tags: 'a "b"' },
      { name: "two\nlines" },
    ]);
  });

  it("takes semicolons where the header has no comma", () => {
    expect(rows("name;tags\nAcme;vip\n")).toEqual([{ name: "Acme", tags: "vip" }]);
  });

  it("leaves out empty lines and reads a last line without its end", () => {
    expect(rows("name\n\nAcme\n  \nGlobex")).toEqual([{ name: "Acme" }, { name: "Globex" }]);
  });

  it("says which line has more cells than the header", () => {
    expect(rows("name\nAcme\nGlobex,x")).toEqual([{ path: "line 3", message: "has 2 cells, the header 1" }]);
  });

  it("refuses no header, a column twice, and too many rows", () => {
    expect(rows("")).toEqual([{ path: "line 1", message: "must hold the names of the columns" }]);
    expect(rows("a,a\n1,2")).toEqual([{ path: "line 1", message: "names a column twice" }]);
    expect(rows(`a\n${"x\n".repeat(11)}`)).toEqual([
      { path: "", message: "must have at most 10 rows, not 11" },
    ]);
  });
});
