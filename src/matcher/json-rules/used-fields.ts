/** Which fields a rule reads in its conditions: the facts that json-rules-engine needs for it. Knows no engine. */
import type { ConditionIr, ExprIr, RuleIr, TestIr } from "../../compiler/index.ts";
import { unreachable } from "../../domain/index.ts";
import type { Field } from "../../domain/index.ts";

export function usedFields(rule: RuleIr): readonly Field[] {
  const byPath = new Map<string, Field>();
  for (const trigger of rule.triggers) inChange(trigger.change, byPath);
  inCondition(rule.condition, byPath);
  for (const exception of rule.exceptions) inCondition(exception, byPath);
  return [...byPath.values()];
}

function inCondition(condition: ConditionIr, byPath: Map<string, Field>): void {
  switch (condition.kind) {
    case "always":
      return;
    case "all":
    case "any":
      for (const part of condition.of) inCondition(part, byPath);
      return;
    case "not":
      inCondition(condition.of, byPath);
      return;
    case "count":
      return;
    case "calendar":
      if (condition.at !== undefined) inExpr(condition.at, byPath);
      return;
    case "test":
      inExpr(condition.left, byPath);
      for (const right of condition.right) inExpr(right, byPath);
      inChange(condition.change, byPath);
      return;
    default:
      unreachable(condition);
  }
}

function inChange(change: TestIr["change"], byPath: Map<string, Field>): void {
  for (const expr of [...(change?.from ?? []), ...(change?.to ?? [])]) inExpr(expr, byPath);
}

function inExpr(expr: ExprIr, byPath: Map<string, Field>): void {
  switch (expr.kind) {
    case "field":
      byPath.set(expr.field.path, expr.field);
      return;
    case "lookup":
      inExpr(expr.index, byPath);
      for (const entry of expr.table.entries.values()) inExpr(entry, byPath);
      if (expr.table.otherwise !== undefined) inExpr(expr.table.otherwise, byPath);
      return;
    case "text":
      for (const part of expr.parts) if (typeof part !== "string") inExpr(part, byPath);
      return;
    case "first":
    case "list":
      for (const part of expr.of) inExpr(part, byPath);
      return;
    case "const":
    case "binding":
    case "duration":
    case "category-default":
    case "secret":
      return;
    default:
      unreachable(expr);
  }
}
