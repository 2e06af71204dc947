/** A source file as text with its line table; turns offsets into lines and columns. Knows nothing of the language. */

/** A place in a file. Lines and columns count from 1, columns in code points; `offset` counts UTF-16 units from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** The public form of a span (contract.md 2). */
export interface Location {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

/** Half-open range of UTF-16 offsets in one source. Small, so that every tree node can carry one. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/**
 * One file. `path` is what the user typed for it; in published sets it is relative to the rules folder.
 * Line breaks are LF, CR LF and CR.
 */
export class SourceText {
  readonly path: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;
  #lineAsked = 0;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** Offsets at which lines begin; built at the first question, since most files are never asked. */
  get lineStarts(): readonly number[] {
    this.#lineStarts ??= findLineStarts(this.text);
    return this.#lineStarts;
  }

  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    const line = this.#lineAt(clamped);
    const start = this.lineStarts[line] ?? 0;
    return { line: line + 1, column: codePointCount(this.text, start, clamped) + 1, offset: clamped };
  }

  /** From 0. */
  #lineAt(offset: number): number {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    // Asked in the order of the file, as compilers do, the next place is on the same line or one of the next.
    const near = this.#lineAsked;
    if ((starts[near] ?? Infinity) <= offset) {
      low = near;
      if ((starts[near + LINES_NEAR] ?? -1) > offset) high = near + LINES_NEAR;
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    this.#lineAsked = low;
    return low;
  }

  /** The text of a line (from 1) without its line break. */
  line(number: number): string {
    const start = this.lineStarts[number - 1];
    if (start === undefined) return "";
    const end = this.lineStarts[number] ?? this.text.length;
    return this.text.slice(start, end).replace(/[\r\n]+$/, "");
  }

  span(start: number, end: number): Span {
    return { source: this, start, end };
  }

  /** The file that this is a part of, and where it begins there: itself, but for an Excerpt. */
  get whole(): SourceText {
    return this;
  }

  get base(): number {
    return 0;
  }

  toJSON(): string {
    return this.path;
  }
}

/**
 * A part of a file that was read by itself, so that its tree can be kept while text before it grows: its offsets count
 * from its own beginning, and it is told where it lies now. Positions are those of the whole file.
 * Invariant: between two readings of its file an Excerpt lies in one place only.
 */
export class Excerpt extends SourceText {
  #whole: SourceText;
  #base: number;

  constructor(whole: SourceText, base: number, end: number) {
    super(whole.path, whole.text.slice(base, end));
    this.#whole = whole;
    this.#base = base;
  }

  moveTo(whole: SourceText, base: number): void {
    this.#whole = whole;
    this.#base = base;
  }

  override get whole(): SourceText {
    return this.#whole;
  }

  override get base(): number {
    return this.#base;
  }

  override position(offset: number): Position {
    return this.#whole.position(this.#base + offset);
  }
}

/** The same place counted in the whole file. */
export function inWhole(span: Span): Span {
  const { source } = span;
  if (source.whole === source) return span;
  return { source: source.whole, start: source.base + span.start, end: source.base + span.end };
}

export function toLocation(span: Span): Location {
  return {
    file: span.source.path,
    start: span.source.position(span.start),
    end: span.source.position(span.end),
  };
}

export function spanText(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

/** The smallest span over both; they must be of one source. */
export function joinSpans(first: Span, last: Span): Span {
  return {
    source: first.source,
    start: Math.min(first.start, last.start),
    end: Math.max(first.end, last.end),
  };
}

const LINES_NEAR = 8;

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function codePointCount(text: string, start: number, end: number): number {
  let count = end - start;
  for (let i = start; i < end - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        count--;
        i++;
      }
    }
  }
  return count;
}
