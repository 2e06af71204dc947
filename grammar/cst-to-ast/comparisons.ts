/** The right half of a condition: operators and their values, every accepted spelling brought to one form (language.md 3.2). */
import type { IToken } from "chevrotain";
import type { Comparison, ComparisonOperator, Condition, Expression, PathNode } from "../ast.ts";
import { joinSpans, spanText, type Span } from "../../src/diagnostics/index.ts";
import type * as Cst from "../gen/cst.d.ts";
import { first, inOrder, replaceFix, second, spanOf, typed, type TreeContext } from "./context.ts";
import { buildAtom, buildName, buildSeparated } from "./values.ts";

/** What the builder of one tail needs to know of its surroundings. */
interface Subject {
  readonly left: Expression;
  /** Of the whole condition without a `not` before it. */
  readonly span: Span;
}

export function buildTail(
  context: TreeContext,
  left: Expression,
  node: Cst.TailCstNode,
): Condition | undefined {
  const subject: Subject = { left, span: joinSpans(left.span, spanOf(context, node)) };
  const { children } = node;
  const isTail = first(children.isTail);
  if (isTail !== undefined) return buildIs(context, subject, isTail);
  const changed = first(children.changed);
  if (changed !== undefined) return buildChanged(context, subject, changed, false);
  const foreign = first(children.foreignTail);
  if (foreign !== undefined) return buildForeign(context, subject, foreign);
  const not = first(children.Not);
  const infinitive = first(children.infinitive);
  if (infinitive !== undefined) return buildInfinitive(context, subject, infinitive, not);
  const operation = first(children.operation);
  return operation === undefined ? undefined : buildOperation(context, subject, operation, not !== undefined);
}

function buildIs(context: TreeContext, subject: Subject, node: Cst.IsTailCstNode): Condition | undefined {
  const { children } = node;
  const negated = first(children.Not) !== undefined;
  if (first(children.Empty) !== undefined) {
    return { kind: "empty", left: subject.left, negated, span: subject.span };
  }
  const operation = first(children.operation);
  if (operation !== undefined) return buildOperation(context, subject, operation, negated);
  const right = first(children.right);
  if (right === undefined) return undefined;
  const operatorSpan = spanOf(context, first(children.Not) ?? first(children.Is) ?? node);
  return compare(context, subject, "is", operatorSpan, negated, buildRight(context, right));
}

function buildOperation(
  context: TreeContext,
  subject: Subject,
  node: Cst.OperationCstNode,
  negated: boolean,
): Condition | undefined {
  const { children } = node;
  const { left, span } = subject;
  const between = first(children.between);
  if (between !== undefined) {
    const low = buildAtom(context, first(between.children.atom));
    const high = buildAtom(context, second(between.children.atom));
    return { kind: "between", left, low, high, negated, span };
  }
  const calendar = first(children.calendarTest);
  if (calendar !== undefined) return buildCalendar(context, subject, calendar, negated);
  const operator = first(children.operator);
  const right = first(children.right);
  if (operator === undefined || right === undefined) return undefined;
  return compare(
    context,
    subject,
    operatorOf(operator),
    spanOf(context, operator),
    negated,
    buildRight(context, right),
  );
}

/** Without a left side when it stands alone. */
export function buildCalendar(
  context: TreeContext,
  subject: Subject | undefined,
  node: Cst.CalendarTestCstNode,
  negated: boolean,
): Condition {
  const inside = first(node.children.During) !== undefined;
  const left = subject?.left;
  if (left !== undefined && left.kind !== "path") {
    context.sink.report("R1101", left.span, "only a field that is a time can lie in a calendar's hours");
  }
  return {
    kind: "calendar",
    left: left?.kind === "path" ? left : undefined,
    inside: inside !== negated,
    calendar: buildName(context, first(node.children.Quoted)),
    span: subject?.span ?? spanOf(context, node),
  };
}

function buildChanged(
  context: TreeContext,
  { left, span }: Subject,
  node: Cst.ChangedCstNode,
  negated: boolean,
): Condition | undefined {
  if (left.kind !== "path") {
    context.sink.report("R1101", left.span, "only a field of the ticket can have changed");
    return undefined;
  }
  const isBefore = (right: Cst.RightCstNode): boolean => {
    const to = first(node.children.To);
    return to === undefined || (right.location?.startOffset ?? 0) < to.startOffset;
  };
  const rights = typed(node.children.right);
  const from = first(node.children.From) === undefined ? undefined : rights.find(isBefore);
  const to = rights.find((right) => right !== from);
  const valuesOf = (right: Cst.RightCstNode | undefined): readonly Expression[] =>
    right === undefined ? [] : buildRight(context, right).values;
  return {
    kind: "changed",
    left: left satisfies PathNode,
    from: valuesOf(from),
    to: valuesOf(to),
    negated,
    span,
  };
}

function buildInfinitive(
  context: TreeContext,
  subject: Subject,
  node: Cst.InfinitiveCstNode,
  not: IToken | undefined,
): Condition | undefined {
  const changed = first(node.children.changed);
  if (changed !== undefined) return buildChanged(context, subject, changed, true);
  const right = first(node.children.right);
  const verb = first(
    inOrder(node.children.Contain, node.children.Match, node.children.Start, node.children.End),
  );
  if (right === undefined || verb === undefined) return undefined;
  const operators: Readonly<Record<string, ComparisonOperator>> = {
    contain: "contains",
    match: "matches",
    start: "starts with",
    end: "ends with",
  };
  const operator = operators[verb.image.toLowerCase()] ?? "contains";
  const operatorSpan = joinSpans(spanOf(context, not ?? verb), spanOf(context, verb));
  return compare(context, subject, operator, operatorSpan, true, buildRight(context, right));
}

function operatorOf({ children }: Cst.OperatorCstNode): ComparisonOperator {
  if (first(children.In)) return "in";
  if (first(children.Like)) return "like";
  if (first(children.Contains)) return "contains";
  if (first(children.Starts)) return "starts with";
  if (first(children.Ends)) return "ends with";
  if (first(children.Matches)) return "matches";
  if (first(children.Least) ?? first(children.GreaterOrEqual)) return "at least";
  if (first(children.Most) ?? first(children.LessOrEqual)) return "at most";
  if (first(children.More) ?? first(children.GreaterThan)) return "more than";
  return "less than";
}

/* ---------- the values compared with ---------- */

interface Right {
  readonly exactly: boolean;
  readonly quantifier: "any" | "all" | "none" | undefined;
  readonly values: readonly Expression[];
  /** Several in brackets without `any of` before them. */
  readonly bare: boolean;
  readonly span: Span;
}

function buildRight(context: TreeContext, node: Cst.RightCstNode): Right {
  const { children } = node;
  const quantifier =
    (first(children.Any) ?? first(children.One))
      ? "any"
      : first(children.All)
        ? "all"
        : first(children.None)
          ? "none"
          : undefined;
  const group = first(children.valueGroup);
  const single = group === undefined ? buildAtom(context, first(children.atom)) : undefined;
  const values =
    single !== undefined
      ? [single]
      : group === undefined
        ? []
        : buildSeparated(context, group.children.expression, group.children.Comma);
  const [only] = values;
  const isLiteralList = quantifier !== undefined && group === undefined && only?.kind === "list";
  return {
    exactly: first(children.Exactly) !== undefined,
    quantifier,
    values: isLiteralList ? only.items : values,
    bare: group !== undefined && quantifier === undefined,
    span: spanOf(context, group ?? first(children.atom) ?? node),
  };
}

/**
 * `is any of`, `is one of` become `in`, `is none of` becomes `not in`: `any of ("a", "b")` is a list there, `any of LIST`
 * that list. `in ("a", "b")` becomes `in ["a", "b"]`.
 */
function compare(
  context: TreeContext,
  subject: Subject,
  operator: ComparisonOperator,
  operatorSpan: Span,
  negated: boolean,
  right: Right,
): Comparison | undefined {
  const { left, span } = subject;
  const { exactly, quantifier, values } = right;
  if (values.length === 0) return undefined;
  const isSet = operator === "is" && (quantifier === "any" || quantifier === "none");
  if (isSet || (operator === "in" && (right.bare || (quantifier === "any" && values.length > 1)))) {
    const [only] = values;
    const isNamed =
      !right.bare &&
      values.length === 1 &&
      only?.kind === "path" &&
      spanText(right.span) === spanText(only.span);
    const list: Expression = isNamed ? only : { kind: "list", items: values, span: right.span };
    return {
      kind: "comparison",
      left,
      operatorSpan,
      exactly,
      span,
      operator: "in",
      negated: negated !== (quantifier === "none"),
      quantifier: undefined,
      right: [list],
    };
  }
  if (right.bare && values.length > 1) reportBareValues(context, right);
  return {
    kind: "comparison",
    left,
    operatorSpan,
    exactly,
    span,
    operator,
    negated,
    quantifier: right.bare && values.length > 1 ? "any" : quantifier,
    right: values,
  };
}

function reportBareValues(context: TreeContext, right: Right): void {
  const start = context.source.span(right.span.start, right.span.start);
  context.sink.report("R1111", right.span, "several values need `any of` or `all of` before them", {
    help: `write \`any of ${spanText(right.span)}\` or \`all of ${spanText(right.span)}\``,
    fixes: [
      replaceFix("one of them is enough: `any of`", start, "any of ", false),
      replaceFix("all of them: `all of`", start, "all of ", false),
    ],
  });
}

/* ---------- words of other languages ---------- */

function buildForeign(
  context: TreeContext,
  subject: Subject,
  node: Cst.ForeignTailCstNode,
): Condition | undefined {
  const { children } = node;
  const exists = first(children.Exists);
  if (exists !== undefined) {
    reportForeign(context, spanOf(context, exists), "is not empty");
    return { kind: "empty", left: subject.left, negated: true, span: subject.span };
  }
  const sign = first(inOrder(children.Equals, children.NotEquals, children.EqualsWord));
  const right = first(children.right);
  if (sign === undefined) return undefined;
  const negated = first(children.NotEquals) !== undefined;
  const operatorSpan = joinSpans(spanOf(context, sign), spanOf(context, first(children.To) ?? sign));
  reportForeign(context, operatorSpan, negated ? "is not" : "is");
  if (right === undefined) return undefined;
  return compare(context, subject, "is", operatorSpan, negated, buildRight(context, right));
}

/** The file does not pass as it is, and there is one word for what is meant: safe. */
function reportForeign(context: TreeContext, span: Span, word: string): void {
  const { text } = span.source;
  const before = /[\s(]/.test(text.charAt(span.start - 1)) ? "" : " ";
  const after = /[\s)]|^$/.test(text.charAt(span.end)) ? "" : " ";
  context.sink.report("R1105", span, `\`${spanText(span)}\` is written \`${word}\` here`, {
    help: `write \`${word}\``,
    fixes: [replaceFix(`write \`${word}\``, span, before + word + after, true)],
  });
}
