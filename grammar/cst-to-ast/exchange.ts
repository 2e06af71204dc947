/** Callouts and mailboxes: from the concrete tree to nodes. Each line may stand once, in any order. */
import type { CstNode, IToken } from "chevrotain";
import type {
  CalloutAuthNode,
  CalloutBodyNode,
  CalloutDeclaration,
  CalloutMethod,
  DuplicateBehaviour,
  MailboxDeclaration,
  MailObject,
} from "../ast.ts";
import type * as Cst from "../gen/cst.d.ts";
import { buildFields } from "./actions.ts";
import { buildCondition } from "./conditions.ts";
import { first, reportRepeated, second, spanOf, typed, whichOf, type TreeContext } from "./context.ts";
import { buildDuration } from "./times.ts";
import {
  buildAtom,
  buildExpression,
  buildName,
  buildNames,
  buildNumber,
  buildNumbers,
  buildText,
} from "./values.ts";

const calloutLines = {
  addressLine: "the address",
  authLine: "`auth`",
  bodyLine: "`body`",
  onlyWhenLine: "`only when`",
  retryLine: "`retry`",
  timeoutLine: "`timeout`",
  successLine: "`success is`",
  noRetryLine: "`do not retry on 4xx`",
  honourLine: "`honour retry after`",
  signLine: "`sign`",
  pauseLine: "`pause`",
  notifyLine: "`notify`",
} as const;

/** The one line of each kind. */
function sortLines(context: TreeContext, lines: readonly Cst.CalloutLineCstNode[]) {
  const one = <Line extends CstNode>(
    kind: keyof typeof calloutLines,
    pick: (children: Cst.CalloutLineCstChildren) => readonly Line[] | undefined,
  ): Line | undefined => {
    const nodes = lines.flatMap((line) => typed(pick(line.children)));
    reportRepeated(context, nodes, calloutLines[kind]);
    return nodes[0];
  };
  return {
    addressLine: one("addressLine", (children) => children.addressLine),
    authLine: one("authLine", (children) => children.authLine),
    bodyLine: one("bodyLine", (children) => children.bodyLine),
    onlyWhenLine: one("onlyWhenLine", (children) => children.onlyWhenLine),
    retryLine: one("retryLine", (children) => children.retryLine),
    timeoutLine: one("timeoutLine", (children) => children.timeoutLine),
    successLine: one("successLine", (children) => children.successLine),
    noRetryLine: one("noRetryLine", (children) => children.noRetryLine),
    honourLine: one("honourLine", (children) => children.honourLine),
    signLine: one("signLine", (children) => children.signLine),
    pauseLine: one("pauseLine", (children) => children.pauseLine),
    notifyLine: one("notifyLine", (children) => children.notifyLine),
  };
}

export function buildCallout(
  context: TreeContext,
  node: Cst.CalloutDeclarationCstNode,
): Omit<CalloutDeclaration, "doc"> {
  const nodes = typed(node.children.calloutLine);
  const lines = sortLines(context, nodes);
  const method = first(lines.addressLine?.children.Method);
  return {
    kind: "callout",
    name: buildName(context, first(node.children.Quoted)),
    inactive: first(node.children.Inactive) !== undefined,
    method: method === undefined ? undefined : (method.image.toLowerCase() as CalloutMethod),
    url: buildText(context, first(lines.addressLine?.children.Quoted)),
    auth: buildAuth(context, lines.authLine),
    headers: nodes.flatMap((line) => buildHeader(context, first(line.children.headerLine)) ?? []),
    body: buildBody(context, lines.bodyLine),
    onlyWhen: buildCondition(context, first(lines.onlyWhenLine?.children.condition)),
    retry: buildRetry(context, lines.retryLine),
    timeout: buildDuration(context, first(lines.timeoutLine?.children.duration)),
    success: buildNumbers(context, first(lines.successLine?.children.numbers)),
    noRetryOn4xx: lines.noRetryLine !== undefined,
    honourRetryAfter: lines.honourLine !== undefined,
    sign: typed(lines.signLine?.children.atom).flatMap((atom) => buildAtom(context, atom) ?? []),
    pauseAfter: numberOf(context, first(lines.pauseLine?.children.NumberLiteral)),
    notify: buildNotifyLine(context, lines.notifyLine),
    span: spanOf(context, node),
  };
}

function numberOf(context: TreeContext, token: IToken | undefined) {
  return token === undefined ? undefined : buildNumber(context, token);
}

function buildAuth(context: TreeContext, node: Cst.AuthLineCstNode | undefined): CalloutAuthNode | undefined {
  if (node === undefined) return undefined;
  const { children } = node;
  const span = spanOf(context, node);
  const value = buildAtom(context, first(children.atom));
  if (first(children.Basic) !== undefined) {
    return { kind: "basic", user: value, password: buildAtom(context, second(children.atom)), span };
  }
  if (first(children.Bearer) !== undefined) return { kind: "bearer", token: value, span };
  if (first(children.Header) === undefined) return { kind: "none", span };
  return { kind: "header", header: buildText(context, first(children.Quoted)), value, span };
}

function buildHeader(context: TreeContext, node: Cst.HeaderLineCstNode | undefined) {
  const name = buildText(context, first(node?.children.Quoted));
  if (node === undefined || name === undefined) return undefined;
  return {
    name,
    value: buildExpression(context, first(node.children.expression)),
    span: spanOf(context, node),
  };
}

function buildBody(context: TreeContext, node: Cst.BodyLineCstNode | undefined): CalloutBodyNode | undefined {
  if (node === undefined) return undefined;
  const { children } = node;
  const span = spanOf(context, node);
  const kind = whichOf(node, ["Json", "Form", "Xml"] as const);
  const text = buildText(context, first(children.Quoted));
  if (kind === undefined) return { kind: "text", text, span };
  if (text !== undefined && kind !== "Xml") {
    context.sink.report("R1101", text.span, "only an `xml` body has a root name", { help: "leave it out" });
  }
  const fields = buildFields(context, children.fieldLine);
  return { kind: kind.toLowerCase() as Lowercase<typeof kind>, root: text, fields, span };
}

function buildRetry(
  context: TreeContext,
  node: Cst.RetryLineCstNode | undefined,
): CalloutDeclaration["retry"] {
  if (node === undefined) return undefined;
  return {
    every: buildDuration(context, first(node.children.duration)),
    times: numberOf(context, first(node.children.NumberLiteral)),
    span: spanOf(context, node),
  };
}

function buildNotifyLine(
  context: TreeContext,
  node: Cst.NotifyLineCstNode | undefined,
): CalloutDeclaration["notify"] {
  if (node === undefined) return undefined;
  const on = first(node.children.Failure) === undefined ? "every call" : "failure";
  return { to: buildNames(context, first(node.children.texts)), on, span: spanOf(context, node) };
}

/* ---------- mailbox ---------- */

export function buildMailbox(
  context: TreeContext,
  node: Cst.MailboxDeclarationCstNode,
): Omit<MailboxDeclaration, "doc"> {
  const lines = typed(node.children.mailboxLine);
  const tokens = lines.flatMap((line) => typed(line.children.tokenLine));
  const fallbacks = lines.flatMap((line) => typed(line.children.fallbackLine));
  const duplicates = lines.flatMap((line) => typed(line.children.duplicatesBlock));
  const tags = lines.flatMap((line) => typed(line.children.tagLine));
  const trusts = lines.flatMap((line) => typed(line.children.Trust));
  const replies = lines.flatMap((line) => typed(line.children.replyLine));
  reportRepeated(context, tokens, "`token password`");
  reportRepeated(context, fallbacks, "`organization fallback`");
  reportRepeated(context, duplicates, "`duplicates`");
  reportRepeated(context, tags, "`tag from`");
  reportRepeated(context, trusts, "`trust sender`");
  const ofOutcome = (outcome: "Success" | "Failure") => {
    const found = replies.filter((reply) => first(reply.children[outcome]) !== undefined);
    reportRepeated(context, found, `\`reply ${outcome.toLowerCase()}\``);
    return buildName(context, first(found[0]?.children.Quoted));
  };
  return {
    kind: "mailbox",
    address: buildName(context, first(node.children.Quoted)),
    inactive: first(node.children.Inactive) !== undefined,
    tokenPassword: buildAtom(context, first(tokens[0]?.children.atom)),
    organizationFallback: buildText(context, first(fallbacks[0]?.children.Quoted)),
    duplicates: buildDuplicates(context, duplicates[0]),
    defaults: buildDefaults(
      context,
      lines.flatMap((line) => typed(line.children.mailDefaults)),
    ),
    tagFrom: typed(tags[0]?.children.tagSource).map((source) =>
      first(source.children.Title) === undefined ? "description" : "title",
    ),
    trustSender: trusts.length > 0,
    replySuccess: ofOutcome("Success"),
    replyFailure: ofOutcome("Failure"),
    span: spanOf(context, node),
  };
}

function buildDefaults(
  context: TreeContext,
  nodes: readonly Cst.MailDefaultsCstNode[],
): MailboxDeclaration["defaults"] {
  const defaults = nodes.map((node) => {
    const { children } = node;
    const object = mailObjectOf(children);
    reportRepeated(context, children.dueInLine, "`due in`");
    return {
      object,
      fields: buildFields(context, children.fieldLine),
      dueIn: buildDuration(context, first(first(children.dueInLine)?.children.duration)),
      span: spanOf(context, node),
    };
  });
  for (const object of new Set(defaults.map((one) => one.object))) {
    const same = nodes.filter((_node, i) => defaults[i]?.object === object);
    reportRepeated(context, same, `\`${object}\``);
  }
  return defaults;
}

function mailObjectOf(children: Cst.MailDefaultsCstChildren): MailObject {
  if (first(children.Ticket)) return "ticket";
  if (first(children.Project)) return "project note";
  const isTime = first(children.Time) !== undefined;
  if (first(children.Task)) return isTime ? "task time entry" : "task note";
  return isTime ? "time entry" : "note";
}

function buildDuplicates(
  context: TreeContext,
  node: Cst.DuplicatesBlockCstNode | undefined,
): MailboxDeclaration["duplicates"] {
  if (node === undefined) return undefined;
  const by = typed(node.children.duplicateKey).flatMap((key) => buildDuplicateKey(context, key) ?? []);
  const cases = typed(node.children.duplicateCase);
  const open = cases.filter((one) => first(one.children.Open) !== undefined);
  const complete = cases.filter((one) => first(one.children.Open) === undefined);
  reportRepeated(context, open, "`open`");
  reportRepeated(context, complete, "`complete`");
  return {
    by,
    open: buildBehaviour(context, open[0]),
    complete: buildBehaviour(context, complete[0]),
    span: spanOf(context, node),
  };
}

function buildDuplicateKey(context: TreeContext, node: Cst.DuplicateKeyCstNode) {
  const isAlert = first(node.children.Alert) !== undefined;
  const isId = first(node.children.Id) !== undefined;
  if (isAlert && !isId) {
    context.sink.report("R1101", spanOf(context, node), "an alert has no number", {
      help: "duplicates are found by `alert id`, `ticket id` or `ticket number`",
    });
    return undefined;
  }
  return isAlert ? "alert id" : isId ? "ticket id" : "ticket number";
}

function buildBehaviour(
  context: TreeContext,
  node: Cst.DuplicateCaseCstNode | undefined,
): DuplicateBehaviour | undefined {
  if (node === undefined) return undefined;
  const { children } = node;
  const span = spanOf(context, node);
  if (first(children.Reopen) !== undefined) {
    return { kind: "reopen", status: buildText(context, first(children.Quoted)), span };
  }
  if (first(children.Add) !== undefined) return { kind: "add note", span };
  return { kind: first(children.Drop) === undefined ? "create ticket" : "drop", span };
}
