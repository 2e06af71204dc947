/**
 * The readings of a text: its plain value, and its pieces where text is filled in or a pattern is matched.
 * Knows escapes, holes, stars and the indentation of text blocks, not what a text is for.
 */
import type { IToken } from "chevrotain";
import { spanText, type Span } from "../../src/diagnostics/index.ts";
import type { StringNode, StringPiece } from "../ast.ts";
import { holeEnd, isLetterAt } from "../scan-text.ts";
import { T } from "../tokens.ts";
import { type TreeContext, replaceFix } from "./context.ts";
import { parseHole } from "./hole.ts";

/** `raw`: as typed, for messages that tests bring; backslashes and braces are plain characters. */
export type Reading = "text" | "raw";

/** Lines of a block without their common indentation, or the one line of any other text: ranges of the source. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export function buildString(context: TreeContext, token: IToken, reading: Reading = "text"): StringNode {
  const span = context.source.span(token.startOffset, token.startOffset + token.image.length);
  if (isWithoutSpecials(context.source.text, token)) return plainString(context, token, span);
  const { form, ranges } = contentOf(context, token);
  const isRaw = form === "raw" || reading === "raw" || token.tokenType === T.BareText;
  const writer = new PieceWriter(context, span.start);
  ranges.forEach((range, i) => {
    if (i > 0) writer.append("\n", range.start - 1, range.start);
    readRange(context, writer, range, isRaw);
  });
  writer.flush();
  if (writer.badEscape !== undefined) reportEscape(context, token, writer.badEscape);
  // Copied at its length: an array that was filled one by one has room for sixteen more, and trees keep many.
  return { kind: "string", form, value: writer.value, pieces: writer.pieces.slice(), span };
}

/** Between its quotes stands what it says: most texts, for which nothing need be put together. */
function isWithoutSpecials(text: string, { tokenType, startOffset, image }: IToken): boolean {
  if (tokenType !== T.PlainText && tokenType !== T.RawText) return false;
  const end = startOffset + image.length - 1;
  for (let at = startOffset + 1; at < end; at++) if (isSpecial(text.charCodeAt(at))) return false;
  return true;
}

function plainString({ source }: TreeContext, { tokenType }: IToken, span: Span): StringNode {
  const content = source.span(span.start + 1, span.end - 1);
  const text = spanText(content);
  return {
    kind: "string",
    form: tokenType === T.RawText ? "raw" : "plain",
    value: text,
    pieces: text === "" ? [] : [{ kind: "chars", text, span: content }],
    span,
  };
}

function contentOf(
  context: TreeContext,
  token: IToken,
): { form: StringNode["form"]; ranges: readonly Range[] } {
  const start = token.startOffset;
  const end = start + token.image.length;
  switch (token.tokenType) {
    case T.BlockText:
      return { form: "block", ranges: blockRanges(context.source.text, start + 3, end - 3) };
    case T.UnclosedBlock:
      return { form: "block", ranges: blockRanges(context.source.text, start + 3, Math.max(start + 3, end)) };
    case T.RawText:
      return { form: "raw", ranges: [{ start: start + 1, end: end - 1 }] };
    case T.UnclosedText:
      return { form: token.image.startsWith("'") ? "raw" : "plain", ranges: [{ start: start + 1, end }] };
    case T.BareText:
      return { form: "plain", ranges: [{ start, end }] };
    default:
      return { form: "plain", ranges: [{ start: start + 1, end: end - 1 }] };
  }
}

/** Without the first line break, the last line's indentation, and what all lines that are not blank are indented by. */
function blockRanges(text: string, start: number, end: number): readonly Range[] {
  const lines: Range[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 10 && unit !== 13) continue;
    lines.push({ start: from, end: at });
    if (unit === 13 && text.charCodeAt(at + 1) === 10 && at + 1 < end) at++;
    from = at + 1;
  }
  lines.push({ start: from, end });
  if (lines.length > 1 && isBlankRange(text, lines[0])) lines.shift();
  const indent = commonIndent(text, lines);
  const last = lines.length - 1;
  return lines.map((line, i) => {
    if (i === last && isBlankRange(text, line)) return { start: line.end, end: line.end };
    return { start: Math.min(line.end, line.start + indent), end: line.end };
  });
}

function isBlankRange(text: string, range: Range | undefined): boolean {
  return range !== undefined && text.slice(range.start, range.end).trim() === "";
}

/** The length of the longest blank prefix that all lines share. */
function commonIndent(text: string, lines: readonly Range[]): number {
  let shared: string | undefined;
  for (const line of lines) {
    if (isBlankRange(text, line)) continue;
    const own = /^[ \t\u00a0]*/.exec(text.slice(line.start, line.end))?.[0] ?? "";
    if (shared === undefined) shared = own;
    let same = 0;
    while (same < shared.length && same < own.length && shared[same] === own[same]) same++;
    shared = shared.slice(0, same);
    if (shared === "") break;
  }
  return shared?.length ?? 0;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["n", "\n"],
  ["t", "\t"],
  ["{", "{"],
  ["*", "*"],
]);

/** Looks at the range only: a search in the whole file would walk to its end for each plain text. */
function readRange(context: TreeContext, writer: PieceWriter, range: Range, isRaw: boolean): void {
  const { text } = context.source;
  let at = range.start;
  while (at < range.end) {
    let plainEnd = at;
    while (plainEnd < range.end && !isSpecial(text.charCodeAt(plainEnd))) plainEnd++;
    if (plainEnd > at) writer.append(text.slice(at, plainEnd), at, plainEnd);
    at = plainEnd < range.end ? readSpecial(context, writer, plainEnd, range.end, isRaw) : plainEnd;
  }
}

/** Backslash, star, opening brace. */
function isSpecial(unit: number): boolean {
  return unit === 92 || unit === 42 || unit === 123;
}

/** Reads the backslash, brace or star at an offset; gives the offset behind it. */
function readSpecial(
  context: TreeContext,
  writer: PieceWriter,
  at: number,
  limit: number,
  isRaw: boolean,
): number {
  const { text } = context.source;
  const character = text.charAt(at);
  if (character === "*") {
    writer.star(at);
    return at + 1;
  }
  if (isRaw) writer.append(character, at, at + 1);
  else if (character === "\\") return readEscape(writer, text, at, limit);
  else if (isLetterAt(text, at + 1)) return readHole(context, writer, at, limit);
  else writer.append(character, at, at + 1);
  return at + 1;
}

function readEscape(writer: PieceWriter, text: string, at: number, limit: number): number {
  const next = at + 1 < limit ? text.charAt(at + 1) : "";
  const known = escapes.get(next);
  if (known === undefined) writer.badEscape ??= at;
  writer.append(known ?? text.slice(at, at + 1 + next.length), at, at + 1 + next.length);
  return at + 1 + next.length;
}

const openHole = /\{[\p{L}\p{M}\p{N}_.]*/uy;

function readHole(context: TreeContext, writer: PieceWriter, at: number, limit: number): number {
  const { text } = context.source;
  const end = holeEnd(text, at, limit);
  if (end >= 0) {
    const span = context.source.span(at, end);
    writer.piece({ kind: "hole", source: spanText(span), value: parseHole(context, at + 1, end - 1), span });
    return end;
  }
  openHole.lastIndex = at;
  const length = openHole.exec(text)?.[0].length ?? 1;
  const stop = Math.min(limit, at + length);
  writer.piece({ kind: "open-hole", text: text.slice(at, stop), span: context.source.span(at, stop) });
  return stop;
}

function reportEscape(context: TreeContext, token: IToken, at: number): void {
  const { source } = context;
  const shown = source.text.slice(at, at + 2);
  const content = token.image.slice(1, -1);
  const canBeRaw = token.tokenType === T.PlainText && !content.includes("'");
  const rawForm = `'${content.replaceAll('\\"', '"')}'`;
  context.sink.report("R1003", source.span(at, at + shown.length), `unknown escape \`${shown}\` in a text`, {
    help: canBeRaw
      ? `in single quotes nothing is escaped: \`${rawForm}\``
      : 'a backslash itself is written `\\\\`; known are `\\"`, `\\\\`, `\\n`, `\\t`, `\\{` and `\\*`',
    fixes: [
      ...(canBeRaw
        ? [
            replaceFix(
              "use single quotes",
              source.span(token.startOffset, token.startOffset + token.image.length),
              rawForm,
              false,
            ),
          ]
        : []),
      replaceFix("write the backslash twice", source.span(at, at + 1), "\\\\", false),
    ],
  });
}

/** Joins characters to pieces; the value is the same text with holes and stars as typed. */
class PieceWriter {
  readonly pieces: StringPiece[] = [];
  value = "";
  badEscape: number | undefined;
  readonly #context: TreeContext;
  #characters = "";
  #start: number;
  #end: number;

  constructor(context: TreeContext, start: number) {
    this.#context = context;
    this.#start = start;
    this.#end = start;
  }

  append(text: string, start: number, end: number): void {
    if (this.#characters === "") this.#start = start;
    this.#characters += text;
    this.value += text;
    this.#end = end;
  }

  star(at: number): void {
    this.piece({ kind: "star", span: this.#context.source.span(at, at + 1) });
  }

  piece(piece: Exclude<StringPiece, { kind: "chars" }>): void {
    this.flush();
    this.pieces.push(piece);
    this.value += spanText(piece.span);
  }

  flush(): void {
    if (this.#characters === "") return;
    const span = this.#context.source.span(
      Math.min(this.#start, this.#end),
      Math.max(this.#start, this.#end),
    );
    this.pieces.push({ kind: "chars", text: this.#characters, span });
    this.#characters = "";
  }
}
