/**
 * Where the comments of a file hang: each on one token, taken by the smallest part of a sentence that can carry it, so that
 * none is lost and none is written twice. Knows tokens, not what they say.
 *
 *   # leads the next token
 *   if a   # trails the token before it
 *   # at the end of the file: leads nothing
 */
import type { CommentNode } from "../ast.ts";
import type { RuleToken } from "../lexer.ts";

/** Indexes among the tokens of the file, both in. */
export interface TokenRange {
  readonly first: number;
  readonly last: number;
}

export interface TakenComments {
  /** From the middle of the part, where no comment can stand once it is on one line. */
  readonly inside: readonly CommentNode[];
  readonly above: readonly CommentNode[];
  readonly trailing: CommentNode | undefined;
}

export class CommentPlaces {
  readonly atEnd: readonly CommentNode[];
  readonly #leads = new Map<number, CommentNode[]>();
  readonly #trails = new Map<number, CommentNode[]>();

  constructor(tokens: readonly RuleToken[], comments: readonly CommentNode[]) {
    const atEnd: CommentNode[] = [];
    let next = 0;
    for (const comment of comments) {
      while ((tokens[next]?.startOffset ?? Infinity) < comment.span.start) next++;
      if (!comment.ownLine && next > 0) push(this.#trails, next - 1, comment);
      else if (next < tokens.length) push(this.#leads, next, comment);
      else atEnd.push(comment);
    }
    this.atEnd = atEnd;
  }

  takeLeading(token: number): readonly CommentNode[] {
    return take(this.#leads, token);
  }

  takeTrailing(token: number): readonly CommentNode[] {
    return take(this.#trails, token);
  }

  /**
   * What is left on a range of tokens. One line carries one comment at its end, the last: those before it can only lead.
   */
  take({ first, last }: TokenRange): TakenComments {
    const above = this.takeLeading(first);
    const inside: CommentNode[] = [];
    const trailing: CommentNode[] = [];
    for (let token = first; token <= last; token++) {
      for (const comment of this.takeLeading(token)) inside.push(comment);
      for (const comment of this.takeTrailing(token)) trailing.push(comment);
    }
    const end = trailing.pop();
    return { inside: [...inside, ...trailing], above, trailing: end };
  }

  /** For a part that something stands before on its line: comments above it are left to the part around it. */
  takeLastTrailing({ first, last }: TokenRange): CommentNode | undefined {
    for (let token = last; token >= first; token--) {
      const [comment] = this.takeTrailing(token);
      if (comment !== undefined) return comment;
    }
    return undefined;
  }

  /** For a part that something follows on its line: a comment behind it is left to the part around it. */
  takeAllLeading({ first, last }: TokenRange): readonly CommentNode[] {
    const leading: CommentNode[] = [];
    for (let token = first; token <= last; token++) {
      for (const comment of this.takeLeading(token)) leading.push(comment);
    }
    return leading;
  }
}

function push(places: Map<number, CommentNode[]>, token: number, comment: CommentNode): void {
  const there = places.get(token);
  if (there === undefined) places.set(token, [comment]);
  else there.push(comment);
}

function take(places: Map<number, CommentNode[]>, token: number): readonly CommentNode[] {
  const there = places.get(token);
  if (there === undefined) return [];
  places.delete(token);
  return there;
}
