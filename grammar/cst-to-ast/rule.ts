/** A rule: its clauses in whatever order they came, and what is wrong with that order. */
import type { CstElement } from "chevrotain";
import type { Condition, OrganizationScope, RuleNode } from "../ast.ts";
import type * as Cst from "../gen/cst.d.ts";
import { buildActions } from "./actions.ts";
import { buildCondition } from "./conditions.ts";
import {
  first,
  replaceFix,
  reportRepeated,
  spanOf,
  startOf,
  typed,
  whichOf,
  type TreeContext,
} from "./context.ts";
import { buildEvents } from "./events.ts";
import { buildList, buildName, buildNumber, buildTexts } from "./values.ts";

const clauseKinds = ["Order", "scope", "whenClause", "If", "Except", "Unless", "thenClause"] as const;
type ClauseKind = (typeof clauseKinds)[number];

const rank: Readonly<Record<ClauseKind, number>> = {
  Order: 0,
  scope: 1,
  whenClause: 2,
  If: 3,
  Except: 4,
  Unless: 4,
  thenClause: 5,
};
const words: Readonly<Record<ClauseKind, string>> = {
  Order: "`order`",
  scope: "`for organization`",
  whenClause: "`when`",
  If: "`if`",
  Except: "`except when`",
  Unless: "`except when`",
  thenClause: "`then`",
};

interface Clause {
  readonly kind: ClauseKind;
  readonly node: Cst.ClauseCstNode;
}

export function buildRule(context: TreeContext, node: Cst.RuleCstNode): Omit<RuleNode, "doc"> {
  const clauses = typed(node.children.clause).flatMap((clause) => {
    const kind = whichOf(clause, clauseKinds);
    return kind === undefined ? [] : [{ kind, node: clause }];
  });
  checkOrder(context, clauses);
  const of = (...kinds: readonly ClauseKind[]) =>
    clauses.filter(({ kind }) => kinds.includes(kind)).map((clause) => clause.node);
  const keyword = first(node.children.Rule);
  checkComplete(context, node, clauses);
  const order = first(first(of("Order"))?.children.NumberLiteral);
  return {
    kind: "rule",
    name: buildName(context, first(node.children.Quoted)),
    inactive: first(node.children.Inactive) !== undefined,
    keywordSpan: spanOf(context, keyword ?? node),
    order: order === undefined ? undefined : buildNumber(context, order),
    organizations: buildScope(context, first(first(of("scope"))?.children.scope)),
    events: of("whenClause").flatMap((clause) =>
      typed(clause.children.whenClause).flatMap((when) => buildEvents(context, when)),
    ),
    condition: buildCondition(context, first(first(of("If"))?.children.condition)),
    exceptions: of("Except", "Unless").flatMap((clause) => buildException(context, clause) ?? []),
    actions: of("thenClause").flatMap((clause) =>
      typed(clause.children.thenClause).flatMap((then) => buildActions(context, then)),
    ),
    span: spanOf(context, node),
  };
}

function buildException(context: TreeContext, node: Cst.ClauseCstNode): Condition | undefined {
  const unless = first(node.children.Unless);
  if (unless !== undefined) {
    const span = spanOf(context, unless);
    context.sink.report("R1105", span, `\`${unless.image}\` is written \`except when\` here`, {
      help: "write `except when`",
      fixes: [replaceFix("write `except when`", span, "except when", true)],
    });
  }
  return buildCondition(context, first(node.children.condition));
}

function buildScope(context: TreeContext, node: Cst.ScopeCstNode | undefined): OrganizationScope | undefined {
  if (node === undefined) return undefined;
  const span = spanOf(context, node);
  const plural = first(node.children.Organizations);
  if (plural !== undefined) {
    context.sink.report("R1104", spanOf(context, plural), "a rule's scope is written `for organization`", {
      help: "write `organization`",
      fixes: [replaceFix("write `organization`", spanOf(context, plural), "organization", true)],
    });
  }
  const word = first(node.children.Word);
  if (word !== undefined) {
    const list = buildName(context, word);
    return list === undefined ? undefined : { kind: "list", list, span };
  }
  const list = buildList(context, first(node.children.list));
  const names =
    list?.items.filter((item) => item.kind === "string") ?? buildTexts(context, first(node.children.texts));
  return { kind: "names", names, span };
}

/** Clauses stand in one order; of each kind but `except when` there is one. */
function checkOrder(context: TreeContext, clauses: readonly Clause[]): void {
  const block = clauses.findIndex(({ kind }, i) => kind === "If" && clauses[i - 1]?.kind === "thenClause");
  if (block >= 0 && clauses.slice(block).some(({ kind }) => kind === "thenClause"))
    return reportBlock(context, clauses, block);
  for (const kind of ["Order", "scope", "whenClause", "If", "thenClause"] as const) {
    const same = clauses.filter((clause) => clause.kind === kind);
    if (same.length > 1)
      reportRepeated(
        context,
        same.map((clause) => headOf(clause.node)),
        words[kind],
        repeatHelp[kind],
      );
  }
  let highest: Clause | undefined;
  for (const clause of clauses) {
    if (highest !== undefined && rank[clause.kind] < rank[highest.kind]) {
      reportMisplaced(context, clause, highest);
      return;
    }
    highest = clause;
  }
}

/** `then if ... then ...`: a block of another language. */
function reportBlock(context: TreeContext, clauses: readonly Clause[], at: number): void {
  const [then, block] = [clauses[at - 1], clauses[at]];
  if (then === undefined || block === undefined) return;
  const isEmpty = typed(first(then.node.children.thenClause)?.children.action).length === 0;
  const isOnly = clauses.filter(({ kind }) => kind === "If").length === 1;
  const span = spanOf(context, headOf(then.node));
  context.sink.report("R1109", spanOf(context, headOf(block.node)), "an `if` does not stand behind `then`", {
    help:
      isEmpty && isOnly
        ? "a rule has one `if`, before its `then`: leave the first `then` out"
        : "a rule has one `if`, before its `then`: write a rule of its own for what depends on it",
    fixes: isEmpty && isOnly ? [replaceFix("remove the first `then`", span, "", false)] : [],
  });
}

const repeatHelp: Readonly<Partial<Record<ClauseKind, string>>> = {
  whenClause: "join several events with `or` in one `when`",
  If: "join the conditions with `and` in one `if`",
  thenClause: "write all actions under one `then`",
};

/** What every rule has; not asked of a rule that could not be read whole. */
function checkComplete(context: TreeContext, node: Cst.RuleCstNode, clauses: readonly Clause[]): void {
  if (context.isBroken) return;
  const head = first(node.children.Quoted) ?? first(node.children.Rule) ?? node;
  const span = { ...spanOf(context, node), end: spanOf(context, head).end };
  if (!clauses.some(({ kind }) => kind === "whenClause")) {
    context.sink.report("R1103", span, "a rule without `when` never runs", {
      help: "say what it waits for, such as `when alert received`",
    });
  }
  const then = clauses.find(({ kind }) => kind === "thenClause");
  if (then === undefined) {
    context.sink.report("R1103", span, "a rule without `then` does nothing", {
      help: "write `then` and the actions before `end`",
    });
  } else if (typed(first(then.node.children.thenClause)?.children.action).length === 0) {
    context.sink.report("R1103", spanOf(context, headOf(then.node)), "no action stands after `then`", {
      help: "write what shall happen, such as `create ticket` or `stop`",
    });
  }
}

/** The words that begin a clause, which is what is underlined. */
function headOf(node: Cst.ClauseCstNode): CstElement {
  const { Order, If, Except, Unless, scope, whenClause, thenClause } = node.children;
  return (
    first(Order) ??
    first(If) ??
    first(Except) ??
    first(Unless) ??
    first(first(scope)?.children.For) ??
    first(first(whenClause)?.children.When) ??
    first(first(thenClause)?.children.Then) ??
    node
  );
}

function reportMisplaced(context: TreeContext, clause: Clause, before: Clause): void {
  context.sink.report(
    "R1109",
    spanOf(context, headOf(clause.node)),
    `${words[clause.kind]} stands before ${words[before.kind]}`,
    {
      labels: [{ span: spanOf(context, headOf(before.node)), text: "comes later" }],
      help: "the order is `order`, `for organization`, `when`, `if`, `except when`, `then`",
      fixes: moveFix(context, clause, before),
    },
  );
}

/** Moves a clause that has its lines to itself to before the other one. */
function moveFix(context: TreeContext, clause: Clause, before: Clause) {
  const { text } = context.source;
  const span = spanOf(context, clause.node);
  const target = startOf(headOf(before.node));
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  const targetLine = text.lastIndexOf("\n", target - 1) + 1;
  const lineBreak = text.indexOf("\n", span.end);
  const isAlone =
    text.slice(lineStart, span.start).trim() === "" &&
    text.slice(targetLine, target).trim() === "" &&
    lineBreak >= 0 &&
    text.slice(span.end, lineBreak).trim() === "";
  if (!isAlone || clause.kind === "thenClause") return [];
  const moved = text.slice(lineStart, lineBreak + 1);
  return [
    {
      title: `move ${words[clause.kind]} before ${words[before.kind]}`,
      safe: false,
      edits: [
        { span: context.source.span(targetLine, targetLine), newText: moved },
        { span: context.source.span(lineStart, lineBreak + 1), newText: "" },
      ],
    },
  ];
}
