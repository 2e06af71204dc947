/** The `expect` lines of a rule test. */
import type { Expectation } from "../ast.ts";
import type { Span } from "../../src/diagnostics/index.ts";
import type * as Cst from "../gen/cst.d.ts";
import { first, spanOf, whichOf, type TreeContext } from "./context.ts";
import { buildAtom, buildName, buildNumber, buildPath, buildText } from "./values.ts";

export function buildExpectation(
  context: TreeContext,
  node: Cst.ExpectationCstNode,
): Expectation | undefined {
  const { children } = node;
  const span = spanOf(context, node);
  const ticket = first(children.expectTicket);
  if (ticket !== undefined) return expectTicket(context, ticket, span);
  const count = first(children.expectCount);
  if (count !== undefined) {
    const number = first(count.children.NumberLiteral);
    return {
      kind: "ticket count",
      count: number === undefined ? 0 : buildNumber(context, number).value,
      span,
    };
  }
  const note = first(children.expectNote);
  if (note !== undefined) return expectNote(context, note, span);
  const notify = first(children.expectNotify);
  if (notify !== undefined) return expectNotify(context, notify, span);
  const callout = first(children.expectCallout);
  if (callout !== undefined) return expectCallout(context, callout, span);
  const alert = first(children.expectAlert);
  if (alert !== undefined) {
    const word = whichOf(alert, ["Suppressed", "Unmatched", "Held", "Handled", "Resolved"] as const);
    return word === undefined
      ? undefined
      : { kind: "alert", outcome: word.toLowerCase() as Lowercase<typeof word>, span };
  }
  const rule = first(children.expectRule);
  if (rule !== undefined) return expectRule(context, rule, span);
  return first(children.Nothing) === undefined ? undefined : { kind: "nothing", span };
}

function expectTicket(
  context: TreeContext,
  node: Cst.ExpectTicketCstNode,
  span: Span,
): Expectation | undefined {
  const { children } = node;
  const token = first(children.NumberLiteral);
  if (token === undefined) return undefined;
  const number = buildNumber(context, token);
  const negated = first(children.Not) !== undefined;
  const state = whichOf(node, ["Created", "Completed"] as const);
  if (state !== undefined) {
    return { kind: state === "Created" ? "ticket created" : "ticket completed", number, negated, span };
  }
  const path = buildPath(context, first(children.path));
  if (path === undefined) return undefined;
  const value = buildAtom(context, first(children.atom));
  const isEmpty = first(children.Empty) !== undefined;
  const test = first(children.Contains)
    ? "contains"
    : isEmpty
      ? negated
        ? "is not empty"
        : "is empty"
      : negated
        ? "is not"
        : "is";
  return { kind: "ticket field", number, path, test, value, span };
}

function expectNote(
  context: TreeContext,
  { children }: Cst.ExpectNoteCstNode,
  span: Span,
): Expectation | undefined {
  const number = first(children.NumberLiteral);
  if (number === undefined) return undefined;
  return {
    kind: "note",
    number: buildNumber(context, number),
    negated: first(children.No) !== undefined,
    containing: buildText(context, first(children.Quoted)),
    span,
  };
}

function expectNotify(
  context: TreeContext,
  { children }: Cst.ExpectNotifyCstNode,
  span: Span,
): Expectation | undefined {
  const recipient = buildName(context, first(children.Quoted));
  if (recipient === undefined) return undefined;
  const times = buildTimes(context, first(children.times));
  return { kind: "notify", recipient, negated: first(children.No) !== undefined, times, span };
}

function buildTimes(context: TreeContext, node: Cst.TimesCstNode | undefined) {
  const number = first(node?.children.NumberLiteral);
  return number === undefined ? undefined : buildNumber(context, number);
}

function expectCallout(
  context: TreeContext,
  node: Cst.ExpectCalloutCstNode,
  span: Span,
): Expectation | undefined {
  const { children } = node;
  const callout = buildName(context, first(children.Quoted));
  if (callout === undefined) return undefined;
  const times = buildTimes(context, first(children.times));
  if (times !== undefined) return { kind: "callout", callout, outcome: { kind: "sent", times }, span };
  const word = whichOf(node, ["Succeeded", "Failed"] as const);
  if (word !== undefined) {
    return {
      kind: "callout",
      callout,
      outcome: { kind: word === "Succeeded" ? "succeeded" : "failed" },
      span,
    };
  }
  return first(children.Not) === undefined
    ? undefined
    : { kind: "callout", callout, outcome: { kind: "not sent" }, span };
}

function expectRule(
  context: TreeContext,
  { children }: Cst.ExpectRuleCstNode,
  span: Span,
): Expectation | undefined {
  const rule = buildName(context, first(children.Quoted));
  if (rule === undefined) return undefined;
  return {
    kind: "rule",
    rule,
    fired: first(children.Not) === undefined,
    because: buildPath(context, first(children.path)),
    span,
  };
}
