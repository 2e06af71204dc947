/** Every declaration but rules, callouts, mailboxes and tests: from the concrete tree to nodes without their `##` text. */
import type { IToken } from "chevrotain";
import type {
  CalendarDeclaration,
  CategoryDeclaration,
  DefineDeclaration,
  Expression,
  ListDeclaration,
  LookupDeclaration,
  MaintenanceDeclaration,
  MaintenanceTime,
  Name,
  PartnerDeclaration,
  RecipientDeclaration,
  TemplateDeclaration,
  UdfDeclaration,
  ValuesDeclaration,
} from "../ast.ts";
import type * as Cst from "../gen/cst.d.ts";
import { reservedWords } from "../tokens.ts";
import { buildFields } from "./actions.ts";
import { buildCondition } from "./conditions.ts";
import {
  first,
  inOrder,
  replaceFix,
  reportRepeated,
  second,
  spanOf,
  typed,
  whichOf,
  type TreeContext,
} from "./context.ts";
import { buildString } from "./text.ts";
import { buildClockRanges, buildDateRange, buildDays, buildDuration, buildMoment } from "./times.ts";
import {
  buildAtom,
  buildExpression,
  buildList,
  buildName,
  buildPath,
  buildText,
  buildTexts,
} from "./values.ts";

/** The name of a list, lookup or definition: bare, and no reserved word. */
function buildBareName(context: TreeContext, node: Cst.BareNameCstNode | undefined): Name | undefined {
  const token = first(node?.children.Word) ?? first(node?.children.Quoted);
  const name = buildName(context, token);
  if (name === undefined) return undefined;
  if (name.quoted) {
    const isWord = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(name.text);
    context.sink.report("R1107", name.span, "this name is written without quotes", {
      help: isWord ? `write \`${name.text}\`` : "such a name has letters, digits and `_` only",
      fixes: isWord ? [replaceFix("remove the quotes", name.span, name.text, true)] : [],
    });
  } else if (reservedWords.has(name.text.toLowerCase())) {
    context.sink.report(
      "R1114",
      name.span,
      `\`${name.text}\` is a word of the language and can't be a name`,
      {
        help: `choose another name, such as \`${name.text.toLowerCase()}_list\``,
      },
    );
  }
  return name;
}

export function buildListDeclaration(
  context: TreeContext,
  node: Cst.ListDeclarationCstNode,
): Omit<ListDeclaration, "doc"> {
  return {
    kind: "list",
    name: buildBareName(context, first(node.children.bareName)),
    items: buildList(context, first(node.children.list))?.items ?? [],
    span: spanOf(context, node),
  };
}

export function buildLookup(
  context: TreeContext,
  node: Cst.LookupDeclarationCstNode,
): Omit<LookupDeclaration, "doc"> {
  const { children } = node;
  reportRepeated(context, children.lookupOtherwise, "`otherwise`");
  let otherwise = buildExpression(context, first(first(children.lookupOtherwise)?.children.expression));
  const entries = typed(children.lookupEntry).flatMap((entry) => {
    const keys = typed(entry.children.atom).flatMap((atom) => buildAtom(context, atom) ?? []);
    for (const key of keys)
      if (key.kind === "string" && key.form === "block")
        context.sink.report("R1101", key.span, "a text block cannot be looked up", {
          help: 'write the word in `"..."` on one line',
        });
    const value = buildExpression(context, first(entry.children.expression));
    if (keys.length === 1 && keys.some((key) => isElse(context, key))) {
      otherwise ??= value;
      return [];
    }
    return [{ keys, value, span: spanOf(context, entry) }];
  });
  return {
    kind: "lookup",
    name: buildBareName(context, first(children.bareName)),
    entries,
    otherwise,
    span: spanOf(context, node),
  };
}

/** `else ->`, `default ->` */
function isElse(context: TreeContext, key: Expression): boolean {
  const word = key.kind === "path" && key.segments.length === 1 ? key.segments[0]?.text : undefined;
  if (word === undefined || !["else", "default", "_"].includes(word.toLowerCase())) return false;
  context.sink.report("R1105", key.span, `\`${word}\` is written \`otherwise\` here`, {
    help: "write `otherwise`",
    fixes: [replaceFix("write `otherwise`", key.span, "otherwise", true)],
  });
  return true;
}

export function buildValues(
  context: TreeContext,
  node: Cst.ValuesDeclarationCstNode,
): Omit<ValuesDeclaration, "doc"> {
  const { children } = node;
  const ranks: ReturnType<typeof buildString>[][] = [];
  const ordered = typed(children.LessThan).length > 0;
  let isNewRank = true;
  for (const token of inOrder<IToken>(children.Quoted, children.LessThan, children.Comma)) {
    if (token.tokenType.name === "LessThan" || !ordered) isNewRank = true;
    if (token.tokenType.name === "LessThan" || token.tokenType.name === "Comma") continue;
    const text = buildString(context, token);
    if (isNewRank) ranks.push([text]);
    else ranks.at(-1)?.push(text);
    isNewRank = false;
  }
  return {
    kind: "values",
    path: buildPath(context, first(children.path)),
    ranks,
    ordered,
    span: spanOf(context, node),
  };
}

export function buildDefine(
  context: TreeContext,
  node: Cst.DefineDeclarationCstNode,
): Omit<DefineDeclaration, "doc"> {
  const sign = first(node.children.Equals);
  if (sign !== undefined) {
    context.sink.report("R1105", spanOf(context, sign), `\`${sign.image}\` is written \`as\` here`, {
      help: "write `as`",
      fixes: [replaceFix("write `as`", spanOf(context, sign), "as", true)],
    });
  }
  return {
    kind: "define",
    name: buildBareName(context, first(node.children.bareName)),
    condition: buildCondition(context, first(node.children.condition)),
    span: spanOf(context, node),
  };
}

export function buildCalendarDeclaration(
  context: TreeContext,
  node: Cst.CalendarDeclarationCstNode,
): Omit<CalendarDeclaration, "doc"> {
  const { children } = node;
  reportRepeated(context, children.zoneLine, "`zone`");
  return {
    kind: "calendar",
    name: buildName(context, first(children.Quoted)),
    zone: buildText(context, first(first(children.zoneLine)?.children.Quoted)),
    hours: typed(children.hoursLine).map((line) => ({
      days: buildDays(context, first(line.children.days)),
      ranges: buildClockRanges(context, first(line.children.clockRanges)),
      span: spanOf(context, line),
    })),
    closed: typed(children.closedLine).flatMap((line) =>
      typed(line.children.dateRange).flatMap((range) => buildDateRange(context, range) ?? []),
    ),
    span: spanOf(context, node),
  };
}

export function buildCategory(
  context: TreeContext,
  node: Cst.CategoryDeclarationCstNode,
): Omit<CategoryDeclaration, "doc"> {
  reportRepeated(context, node.children.dueInLine, "`due in`");
  return {
    kind: "category",
    name: buildName(context, first(node.children.Quoted)),
    fields: buildFields(context, node.children.fieldLine),
    dueIn: buildDuration(context, first(first(node.children.dueInLine)?.children.duration)),
    span: spanOf(context, node),
  };
}

export function buildRecipient(
  context: TreeContext,
  node: Cst.RecipientDeclarationCstNode,
): Omit<RecipientDeclaration, "doc"> {
  const lines = typed(node.children.recipientLine);
  const emails = lines.filter((line) => first(line.children.Email) !== undefined);
  const webhooks = lines.filter((line) => first(line.children.Email) === undefined);
  reportRepeated(context, emails, "`email`", "list the addresses in one line, with commas");
  reportRepeated(context, webhooks, "`webhook`", "list the addresses in one line, with commas");
  return {
    kind: "recipient",
    name: buildName(context, first(node.children.Quoted)),
    emails: emails.flatMap((line) => buildTexts(context, first(line.children.texts))),
    webhooks: webhooks.flatMap((line) => buildTexts(context, first(line.children.texts))),
    span: spanOf(context, node),
  };
}

export function buildTemplate(
  context: TreeContext,
  node: Cst.TemplateDeclarationCstNode,
): Omit<TemplateDeclaration, "doc"> {
  const lines = typed(node.children.templateLine);
  const subjects = lines.filter((line) => first(line.children.Subject) !== undefined);
  const bodies = lines.filter((line) => first(line.children.Subject) === undefined);
  reportRepeated(context, subjects, "`subject`");
  reportRepeated(context, bodies, "`body`");
  return {
    kind: "template",
    name: buildName(context, first(node.children.Quoted)),
    subject: buildText(context, first(first(subjects)?.children.Quoted)),
    body: buildText(context, first(first(bodies)?.children.Quoted)),
    span: spanOf(context, node),
  };
}

export function buildPartner(
  context: TreeContext,
  node: Cst.PartnerDeclarationCstNode,
): Omit<PartnerDeclaration, "doc"> {
  return {
    kind: "partner",
    name: buildName(context, first(node.children.Quoted)),
    span: spanOf(context, node),
  };
}

export function buildUdf(context: TreeContext, node: Cst.UdfDeclarationCstNode): Omit<UdfDeclaration, "doc"> {
  const scope = whichOf(node, ["Ticket", "Organization", "Device"] as const) ?? "Ticket";
  const type = whichOf(node, ["Text", "Number", "Date", "Boolean"] as const);
  return {
    kind: "udf",
    scope: scope.toLowerCase() as Lowercase<typeof scope>,
    name: buildName(context, first(node.children.Quoted)),
    type: type === undefined ? undefined : (type.toLowerCase() as Lowercase<typeof type>),
    span: spanOf(context, node),
  };
}

export function buildMaintenance(
  context: TreeContext,
  node: Cst.MaintenanceDeclarationCstNode,
): Omit<MaintenanceDeclaration, "doc"> {
  const { children } = node;
  reportRepeated(context, children.maintenanceScopes, "`for`");
  reportRepeated(context, children.zoneLine, "`zone`");
  const lines = inOrder<Cst.MaintenanceEveryCstNode | Cst.MaintenanceFromCstNode>(
    children.maintenanceEvery,
    children.maintenanceFrom,
  );
  return {
    kind: "maintenance",
    name: buildName(context, first(children.Quoted)),
    scopes: typed(children.maintenanceScopes).flatMap((line) =>
      typed(line.children.maintenanceScope).map((scope) => {
        const kind = whichOf(scope, ["Organization", "Device", "Source"] as const) ?? "Source";
        return {
          kind: kind.toLowerCase() as Lowercase<typeof kind>,
          names: typed(scope.children.Quoted).map((token) => buildString(context, token)),
          span: spanOf(context, scope),
        };
      }),
    ),
    zone: buildText(context, first(first(children.zoneLine)?.children.Quoted)),
    times: lines.flatMap((line) => buildMaintenanceTime(context, line) ?? []),
    span: spanOf(context, node),
  };
}

function buildMaintenanceTime(
  context: TreeContext,
  node: Cst.MaintenanceEveryCstNode | Cst.MaintenanceFromCstNode,
): MaintenanceTime | undefined {
  const span = spanOf(context, node);
  if (node.name === "maintenanceEvery") {
    const days = buildDays(context, first(node.children.days));
    return { kind: "every", days, ranges: buildClockRanges(context, first(node.children.clockRanges)), span };
  }
  const from = asDate(context, first(node.children.moment));
  const to = asDate(context, second(node.children.moment));
  return from === undefined ? undefined : { kind: "from", from, to, span };
}

/** A window begins and ends on a day; a time alone would mean every day. */
function asDate(context: TreeContext, node: Cst.MomentCstNode | undefined) {
  const moment = buildMoment(context, node);
  if (moment === undefined || moment.kind === "date") return moment;
  context.sink.report("R1008", moment.span, "a date is missing before this time", {
    help: "write both, such as `from 2026-12-24 18:00 to 2026-12-27 06:00`",
  });
  return undefined;
}
