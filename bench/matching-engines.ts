/** The same rules in each engine's own form: our IR, json-rules-engine, closures. Each returns the indexes of rules that hold. */
import { Engine } from "json-rules-engine";
import { RE2JS } from "re2js";
import type { ConditionIr, ExprIr, RuleIr, RuleSetIr, TestIr } from "../src/compiler/index.ts";
import { FIELDS, FIELD_FAMILIES } from "../src/domain/index.ts";
import type { Field, FieldValue } from "../src/domain/index.ts";
import type { FieldName, FlatAlert, Spec } from "./corpus.ts";

/* ---------- ours ---------- */

const ownPaths: Partial<Record<FieldName, string>> = {
  customer: "alert.organization.name",
  source: "alert.source",
  severity: "alert.severity",
  message: "alert.title",
  host: "alert.device.name",
};

const alertFields = FIELD_FAMILIES.find(({ prefix }) => prefix === "alert.fields");
const fields = new Map<FieldName, Field>();

function fieldOf(name: FieldName): Field {
  let field = fields.get(name);
  if (field === undefined) {
    const path = ownPaths[name];
    field = path === undefined ? alertFields?.field(name, "text") : FIELDS.get(path);
    if (field === undefined) throw new Error(`no field for ${name}`);
    fields.set(name, field);
  }
  return field;
}

export function toRuleSet(specs: readonly Spec[]): RuleSetIr {
  return {
    rules: specs.map(toRule),
    categories: new Map(),
    recipients: new Map(),
    templates: new Map(),
    callouts: new Map(),
    partners: new Map(),
    udfs: [],
    values: new Map(),
    calendars: new Map(),
    maintenance: [],
    zone: undefined,
    secrets: [],
  };
}

const origin = { file: "bench.rules", line: 1, column: 1, text: "" };

function toRule(spec: Spec, index: number): RuleIr {
  return {
    index,
    name: `rule ${index}`,
    documentation: undefined,
    file: "bench.rules",
    line: index + 1,
    active: true,
    order: 100,
    organizations: undefined,
    triggers: [{ kind: "alert-received", by: [], change: undefined, callout: undefined }],
    condition: toCondition(spec),
    exceptions: [],
    actions: [],
    hash: String(index),
  };
}

function toCondition(spec: Spec): ConditionIr {
  switch (spec.kind) {
    case "all":
    case "any":
      return { kind: spec.kind, of: spec.of.map(toCondition), origin };
    case "not":
      return { kind: "not", of: toCondition(spec.of), origin };
    case "exists":
      return { kind: "not", of: toTest(spec.field, "empty", []), origin };
    case "equals":
      return toTest(spec.field, "equals", [spec.value]);
    case "in":
      return toTest(spec.field, "equals", spec.values);
    case "above":
      return toTest(spec.field, "more-than", [spec.value]);
    case "at-least":
      return toTest(spec.field, "at-least", [spec.value]);
    case "between":
      return toTest(spec.field, "between", [spec.low, spec.high]);
    case "prefix":
      return toTest(spec.field, "starts-with", [spec.text]);
    case "part":
      return toTest(spec.field, "contains", [spec.text]);
    case "regex":
      return toTest(spec.field, "matches", [spec.text]);
  }
}

function toTest(field: FieldName, operator: TestIr["operator"], right: readonly FieldValue[]): TestIr {
  return {
    kind: "test",
    operator,
    left: { kind: "field", field: fieldOf(field) },
    right: right.map((value): ExprIr => ({ kind: "const", value })),
    exactly: false,
    ranks: undefined,
    pattern: undefined,
    change: undefined,
    origin,
  };
}

/* ---------- closures, one after the other ---------- */

export type Closure = (alert: FlatAlert) => boolean;

export function toClosure(spec: Spec): Closure {
  switch (spec.kind) {
    case "all": {
      const parts = spec.of.map(toClosure);
      return (alert) => parts.every((part) => part(alert));
    }
    case "any": {
      const parts = spec.of.map(toClosure);
      return (alert) => parts.some((part) => part(alert));
    }
    case "not": {
      const part = toClosure(spec.of);
      return (alert) => !part(alert);
    }
    case "exists":
      return (alert) => alert[spec.field] !== undefined;
    case "equals":
      return (alert) => alert[spec.field] === spec.value;
    case "in": {
      const values = new Set<unknown>(spec.values);
      return (alert) => values.has(alert[spec.field]);
    }
    case "above":
      return (alert) => (alert[spec.field] as number) > spec.value;
    case "at-least":
      return (alert) => (alert[spec.field] as number) >= spec.value;
    case "between":
      return (alert) =>
        (alert[spec.field] as number) >= spec.low && (alert[spec.field] as number) <= spec.high;
    case "prefix":
      return (alert) => (alert[spec.field] as string).startsWith(spec.text);
    case "part":
      return (alert) => (alert[spec.field] as string).includes(spec.text);
    case "regex": {
      const regex = RE2JS.compile(spec.text, RE2JS.CASE_INSENSITIVE);
      return (alert) => regex.test(alert[spec.field] as string);
    }
  }
}

export function matchClosures(closures: readonly Closure[], alert: FlatAlert): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < closures.length; i++) if ((closures[i] as Closure)(alert)) found.push(i);
  return found;
}

/* ---------- json-rules-engine: one fact a field, its own operators where it has them ---------- */

export function toEngine(specs: readonly Spec[]): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addOperator("startsWith", (value: string, text: string) => value.startsWith(text));
  engine.addOperator("containsText", (value: string, text: string) => value.includes(text));
  engine.addOperator("exists", (value: unknown, wanted: boolean) => (value !== undefined) === wanted);
  engine.addOperator(
    "between",
    (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high,
  );
  const compiled = new Map<string, RE2JS>();
  engine.addOperator("matches", (value: string, pattern: string) => {
    let regex = compiled.get(pattern);
    if (regex === undefined) compiled.set(pattern, (regex = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)));
    return regex.test(value);
  });
  for (const [index, spec] of specs.entries()) {
    engine.addRule({
      conditions: toEngineRoot(spec) as Parameters<Engine["addRule"]>[0]["conditions"],
      event: { type: "rule", params: { index } },
    });
  }
  return engine;
}

/** A test alone is no root there. */
function toEngineRoot(spec: Spec): object {
  const condition = toEngineCondition(spec);
  return "fact" in condition ? { all: [condition] } : condition;
}

function toEngineCondition(spec: Spec): object {
  switch (spec.kind) {
    case "all":
      return { all: spec.of.map(toEngineCondition) };
    case "any":
      return { any: spec.of.map(toEngineCondition) };
    case "not":
      return { not: toEngineCondition(spec.of) };
    case "exists":
      return { fact: spec.field, operator: "exists", value: true };
    case "equals":
      return { fact: spec.field, operator: "equal", value: spec.value };
    case "in":
      return { fact: spec.field, operator: "in", value: [...spec.values] };
    case "above":
      return { fact: spec.field, operator: "greaterThan", value: spec.value };
    case "at-least":
      return { fact: spec.field, operator: "greaterThanInclusive", value: spec.value };
    case "between":
      return { fact: spec.field, operator: "between", value: [spec.low, spec.high] };
    case "prefix":
      return { fact: spec.field, operator: "startsWith", value: spec.text };
    case "part":
      return { fact: spec.field, operator: "containsText", value: spec.text };
    case "regex":
      return { fact: spec.field, operator: "matches", value: spec.text };
  }
}

export async function matchEngine(engine: Engine, alert: FlatAlert): Promise<readonly number[]> {
  const { events } = await engine.run({ ...alert });
  return events.map(({ params }) => params?.["index"] as number).sort((a, b) => a - b);
}
