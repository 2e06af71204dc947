/**
 * Conditions: the chain of `and` and `or`, brackets, counts. Says what a value without a comparison was meant to be.
 *
 *   a is "x"  or  "y"          the chain as parsed
 *   `unary`   Or  `unary`      "y" is no condition: it belongs to the comparison before it (R1111)
 */
import type { IToken } from "chevrotain";
import type { Comparison, Condition, CountTest, Expression, GroupCondition, PathNode } from "../ast.ts";
import { joinSpans, spanText, type Fix, type Span } from "../../src/diagnostics/index.ts";
import type * as Cst from "../gen/cst.d.ts";
import { buildCalendar, buildTail } from "./comparisons.ts";
import { first, inOrder, replaceFix, spanOf, typed, type TreeContext } from "./context.ts";
import { buildDuration } from "./times.ts";
import { buildAtom, buildNumber, buildPath } from "./values.ts";

/** One link of a chain: a condition, or a value that stands alone. `span` covers its brackets and `not`s. */
type Link =
  | { readonly kind: "condition"; readonly condition: Condition; readonly span: Span }
  | { readonly kind: "value"; readonly value: Expression; readonly span: Span };

export function buildCondition(
  context: TreeContext,
  node: Cst.ConditionCstNode | undefined,
): Condition | undefined {
  if (node === undefined) return undefined;
  const links: Link[] = [];
  const joiners: ("and" | "or")[] = [];
  const signs = inOrder<IToken>(node.children.And, node.children.Or);
  typed(node.children.unary).forEach((unary, i) => {
    const link = buildLink(context, unary);
    if (link === undefined) return;
    const sign = signs[i - 1];
    if (links.length > 0 && sign !== undefined) joiners.push(sign.tokenType.name === "And" ? "and" : "or");
    links.push(link);
  });
  return joinLinks(context, links, joiners);
}

function joinLinks(
  context: TreeContext,
  links: readonly Link[],
  joiners: readonly ("and" | "or")[],
): Condition | undefined {
  const conditions: Condition[] = [];
  const spans: Span[] = [];
  const kept: ("and" | "or")[] = [];
  for (let i = 0; i < links.length; i++) {
    const link = links[i];
    if (link === undefined) continue;
    if (link.kind === "condition") {
      if (conditions.length > 0) kept.push(joiners[i - 1] ?? "and");
      conditions.push(link.condition);
      spans.push(link.span);
      continue;
    }
    const previous = conditions.at(-1);
    if (previous?.kind === "comparison" && links[i - 1]?.kind === "condition") {
      const run = valuesFrom(links, joiners, i);
      conditions[conditions.length - 1] = joinValues(context, previous, run.values, joiners[i - 1] ?? "or");
      i += run.values.length - 1;
    } else reportLoneValue(context, link.value, links[i + 1], joiners[i]);
  }
  const [only] = conditions;
  if (conditions.length <= 1 || only === undefined) return only;
  const span = joinSpans(spans[0] ?? only.span, spans.at(-1) ?? only.span);
  if (new Set(kept).size > 1) {
    reportMixed(context, spans, kept, span);
    return { kind: "mixed", of: conditions, joiners: kept, span };
  }
  return {
    kind: "group",
    quantifier: kept[0] === "or" ? "any" : "all",
    written: "infix",
    of: conditions,
    span,
  };
}

/** The values that follow each other from a place on, joined by the same word. */
function valuesFrom(
  links: readonly Link[],
  joiners: readonly ("and" | "or")[],
  from: number,
): { readonly values: readonly Expression[] } {
  const values: Expression[] = [];
  for (let i = from; i < links.length && joiners[i - 1] === joiners[from - 1]; i++) {
    const link = links[i];
    if (link?.kind !== "value") break;
    values.push(link.value);
  }
  return { values };
}

/** `is "A" or "B"`: kept as `any of`, so that the rest of the rule is checked. */
function joinValues(
  context: TreeContext,
  comparison: Comparison,
  values: readonly Expression[],
  joiner: "and" | "or",
): Comparison {
  const all = [...comparison.right, ...values];
  const firstValue = comparison.right[0] ?? all[0];
  const lastValue = all.at(-1);
  if (firstValue === undefined || lastValue === undefined) return comparison;
  const span = joinSpans(firstValue.span, lastValue.span);
  const quantifier = joiner === "and" && !comparison.negated ? "all" : "any";
  const written = `${quantifier} of (${all.map((value) => spanText(value.span)).join(", ")})`;
  const stray = values[0];
  context.sink.report("R1111", span, `\`${joiner}\` joins conditions; several values stand in brackets`, {
    ...(stray === undefined ? {} : { labels: [{ span: stray.span, text: "says nothing on its own" }] }),
    help: `write \`${written}\``,
    fixes: [replaceFix(`write \`${written}\``, span, written, false)],
  });
  return { ...comparison, quantifier, right: all, span: joinSpans(comparison.span, lastValue.span) };
}

function reportLoneValue(
  context: TreeContext,
  value: Expression,
  next: Link | undefined,
  joiner: "and" | "or" | undefined,
): void {
  const text = spanText(value.span);
  if (value.kind !== "path") {
    context.sink.report("R1103", value.span, `\`${text}\` alone is not a condition`, {
      help: 'a condition compares a field with a value, such as `alert.source is "Datto RMM"`',
    });
    return;
  }
  const fixes: Fix[] = [
    replaceFix(`write \`${text} is not empty\``, value.span, `${text} is not empty`, false),
  ];
  const condition = next?.kind === "condition" ? next.condition : undefined;
  let help = `compare it with a value, or write \`${text} is not empty\``;
  if (condition?.kind === "comparison" && joiner === "or") {
    const both = joinSpans(value.span, condition.left.span);
    help = `for the first that is there write \`(${spanText(both)}) ...\`; otherwise compare \`${text}\` by itself`;
    fixes.unshift(replaceFix("take the first that is there", both, `(${spanText(both)})`, false));
  }
  context.sink.report("R1103", value.span, `\`${text}\` alone is not a condition`, { help, fixes });
}

/** Two readings, neither safe: around the parts joined by `and`, or around those joined by `or`. */
function reportMixed(
  context: TreeContext,
  spans: readonly Span[],
  joiners: readonly ("and" | "or")[],
  span: Span,
): void {
  const readings = (["and", "or"] as const).map((word) => bracketRuns(spans, joiners, word));
  const fixes = readings.map((edits, i) => ({
    title: `put brackets around what \`${i === 0 ? "and" : "or"}\` joins`,
    safe: false,
    edits,
  }));
  context.sink.report("R1106", span, "`and` and `or` stand side by side without brackets", {
    help: "say with brackets what belongs together: `(A and B) or C`, or `A and (B or C)`",
    fixes,
  });
}

function bracketRuns(
  spans: readonly Span[],
  joiners: readonly ("and" | "or")[],
  word: "and" | "or",
): Fix["edits"] {
  const edits: { readonly span: Span; readonly newText: string }[] = [];
  let from = 0;
  for (let i = 0; i < spans.length; i++) {
    if (joiners[i] === word) continue;
    const begin = spans[from];
    const end = spans[i];
    if (i > from && begin !== undefined && end !== undefined) {
      edits.push({ span: { ...begin, end: begin.start }, newText: "(" });
      edits.push({ span: { ...end, start: end.end }, newText: ")" });
    }
    from = i + 1;
  }
  return edits;
}

/* ---------- one link ---------- */

function buildLink(context: TreeContext, node: Cst.UnaryCstNode): Link | undefined {
  const { children } = node;
  const operand = first(children.operand);
  if (operand === undefined) return undefined;
  const span = spanOf(context, node);
  const tail = first(children.tail);
  const nots = typed(children.Not);
  if (tail === undefined && nots.length === 0) {
    const link = buildOperand(context, operand);
    return link === undefined ? undefined : { ...link, span };
  }
  const condition = tail === undefined ? bareCondition(context, operand) : compared(context, operand, tail);
  if (condition === undefined) return undefined;
  return { kind: "condition", condition: negate(context, condition, nots, span), span };
}

/** `not` binds closest; each one typed is a node. It ends where `whole` ends: brackets around what it negates are in it. */
function negate(context: TreeContext, condition: Condition, nots: readonly IToken[], whole: Span): Condition {
  return nots.reduceRight<Condition>((of, not) => {
    const span = joinSpans(spanOf(context, not), whole);
    return { kind: "not", of, span };
  }, condition);
}

function bareCondition(context: TreeContext, operand: Cst.OperandCstNode): Condition | undefined {
  const link = buildOperand(context, operand);
  if (link?.kind === "value") {
    reportLoneValue(context, link.value, undefined, undefined);
    return undefined;
  }
  return link?.condition;
}

function compared(
  context: TreeContext,
  operand: Cst.OperandCstNode,
  tail: Cst.TailCstNode,
): Condition | undefined {
  const left = buildLeft(context, operand);
  return left === undefined ? undefined : buildTail(context, left, tail);
}

/** The left side of a comparison: a value, or values in brackets joined by `or`. */
function buildLeft(context: TreeContext, operand: Cst.OperandCstNode): Expression | undefined {
  const atom = first(operand.children.atom);
  if (atom !== undefined) return buildAtom(context, atom);
  const group = first(operand.children.group);
  const span = spanOf(context, operand);
  const values = group === undefined ? undefined : groupValues(context, group);
  if (values === undefined) {
    context.sink.report("R1101", span, "the left side of a comparison is one value", {
      help: 'compare each one by itself; several values stand on the right: `alert.title contains any of ("a", "b")`',
    });
    return undefined;
  }
  const [only] = values;
  return values.length === 1 ? only : { kind: "fallback", of: values, span };
}

/** The values of `(a or b)`; undefined when anything else stands between the brackets. */
function groupValues(context: TreeContext, group: Cst.GroupCstNode): readonly Expression[] | undefined {
  const [condition, ...others] = typed(group.children.condition);
  if (condition === undefined || others.length > 0 || typed(condition.children.And).length > 0)
    return undefined;
  const values: Expression[] = [];
  for (const unary of typed(condition.children.unary)) {
    const { operand, tail, Not } = unary.children;
    const inner = first(operand);
    if (inner === undefined || first(tail) !== undefined || first(Not) !== undefined) return undefined;
    const nested = first(inner.children.group);
    const value =
      nested === undefined ? [buildAtom(context, first(inner.children.atom))] : groupValues(context, nested);
    if (value === undefined) return undefined;
    for (const one of value) {
      if (one === undefined) return undefined;
      values.push(one);
    }
  }
  return values;
}

type BareLink =
  | { readonly kind: "condition"; readonly condition: Condition }
  | { readonly kind: "value"; readonly value: Expression };

function buildOperand(context: TreeContext, node: Cst.OperandCstNode): BareLink | undefined {
  const { children } = node;
  const atom = first(children.atom);
  if (atom !== undefined) {
    const value = buildAtom(context, atom);
    if (value === undefined) return undefined;
    const name = value.kind === "path" && value.segments.length === 1 ? value.segments[0] : undefined;
    if (name === undefined) return { kind: "value", value };
    return { kind: "condition", condition: { kind: "name", name, span: value.span } };
  }
  const condition = buildCompound(context, node);
  return condition === undefined ? undefined : { kind: "condition", condition };
}

function buildCompound(context: TreeContext, node: Cst.OperandCstNode): Condition | undefined {
  const { children } = node;
  const group = first(children.group);
  if (group !== undefined) return buildGroup(context, group);
  const quantified = first(children.quantified);
  if (quantified !== undefined) return buildQuantified(context, quantified);
  const calendar = first(children.calendarTest);
  if (calendar !== undefined) return buildCalendar(context, undefined, calendar, false);
  const count = first(children.count);
  return count === undefined ? undefined : buildCount(context, count);
}

function buildGroup(context: TreeContext, node: Cst.GroupCstNode): Condition | undefined {
  const parts = typed(node.children.condition);
  if (parts.length > 1) {
    context.sink.report(
      "R1111",
      spanOf(context, node),
      "several conditions need `any of` or `all of` before them",
      {
        help: "write `any of (...)` where one is enough, `all of (...)` where all must hold",
      },
    );
  }
  return buildCondition(context, parts[0]);
}

function buildQuantified(context: TreeContext, node: Cst.QuantifiedCstNode): GroupCondition {
  const { children } = node;
  const quantifier = first(children.All) ? "all" : first(children.None) ? "none" : "any";
  const parts = typed(first(children.group)?.children.condition);
  const of = parts.flatMap((part) => buildCondition(context, part) ?? []);
  return { kind: "group", quantifier, written: "of", of, span: spanOf(context, node) };
}

function buildCount(context: TreeContext, node: Cst.CountCstNode): CountTest {
  const { children } = node;
  const number = first(children.NumberLiteral);
  return {
    kind: "count",
    comparator: first(children.More) === undefined ? "at least" : "more than",
    count: number === undefined ? undefined : buildNumber(context, number),
    within: buildDuration(context, first(children.duration)),
    per: buildPer(context, first(children.per)),
    span: spanOf(context, node),
  };
}

export function buildPer(context: TreeContext, node: Cst.PerCstNode | undefined): readonly PathNode[] {
  return typed(node?.children.path).flatMap((path) => buildPath(context, path) ?? []);
}
