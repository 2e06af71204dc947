/**
 * Cuts a rule file into tokens and comments. Never fails: what no token fits is reported and left out.
 * Knows words, signs and literals, not sentences.
 *
 * Written by hand rather than with Chevrotain's Lexer: texts with nested `{..."..."...}` are no regular language,
 * words of any script and case would lose its fast path, and one map look-up for each word leaves no order of
 * keywords to get wrong. Each character is looked at a bounded number of times.
 */
import type { IToken, TokenType } from "chevrotain";
import type { SourceText } from "../src/diagnostics/index.ts";
import type { CommentNode } from "./ast.ts";
import type { DiagnosticSink } from "./diagnostic-sink.ts";
import { scanForeign } from "./scan-foreign.ts";
import { scanNumber, type NumberScan } from "./scan-number.ts";
import { otherSideEnd, scanLeftover } from "./scan-leftovers.ts";
import { scanQuoted } from "./scan-quoted.ts";
import { isAsciiWordPart, isLetterAt, isLineBreak, lineEnd, wordEnd } from "./scan-text.ts";
import {
  reportColon,
  reportForeignSign,
  reportStrayCharacters,
  reportUnquoted,
  foreignSigns,
} from "./lexer-messages.ts";
import { BraceBlocks } from "./brace-blocks.ts";
import { scanAddress, scanContraction } from "./scan-unquoted.ts";
import { reservedTypes, T, wordTypes } from "./tokens.ts";

export interface RuleToken extends IToken {
  /** Nothing but blanks and comments stands before it on its line. */
  readonly firstOnLine: boolean;
}

/** Behind what was typed: a repair may have put the meant word in the place of a shorter one. */
export function tokenEnd(token: RuleToken): number {
  return (token.endOffset ?? token.startOffset - 1) + 1;
}

export interface LexResult {
  readonly tokens: readonly RuleToken[];
  readonly comments: readonly CommentNode[];
}

export function lex(source: SourceText, sink: DiagnosticSink): LexResult {
  return new Scanner(source, sink).run();
}

export function createRuleToken(
  type: TokenType,
  image: string,
  start: number,
  end: number,
  firstOnLine: boolean,
): RuleToken {
  return {
    image,
    startOffset: start,
    endOffset: end - 1,
    tokenTypeIdx: type.tokenTypeIdx ?? 0,
    tokenType: type,
    firstOnLine,
  };
}

interface KnownWord {
  readonly image: string;
  readonly type: TokenType | undefined;
}

/** Names that come once must not fill the memory. */
const KNOWN_WORDS_MAX = 1000;

/** Signs by their first character, longest first. `==` and its like are `Equals`; the tree builder refuses the image. */
const signs: ReadonlyMap<string, readonly (readonly [string, TokenType])[]> = groupByFirst([
  ["===", T.Equals],
  ["!==", T.NotEquals],
  ["==", T.Equals],
  ["=~", T.Matches],
  ["~=", T.Matches],
  ["!=", T.NotEquals],
  ["<>", T.NotEquals],
  ["->", T.Arrow],
  ["=>", T.Arrow],
  ["→", T.Arrow],
  ["<=", T.LessOrEqual],
  [">=", T.GreaterOrEqual],
  ["=", T.Equals],
  ["<", T.LessThan],
  [">", T.GreaterThan],
  ["[", T.LBracket],
  ["]", T.RBracket],
  ["(", T.LParen],
  [")", T.RParen],
  [",", T.Comma],
  [".", T.Dot],
  ["&&", T.And],
  ["||", T.Or],
  ["&", T.And],
  ["|", T.Or],
  ["!", T.Not],
]);

class Scanner {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #sink: DiagnosticSink;
  readonly #tokens: RuleToken[] = [];
  readonly #comments: CommentNode[] = [];
  /** Words met before, by how they are written: files say few words many times, and trees then share their texts. */
  readonly #words = new Map<string, KnownWord>();
  #at = 0;
  #firstOnLine = true;
  #brackets = 0;
  /** Closed text blocks that hold a line like the file going on, looked for only when a later one never ends. */
  readonly #blocks: { readonly open: number; readonly end: number; readonly tokens: number }[] = [];
  #rewound = false;
  #fenced = false;
  readonly #braces: BraceBlocks;

  constructor(source: SourceText, sink: DiagnosticSink) {
    this.#braces = new BraceBlocks(source, sink);
    this.#source = source;
    this.#text = source.text;
    this.#sink = sink;
  }

  run(): LexResult {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < this.#text.length) this.#step();
    this.#braces.finish();
    return { tokens: this.#tokens, comments: this.#comments };
  }

  #step(): void {
    const unit = this.#text.charCodeAt(this.#at);
    if (isLineBreak(unit)) {
      this.#firstOnLine = true;
      this.#at++;
    } else if (isBlank(unit)) this.#at++;
    else if (this.#firstOnLine && this.#leftover(unit)) return;
    else if (unit === 35) this.#comment();
    else if (isLetterAt(this.#text, this.#at)) this.#word();
    else if (this.#foreign(unit)) return;
    else if (isDigit(unit) || (unit === 45 && isDigit(this.#text.charCodeAt(this.#at + 1)))) this.#number();
    else if (!this.#quoted() && !this.#sign()) this.#stray();
  }

  #push(type: TokenType, end: number, image = this.#text.slice(this.#at, end)): void {
    const token = createRuleToken(type, image, this.#at, end, this.#firstOnLine);
    this.#tokens.push(token);
    this.#firstOnLine = false;
    if (type === T.End) this.#braces.passEnd();
    this.#at = end;
  }

  #comment(): void {
    const end = lineEnd(this.#text, this.#at);
    const text = this.#text.slice(this.#at, end).trimEnd();
    this.#comments.push({
      text,
      doc: text.startsWith("##"),
      ownLine: this.#firstOnLine,
      span: this.#source.span(this.#at, this.#at + text.length),
    });
    this.#at = end;
  }

  /** Fences, and the marks of a merge. */
  #leftover(unit: number): boolean {
    if (unit !== 96 && unit !== 60 && unit !== 61) return false;
    const end = otherSideEnd(this.#text, this.#at);
    const found =
      end === undefined ? scanLeftover(this.#source, this.#at, this.#fenced) : { end, report: undefined };
    if (found === undefined) return false;
    if (unit === 96) this.#fenced = true;
    if (found.report !== undefined) this.#sink.add(found.report);
    this.#at = found.end;
    return true;
  }

  /** A URL, a mail address or a word with an apostrophe: more than the word itself. */
  #longWord(end: number): boolean {
    const next = this.#text.charCodeAt(end);
    if (next === 39 || next === 0x2019) {
      const form = scanContraction(this.#source, this.#at, end);
      if (form === undefined) return false;
      this.#sink.add(form.report);
      this.#push(form.type, form.wordEnd);
      this.#at = form.end;
      this.#tokens.push(createRuleToken(form.next, "", form.end, form.end, false));
      return true;
    }
    if (next !== 58 && next !== 64 && next !== 46 && next !== 43 && next !== 45) return false;
    if (next !== 58 && !mayBeAddress(this.#text, end)) return false;
    const address = scanAddress(this.#source, this.#at);
    if (address === undefined) return false;
    this.#sink.add(address.report);
    this.#push(T.BareText, address.end);
    return true;
  }

  #word(): void {
    const end = wordEnd(this.#text, this.#at);
    if (this.#longWord(end)) return;
    const { image, type } = this.#knownWord(this.#text.slice(this.#at, end));
    this.#push(type === undefined || this.#isPlainName(type, end) ? T.Word : type, end, image);
  }

  #knownWord(written: string): KnownWord {
    const known = this.#words.get(written);
    if (known !== undefined) return known;
    const word = { image: written, type: wordTypes.get(written.toLowerCase()) };
    if (this.#words.size < KNOWN_WORDS_MAX) this.#words.set(written, word);
    return word;
  }

  /** After a dot, and before `=` in a body, every word is a plain name; a soft word also directly before a dot. */
  #isPlainName(type: TokenType, end: number): boolean {
    const reserved = reservedTypes.has(type);
    const previous = this.#tokens.at(-1);
    if (previous?.tokenType === T.Dot) return !(reserved && this.#firstOnLine);
    if (!reserved && this.#text.charCodeAt(end) === 46) return true;
    if (!standsBeforeEquals(this.#text, end)) return false;
    return !reserved || this.#firstOnLine || (previous !== undefined && beforeName.has(previous.tokenType));
  }

  #number(): void {
    const scan: NumberScan = scanNumber(this.#text, this.#at, this.#brackets > 0);
    if (scan.type === T.BareText) {
      reportUnquoted(this.#sink, this.#source.span(this.#at, scan.end));
    }
    this.#push(scan.type, scan.end);
  }

  #quoted(): boolean {
    const scan = scanQuoted(this.#source, this.#at);
    if (scan === undefined) return false;
    if (scan.type === T.UnclosedBlock && this.#rewind()) return true;
    if (scan.type === T.BlockText)
      this.#blocks.push({ open: this.#at, end: scan.end, tokens: this.#tokens.length });
    if (scan.report !== undefined) this.#sink.add(scan.report);
    this.#push(scan.type, scan.end);
    if (scan.type === T.UnclosedBlock) this.#firstOnLine = true;
    return true;
  }

  /**
   * A block that is never closed: when an earlier one swallowed lines that look like rules, it is that one which lacks
   * its end (each later opener then closed the block before). Done once, so the work stays linear.
   */
  #rewind(): boolean {
    if (this.#rewound) return false;
    this.#rewound = true;
    for (const block of this.#blocks) {
      const scan = scanQuoted(this.#source, block.open, block.end);
      if (scan === undefined || scan.type !== T.UnclosedBlock) continue;
      this.#tokens.length = block.tokens;
      while ((this.#comments.at(-1)?.span.start ?? -1) > block.open) this.#comments.pop();
      this.#sink.dropFrom(block.open);
      this.#at = block.open;
      if (scan.report !== undefined) this.#sink.add(scan.report);
      this.#firstOnLine = false;
      this.#push(T.UnclosedBlock, scan.end);
      this.#firstOnLine = true;
      return true;
    }
    return false;
  }

  #sign(): boolean {
    for (const [image, type] of signs.get(this.#text.charAt(this.#at)) ?? []) {
      if (!this.#text.startsWith(image, this.#at)) continue;
      const end = this.#at + image.length;
      if (image === "=>" && this.#isBehindPath()) {
        reportForeignSign(this.#sink, this.#source.span(this.#at, end), ">=");
        this.#push(T.GreaterOrEqual, end);
        return true;
      }
      if (image === "=>" && this.#isBeforeAction(end)) {
        reportForeignSign(this.#sink, this.#source.span(this.#at, end), "then");
        this.#push(T.Then, end);
        return true;
      }
      if (foreignSigns.has(image)) reportForeignSign(this.#sink, this.#source.span(this.#at, end));
      if (type === T.LBracket || type === T.LParen) this.#brackets++;
      else if (type === T.RBracket || type === T.RParen) this.#brackets = Math.max(0, this.#brackets - 1);
      this.#push(type, end);
      return true;
    }
    return this.#colon();
  }

  /** In a mailbox `open -> add note` is no rule's action. */
  #isBeforeAction(end: number): boolean {
    const before = this.#tokens.at(-1)?.tokenType;
    if (before === T.Open || before === T.Complete) return false;
    return beginsAction.test(this.#text.slice(end, end + actionMax));
  }

  #isBehindPath(): boolean {
    return this.#tokens.at(-1)?.tokenType === T.Word && this.#tokens.at(-2)?.tokenType === T.Dot;
  }

  /** `monday-friday`, `// a comment`, `/pattern/`: taken as what they mean, and told. */
  #foreign(unit: number): boolean {
    const form = scanForeign(this.#source, this.#at, unit, this.#tokens.at(-1)?.tokenType);
    if (form === undefined) return false;
    this.#sink.add(form.report);
    if (form.type === undefined) this.#at = form.end;
    else this.#push(form.type, form.end);
    return true;
  }

  /** `title: "x"` is taken as `=`; after a word that ends a line (`then:`) the sign is left out. */
  #colon(): boolean {
    const previous = this.#tokens.at(-1);
    if (this.#text.charAt(this.#at) !== ":" || previous === undefined) return false;
    let next = this.#at + 1;
    while (isBlank(this.#text.charCodeAt(next))) next++;
    const endsLine = next >= this.#text.length || isLineBreak(this.#text.charCodeAt(next));
    const isName = previous.tokenType === T.Word || !reservedTypes.has(previous.tokenType);
    if (isName && !endsLine && this.#text.charAt(next) !== "#") {
      this.#push(T.Equals, this.#at + 1);
    } else {
      reportColon(this.#sink, this.#source.span(this.#at, this.#at + 1), previous.image);
      this.#at++;
    }
    return true;
  }

  #stray(): void {
    const braced = this.#braces.take(this.#at, this.#tokens, this.#firstOnLine);
    if (braced === "end") return this.#push(T.End, this.#at + 1);
    if (braced === "taken") {
      this.#at++;
      return;
    }
    let end = this.#at + 1;
    while (end < this.#text.length && this.#isStrayAt(end)) end++;
    reportStrayCharacters(this.#sink, this.#source.span(this.#at, end));
    this.#at = end;
  }

  #isStrayAt(at: number): boolean {
    const unit = this.#text.charCodeAt(at);
    if (isLineBreak(unit) || isBlank(unit) || unit === 35 || unit === 58 || unit === 45 || isDigit(unit))
      return false;
    const character = this.#text.charAt(at);
    return (
      !signs.has(character) &&
      !isLetterAt(this.#text, at) &&
      scanQuoted(this.#source, at, at + 1) === undefined
    );
  }
}

/** `if ... => create ticket`: an arrow before what shall be done. */
const beginsAction =
  /^[ \t]*(?:create[ \t]+ticket|notify[ \t]+["']|add[ \t]+(?:note|tag)|set[ \t]+ticket\b|run[ \t]+callout|complete[ \t]+ticket|suppress[ \t]+alert|stop\b)/i;
const actionMax = 40;

/** An `@` behind what may stand before it: of the words with a dot nearly all are paths. */
function mayBeAddress(text: string, from: number): boolean {
  for (let at = from; at < from + ADDRESS_NAME_MAX; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 64) return true;
    const isPart = unit === 46 || unit === 43 || unit === 45 || isAsciiWordPart(unit);
    if (!isPart) return false;
  }
  return false;
}

/** As scan-unquoted.ts reads addresses. */
const ADDRESS_NAME_MAX = 64;

const beforeName: ReadonlySet<TokenType> = new Set([
  ...[T.Comma, T.With, T.List, T.Lookup, T.Values, T.Define, T.NumberLiteral],
]);

function standsBeforeEquals(text: string, from: number): boolean {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) !== 61) return false;
  const next = text.charCodeAt(at + 1);
  return next !== 61 && next !== 62;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** Blank, tab, no-break blanks and the other blanks of Unicode, zero-width ones of a pasted text included. */
function isBlank(unit: number): boolean {
  if (unit < 128) return unit === 32 || unit === 9 || unit === 12 || unit === 11;
  return (
    unit === 0xa0 ||
    unit === 0x202f ||
    unit === 0xfeff ||
    unit === 0x3000 ||
    unit === 0x1680 ||
    unit === 0x205f ||
    unit === 0x85 ||
    (unit >= 0x2000 && unit <= 0x200b) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x2060
  );
}

function groupByFirst(
  entries: readonly (readonly [string, TokenType])[],
): Map<string, readonly (readonly [string, TokenType])[]> {
  return Map.groupBy(entries, ([image]) => image.charAt(0));
}
