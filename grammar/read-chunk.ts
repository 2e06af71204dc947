/** Reads one declaration; a broken one is repaired step by step, each repair told as the mistake that it mends. */
import type { CstNode } from "chevrotain";
import type { SourceText } from "../src/diagnostics/index.ts";
import type { DiagnosticSink } from "./diagnostic-sink.ts";
import { sharedParser } from "./parser.ts";
import type { Chunk } from "./split-declarations.ts";

export interface ReadChunk {
  readonly tree: CstNode | undefined;
  /** Something could not be read, so what seems to be missing may stand there. */
  readonly isBroken: boolean;
}

export class ChunkReader {
  readonly #source: SourceText;
  readonly #sink: DiagnosticSink;

  constructor(source: SourceText, sink: DiagnosticSink) {
    this.#source = source;
    this.#sink = sink;
  }

  read(chunk: Chunk, cut: readonly number[]): ReadChunk {
    const { tree, errors } = sharedParser().parse(chunk.tokens, true);
    const [error] = errors;
    if (error === undefined) return { tree, isBroken: false };
    const token = error.token.startOffset >= 0 ? error.token : chunk.tokens.at(-1);
    const start = token?.startOffset ?? 0;
    this.#sink.report(
      "R1101",
      this.#source.span(start, start + (token?.image.length ?? 0)),
      `\`${token?.image ?? ""}\` is not expected here (${error.name}: ${error.message})`,
    );
    return { tree, isBroken: cut.length >= 0 };
  }
}
