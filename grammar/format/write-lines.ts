/** Lines of a file as text: indentation, blank lines, comments, aligned signs. Knows nothing of what the lines say. */
import type { CommentNode } from "../ast.ts";
import { printDoc, widthOf } from "./doc.ts";
import { isBlankAbove, type Line } from "./lines.ts";

/** A longer key moves no sign. */
const ALIGNED_KEY_MAX = 48;

/** `rules 1` and declarations. `atEnd`: comments behind the last of them. */
export function writeFile(lines: readonly Line[], atEnd: readonly CommentNode[], text: string): string {
  const out = new Output(text);
  const widths = keyWidths(lines, false);
  lines.forEach((line, i) => {
    const previous = lines[i - 1];
    const isApart =
      previous !== undefined && (isBlock(previous) || isBlock(line) || previous.name !== line.name);
    out.line(line, 0, widths[i], isApart && mustStandApart(previous, line));
  });
  out.comments(atEnd, 0);
  return out.text();
}

function mustStandApart(previous: Line, line: Line): boolean {
  return isBlock(previous) || isBlock(line) || previous.name === "rules";
}

function isBlock(line: Line): boolean {
  return line.end !== undefined;
}

/** For each line how wide the keys of its run are: lines with a key, of one kind, without a blank line between. */
function keyWidths(lines: readonly Line[], mixed: boolean): readonly (number | undefined)[] {
  const widths: (number | undefined)[] = lines.map(() => undefined);
  for (let from = 0; from < lines.length;) {
    let to = from + 1;
    while (to < lines.length && continuesRun(lines[to - 1], lines[to], mixed)) to++;
    const widest = lines.slice(from, to).reduce((most, { key }) => {
      const width = widthOf(key ?? "");
      return width <= ALIGNED_KEY_MAX ? Math.max(most, width) : most;
    }, 0);
    widths.fill(widest, from, to);
    from = to;
  }
  return widths;
}

function continuesRun(before: Line | undefined, line: Line | undefined, mixed: boolean): boolean {
  if (before?.key === undefined || line?.key === undefined || line.blankAbove) return false;
  return mixed || before.name === line.name;
}

class Output {
  readonly #source: string;
  readonly #out: string[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  text(): string {
    return this.#out.length === 0 ? "" : `${this.#out.join("\n")}\n`;
  }

  line(line: Line, indent: number, keyWidth: number | undefined, apart: boolean): void {
    if (apart || line.blankAbove) this.#blank();
    this.#hoisted(line.inside, indent);
    this.#above(line, indent);
    this.#head(line, indent, keyWidth ?? 0);
    const widths = keyWidths(line.body, true);
    line.body.forEach((one, i) =>
      this.line(i === 0 ? { ...one, blankAbove: false } : one, indent + 2, widths[i], false),
    );
    if (line.end === undefined) return;
    this.#dangling(line, indent);
    this.#push(`${" ".repeat(indent)}end${trailing(line.end.trailing)}`);
  }

  comments(comments: readonly CommentNode[], indent: number): void {
    for (const comment of comments) {
      if (isBlankAbove(this.#source, comment.span.start)) this.#blank();
      this.#push(" ".repeat(indent) + comment.text);
    }
  }

  /** Documentation would document what it stands above: a blank line keeps it from that. */
  #hoisted(comments: readonly CommentNode[], indent: number): void {
    for (const comment of comments) this.#push(" ".repeat(indent) + comment.text);
    if (comments.some((comment) => comment.doc)) this.#blank();
  }

  /** The blank line above the first one is written already. */
  #above({ above, blankBelowComments }: Line, indent: number): void {
    const [first, ...others] = above;
    if (first === undefined) return;
    this.#push(" ".repeat(indent) + first.text);
    this.comments(others, indent);
    if (blankBelowComments) this.#blank();
  }

  #head({ key, doc, trailing: comment }: Line, indent: number, keyWidth: number): void {
    const padding = " ".repeat(Math.max(0, keyWidth - widthOf(key ?? "")));
    const text = printDoc(key === undefined ? doc : [key, padding, " ", doc], indent);
    this.#push(`${text}${trailing(comment)}`);
  }

  /** Behind the actions of a rule they stand below these, not below `then`. */
  #dangling({ body, end }: Line, indent: number): void {
    const last = body.at(-1);
    const isOpen =
      last !== undefined && last.end === undefined && last.body.length > 0 && last.name === "clause";
    const dangling = end?.dangling ?? [];
    const column = indent + (isOpen ? 4 : 2);
    const [first, ...others] = dangling;
    if (body.length > 0 || first === undefined) return this.comments(dangling, column);
    this.#push(" ".repeat(column) + first.text);
    this.comments(others, column);
  }

  #blank(): void {
    const last = this.#out.at(-1);
    if (last !== undefined && last !== "") this.#out.push("");
  }

  #push(row: string): void {
    this.#out.push(row);
  }
}

function trailing(comment: CommentNode | undefined): string {
  return comment === undefined ? "" : `  ${comment.text}`;
}
