/** URLs and mail addresses that stand without quotes, and words with an apostrophe: one thing each, told once. Knows no sentence. */
import type { TokenType } from "chevrotain";
import { diagnostic, type Diagnostic, type SourceText } from "../src/diagnostics/index.ts";
import { T } from "./tokens.ts";

const url = /https?:\/\/[^\s"'<>]*[^\s"'<>,;)\]]/iy;
const mailAddress = /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/y;

export interface Unquoted {
  readonly end: number;
  readonly report: Diagnostic;
}

/** The address that begins at a word; undefined when it is none. */
export function scanAddress(source: SourceText, at: number): Unquoted | undefined {
  const found = matchAt(url, source.text, at) ?? matchAt(mailAddress, source.text, at);
  if (found === undefined) return undefined;
  const span = source.span(at, at + found.length);
  const report = diagnostic("R1107", span, `\`${found}\` stands without quotes`, {
    help: `put it in quotes: \`"${found}"\``,
    fixes: [
      {
        title: "put it in quotes",
        safe: !found.includes("\\"),
        edits: [{ span, newText: `"${found}"` }],
      },
    ],
  });
  return { end: span.end, report };
}

/** Two tokens: a word up to `wordEnd`, and what follows from the rest. */
interface Contraction extends Unquoted {
  readonly type: TokenType;
  readonly wordEnd: number;
  readonly next: TokenType;
}

const contractions: ReadonlyMap<string, readonly [string, TokenType]> = new Map([
  ["isn", ["is not", T.Is]],
  ["wasn", ["is not", T.Is]],
  ["aren", ["is not", T.Is]],
  ["doesn", ["does not", T.Does]],
  ["don", ["does not", T.Does]],
]);

/** `isn't`, `doesn't`, with either apostrophe: the type of its first word, `not` follows. */
export function scanContraction(source: SourceText, at: number, end: number): Contraction | undefined {
  if (/^['’]s [\p{L}]/iu.test(source.text.slice(end, end + 4))) return scanGenitive(source, at, end);
  if (!/^['’]t\b/i.test(source.text.slice(end, end + 3))) return undefined;
  const meant = contractions.get(source.text.slice(at, end).toLowerCase());
  if (meant === undefined) return undefined;
  const [words, type] = meant;
  const span = source.span(at, end + 2);
  const written = source.text.slice(at, end + 2);
  const report = diagnostic("R1105", span, `\`${written}\` is written \`${words}\` here`, {
    help: `write \`${words}\``,
    fixes: [{ title: `write \`${words}\``, safe: true, edits: [{ span, newText: words }] }],
  });
  return { type, wordEnd: span.end, end: span.end, next: T.Not, report };
}

/** `alert's title`: a field stands behind a dot. */
function scanGenitive(source: SourceText, at: number, end: number): Contraction | undefined {
  const root = source.text.slice(at, end);
  if (!/^(?:alert|ticket|device|organization|contact)$/i.test(root)) return undefined;
  const span = source.span(end, end + 3);
  const report = diagnostic("R1105", span, "a field stands behind a dot", {
    help: `write \`${root}.\``,
    fixes: [{ title: "write `.`", safe: true, edits: [{ span, newText: "." }] }],
  });
  return { type: T.Word, wordEnd: end, end: end + 3, next: T.Dot, report };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
