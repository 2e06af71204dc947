/**
 * The rules of the corpora for zen-engine, in the form that was its fastest: one decision table that collects, a row a
 * rule, with one column that holds the whole condition as an expression. (A column a field is three times slower.)
 */
import { ZenEngine } from "@gorules/zen-engine";
import type { ZenDecision } from "@gorules/zen-engine";
import type { FlatAlert, Spec } from "./corpus.ts";

export function toZen(specs: readonly Spec[]): ZenDecision {
  const table = {
    hitPolicy: "collect",
    inputs: [{ id: "holds", name: "holds" }],
    outputs: [{ id: "index", name: "index", field: "index" }],
    rules: specs.map((spec, index) => ({
      _id: `r${index}`,
      holds: toExpression(spec),
      index: String(index),
    })),
  };
  return new ZenEngine().createDecision({
    nodes: [
      { id: "in", name: "in", type: "inputNode", position: { x: 0, y: 0 } },
      { id: "table", name: "table", type: "decisionTableNode", content: table, position: { x: 1, y: 0 } },
      { id: "out", name: "out", type: "outputNode", position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: "a", sourceId: "in", targetId: "table", type: "edge" },
      { id: "b", sourceId: "table", targetId: "out", type: "edge" },
    ],
  });
}

function toExpression(spec: Spec): string {
  switch (spec.kind) {
    case "all":
      return spec.of.map((part) => `(${toExpression(part)})`).join(" and ");
    case "any":
      return spec.of.map((part) => `(${toExpression(part)})`).join(" or ");
    case "not":
      return `not (${toExpression(spec.of)})`;
    case "exists":
      return `${spec.field} != null`;
    case "equals":
      return `${spec.field} == ${JSON.stringify(spec.value)}`;
    case "in":
      return `${spec.field} in ${JSON.stringify(spec.values)}`;
    case "above":
      return `${spec.field} > ${spec.value}`;
    case "at-least":
      return `${spec.field} >= ${spec.value}`;
    case "between":
      return `${spec.field} >= ${spec.low} and ${spec.field} <= ${spec.high}`;
    case "prefix":
      return `startsWith(${spec.field}, ${JSON.stringify(spec.text)})`;
    case "part":
      return `contains(${spec.field}, ${JSON.stringify(spec.text)})`;
    case "regex":
      // Its texts know no escapes: a backslash is one.
      return `matches(${spec.field}, "(?i)${spec.text}")`;
  }
}

export async function matchZen(decision: ZenDecision, alert: FlatAlert): Promise<readonly number[]> {
  const { result } = (await decision.evaluate(alert)) as {
    readonly result: readonly { readonly index: number }[];
  };
  return result.map(({ index }) => index).sort((a, b) => a - b);
}
