/**
 * Offsets of a text and positions of the protocol, in the encoding that client and server agreed on. Knows lines and
 * characters, nothing of rules. Lines end with LF, CR LF or CR, as the protocol and SourceText have it.
 */
import { inWhole, SourceText, type Span } from "../diagnostics/index.ts";

/** In what a client counts columns. */
export type Encoding = "utf-8" | "utf-16" | "utf-32";

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Change {
  /** Left out: the whole text. */
  readonly range?: Range;
  readonly text: string;
}

export function toPosition(source: SourceText, offset: number, encoding: Encoding): Position {
  const { lineStarts, text } = source;
  const at = Math.max(0, Math.min(offset, text.length));
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: width(text, lineStarts[low] ?? 0, at, encoding) };
}

/** A place beyond a line's end is its end, one beyond the last line the end of the text. */
export function toOffset(source: SourceText, { line, character }: Position, encoding: Encoding): number {
  const { lineStarts, text } = source;
  const start = lineStarts[line];
  if (start === undefined) return line < 0 ? 0 : text.length;
  const end = lineEndOf(text, start, lineStarts[line + 1] ?? text.length);
  if (encoding === "utf-16") return Math.min(start + Math.max(0, character), end);
  let at = start;
  for (let left = character; at < end && left > 0;) {
    const point = text.codePointAt(at) ?? 0;
    left -= encoding === "utf-8" ? bytesOf(point) : 1;
    if (left < 0) break;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}

/** Of a span of any excerpt, in its whole file. */
export function toRange(span: Span, encoding: Encoding): Range {
  const { source, start, end } = inWhole(span);
  return { start: toPosition(source, start, encoding), end: toPosition(source, end, encoding) };
}

export function applyChanges(text: string, changes: readonly Change[], encoding: Encoding): string {
  let now = text;
  for (const { range, text: typed } of changes) {
    if (range === undefined) {
      now = typed;
      continue;
    }
    const source = new SourceText("", now);
    const start = toOffset(source, range.start, encoding);
    const end = Math.max(start, toOffset(source, range.end, encoding));
    now = now.slice(0, start) + typed + now.slice(end);
  }
  return now;
}

function width(text: string, start: number, end: number, encoding: Encoding): number {
  if (encoding === "utf-16") return end - start;
  let count = 0;
  for (let at = start; at < end;) {
    const point = text.codePointAt(at) ?? 0;
    count += encoding === "utf-8" ? bytesOf(point) : 1;
    at += point > 0xffff ? 2 : 1;
  }
  return count;
}

/** A lone surrogate is written as U+FFFD, three bytes. */
function bytesOf(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point > 0xffff ? 4 : 3;
}

function lineEndOf(text: string, start: number, next: number): number {
  let end = next;
  while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
  return end;
}
