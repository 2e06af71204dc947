/** Colours that need the tree: names by what they name, fields, words of the language only where they are such. Pure. */
import { SemanticTokensBuilder, type SemanticTokens, type SemanticTokensLegend } from "vscode-languageserver";
import { inWhole } from "../diagnostics/index.ts";
import { plainTokens, type PlainToken } from "../../grammar/index.ts";
import type { Look } from "./look.ts";
import { occurrencesIn, type NameKind, type Occurrence } from "./occurrences.ts";
import { toPosition, type Encoding } from "./positions.ts";

const types = [
  "keyword",
  "string",
  "number",
  "comment",
  "operator",
  "property",
  "variable",
  "parameter",
  "function",
  "class",
  "enumMember",
  "namespace",
  "event",
] as const;
type TokenTypeName = (typeof types)[number];

export const legend: SemanticTokensLegend = {
  tokenTypes: [...types],
  tokenModifiers: ["declaration", "documentation"],
};

const typeOfName: Record<NameKind, TokenTypeName> = {
  bare: "variable",
  binding: "parameter",
  calendar: "namespace",
  callout: "function",
  category: "class",
  field: "property",
  mailbox: "namespace",
  maintenance: "event",
  partner: "namespace",
  recipient: "class",
  rule: "function",
  secret: "enumMember",
  template: "class",
  test: "function",
  "udf ticket": "property",
  "udf organization": "property",
  "udf device": "property",
};

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly type: TokenTypeName;
  readonly modifiers: number;
}

/** `range`: only what lies there, by offsets. */
export function semanticTokens(
  { file, encoding }: Look,
  range?: { readonly start: number; readonly end: number },
): SemanticTokens {
  const { source, tree } = file;
  const names = new Map(
    tree.declarations.flatMap(occurrencesIn).map((one) => [inWhole(one.span).start, one] as const),
  );
  const fields = tree.declarations
    .flatMap(occurrencesIn)
    .filter(({ kind }) => kind === "field")
    .map(({ span }) => inWhole(span))
    .toSorted((a, b) => a.start - b.start);
  const { tokens, comments } = plainTokens(source);
  const inField = covering(fields);
  const pieces = [
    ...tokens.flatMap((token): Piece[] => pieceOf(token, names.get(token.start), inField(token.start))),
    ...comments.map(({ span, doc }): Piece => ({ ...span, type: "comment", modifiers: doc ? 2 : 0 })),
  ].toSorted((a, b) => a.start - b.start);
  const builder = new SemanticTokensBuilder();
  for (const piece of pieces) {
    if (range !== undefined && (piece.end <= range.start || piece.start >= range.end)) continue;
    push(builder, source, piece, encoding);
  }
  return builder.build();
}

/** Asked in the order of the file. */
function covering(
  spans: readonly { readonly start: number; readonly end: number }[],
): (at: number) => boolean {
  let next = 0;
  return (at) => {
    while ((spans[next]?.end ?? Infinity) <= at) next++;
    return (spans[next]?.start ?? Infinity) <= at;
  };
}

function pieceOf(token: PlainToken, name: Occurrence | undefined, isField: boolean): Piece[] {
  const { start, end, kind } = token;
  const piece = (type: TokenTypeName, modifiers = 0): Piece[] => [{ start, end, type, modifiers }];
  if (name !== undefined && name.kind !== "field") return piece(typeOfName[name.kind], name.declares ? 1 : 0);
  if (isField) return token.type === "Dot" ? [] : piece("property");
  switch (kind) {
    case "reserved":
      return piece("keyword");
    case "word":
      return token.type === "Word" ? [] : piece("keyword");
    case "text":
      return piece("string");
    case "number":
      return piece("number");
    case "sign":
      return isOperator(token.image) ? piece("operator") : [];
  }
}

function isOperator(image: string): boolean {
  return /^[=<>!&|→-]+$/.test(image);
}

/** Line by line: many clients know no token over several lines. */
function push(
  builder: SemanticTokensBuilder,
  source: Look["file"]["source"],
  { start, end, type, modifiers }: Piece,
  encoding: Encoding,
): void {
  for (let at = start; at < end;) {
    const { line, character } = toPosition(source, at, encoding);
    const next = source.lineStarts[line + 1] ?? Infinity;
    const lineText = source.text.slice(at, Math.min(end, next)).replace(/[\r\n]+$/, "");
    const stop = toPosition(source, at + lineText.length, encoding);
    if (stop.character > character)
      builder.push(line, character, stop.character - character, types.indexOf(type), modifiers);
    at = next;
  }
}
