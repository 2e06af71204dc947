/** The rules of the corpora as an admin would write them: what the time from text to index is measured on. */
import type { FieldName, Spec } from "./corpus.ts";

const paths: Partial<Record<FieldName, string>> = {
  customer: "alert.organization.name",
  source: "alert.source",
  severity: "alert.severity",
  message: "alert.title",
  host: "alert.device.name",
};

export function toRuleText(specs: readonly Spec[]): string {
  const rules = specs.map((spec, index) =>
    [
      `rule "Rule ${index}"`,
      "  when alert received",
      `  if ${toText(spec)}`,
      "  then",
      "    create ticket",
      '      queue    = "Monitoring"',
      '      title    = "{alert.source}: {alert.title}"',
      "    add note",
      '      "Opened for {alert.organization.name}"',
      "end",
      "",
    ].join("\n"),
  );
  return `rules 1\n\n${rules.join("\n")}`;
}

function toText(spec: Spec): string {
  switch (spec.kind) {
    case "all":
      return spec.of.map(part).join(" and ");
    case "any":
      return spec.of.map(part).join(" or ");
    case "not":
      return `not (${toText(spec.of)})`;
    default:
      return `${paths[spec.field] ?? `alert.fields.${spec.field}`} ${test(spec)}`;
  }
}

function part(spec: Spec): string {
  return spec.kind === "all" || spec.kind === "any" ? `(${toText(spec)})` : toText(spec);
}

function test(spec: Exclude<Spec, { readonly kind: "all" | "any" | "not" }>): string {
  switch (spec.kind) {
    case "exists":
      return "is not empty";
    case "equals":
      return `is ${literal(spec.value)}`;
    case "in":
      return `in [${spec.values.map(literal).join(", ")}]`;
    case "above":
      return `more than ${spec.value}`;
    case "at-least":
      return `at least ${spec.value}`;
    case "between":
      return `between ${spec.low} and ${spec.high}`;
    case "prefix":
      return `starts with ${literal(spec.text)}`;
    case "part":
      return `contains ${literal(spec.text)}`;
    case "regex":
      return `matches ${literal(spec.text)}`;
  }
}

function literal(value: string | boolean): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
