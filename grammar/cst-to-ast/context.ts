/** What every tree builder needs: the source, where to report, and how to take parts that recovery may have left out. */
import type { CstElement, CstNode, IToken } from "chevrotain";
import { type Fix, joinSpans, type SourceText, type Span } from "../../src/diagnostics/index.ts";
import type { DiagnosticSink } from "../diagnostic-sink.ts";

export interface TreeContext {
  readonly source: SourceText;
  readonly sink: DiagnosticSink;
  /** A `*.test.rules` file. */
  readonly isTest: boolean;
  /** Parts of this declaration could not be read, so nothing is said to be missing. */
  readonly isBroken: boolean;
}

/** The first part that the author typed; recovery and repairs put tokens without text in. */
export function first<Part extends CstElement>(parts: readonly Part[] | undefined): Part | undefined {
  const part = parts?.[0];
  return part !== undefined && isTyped(part) ? part : undefined;
}

export function second<Part extends CstElement>(parts: readonly Part[] | undefined): Part | undefined {
  return first(parts?.slice(1));
}

export function typed<Part extends CstElement>(parts: readonly Part[] | undefined): readonly Part[] {
  if (parts === undefined) return [];
  return parts.every(isTyped) ? parts : parts.filter(isTyped);
}

function isTyped(part: CstElement): boolean {
  return "image" in part ? !isVirtual(part) : part.location !== undefined && part.location.startOffset >= 0;
}

/** Put in by recovery or a repair: it has no text. */
export function isVirtual(token: IToken): boolean {
  return token.isInsertedInRecovery === true || !(token.startOffset >= 0) || token.endOffset === undefined;
}

export function startOf(part: CstElement): number {
  return "image" in part ? part.startOffset : (part.location?.startOffset ?? 0);
}

export function endOf(part: CstElement): number {
  const end = "image" in part ? part.endOffset : part.location?.endOffset;
  return (end ?? 0) + 1;
}

export function spanOf(context: TreeContext, part: CstElement): Span {
  const start = Math.max(0, startOf(part));
  return context.source.span(start, Math.max(start, endOf(part)));
}

export function spanOver(context: TreeContext, from: CstElement, to: CstElement): Span {
  return joinSpans(spanOf(context, from), spanOf(context, to));
}

/** Parts of several kinds in the order typed. */
export function inOrder<Part extends CstElement>(
  ...groups: readonly (readonly Part[] | undefined)[]
): readonly Part[] {
  // Of one kind they lie in order already: the parser took them so.
  let only: readonly Part[] | undefined;
  for (const group of groups) {
    if (group === undefined) continue;
    if (only !== undefined) return groups.flatMap(typed).toSorted((a, b) => startOf(a) - startOf(b));
    only = group;
  }
  return typed(only);
}

/** The name of the first child that is there, of those asked for. */
export function whichOf<Name extends string>(
  node: CstNode | undefined,
  names: readonly Name[],
): Name | undefined {
  return names.find((name) => (node?.children[name]?.length ?? 0) > 0);
}

export function replaceFix(title: string, span: Span, newText: string, safe: boolean): Fix {
  return { title, safe, edits: [{ span, newText }] };
}

/** Reports each part behind the first of a line that may stand once; `what` is the line in the admin's words. */
export function reportRepeated(
  context: TreeContext,
  parts: readonly CstElement[] | undefined,
  what: string,
  help?: string,
): void {
  const [original, ...others] = parts?.filter(isTyped) ?? [];
  if (original === undefined) return;
  for (const part of others) {
    context.sink.report("R1110", spanOf(context, part), `${what} is written twice`, {
      labels: [{ span: spanOf(context, original), text: "the first one" }],
      help: help ?? "keep one of them",
    });
  }
}
