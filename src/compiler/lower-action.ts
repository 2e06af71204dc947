/** Actions behind `then` become ActionIr, with the defaults of language.md 3.3 written out. Knows nothing of how they run. */
import { exactText, unreachable, DEFAULT_DEDUP_WINDOW_MS, FIELDS, type Field } from "../domain/index.ts";
import type {
  ActionNode,
  CreateTicketNode,
  DedupNode,
  FieldLine,
  Name,
  NotifyNode,
  PathNode,
} from "../../grammar/ast.ts";
import { spanText } from "../diagnostics/index.ts";
import { fieldOf, lowerExpression, lowerText } from "./lower-expression.ts";
import { nameText, originOf, present, type Lowering } from "./lowering.ts";
import type { ActionIr, CreateTicketIr, DedupIr, ExprIr } from "./rule-ir.ts";

export interface RuleFacts {
  /** At every event of the rule: what gives `create ticket` its default dedup. */
  readonly alertAtHand: boolean;
}

export function lowerAction(lowering: Lowering, node: ActionNode, rule: RuleFacts): ActionIr {
  const origin = originOf(node.span);
  switch (node.kind) {
    case "create ticket":
      return lowerCreateTicket(lowering, node, rule);
    case "add note": {
      const text = lowerText(lowering, present(node.text, "the text of a note"));
      return { kind: "add-note", text, visibility: node.visibility ?? "internal", origin };
    }
    case "set": {
      const value = lowerExpression(lowering, present(node.value, "a value"), "filled");
      return { kind: "set-field", field: fieldOf(lowering, node.path), value, origin };
    }
    case "complete ticket":
      return { kind: "complete-ticket", ifUntouched: node.ifUntouched, origin };
    case "add tag":
    case "remove tag": {
      const tags = node.tags.map((tag) => exactText(tag.value));
      return { kind: node.kind === "add tag" ? "add-tags" : "remove-tags", tags, origin };
    }
    case "run callout":
      return { kind: "run-callout", callout: nameText(node.callout, "the name of a callout"), origin };
    case "notify":
      return lowerNotify(lowering, node);
    case "suppress alert":
      return { kind: "suppress-alert", origin };
    case "stop":
      return { kind: "stop", origin };
    default:
      return unreachable(node);
  }
}

function lowerNotify(lowering: Lowering, node: NotifyNode): ActionIr {
  const recipients: string[] = [];
  const people: ("assigned_resource" | "contact")[] = [];
  for (const to of node.to)
    if (isPath(to)) people.push(personOf(lowering, to));
    else recipients.push(exactText(to.text));
  return {
    kind: "notify",
    recipients,
    people,
    template: node.template === undefined ? undefined : exactText(node.template.text),
    text: node.text === undefined ? undefined : lowerText(lowering, node.text),
    origin: originOf(node.span),
  };
}

function isPath(to: Name | PathNode): to is PathNode {
  return "kind" in to;
}

function personOf(lowering: Lowering, path: PathNode): "assigned_resource" | "contact" {
  return fieldOf(lowering, path).path === "ticket.contact" ? "contact" : "assigned_resource";
}

function lowerCreateTicket(lowering: Lowering, node: CreateTicketNode, rule: RuleFacts): CreateTicketIr {
  const fields = lowerFields(lowering, node.fields, "filled");
  const isCategory = (field: Field): boolean => field.path === "ticket.category";
  return {
    kind: "create-ticket",
    fields: fields.filter(({ field }) => !isCategory(field)),
    category: fields.find(({ field }) => isCategory(field))?.value,
    dueInMs: node.dueIn?.ms,
    dedup: lowerDedup(lowering, node, rule),
    repeatNote: node.onRepeatNote === undefined ? undefined : lowerText(lowering, node.onRepeatNote),
    oncePer: node.oncePer === undefined ? undefined : { ms: present(node.oncePer.duration, "a duration").ms },
    origin: originOf(node.span),
  };
}

/** A category is named, never filled in: its string is read as typed. */
export function lowerFields(
  lowering: Lowering,
  lines: readonly FieldLine[],
  strings: "plain" | "filled",
): readonly { readonly field: Field; readonly value: ExprIr }[] {
  return lines.map((line) => {
    const field = fieldOf(lowering, line.path);
    const value = present(line.value, `a value of ${spanText(line.path.span)}`);
    const named = field.path === "ticket.category" && value.kind === "string";
    return { field, value: lowerExpression(lowering, value, named ? "plain" : strings) };
  });
}

function lowerDedup(lowering: Lowering, node: CreateTicketNode, rule: RuleFacts): DedupIr {
  if (node.dedup === undefined)
    return node.oncePer === undefined && rule.alertAtHand ? defaultDedup() : { kind: "none" };
  return node.dedup.kind === "no dedup" ? { kind: "none" } : lowerWindow(lowering, node.dedup);
}

/** `within 5 minutes by alert.title` (seed 000). */
function defaultDedup(): DedupIr {
  const title = present(FIELDS.get("alert.title"), "alert.title");
  return {
    kind: "window",
    ms: DEFAULT_DEDUP_WINDOW_MS,
    parts: [{ name: title.path, value: { kind: "field", field: title }, withoutNumbers: false }],
    acrossOrganizations: false,
    acrossSources: false,
  };
}

function lowerWindow(lowering: Lowering, node: Extract<DedupNode, { readonly kind: "dedup" }>): DedupIr {
  return {
    kind: "window",
    ms: present(node.within, "a dedup window").ms,
    parts: node.by.map((part) => {
      const value = lowerExpression(lowering, part.path, "plain");
      return { name: partName(value), value, withoutNumbers: part.withoutNumbers };
    }),
    acrossOrganizations: node.across.includes("organizations"),
    acrossSources: node.across.includes("sources"),
  };
}

function partName(value: ExprIr): string {
  if (value.kind === "field") return value.field.path;
  if (value.kind === "binding") return value.name;
  throw new Error("a dedup key has paths and names in a checked rule set");
}
