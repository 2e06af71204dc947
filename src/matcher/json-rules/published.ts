/**
 * `tocsin/json-rules-engine`: what compiled rules (`tocsin compile --target json-rules-engine`) need beside the plain
 * library. Imports neither the library nor anything that runs; the types stand alone, since they are published.
 *
 *   import { Engine } from "json-rules-engine";
 *   import { operators, toFacts } from "tocsin/json-rules-engine";
 *
 *   const engine = new Engine(compiled.rules);
 *   for (const [name, operator] of Object.entries(operators)) engine.addOperator(name, operator);
 *   const { events } = await engine.run(toFacts({ event: "alert received", alert, at: Date.now() }));
 */
import { FIELD_FAMILIES, pathSegment } from "../../domain/index.ts";
import type { Snapshot } from "../../domain/index.ts";
import { factsOf } from "./facts.ts";
import { operators as ours } from "./operators.ts";
import { toSnapshot, type FactInput } from "./published-facts.ts";

/** By name: `engine.addOperator(name, operators[name])`. */
export const operators: Readonly<Record<string, (factValue: unknown, operand: unknown) => boolean>> = ours;

/** Facts of one event for `engine.run`. */
export function toFacts(input: FactInput): Record<string, unknown> {
  const snapshot = toSnapshot(input);
  const facts = factsOf(snapshot);
  for (const { prefix } of FIELD_FAMILIES) {
    const record = recordOf(prefix, snapshot);
    facts[prefix] = { ...record };
    // Fields by their whole path too: that is what lookups and other expressions name.
    for (const [name, value] of Object.entries(record)) {
      const segment = prefix === "alert.fields" ? pathSegment(name) : quoted(name);
      facts[`${prefix}.${segment}`] = value;
    }
  }
  facts["count"] = ({ key }: { readonly key: string }): number => snapshot.counts?.get(key) ?? 0;
  return facts;
}

export type { FactInput };

function quoted(name: string): string {
  return `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function recordOf(prefix: string, { alert, ticket, mail }: Snapshot): Readonly<Record<string, unknown>> {
  switch (prefix) {
    case "alert.fields":
      return alert?.fields ?? {};
    case "ticket.udf":
      return ticket?.udf ?? {};
    case "ticket.organization.udf":
      return ticket?.organization.udf ?? {};
    case "ticket.device.udf":
      return ticket?.device?.udf ?? {};
    default:
      return mail?.headers ?? {};
  }
}
