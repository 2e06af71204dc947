/** `values PATH = ...`: the fields that can have a closed list, each at most once. */
import { spanText } from "../diagnostics/index.ts";
import type { RuleFile, ValuesDeclaration } from "../../grammar/ast.ts";
import type { Checking } from "./checking.ts";
import { resolveField } from "./resolve-path.ts";

/** By canonical path. */
export function collectValues(
  checking: Checking,
  files: readonly RuleFile[],
): ReadonlyMap<string, ValuesDeclaration> {
  const values = new Map<string, ValuesDeclaration>();
  for (const declaration of files.flatMap((file) => file.declarations)) {
    if (declaration.kind !== "values" || declaration.path === undefined) continue;
    const { path } = declaration;
    const meaning = resolveField(checking, path);
    if (meaning?.kind !== "field") continue;
    const { field } = meaning;
    const earlier = values.get(field.path);
    if (earlier?.path !== undefined)
      checking.report.add("R1202", path.span, `the values of \`${field.path}\` are declared twice`, {
        labels: [{ span: earlier.path.span, text: "first declared here" }],
      });
    else if (field.path === "ticket.category")
      checking.report.add("R1208", path.span, "categories are declared one by one", {
        help: 'write `category "..." ... end`',
      });
    else if (field.type !== "text" || (field.root !== "ticket" && field.root !== "alert"))
      checking.report.add("R1303", path.span, `\`${spanText(path.span)}\` cannot have a list of values`, {
        help: "texts of an alert or a ticket can: `values ticket.queue = ...`",
      });
    else values.set(field.path, declaration);
  }
  return values;
}
