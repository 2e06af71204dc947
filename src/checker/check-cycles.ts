/** Definitions that use themselves, directly or in a circle: each circle is told once, at the first of its files. */
import { exactText } from "../domain/index.ts";
import type { Condition, DefineDeclaration } from "../../grammar/ast.ts";
import type { Declarations } from "./checked-rules.ts";
import type { Report } from "./report.ts";

export function checkCycles(declarations: Declarations, report: Report): void {
  const done = new Set<DefineDeclaration>();
  const visit = (definition: DefineDeclaration, trail: readonly DefineDeclaration[]): void => {
    const at = trail.indexOf(definition);
    if (at !== -1) {
      reportCircle(report, trail.slice(at));
      return;
    }
    if (done.has(definition)) return;
    for (const name of namesUsed(definition.condition)) {
      const next = declarations.defines.get(name);
      if (next !== undefined) visit(next, [...trail, definition]);
    }
    done.add(definition);
  };
  for (const definition of declarations.defines.values()) visit(definition, []);
}

function reportCircle(report: Report, circle: readonly DefineDeclaration[]): void {
  const [first, ...others] = circle;
  if (first?.name === undefined) return;
  const words = [...circle, first].map((d) => `\`${d.name?.text ?? ""}\``).join(" uses ");
  report.add("R1207", first.name.span, `a definition cannot use itself: ${words}`, {
    labels: others.flatMap((d) =>
      d.name === undefined ? [] : [{ span: d.name.span, text: "in this circle" }],
    ),
  });
}

function namesUsed(node: Condition | undefined): readonly string[] {
  if (node === undefined) return [];
  if (node.kind === "name") return [exactText(node.name.text)];
  if (node.kind === "group" || node.kind === "mixed") return node.of.flatMap(namesUsed);
  return node.kind === "not" ? namesUsed(node.of) : [];
}
