/** Parts in brackets or joined by words that stand on one line or each on a line of its own, with their comments. */
import type { CommentNode } from "../ast.ts";
import type { TokenRange } from "./comment-places.ts";
import { group, hardLine, nest, softBreak, softLine, type Doc } from "./doc.ts";
import type { Writing } from "./sentence.ts";

export interface ListItem {
  readonly doc: Doc;
  /** With its joiner or comma. */
  readonly range: TokenRange;
}

export interface BracketForm {
  readonly open: string;
  readonly close: string;
  /** Written behind the last item when each stands on its own line. */
  readonly lastComma: boolean;
}

/** `[a, b]`, `(a, b)`: on one line, or one item a line. `opener` and `closer` are the brackets' tokens. */
export function bracketed(
  writing: Writing,
  items: readonly ListItem[],
  brackets: TokenRange,
  form: BracketForm,
): Doc {
  const behindOpener = writing.comments.takeTrailing(brackets.first);
  const written = items.map((item, i): Doc => {
    const isLast = i === items.length - 1;
    const { inside, above, trailing } = writing.comments.take(item.range);
    const separator: Doc = !isLast ? "," : form.lastComma ? { kind: "if-broken", text: "," } : "";
    return [
      commentLines(i === 0 ? [...behindOpener, ...above, ...inside] : [...above, ...inside]),
      item.doc,
      separator,
      trailer(trailing),
      isLast ? "" : softLine,
    ];
  });
  const dangling = writing.comments.takeLeading(brackets.last);
  const orphans = items.length === 0 ? [...behindOpener, ...dangling] : dangling;
  const tail: Doc = orphans.map((comment, i): Doc => [
    i > 0 || items.length > 0 ? hardLine : "",
    comment.text,
  ]);
  const end: Doc = orphans.length > 0 ? hardLine : softBreak;
  if (items.length === 0 && orphans.length === 0) return `${form.open}${form.close}`;
  return group([form.open, nest(2, [softBreak, written, tail]), end, form.close]);
}

/**
 * `a and b`: on one line, or each with its joiner at the beginning of a line. What stands above the first or behind the last is
 * left to the line around them.
 */
export function chained(writing: Writing, items: readonly ListItem[]): Doc {
  return group(items.map((item, i): Doc => chainLink(writing, item, i, i === items.length - 1)));
}

function chainLink({ comments }: Writing, { doc, range }: ListItem, i: number, isLast: boolean): Doc {
  if (i === 0) return [doc, isLast ? "" : trailer(comments.takeLastTrailing(range))];
  if (isLast) return [softLine, commentLines(comments.takeAllLeading(range)), doc];
  const { inside, above, trailing } = comments.take(range);
  return [softLine, commentLines([...above, ...inside]), doc, trailer(trailing)];
}

function commentLines(comments: readonly CommentNode[]): Doc {
  return comments.map((comment): Doc => [comment.text, hardLine]);
}

function trailer(comment: CommentNode | undefined): Doc {
  return comment === undefined ? "" : { kind: "trailer", text: comment.text };
}
