/** Rule tests: what is given and what happens. Expectations are in expectations.ts. */
import type { IToken } from "chevrotain";
import type { ClockNode, NumberNode, StepTime, TestDeclaration, TestStep } from "../ast.ts";
import type { Span } from "../../src/diagnostics/index.ts";
import type * as Cst from "../gen/cst.d.ts";
import { buildFields } from "./actions.ts";
import { first, reportRepeated, second, spanOf, startOf, typed, type TreeContext } from "./context.ts";
import { buildExpectation } from "./expectations.ts";
import { buildString } from "./text.ts";
import { buildDuration, buildMoment } from "./times.ts";
import { buildName, buildNumber, buildText, buildTexts, splitNumbers } from "./values.ts";

export function buildTest(context: TreeContext, node: Cst.TestCstNode): Omit<TestDeclaration, "doc"> {
  const lines = typed(node.children.testLine);
  const zones = lines.flatMap((line) => typed(line.children.zoneLine));
  reportRepeated(context, zones, "`zone`");
  const zone = zones[0];
  const firstStep = lines.find((line) => first(line.children.zoneLine) === undefined);
  if (zone !== undefined && firstStep !== undefined && startOf(firstStep) < startOf(zone)) {
    context.sink.report("R1109", spanOf(context, zone), "`zone` stands before all steps of a test", {
      labels: [{ span: firstLine(context, spanOf(context, firstStep)), text: "the first step" }],
    });
  }
  return {
    kind: "test",
    name: buildName(context, first(node.children.Quoted)),
    zone: buildText(context, first(zone?.children.Quoted)),
    steps: lines.flatMap((line) => buildLine(context, line) ?? []),
    span: spanOf(context, node),
  };
}

function firstLine(context: TreeContext, span: Span): Span {
  const text = context.source.text.slice(span.start, span.end);
  const lineBreak = text.search(/[\r\n]/);
  return lineBreak < 0 ? span : { ...span, end: span.start + lineBreak };
}

function buildLine(context: TreeContext, node: Cst.TestLineCstNode): TestStep | undefined {
  const { children } = node;
  const given = first(children.given);
  if (given !== undefined) return buildGiven(context, given);
  const timed = first(children.timedStep);
  if (timed !== undefined) return buildTimed(context, timed);
  const step = first(children.step);
  if (step !== undefined) return buildStep(context, step, undefined, spanOf(context, step));
  const expect = first(children.expectation);
  const expectation = expect === undefined ? undefined : buildExpectation(context, expect);
  if (expect === undefined || expectation === undefined) return undefined;
  return { kind: "expect", expectation, span: spanOf(context, expect) };
}

/* ---------- given ---------- */

function buildGiven(context: TreeContext, node: Cst.GivenCstNode): TestStep | undefined {
  const { children } = node;
  const span = spanOf(context, node);
  const organization = first(children.givenOrganization);
  if (organization !== undefined) return buildGivenOrganization(context, organization, span);
  const device = first(children.givenDevice);
  if (device !== undefined) return buildGivenDevice(context, device, span);
  const callout = first(children.givenCallout);
  if (callout !== undefined) return buildGivenCallout(context, callout, span);
  const ticket = first(children.givenTicket);
  if (ticket !== undefined) return buildGivenTicket(context, ticket, span);
  const name = buildText(context, first(children.Quoted));
  if (name === undefined) return undefined;
  if (first(children.Secret) !== undefined) {
    return { kind: "given secret", name, value: buildText(context, second(children.Quoted)), span };
  }
  const of = buildText(context, first(first(children.ofOrganization)?.children.Quoted));
  return { kind: "given contact", email: name, of, span };
}

function buildGivenOrganization(
  context: TreeContext,
  { children }: Cst.GivenOrganizationCstNode,
  span: Span,
): TestStep | undefined {
  const name = buildText(context, first(children.Quoted));
  if (name === undefined) return undefined;
  const tags = buildTexts(context, first(first(children.tagsPart)?.children.texts));
  return { kind: "given organization", name, mapped: first(children.Unmapped) === undefined, tags, span };
}

function buildGivenDevice(
  context: TreeContext,
  { children }: Cst.GivenDeviceCstNode,
  span: Span,
): TestStep | undefined {
  const name = buildText(context, first(children.Quoted));
  if (name === undefined) return undefined;
  const of = buildText(context, first(first(children.ofOrganization)?.children.Quoted));
  const tags = buildTexts(context, first(first(children.tagsPart)?.children.texts));
  return { kind: "given device", name, of, tags, span };
}

type Answer = NumberNode | { readonly kind: "timeout"; readonly span: Span };

function buildGivenCallout(
  context: TreeContext,
  { children }: Cst.GivenCalloutCstNode,
  span: Span,
): TestStep | undefined {
  const callout = buildName(context, first(children.Quoted));
  if (callout === undefined) return undefined;
  const answers = typed(children.answer).flatMap((answer): readonly Answer[] => {
    const number = first(answer.children.NumberLiteral) ?? first(answer.children.DecimalComma);
    return number === undefined
      ? [{ kind: "timeout", span: spanOf(context, answer) }]
      : splitNumbers(context, number);
  });
  return { kind: "given callout", callout, answers, span };
}

function buildGivenTicket(
  context: TreeContext,
  { children }: Cst.GivenTicketCstNode,
  span: Span,
): TestStep | undefined {
  const number = numberOf(context, first(children.NumberLiteral));
  if (number === undefined) return undefined;
  const created = buildMoment(context, first(children.moment));
  return { kind: "given ticket", number, created, fields: buildFields(context, children.fieldLine), span };
}

function numberOf(context: TreeContext, token: IToken | undefined): NumberNode | undefined {
  return token === undefined ? undefined : buildNumber(context, token);
}

/* ---------- steps ---------- */

function buildTimed(context: TreeContext, node: Cst.TimedStepCstNode): TestStep | undefined {
  const { children } = node;
  const when = buildWhen(context, node);
  const step = first(children.step);
  if (step !== undefined) return buildStep(context, step, when, spanOf(context, node));
  return when === undefined ? undefined : { kind: "wait", when, span: spanOf(context, node) };
}

function buildWhen(context: TreeContext, node: Cst.TimedStepCstNode): StepTime {
  const span = spanOf(context, node);
  const time: ClockNode | ReturnType<typeof buildMoment> = buildMoment(context, first(node.children.moment));
  if (time !== undefined) return { kind: "at", time, span: { ...span, end: time.span.end } };
  const duration = buildDuration(context, first(node.children.duration));
  return duration === undefined
    ? undefined
    : { kind: "after", duration, span: { ...span, end: duration.span.end } };
}

function buildStep(
  context: TreeContext,
  node: Cst.StepCstNode,
  when: StepTime,
  span: Span,
): TestStep | undefined {
  const { children } = node;
  const receive = first(children.receiveAlert);
  if (receive !== undefined) {
    return { kind: "receive alert", when, fields: buildFields(context, receive.children.fieldLine), span };
  }
  const same = first(children.receiveSame);
  if (same !== undefined) {
    return {
      kind: "receive same alert",
      when,
      with: buildFields(context, first(same.children.fieldLines)?.children.fieldLine),
      span,
    };
  }
  const mail = first(children.receiveMail);
  if (mail !== undefined) {
    const token = first(mail.children.Quoted);
    const message = token === undefined ? undefined : buildString(context, token, "raw");
    return { kind: "receive mail", when, message, span };
  }
  const set = first(children.setTicket);
  const number = numberOf(context, first(set?.children.NumberLiteral));
  if (set !== undefined) {
    if (number === undefined) return undefined;
    return {
      kind: "set ticket",
      when,
      number,
      fields: buildFields(context, first(set.children.fieldLines)?.children.fieldLine),
      span,
    };
  }
  const note = first(children.addNoteStep);
  return note === undefined ? undefined : buildAddNote(context, note, when, span);
}

function buildAddNote(
  context: TreeContext,
  { children }: Cst.AddNoteStepCstNode,
  when: StepTime,
  span: Span,
): TestStep | undefined {
  const number = numberOf(context, first(children.NumberLiteral));
  if (number === undefined) return undefined;
  const by = first(children.Staff) ? "staff" : first(children.Contact) ? "contact" : undefined;
  return { kind: "add note", when, text: buildText(context, first(children.Quoted)), number, by, span };
}
