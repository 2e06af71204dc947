/** Declarations beside rules: what stands in lists, lookups, values, categories, definitions, mailboxes. */
import { spanText, type Span } from "../diagnostics/index.ts";
import { exactText, foldText } from "../domain/index.ts";
import { unreachable } from "../domain/index.ts";
import type {
  CategoryDeclaration,
  Declaration,
  Expression,
  ListDeclaration,
  LookupDeclaration,
} from "../../grammar/ast.ts";
import { checkDuration } from "./amounts.ts";
import { checkFieldLines } from "./check-assignment.ts";
import { readDefinition } from "./check-condition.ts";
import { checkCallout, checkRecipient, checkTemplate } from "./check-exchange.ts";
import { checkMailbox } from "./check-mailbox.ts";
import { checkNegations } from "./check-negations.ts";
import { checkRule } from "./check-rule.ts";
import { checkCalendar, checkMaintenance } from "./check-times.ts";
import { openPlace, type Checking } from "./checking.ts";
import { readLookup } from "./value-type.ts";

export function checkDeclaration(checking: Checking, declaration: Declaration): void {
  switch (declaration.kind) {
    case "rule":
      checkRule(checking, declaration);
      return;
    case "list":
      checkList(checking, declaration);
      return;
    case "lookup":
      checkLookup(checking, declaration);
      return;
    case "define":
      readDefinition(checking, declaration);
      if (declaration.condition !== undefined)
        checkNegations(checking, openPlace({ paths: [], holes: [] }), declaration.condition);
      return;
    case "category":
      checkCategory(checking, declaration);
      return;
    case "recipient":
      checkRecipient(checking, declaration);
      return;
    case "template":
      checkTemplate(checking, declaration);
      return;
    case "callout":
      checkCallout(checking, declaration);
      return;
    case "mailbox":
      checkMailbox(checking, declaration);
      return;
    case "calendar":
      checkCalendar(checking, declaration);
      return;
    case "maintenance":
      checkMaintenance(checking, declaration);
      return;
    case "values":
    case "partner":
    case "udf":
    case "test":
      return;
    default:
      unreachable(declaration);
  }
}

/** A value that stands in the file: what lists hold and lookups are asked with. */
function isConstant(node: Expression): boolean {
  return ["string", "number", "boolean", "date", "duration"].includes(node.kind);
}

/** The text by which equal constants are found: folded, as they compare. */
function constantKey(node: Expression): string {
  return node.kind === "string" ? foldText(exactText(node.value)) : spanText(node.span);
}

function checkList(checking: Checking, list: ListDeclaration): void {
  for (const item of list.items)
    if (!isConstant(item))
      checking.report.add("R1303", item.span, "a list holds texts and numbers", {
        help: item.kind === "path" ? `for a text write \`"${spanText(item.span)}"\`` : undefined,
      });
}

function checkLookup(checking: Checking, lookup: LookupDeclaration): void {
  const first = new Map<string, Span>();
  for (const key of lookup.entries.flatMap((entry) => entry.keys)) {
    if (!isConstant(key)) {
      checking.report.add("R1303", key.span, "a lookup is asked with texts and numbers", {
        help: key.kind === "path" ? `for a text write \`"${spanText(key.span)}"\`` : undefined,
      });
      continue;
    }
    const earlier = first.get(constantKey(key));
    if (earlier === undefined) first.set(constantKey(key), key.span);
    else
      checking.report.add("R1313", key.span, `\`${spanText(key.span)}\` stands in the lookup twice`, {
        labels: [{ span: earlier, text: "first here; it would always win" }],
      });
  }
  readLookup(checking, lookup);
}

/** Fixed values, since a category does not know what its ticket will be made of. */
function checkCategory(checking: Checking, category: CategoryDeclaration): void {
  const place = openPlace({ paths: [], holes: [] });
  checkDuration(checking.report, category.dueIn, "the time until a ticket is due");
  const lines = category.fields.filter((line) => {
    const { value } = line;
    if (value === undefined || isConstant(value)) return true;
    checking.report.add("R1303", value.span, "a category gives fixed values", {
      help: "what depends on the alert stands in `create ticket`",
    });
    return false;
  });
  const itself = lines.find((line) => spanText(line.path.span).toLowerCase() === "category");
  if (itself !== undefined)
    checking.report.add("R1208", itself.path.span, "a category does not name a category");
  checkFieldLines(
    checking,
    place,
    lines.filter((line) => line !== itself),
    "category",
  );
}
