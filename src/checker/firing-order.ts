/** The order in which matching rules fire: by order, then file by code points, then place (language.md 3). */
import { RULE_ORDER_DEFAULT } from "../domain/index.ts";
import type { RuleNode } from "../../grammar/ast.ts";
import { compareCodePoints } from "./report.ts";

export function inFiringOrder(rules: readonly RuleNode[]): readonly RuleNode[] {
  return [...rules].sort(
    (a, b) =>
      orderOf(a) - orderOf(b) ||
      compareCodePoints(a.span.source.path, b.span.source.path) ||
      placeOf(a) - placeOf(b),
  );
}

function placeOf({ keywordSpan }: RuleNode): number {
  return keywordSpan.source.base + keywordSpan.start;
}

export function orderOf(rule: RuleNode): number {
  return rule.order?.value ?? RULE_ORDER_DEFAULT;
}
