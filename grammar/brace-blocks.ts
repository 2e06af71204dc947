/**
 * Blocks in braces, as other languages have them: `rule "x" {` ... `}` is told once and read as if `end` stood there.
 * Of other braces one is told up to the next `end`: they come in heaps, and the first says it. Knows tokens, not sentences.
 */
import type { TokenType } from "chevrotain";
import { diagnostic, type SourceText } from "../src/diagnostics/index.ts";
import type { DiagnosticSink } from "./diagnostic-sink.ts";
import { reportStrayCharacters } from "./lexer-messages.ts";
import type { RuleToken } from "./lexer.ts";
import { T } from "./tokens.ts";

const openers: ReadonlySet<TokenType> = new Set([
  ...[T.Rule, T.Test, T.Calendar, T.Category, T.Recipient, T.Template, T.Callout, T.Mailbox],
  ...[T.Maintenance, T.Lookup, T.Body, T.Inactive],
]);

/** Looks at the blanks only: a line may be long and hold nothing but braces. */
const behind = /[ \t]{0,100}(?:[#\n\r]|$)/y;

export class BraceBlocks {
  readonly #source: SourceText;
  readonly #sink: DiagnosticSink;
  /** Where blocks were opened that are not closed yet. */
  readonly #open: number[] = [];
  #isTold = false;

  constructor(source: SourceText, sink: DiagnosticSink) {
    this.#source = source;
    this.#sink = sink;
  }

  /** `end`: a brace that closes a block. `taken`: one that needs nothing more. Undefined: no brace, or one to be told. */
  take(at: number, tokens: readonly RuleToken[], firstOnLine: boolean): "end" | "taken" | undefined {
    const brace = this.#source.text.charAt(at);
    if (brace !== "{" && brace !== "}") return undefined;
    if (brace === "{" && !firstOnLine && this.#endsLine(at) && beginsWithOpener(tokens)) {
      this.#open.push(at);
      return "taken";
    }
    const opened = brace === "}" && firstOnLine && this.#endsLine(at) ? this.#open.pop() : undefined;
    if (opened !== undefined) {
      this.#report(opened, at);
      return "end";
    }
    if (this.#isTold) return "taken";
    this.#isTold = true;
    return undefined;
  }

  /** The next brace is told again. */
  passEnd(): void {
    this.#isTold = false;
  }

  /** What was opened and never closed is a stray sign after all. */
  finish(): void {
    for (const at of this.#open) reportStrayCharacters(this.#sink, this.#source.span(at, at + 1));
  }

  #endsLine(at: number): boolean {
    behind.lastIndex = at + 1;
    return behind.test(this.#source.text);
  }

  #report(open: number, close: number): void {
    const { text } = this.#source;
    let from = open;
    while (/[ \t]/.test(text.charAt(from - 1))) from--;
    const last = this.#source.span(close, close + 1);
    this.#sink.add(
      diagnostic("R1105", this.#source.span(open, open + 1), "a block ends with `end` and needs no braces", {
        labels: [{ span: last, text: "this is `end`" }],
        help: "leave `{` out, and write `end` for `}`",
        fixes: [
          {
            title: "write `end`",
            safe: true,
            edits: [
              { span: this.#source.span(from, open + 1), newText: "" },
              { span: last, newText: "end" },
            ],
          },
        ],
      }),
    );
  }
}

function beginsWithOpener(tokens: readonly RuleToken[]): boolean {
  const first = tokens.findLast((token) => token.firstOnLine);
  return first !== undefined && openers.has(first.tokenType);
}
