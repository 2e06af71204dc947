/** CSV as spreadsheets write it (RFC 4180; `;` as separator too): header and rows of texts. Knows no record. */
import { invalidBody, type Refusal } from "./refusal.ts";

export interface CsvRow {
  /** Where the row begins, from 1. */
  readonly line: number;
  /** By column; a cell that is empty is left out. */
  readonly cells: ReadonlyMap<string, string>;
}

export interface CsvTable {
  readonly kind: "table";
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

export function parseCsv(text: string, rowsMax: number): CsvTable | Refusal {
  const lines = splitRows(text.startsWith("\ufeff") ? text.slice(1) : text);
  const header = lines[0];
  if (header === undefined)
    return invalidBody([{ path: "line 1", message: "must hold the names of the columns" }]);
  const columns = header.cells.map((cell) => cell.trim());
  if (new Set(columns).size !== columns.length)
    return invalidBody([{ path: "line 1", message: "names a column twice" }]);
  if (lines.length - 1 > rowsMax)
    return invalidBody([{ path: "", message: `must have at most ${rowsMax} rows, not ${lines.length - 1}` }]);
  const rows: CsvRow[] = [];
  for (const { line, cells } of lines.slice(1)) {
    if (cells.length > columns.length)
      return invalidBody([
        { path: `line ${line}`, message: `has ${cells.length} cells, the header ${columns.length}` },
      ]);
    const given = cells
      .map((cell, index) => [columns[index] ?? "", cell.trim()] as const)
      .filter(([, cell]) => cell !== "");
    rows.push({ line, cells: new Map(given) });
  }
  return { kind: "table", columns, rows };
}

interface Line {
  readonly line: number;
  readonly cells: string[];
}

/** One pass over the characters: a quote opens at the start of a cell, a doubled quote stands for one. */
function splitRows(text: string): readonly Line[] {
  const separator = separatorOf(text);
  const rows: Line[] = [];
  let row: Line = { line: 1, cells: [] };
  let cell = "";
  let isQuoted = false;
  let line = 1;
  const endCell = (): void => {
    row.cells.push(cell);
    cell = "";
  };
  const endRow = (): void => {
    endCell();
    if (row.cells.some((one) => one.trim() !== "")) rows.push(row);
    row = { line: line + 1, cells: [] };
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (character === '"' && cell.trim() === "") {
      isQuoted = true;
      cell = "";
    } else if (character === separator) endCell();
    else if (character === "\n") endRow();
    else if (character !== "\r") cell += character;
    if (character === "\n") line++;
  }
  if (cell !== "" || row.cells.length > 0) endRow();
  return rows;
}

/** The header says it: a column's name has neither. */
function separatorOf(text: string): "," | ";" {
  const separators = new Set(/^[^\n]*/u.exec(text)?.[0].match(/[,;]/gu));
  return separators.has(";") && !separators.has(",") ? ";" : ",";
}
