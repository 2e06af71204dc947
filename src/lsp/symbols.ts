/** The outline of a file, names of the whole set, and what can be folded. Pure. */
import {
  FoldingRangeKind,
  SymbolKind,
  type DocumentSymbol,
  type FoldingRange,
  type WorkspaceSymbol,
} from "vscode-languageserver";
import { spanText, type Span } from "../diagnostics/index.ts";
import { foldText, WORKSPACE_SYMBOLS_MAX } from "../domain/index.ts";
import type { Declaration, RuleNode, TestDeclaration } from "../../grammar/ast.ts";
import type { Look } from "./look.ts";
import { declaredName } from "./occurrences.ts";
import { toPosition, toRange, type Encoding } from "./positions.ts";
import type { SetState } from "./rule-set.ts";

const kinds: Record<Declaration["kind"], SymbolKind> = {
  rule: SymbolKind.Function,
  list: SymbolKind.Array,
  lookup: SymbolKind.Object,
  values: SymbolKind.Enum,
  define: SymbolKind.Boolean,
  calendar: SymbolKind.Event,
  category: SymbolKind.Class,
  recipient: SymbolKind.Interface,
  template: SymbolKind.String,
  callout: SymbolKind.Method,
  partner: SymbolKind.Module,
  udf: SymbolKind.Property,
  mailbox: SymbolKind.Package,
  maintenance: SymbolKind.Event,
  test: SymbolKind.Method,
};

export function documentSymbols({ file, encoding }: Look): readonly DocumentSymbol[] {
  return file.tree.declarations.map((declaration) => {
    const { name, span } = titleOf(declaration);
    return {
      name,
      detail: declaration.kind,
      kind: kinds[declaration.kind],
      range: toRange(declaration.span, encoding),
      selectionRange: toRange(within(span, declaration.span), encoding),
      children: childrenOf(declaration, encoding),
    };
  });
}

function childrenOf(declaration: Declaration, encoding: Encoding): DocumentSymbol[] {
  if (declaration.kind === "rule") return partsOfRule(declaration, encoding);
  return declaration.kind === "test" ? partsOfTest(declaration, encoding) : [];
}

function partsOfRule(rule: RuleNode, encoding: Encoding): DocumentSymbol[] {
  const part = (detail: string, kind: SymbolKind, span: Span): DocumentSymbol =>
    symbol(detail, kind, span, encoding);
  return [
    ...rule.events.map(({ span }) => part("when", SymbolKind.Event, span)),
    ...(rule.condition === undefined ? [] : [part("if", SymbolKind.Boolean, rule.condition.span)]),
    ...rule.exceptions.map(({ span }) => part("except when", SymbolKind.Boolean, span)),
    ...rule.actions.map(({ span }) => part("then", SymbolKind.Operator, span)),
  ];
}

function partsOfTest(test: TestDeclaration, encoding: Encoding): DocumentSymbol[] {
  return test.steps.map(({ kind, span }) =>
    symbol(kind, kind === "expect" ? SymbolKind.Boolean : SymbolKind.Event, span, encoding),
  );
}

const SHOWN_CHARACTERS_MAX = 80;

function symbol(detail: string, kind: SymbolKind, span: Span, encoding: Encoding): DocumentSymbol {
  const text = spanText(span).replaceAll(/\s+/g, " ").trim();
  const name = text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)} ...` : text;
  const range = toRange(span, encoding);
  return { name: name === "" ? detail : name, detail, kind, range, selectionRange: range };
}

function titleOf(declaration: Declaration): { readonly name: string; readonly span: Span } {
  const named = declaredName(declaration);
  if (named !== undefined && named.name.text.trim() !== "")
    return { name: named.name.text, span: named.name.span };
  if (declaration.kind === "values" && declaration.path !== undefined)
    return { name: spanText(declaration.path.span), span: declaration.path.span };
  return { name: declaration.kind, span: { ...declaration.span, end: declaration.span.start } };
}

/** The protocol wants the name inside the whole. */
function within(span: Span, whole: Span): Span {
  return span.start >= whole.start && span.end <= whole.end ? span : { ...whole, end: whole.start };
}

/** Names that hold the asked letters in order, as editors search. */
export function workspaceSymbols(
  states: readonly SetState[],
  query: string,
  encoding: Encoding,
): readonly WorkspaceSymbol[] {
  const wanted = foldText(query);
  const found: WorkspaceSymbol[] = [];
  for (const { files } of states)
    for (const { uri, path, tree } of files)
      for (const declaration of tree.declarations) {
        const { name, span } = titleOf(declaration);
        if (found.length >= WORKSPACE_SYMBOLS_MAX) return found;
        if (!holdsInOrder(foldText(name), wanted)) continue;
        found.push({
          name,
          kind: kinds[declaration.kind],
          containerName: `${declaration.kind}, ${path}`,
          location: { uri, range: toRange(span, encoding) },
        });
      }
  return found;
}

function holdsInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at);
    if (at < 0) return false;
    at += letter.length;
  }
  return true;
}

/** Declarations, text blocks, and comments that stand together. */
export function foldingRanges({ file, encoding }: Look): readonly FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind): void => {
    if (endLine > startLine) ranges.push({ startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  for (const { span } of file.tree.declarations) {
    const { start, end } = toRange(span, encoding);
    add(start.line, end.line);
  }
  let first: number | undefined;
  let last = -2;
  const close = (): void => {
    if (first !== undefined) add(first, last, FoldingRangeKind.Comment);
    first = undefined;
  };
  for (const { span, ownLine } of file.tree.comments) {
    if (!ownLine) continue;
    const { line } = toPosition(file.source, span.start, encoding);
    if (line !== last + 1) close();
    first ??= line;
    last = line;
  }
  close();
  return ranges;
}
