/**
 * A whole set as JSON for the plain library: the emitted rules with facts that `toFacts` brings, and what each rule says
 * that conditions cannot carry. Knows nothing of running them.
 *
 *   confirming          {fact: "alert.fields.disk"}             one fact a path, as json-rules-engine here is given them
 *   published           {fact: "alert.fields", path: "$.disk"}  always defined, so that no engine option is needed
 */
import type { ConditionIr, RuleIr, RuleSetIr } from "../../compiler/index.ts";
import { FIELDS, FIELD_FAMILIES } from "../../domain/index.ts";
import { emitRule } from "./emit-rule.ts";
import type { JsonCondition, JsonFactReference } from "./json-form.ts";

export interface PublishedRule {
  readonly name: string;
  readonly priority: number;
  readonly conditions: unknown;
  readonly event: { readonly type: "rule"; readonly params: Readonly<Record<string, unknown>> };
}

/** What of a rule the JSON leaves to whoever runs it. */
export interface LeftOut {
  readonly kind: "count" | "time" | "stop" | "inactive" | "mail";
  readonly rule: RuleIr;
  /** A sentence, the rule's name left out. */
  readonly text: string;
}

export interface PublishedRules {
  readonly rules: readonly PublishedRule[];
  readonly leftOut: readonly LeftOut[];
}

/** Inactive rules are told and not written: they never fire. */
export function publishRules({ rules }: RuleSetIr): PublishedRules {
  const active = rules.filter((rule) => rule.active);
  return {
    rules: active.map((rule) => publishRule(rule, rules.length)),
    leftOut: rules.flatMap((rule) => leftOutOf(rule)),
  };
}

function publishRule(rule: RuleIr, count: number): PublishedRule {
  const { name, priority, conditions, event } = emitRule(rule, count);
  const timers = rule.triggers.flatMap(({ kind, timer }) =>
    timer === undefined || timer.kind === "schedule"
      ? []
      : [{ event: kind.replaceAll("-", " "), ms: timer.ms }],
  );
  const params = {
    ...event.params,
    actions: rule.actions.map(({ origin }) => origin.text),
    ...(rule.actions.some(({ kind }) => kind === "stop") ? { stop: true } : {}),
    ...(timers.length === 0 ? {} : { timers }),
  };
  return { name, priority, conditions: publishCondition(conditions), event: { type: event.type, params } };
}

/* ---------- conditions ---------- */

function publishCondition(condition: JsonCondition): unknown {
  if ("all" in condition) return { all: condition.all.map(publishCondition) };
  if ("any" in condition) return { any: condition.any.map(publishCondition) };
  if ("not" in condition) return { not: publishCondition(condition.not) };
  const { operator, value, ...left } = condition;
  const isReference = typeof value === "object" && "fact" in value;
  return {
    ...publishFact(left),
    operator,
    value: isReference ? publishFact(value) : (value ?? null),
  };
}

function publishFact(reference: JsonFactReference): object {
  const { fact, params } = reference;
  if (params !== undefined) return { fact, params };
  if (fact.startsWith("alerts in ")) return { fact: "count", params: { key: fact } };
  if (FIELDS.has(fact)) return { fact };
  const family = FIELD_FAMILIES.find(({ prefix }) => fact.startsWith(`${prefix}.`));
  if (family === undefined) return { fact };
  const segment = fact.slice(family.prefix.length + 1);
  const quoted = /^"(?<name>[\p{L}_][\p{L}\p{N}_ -]*)"$/u.exec(segment)?.groups?.["name"];
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(segment)) return { fact: family.prefix, path: `$.${segment}` };
  if (quoted !== undefined) return { fact: family.prefix, path: `$['${keyOf(family.prefix, quoted)}']` };
  return { fact: "expression", params: { expression: { kind: "fact", fact } } };
}

/** Headers are known by their small letters. */
function keyOf(prefix: string, name: string): string {
  return prefix === "mail.header" ? name.toLowerCase() : name;
}

/* ---------- what is left to the reader ---------- */

function leftOutOf(rule: RuleIr): readonly LeftOut[] {
  const say = (kind: LeftOut["kind"], text: string): LeftOut => ({ kind, rule, text });
  if (!rule.active) return [say("inactive", "is inactive and was left out")];
  const keys = new Set([rule.condition, ...rule.exceptions].flatMap(countKeys));
  const timed = rule.triggers.filter(({ timer }) => timer !== undefined);
  return [
    ...[...keys].map((key) =>
      say(
        "count",
        `counts alerts, which conditions cannot: give \`toFacts\` \`counts: {${JSON.stringify(key)}: n}\``,
      ),
    ),
    ...timed.map(({ kind }) => {
      const event = kind.replaceAll("-", " ");
      return say(
        "time",
        `waits for time, which the library does not keep: raise \`event: "${event}"\` when it has come`,
      );
    }),
    ...(rule.actions.some(({ kind }) => kind === "stop")
      ? [
          say(
            "stop",
            "stops later rules, which the library does not: see `event.params.stop` and the priorities",
          ),
        ]
      : []),
    ...(readsMail(rule)
      ? [say("mail", "reads a mail, which `toFacts` does not bring: its conditions find none")]
      : []),
  ];
}

function countKeys(condition: ConditionIr): readonly string[] {
  switch (condition.kind) {
    case "count":
      return [condition.key];
    case "all":
    case "any":
      return condition.of.flatMap(countKeys);
    case "not":
      return countKeys(condition.of);
    default:
      return [];
  }
}

function readsMail(rule: RuleIr): boolean {
  const paths = JSON.stringify([rule.condition, rule.exceptions], (key, value: unknown) =>
    key === "origin" ? undefined : value,
  );
  return paths.includes('"path":"mail.');
}
