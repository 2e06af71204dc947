/**
 * Reads one declaration. A broken one is mended step by step: at the first fault the guesses are tried, the one that
 * reads on is kept and told as the mistake that it mends, and reading starts anew. So each root cause gives one message,
 * and the tree holds what was meant. What no guess mends is left to the parser's own recovery.
 */
import type { CstNode } from "chevrotain";
import type { SourceText } from "../src/diagnostics/index.ts";
import { REPAIRS_PER_DECLARATION_MAX, REPAIR_TOKENS_MAX } from "../src/domain/index.ts";
import { DiagnosticSink } from "./diagnostic-sink.ts";
import type { RuleToken } from "./lexer.ts";
import { readWhole } from "./parser.ts";
import type { Guess } from "./repair/guess.ts";
import { guessers } from "./repair/guesses.ts";
import { lastResorts, unexpected } from "./repair/last-resorts.ts";
import { reach, tryRead, type Fault, type Scene } from "./repair/trial.ts";
import { lineEnd } from "./scan-text.ts";
import type { Chunk } from "./split-declarations.ts";
import { T } from "./tokens.ts";

export interface ReadChunk {
  readonly tree: CstNode | undefined;
  /** Something could not be read, so what seems to be missing may stand there. */
  readonly isBroken: boolean;
}

export class ChunkReader {
  readonly #source: SourceText;
  #sink = new DiagnosticSink();
  #budget = REPAIR_TOKENS_MAX;

  constructor(source: SourceText) {
    this.#source = source;
  }

  read(chunk: Chunk, sink: DiagnosticSink): ReadChunk {
    this.#sink = sink;
    const flawless = readWhole(chunk.tokens);
    if (flawless !== undefined) return { tree: flawless, isBroken: false };
    const whole = tryRead(chunk.tokens, false);
    if (whole.fault === undefined) return { tree: whole.tree, isBroken: false };
    const silent = this.#silentRanges(chunk);
    let { tokens } = chunk;
    let fault: Fault | undefined = whole.fault;
    let tree = whole.tree;
    for (let i = 0; fault !== undefined && i < REPAIRS_PER_DECLARATION_MAX && this.#mayRepair(); i++) {
      const scene: Scene = { source: this.#source, chunk, tokens, fault };
      const guess = this.#bestGuess(scene);
      if (guess === undefined) break;
      this.#tell(guess, silent);
      tokens = guess.tokens;
      ({ tree, fault } = tryRead(tokens, false));
    }
    if (fault === undefined) return { tree, isBroken: true };
    this.#tellRest({ source: this.#source, chunk, tokens, fault }, silent);
    return {
      tree: recoverable(tokens) && !this.#sink.isFull ? tryRead(tokens, true).tree : undefined,
      isBroken: true,
    };
  }

  /** Beyond the limits the tree is left as it is: nobody reads the thousandth message. */
  #mayRepair(): boolean {
    return this.#budget > 0 && !this.#sink.isFull;
  }

  #bestGuess(scene: Scene): Guess | undefined {
    for (const guesser of guessers) {
      const best = this.#furthest(scene, guesser(scene));
      if (best !== undefined) return best;
    }
    return this.#furthest(scene, lastResorts(scene));
  }

  /** The guess that reads furthest, if any reads beyond the fault. */
  #furthest(scene: Scene, guesses: readonly Guess[]): Guess | undefined {
    let best: Guess | undefined;
    let bestReach = reach(scene.tokens, scene.fault);
    for (const guess of guesses) {
      if (this.#budget <= 0) break;
      const { fault } = tryRead(guess.tokens, false);
      this.#budget -= Math.min(guess.tokens.length, fault === undefined ? Infinity : fault.at + 1);
      const reached = reach(guess.tokens, fault);
      if (reached > bestReach && reached > (guess.beyond ?? -1)) {
        best = guess;
        bestReach = reached;
      }
    }
    return best;
  }

  #tell(guess: Guess, silent: readonly Range[]): void {
    if (this.#sink.isFull) return;
    const report = guess.report();
    if (!silent.some(([from, to]) => report.span.start >= from && report.span.start <= to))
      this.#sink.add(report);
  }

  #tellRest(scene: Scene, silent: readonly Range[]): void {
    const { tokens, fault } = scene;
    const token = tokens[fault.at] ?? tokens.at(-1);
    if (token === undefined || this.#sink.isFull) return;
    const report = unexpected(scene, [token]);
    this.#tell({ tokens, report: () => report }, silent);
  }

  /** Where something was already told that explains what follows: a text that runs on. */
  #silentRanges({ tokens, next }: Chunk): readonly Range[] {
    const { text } = this.#source;
    const first = tokens[0]?.startOffset ?? 0;
    const last = next?.startOffset ?? text.length;
    const ranges: Range[] = [];
    tokens.forEach((token, i) => {
      if (token.tokenType !== T.UnclosedText && token.tokenType !== T.UnclosedBlock) return;
      let start = token.startOffset;
      while (start > 0 && !/[\r\n]/.test(text.charAt(start - 1))) start--;
      const next = tokens[i + 1]?.startOffset ?? last;
      ranges.push([
        token.tokenType === T.UnclosedBlock ? first : start,
        Math.max(next, lineEnd(text, token.startOffset)),
      ]);
    });
    return ranges;
  }
}

type Range = readonly [from: number, to: number];

/** The parser's recovery may look at each token anew after each mistake: a heap of rubbish is not worth it. */
function recoverable(tokens: readonly RuleToken[]): boolean {
  return tokens.length <= recoverableTokensMax;
}

const recoverableTokensMax = 1000;
