/** Each action behind `then`: what must be at hand for it, its names and its texts. */
import { spanText, type Span } from "../diagnostics/index.ts";
import type { ActionNode, Name, NotifyNode, PathNode, RuleNode } from "../../grammar/ast.ts";
import { checkTarget, checkValue } from "./check-assignment.ts";
import { checkCreateTicket } from "./check-create-ticket.ts";
import type { Checking, Place } from "./checking.ts";
import { readTemplate } from "./check-exchange.ts";
import { eventWords, isAlertEvent, withTicket } from "./event-place.ts";
import { findNamed } from "./names.ts";
import { useReads } from "./reads.ts";
import { replace, resolveField } from "./resolve-path.ts";
import { checkText } from "./value-type.ts";

/** In order: what follows a `create ticket` has its ticket at hand. */
export function checkActions(checking: Checking, place: Place, rule: RuleNode): void {
  let here = place;
  let told = false;
  for (const action of rule.actions) {
    if (needsTicket(action) && lacksTicket(here)) {
      // One mistake of order, told once; the rest of the actions are read as if there were a ticket.
      if (!told) reportNoTicket(checking, here, action);
      told = true;
      checkAction(checking, withTicket(here), action);
      continue;
    }
    checkAction(checking, here, action);
    if (action.kind === "create ticket") here = withTicket(here);
  }
}

function needsTicket(action: ActionNode): boolean {
  switch (action.kind) {
    case "add note":
    case "set":
    case "complete ticket":
    case "add tag":
    case "remove tag":
    case "run callout":
      return true;
    case "create ticket":
    case "notify":
    case "suppress alert":
    case "stop":
      return false;
  }
}

function lacksTicket(place: Place): boolean {
  return place.roots !== undefined && !place.roots.has("ticket");
}

function reportNoTicket(checking: Checking, place: Place, action: ActionNode): void {
  const words = action.kind === "set" ? "set" : action.kind;
  checking.report.add("R1304", action.span, `\`${words}\` has no ticket here`, {
    help: place.whyMissing("ticket"),
  });
}

function checkAction(checking: Checking, place: Place, action: ActionNode): void {
  switch (action.kind) {
    case "create ticket":
      checkCreateTicket(checking, place, action);
      return;
    case "add note":
      checkText(checking, place, action.text);
      return;
    case "set": {
      const field = checkTarget(checking, action.path, "set");
      if (field !== undefined && action.value !== undefined)
        checkValue(checking, place, field, action.value, "set");
      return;
    }
    case "add tag":
    case "remove tag":
      for (const tag of action.tags)
        if (tag.value.trim() === "") checking.report.add("R1103", tag.span, "a tag needs a name");
      return;
    case "run callout":
      findNamed(checking, "callout", action.callout);
      return;
    case "notify":
      checkNotify(checking, place, action);
      return;
    case "suppress alert":
      checkSuppress(checking, place, action.span);
      return;
    case "complete ticket":
    case "stop":
      return;
  }
}

function checkSuppress(checking: Checking, place: Place, span: Span): void {
  const other = place.events.find((event) => !isAlertEvent(event));
  if (other === undefined) return;
  checking.report.add("R1304", span, `\`${eventWords(other)}\` brings no alert to suppress`, {
    help: "`suppress alert` belongs to rules on `alert received`",
  });
}

function checkNotify(checking: Checking, place: Place, node: NotifyNode): void {
  for (const to of node.to)
    if (isPath(to)) checkPerson(checking, place, to);
    else findNamed(checking, "recipient", to);
  checkText(checking, place, node.text);
  const template = findNamed(checking, "template", node.template);
  if (template !== undefined && node.template !== undefined)
    useReads(checking, place, readTemplate(checking, template), node.template.span);
}

function isPath(to: Name | PathNode): to is PathNode {
  return "kind" in to;
}

const people: ReadonlySet<string> = new Set(["ticket.assigned_resource", "ticket.contact"]);

/** Somebody whom the ticket names. */
function checkPerson(checking: Checking, place: Place, path: PathNode): void {
  const { declarations, report } = checking;
  const [only] = path.segments;
  if (only !== undefined && path.segments.length === 1) {
    const meant = declarations.recipients.get(only.text);
    if (meant !== undefined) checking.used.add(meant);
    report.add("R1107", path.span, `\`${only.text}\` needs quotes`, {
      help: `a recipient's name stands in quotes: \`notify "${only.text}"\``,
      fixes: [replace(path.span, `"${only.text}"`, false)],
    });
    return;
  }
  const meaning = resolveField(checking, path);
  if (meaning?.kind !== "field") return;
  checking.meanings.set(path, meaning);
  if (!people.has(meaning.field.path)) {
    report.add("R1316", path.span, `\`${spanText(path.span)}\` is nobody who can be told`, {
      help: "people are `ticket.assigned_resource` and `ticket.contact`; others are a `recipient`",
    });
    return;
  }
  if (lacksTicket(place))
    report.add("R1205", path.span, `\`${meaning.field.path}\` cannot be read here`, {
      help: place.whyMissing("ticket"),
    });
}
