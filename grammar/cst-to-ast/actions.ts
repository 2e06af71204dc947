/** The `then` of a rule: from the concrete tree to actions. */
import type { ActionNode, CreateTicketNode, DedupNode, FieldLine, NotifyNode } from "../ast.ts";
import type * as Cst from "../gen/cst.d.ts";
import { first, replaceFix, reportRepeated, spanOf, typed, whichOf, type TreeContext } from "./context.ts";
import { buildDuration } from "./times.ts";
import { buildExpression, buildName, buildPath, buildText, buildTexts } from "./values.ts";

export function buildActions(context: TreeContext, node: Cst.ThenClauseCstNode): readonly ActionNode[] {
  return typed(node.children.action).flatMap((action) => buildAction(context, action) ?? []);
}

function buildAction(context: TreeContext, node: Cst.ActionCstNode): ActionNode | undefined {
  const { children } = node;
  const span = spanOf(context, node);
  const create = first(children.createTicket);
  if (create !== undefined) return buildCreateTicket(context, create);
  const note = first(children.addNote);
  if (note !== undefined) return buildAddNote(context, note);
  const set = first(children.setField);
  if (set !== undefined) return buildSet(context, set);
  const complete = first(children.completeTicket);
  if (complete !== undefined) {
    return { kind: "complete ticket", ifUntouched: first(complete.children.Untouched) !== undefined, span };
  }
  const tag = first(children.changeTag);
  if (tag !== undefined) {
    const kind = first(tag.children.Add) === undefined ? "remove tag" : "add tag";
    return { kind, tags: buildTexts(context, first(tag.children.texts)), span };
  }
  const run = first(children.runCallout);
  if (run !== undefined)
    return { kind: "run callout", callout: buildName(context, first(run.children.Quoted)), span };
  const notify = first(children.notify);
  if (notify !== undefined) return buildNotify(context, notify);
  if (first(children.suppressAlert) !== undefined) return { kind: "suppress alert", span };
  return first(children.Stop) === undefined ? undefined : { kind: "stop", span };
}

function buildAddNote(context: TreeContext, node: Cst.AddNoteCstNode): ActionNode {
  const word = whichOf(node, ["Internal", "Public"] as const);
  return {
    kind: "add note",
    text: buildText(context, first(node.children.Quoted)),
    visibility: word === undefined ? undefined : word === "Internal" ? "internal" : "public",
    span: spanOf(context, node),
  };
}

function buildSet(context: TreeContext, node: Cst.SetFieldCstNode): ActionNode | undefined {
  const path = buildPath(context, first(node.children.path));
  if (path === undefined) return undefined;
  const is = first(node.children.Is);
  const sign = first(node.children.Equals);
  const foreign = is ?? (sign === undefined || sign.image === "=" ? undefined : sign);
  if (foreign !== undefined) reportAssignment(context, foreign);
  return {
    kind: "set",
    path,
    value: buildExpression(context, first(node.children.expression)),
    span: spanOf(context, node),
  };
}

function reportAssignment(
  context: TreeContext,
  sign: Parameters<typeof spanOf>[1] & { image: string },
): void {
  const span = spanOf(context, sign);
  const before = /\s/.test(context.source.text.charAt(span.start - 1)) ? "" : " ";
  context.sink.report("R1105", span, `a value is set with \`=\`, not \`${sign.image}\``, {
    help: "write `=`",
    fixes: [replaceFix("write `=`", span, `${before}=`, true)],
  });
}

function buildNotify(context: TreeContext, node: Cst.NotifyCstNode): NotifyNode {
  const { children } = node;
  const to = typed(children.notifyTarget).flatMap((target) => {
    const name = buildName(context, first(target.children.Quoted));
    return name ?? buildPath(context, first(target.children.path)) ?? [];
  });
  const quoted = first(children.Quoted);
  const isTemplate = first(children.Template) !== undefined;
  return {
    kind: "notify",
    to,
    template: isTemplate ? buildName(context, quoted) : undefined,
    text: isTemplate ? undefined : buildText(context, quoted),
    span: spanOf(context, node),
  };
}

/* ---------- create ticket ---------- */

function buildCreateTicket(context: TreeContext, node: Cst.CreateTicketCstNode): CreateTicketNode {
  const { children } = node;
  reportRepeated(context, children.dueInLine, "`due in`");
  reportRepeated(context, [...(children.dedupLine ?? []), ...(children.noDedupLine ?? [])], "`dedup`");
  reportRepeated(context, children.onRepeatLine, "`on repeat note`");
  reportRepeated(context, children.oncePerLine, "`once per`");
  const once = first(children.oncePerLine);
  return {
    kind: "create ticket",
    fields: buildFields(context, children.fieldLine),
    dueIn: buildDuration(context, first(first(children.dueInLine)?.children.duration)),
    dedup: buildDedup(context, node),
    onRepeatNote: buildText(context, first(first(children.onRepeatLine)?.children.Quoted)),
    oncePer:
      once === undefined
        ? undefined
        : {
            duration: buildDuration(context, first(once.children.duration)),
            per: buildPath(context, first(once.children.path)),
            span: spanOf(context, once),
          },
    span: spanOf(context, node),
  };
}

function buildDedup(context: TreeContext, node: Cst.CreateTicketCstNode): DedupNode | undefined {
  const line = first(node.children.dedupLine);
  if (line === undefined) {
    const none = first(node.children.noDedupLine);
    return none === undefined ? undefined : { kind: "no dedup", span: spanOf(context, none) };
  }
  const { children } = line;
  return {
    kind: "dedup",
    within: buildDuration(context, first(children.duration)),
    by: typed(children.dedupPart).flatMap((part) => {
      const path = buildPath(context, first(part.children.path));
      const withoutNumbers = first(part.children.Numbers) !== undefined;
      return path === undefined ? [] : { path, withoutNumbers, span: spanOf(context, part) };
    }),
    across: typed(children.crossed).map((crossed) =>
      first(crossed.children.Organizations) === undefined ? "sources" : "organizations",
    ),
    span: spanOf(context, line),
  };
}

/** Field lines of any block; one field may be written once. */
export function buildFields(
  context: TreeContext,
  nodes: readonly Cst.FieldLineCstNode[] | undefined,
): readonly FieldLine[] {
  const seen = new Map<string, FieldLine>();
  return typed(nodes).flatMap((node) => {
    const path = buildPath(context, first(node.children.path));
    if (path === undefined) return [];
    const sign = first(node.children.Equals);
    if (sign !== undefined && sign.image !== "=") reportAssignment(context, sign);
    const value = buildExpression(context, first(node.children.expression));
    const comma = first(node.children.Comma);
    const whole = spanOf(context, node);
    const span =
      comma === undefined ? whole : { ...whole, end: Math.max(whole.start, spanOf(context, comma).start) };
    const line: FieldLine = { path, value, span };
    const key = path.segments.map((segment) => segment.text.toLowerCase()).join("\u0000");
    const original = seen.get(key);
    if (original === undefined) seen.set(key, line);
    else {
      const name = path.segments.map((segment) => segment.text).join(".");
      context.sink.report("R1110", path.span, `\`${name}\` is written twice`, {
        labels: [{ span: original.path.span, text: "the first one" }],
        help: "keep one of them",
      });
    }
    return [line];
  });
}
