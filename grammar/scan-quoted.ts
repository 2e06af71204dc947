/** Cuts texts of every form, and says what is wrong with their quotes. Knows nothing of what a text is used for. */
import type { TokenType } from "chevrotain";
import { diagnostic, type Diagnostic, type SourceText } from "../src/diagnostics/index.ts";
import { blockTextEnd, isLineBreak, lineEnd, plainTextEnd, resumeAfterBlock } from "./scan-text.ts";
import { T } from "./tokens.ts";

export interface QuotedScan {
  readonly type: TokenType;
  readonly end: number;
  readonly report: Diagnostic | undefined;
}

const openingCurly = "“„”«»‘‚’‹›`´";
const closingCurly = '“”„«»‘’‚‹›`´"';

/**
 * The text that opens at an offset; undefined when none does. With `limit` an otherwise closed block is judged as if
 * the file could go on inside it (see the lexer's rewind).
 */
export function scanQuoted(source: SourceText, open: number, limit?: number): QuotedScan | undefined {
  const { text } = source;
  const first = text.charAt(open);
  if (first === '"') {
    return text.startsWith('"""', open) ? scanBlock(source, open, limit) : scanPlain(source, open);
  }
  if (first === "'") return scanRaw(source, open);
  return openingCurly.includes(first) && first !== "" ? scanCurly(source, open) : undefined;
}

function scanPlain(source: SourceText, open: number): QuotedScan {
  const end = plainTextEnd(source.text, open);
  if (end >= 0) return { type: T.PlainText, end, report: undefined };
  return scanCurly(source, open) ?? unclosed(source, open, '"');
}

function scanBlock(source: SourceText, open: number, limit: number | undefined): QuotedScan {
  const end = blockTextEnd(source.text, open);
  if (end >= 0 && limit === undefined) return { type: T.BlockText, end, report: undefined };
  const resume = resumeAfterBlock(source.text, open, limit ?? source.text.length);
  if (end >= 0 && resume >= (limit ?? 0)) return { type: T.BlockText, end, report: undefined };
  const report = diagnostic("R1002", source.span(open, open + 3), 'text block without its closing `"""`', {
    note: "opened here",
    labels:
      resume < source.text.length
        ? [{ span: source.span(resume, lineEnd(source.text, resume)), text: "reading goes on here" }]
        : [],
    help: 'close the text with `"""` on a line of its own',
  });
  return { type: T.UnclosedBlock, end: resume, report };
}

function scanRaw(source: SourceText, open: number): QuotedScan {
  const { text } = source;
  for (let at = open + 1; at < text.length && !isLineBreak(text.charCodeAt(at)); at++) {
    if (text.charAt(at) === "'") return { type: T.RawText, end: at + 1, report: undefined };
  }
  return unclosed(source, open, "'");
}

/** A text with a typographic quote on either side: taken as meant, with a fix for both. */
function scanCurly(source: SourceText, open: number): QuotedScan | undefined {
  const { text } = source;
  const straight = text.charAt(open) === '"';
  const from = straight ? lastCurly(text, open, lineEnd(text, open)) : open + 1;
  for (let at = from; at > open && at < text.length && !isLineBreak(text.charCodeAt(at)); at++) {
    if (!closingCurly.includes(text.charAt(at))) continue;
    const content = text.slice(open + 1, at);
    const report = diagnostic("R1005", source.span(open, at + 1), "typographic quotes around a text", {
      help: `write it with straight quotes: \`"${content}"\``,
      fixes: [
        {
          title: "use straight quotes",
          safe: !/["\\{]/.test(content),
          edits: [
            { span: source.span(open, open + 1), newText: '"' },
            { span: source.span(at, at + 1), newText: '"' },
          ],
        },
      ],
    });
    return { type: T.CurlyText, end: at + 1, report };
  }
  return straight || "“„«‘‚".includes(text.charAt(open)) ? unclosed(source, open, '"') : undefined;
}

/** After a straight quote an apostrophe inside the text must not close it: the last double one does. */
function lastCurly(text: string, open: number, breakAt: number): number {
  const line = text.slice(open, breakAt);
  const last = Math.max(line.lastIndexOf("”"), line.lastIndexOf("“"), line.lastIndexOf("„"));
  return last < 0 ? -1 : open + last;
}

function unclosed(source: SourceText, open: number, quote: string): QuotedScan {
  const breakAt = lineEnd(source.text, open);
  const end = open + Math.max(1, source.text.slice(open, breakAt).trimEnd().length);
  const span = source.span(open, end);
  if (/^[\])},.;\s]*$/.test(source.text.slice(open + 1, end))) {
    return {
      type: T.UnclosedText,
      end,
      report: diagnostic("R1001", span, "a quote that closes nothing", {
        help: `a text stands between two quotes, \`${quote}like this${quote}\`: look for a missing one on this line`,
      }),
    };
  }
  const report = diagnostic("R1001", span, "text without its closing quote", {
    note: "the line ends before the text does",
    help: `close it with \`${quote}\` on the same line; longer texts stand between \`"""\``,
    fixes: [
      {
        title: "close the text at the end of its line",
        safe: false,
        edits: [{ span: source.span(end, end), newText: quote }],
      },
    ],
  });
  return { type: T.UnclosedText, end, report };
}
