/** A small pretty-printer: text with places where a line may break. Knows widths and columns, nothing of the language. */
import { unreachable } from "../../src/domain/index.ts";

export const LINE_WIDTH = 100;

export type Doc =
  | string
  | readonly Doc[]
  /** A blank, or a line break where the group around it does not fit on one line; `hard` breaks always. */
  | { readonly kind: "line"; readonly flat: string; readonly hard: boolean }
  /** On one line if it fits and nothing in it must break. */
  | { readonly kind: "group"; readonly of: Doc; readonly broken: boolean }
  /** Lines in it begin further to the right: by so many columns, or below its own first character. */
  | { readonly kind: "nest"; readonly by: number | "here"; readonly of: Doc }
  /** As many parts on a line as fit. */
  | { readonly kind: "fill"; readonly parts: readonly Doc[] }
  /** Only in a group that is broken. */
  | { readonly kind: "if-broken"; readonly text: string }
  /** A comment at the end of the line under way: what follows must be on the next. */
  | { readonly kind: "trailer"; readonly text: string }
  /** The lines of a text block behind its opening quotes, without indentation; the last one ends with the closing quotes. */
  | { readonly kind: "block"; readonly lines: readonly string[] };

export const softLine: Doc = { kind: "line", flat: " ", hard: false };
export const softBreak: Doc = { kind: "line", flat: "", hard: false };
export const hardLine: Doc = { kind: "line", flat: "", hard: true };

export function group(of: Doc): Doc {
  return { kind: "group", of, broken: mustBreak(of) };
}

export function nest(by: number | "here", of: Doc): Doc {
  return { kind: "nest", by, of };
}

/** A nested group knows it already, so no part is looked at twice. */
function mustBreak(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (isSequence(doc)) return doc.some(mustBreak);
  if (doc.kind === "line") return doc.hard;
  if (doc.kind === "group") return doc.broken;
  if (doc.kind === "nest") return mustBreak(doc.of);
  if (doc.kind === "fill") return doc.parts.some(mustBreak);
  return doc.kind === "trailer";
}

/** The text on one line, for what never breaks and for measuring. A text block counts with its first line. */
export function flatText(doc: Doc): string {
  if (typeof doc === "string") return doc;
  if (isSequence(doc)) return doc.map(flatText).join("");
  if (doc.kind === "line") return doc.flat;
  if (doc.kind === "group" || doc.kind === "nest") return flatText(doc.of);
  if (doc.kind === "fill") return doc.parts.map(flatText).join(" ");
  return "";
}

export function widthOf(text: string): number {
  return Array.from(text).length;
}

export function printDoc(doc: Doc, indent: number): string {
  const printer = new Printer(indent);
  printer.print(doc, indent, false);
  return printer.text;
}

class Printer {
  text: string;
  readonly #base: number;
  #column: number;

  constructor(indent: number) {
    this.#base = indent;
    this.text = " ".repeat(indent);
    this.#column = indent;
  }

  print(doc: Doc, indent: number, flat: boolean): void {
    if (typeof doc === "string") return this.#write(doc);
    if (isSequence(doc)) {
      for (const part of doc) this.print(part, indent, flat);
      return;
    }
    switch (doc.kind) {
      case "line":
        return flat && !doc.hard ? this.#write(doc.flat) : this.#break(indent);
      case "group":
        return this.print(doc.of, indent, !doc.broken && (flat || this.#fits(doc.of)));
      case "nest":
        return this.print(doc.of, doc.by === "here" ? this.#column : indent + doc.by, flat);
      case "fill":
        return this.#fill(doc.parts, indent, flat);
      case "if-broken":
        return flat ? undefined : this.#write(doc.text);
      case "trailer":
        return this.#write(`  ${doc.text}`);
      case "block":
        return this.#block(doc.lines);
      default:
        return unreachable(doc);
    }
  }

  #fill(parts: readonly Doc[], indent: number, flat: boolean): void {
    parts.forEach((part, i) => {
      if (i > 0 && this.#column + 1 + widthOf(flatText(part)) <= LINE_WIDTH) this.#write(" ");
      else if (i > 0) this.#break(indent);
      this.print(part, indent, flat);
    });
  }

  #fits(doc: Doc): boolean {
    return this.#column + widthOf(flatText(doc)) <= LINE_WIDTH;
  }

  #write(text: string): void {
    this.text += text;
    this.#column += widthOf(text);
  }

  #break(indent: number): void {
    this.text += `\n${" ".repeat(indent)}`;
    this.#column = indent;
  }

  #block(lines: readonly string[]): void {
    const indent = this.#base + 2;
    for (const line of lines) {
      this.text += line === "" ? "\n" : `\n${" ".repeat(indent)}${line}`;
      this.#column = indent + widthOf(line);
    }
  }
}

function isSequence(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}
