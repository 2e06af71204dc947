/** A snapshot as flat facts, one a path: what emitted rules read. Published beside the operators. Knows no rules. */
import { FIELDS, exactText } from "../../domain/index.ts";
import type { Field, Snapshot } from "../../domain/index.ts";
import { momentOf } from "../stateless-tests.ts";
import { evaluateExpression } from "./expression.ts";
import type { JsonExpression, JsonOperand } from "./json-form.ts";

/** The facts of a snapshot for the given paths, flattened, and the dynamic fact `expression`. Missing ones are undefined. */
export function factsOf(
  snapshot: Snapshot,
  fields: Iterable<Field> = FIELDS.values(),
): Record<string, unknown> {
  const facts: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  facts["event"] = snapshot.kind.replaceAll("-", " ");
  facts["actor.kind"] = snapshot.actor?.kind;
  facts["callout.name"] = snapshot.callout?.name;
  const organization = snapshot.alert?.organization.name ?? snapshot.ticket?.organization.name;
  facts["organization"] = organization === undefined ? undefined : exactText(organization);
  facts["changes"] = snapshot.changes;
  facts["now"] = snapshot.at;
  facts["moment"] = momentOf(snapshot);
  facts["dueRule"] = snapshot.dueRule;
  for (const [key, count] of snapshot.counts ?? []) facts[key] = count;
  for (const field of fields) facts[field.path] = field.read(snapshot);
  facts["expression"] = (params: { readonly expression: JsonExpression }): JsonOperand =>
    evaluateExpression(params.expression, facts);
  return facts;
}
