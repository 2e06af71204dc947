/** Finds the `##` lines directly above a declaration. */
import type { SourceText } from "../src/diagnostics/index.ts";
import type { CommentNode } from "./ast.ts";

/** Asked in the order of the file, so that each comment is looked at a bounded number of times. */
export class DocComments {
  readonly #source: SourceText;
  readonly #comments: readonly CommentNode[];
  #next = 0;

  constructor(source: SourceText, comments: readonly CommentNode[]) {
    this.#source = source;
    this.#comments = comments;
  }

  /** The text of the `##` lines that end on the line above `offset`, without other lines between. */
  above(offset: number): string | undefined {
    while ((this.#comments[this.#next]?.span.start ?? Infinity) < offset) this.#next++;
    const lines: string[] = [];
    let below = offset;
    for (let i = this.#next - 1; i >= 0; i--) {
      const comment = this.#comments[i];
      if (comment === undefined || !comment.ownLine || !this.#isDirectlyAbove(comment.span.end, below)) break;
      if (comment.doc) lines.unshift(comment.text.replace(/^##+ ?/, ""));
      below = comment.span.start;
    }
    return lines.length === 0 ? undefined : lines.join("\n");
  }

  #isDirectlyAbove(end: number, below: number): boolean {
    return /^[^\S\r\n]*(?:\r\n|\n|\r)[^\S\r\n]*$/.test(this.#source.text.slice(end, below));
  }
}
