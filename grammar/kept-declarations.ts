/**
 * Reads a file again and again while it is typed: declarations whose text did not change keep their tree, the very same
 * object, so that what was found out about it may be kept too. The result is that of `parseRuleFile` on the whole text.
 *
 *   before   rule "a" ... end │ rule "b" ... end │ rule "c" ... end      each read as an Excerpt, offsets from its start
 *   typed    rule "a" ... end │ rule "b" ..X end │ rule "c" ... end
 *   after         kept              read anew         kept, moved by one
 *
 * Tokens are cut anew each time: an unclosed text may swallow what follows, and cutting is the cheap part.
 */
import { Excerpt, toWholeFile, type Diagnostic, type SourceText } from "../src/diagnostics/index.ts";
import { KEPT_FILE_CHARACTERS_MAX } from "../src/domain/index.ts";
import type { Declaration } from "./ast.ts";
import { DiagnosticSink } from "./diagnostic-sink.ts";
import { type RuleToken, tokenEnd } from "./lexer.ts";
import { isTestPath, parseRuleFile, readDeclaration, type ParsedRuleFile } from "./parse-rule-file.ts";
import { ChunkReader } from "./read-chunk.ts";
import { isLineBreak, lineEnd } from "./scan-text.ts";
import type { Chunk } from "./split-declarations.ts";

interface Kept {
  readonly excerpt: Excerpt;
  readonly declaration: Declaration | undefined;
  readonly found: readonly Diagnostic[];
}

/** One file of a path that does not change. */
export class RuleFileReader {
  readonly #kept = new KeptDeclarations();

  read(source: SourceText): ParsedRuleFile {
    // What a limit cuts in a huge file depends on the whole of it.
    return source.text.length > KEPT_FILE_CHARACTERS_MAX
      ? parseRuleFile(source)
      : parseRuleFile(source, this.#kept);
  }
}

export class KeptDeclarations {
  #before = new Map<string, Kept[]>();
  #now = new Map<string, Kept[]>();
  #source: SourceText | undefined;

  /** What was read the last time may be taken, each once: equal texts may stand in a file twice. */
  begin(source: SourceText): void {
    this.#before = this.#now;
    this.#now = new Map();
    this.#source = source;
  }

  /** Where a declaration lies with its lines; undefined where it cannot be kept. */
  place(chunk: Chunk): Place | undefined {
    const first = chunk.tokens[0];
    if (this.#source === undefined || first === undefined) return undefined;
    return wholeLines(this.#source.text, first.startOffset, chunk.next?.startOffset);
  }

  read(
    chunk: Chunk,
    { start, end }: Place,
    doc: string | undefined,
    sink: DiagnosticSink,
  ): Declaration | undefined {
    const source = this.#source;
    if (source === undefined) return undefined;
    const key = `${tokenHash(chunk, start)} ${doc ?? ""}\0${source.text.slice(start, end)}`;
    const kept = this.#before.get(key)?.pop() ?? readAnew(source, chunk, { start, end, doc });
    kept.excerpt.moveTo(source, start);
    const list = this.#now.get(key);
    if (list === undefined) this.#now.set(key, [kept]);
    else list.push(kept);
    for (const one of kept.found) sink.add(toWholeFile(one));
    return kept.declaration;
  }
}

function readAnew(
  source: SourceText,
  chunk: Chunk,
  { start, end, doc }: { readonly start: number; readonly end: number; readonly doc: string | undefined },
): Kept {
  const excerpt = new Excerpt(source, start, end);
  const sink = new DiagnosticSink();
  const moved = {
    tokens: chunk.tokens.map((token) => moveToken(token, start)),
    next: chunk.next === undefined ? undefined : moveToken(chunk.next, start),
  };
  const reading = { source: excerpt, sink, isTest: isTestPath(source.path), doc };
  const declaration = readDeclaration(new ChunkReader(excerpt), reading, moved);
  return { excerpt, declaration, found: sink.all() };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Declarations that share a longer line are not kept: each would keep the whole line. */
const SHARED_LINE_MAX = 2000;

/** What mending a mistake looks at around a declaration: its lines, the break before them, the line that follows it. */
function wholeLines(text: string, first: number, next: number | undefined): Place | undefined {
  let start = first;
  while (start > 0 && !isLineBreak(text.charCodeAt(start - 1))) {
    if (first - start > SHARED_LINE_MAX) return undefined;
    start--;
  }
  const before = Math.max(0, start - 1);
  if (next === undefined) return { start: before, end: text.length };
  const end = lineEnd(text, next);
  return end - next > SHARED_LINE_MAX ? undefined : { start: before, end: Math.min(text.length, end + 2) };
}

function moveToken(token: RuleToken, by: number): RuleToken {
  return {
    ...token,
    startOffset: token.startOffset - by,
    endOffset: tokenEnd(token) - 1 - by,
  };
}

/** Equal texts may be cut into other tokens: an open bracket or text before them decides. FNV-1a over kinds and places. */
function tokenHash({ tokens, next }: Chunk, start: number): string {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193);
  };
  for (const token of tokens) {
    mix(token.tokenTypeIdx);
    mix(token.startOffset - start);
    mix(token.firstOnLine ? 1 : 0);
  }
  return `${tokens.length} ${hash >>> 0} ${next === undefined ? "-" : next.tokenTypeIdx}`;
}
