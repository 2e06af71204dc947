/**
 * Asks json-rules-engine about one rule: the second opinion before a rule acts, whose per-condition results are the
 * reason that is stored. Knows the engine's ways, nothing of the index.
 */
import { Almanac, Engine } from "json-rules-engine";
import type { ConditionIr, RuleIr } from "../../compiler/index.ts";
import { unreachable } from "../../domain/index.ts";
import type { Field, FieldValue, Snapshot } from "../../domain/index.ts";
import { isLeaf, scopeResult, shownValue } from "../explain-rule.ts";
import { countOf } from "../stateless-tests.ts";
import type { Confirmation, ConditionResult, LeafIr } from "../types.ts";
import { emitRule } from "./emit-rule.ts";
import { factsOf } from "./facts.ts";
import { operators } from "./operators.ts";
import { usedFields } from "./used-fields.ts";

export type ConfirmRule = (rule: RuleIr, snapshot: Snapshot) => Promise<Confirmation>;

/** Engines of one rule that wait for the next question; more are made when more questions come at once. */
const IDLE_ENGINES_MAX = 4;

/**
 * A run keeps its state on the engine, so two runs of one engine disturb each other: every question takes an engine
 * of its own from the rule's idle ones. Engines are made when a rule is first asked about, one rule each.
 */
export function buildConfirm(ruleCount: number): ConfirmRule {
  const questions = new WeakMap<RuleIr, Question>();
  return async (rule, snapshot) => {
    if (!rule.active) return { holds: false, conditions: [] };
    let question = questions.get(rule);
    if (question === undefined) {
      question = { rule, ruleCount, fields: usedFields(rule), idle: [], last: undefined };
      questions.set(rule, question);
    }
    const facts = factsOf(snapshot, question.fields);
    const { last } = question;
    const { result, conditions } =
      last !== undefined && isSame(last.facts, facts) ? last.answer : await ask(question, facts);
    return { holds: result, conditions: readConditions(rule, snapshot, conditions) };
  };
}

async function ask(question: Question, facts: Facts): Promise<Answer> {
  const engine = question.idle.pop() ?? buildEngine(question);
  const { results, failureResults } = await engine.run({}, { almanac: new FactAlmanac(facts) });
  // An engine whose run failed is not used again.
  if (question.idle.length < IDLE_ENGINES_MAX) question.idle.push(engine);
  const [found] = [...results, ...failureResults];
  const answer: Answer = {
    result: found?.result === true,
    conditions: (found?.conditions ?? {}) as ResultNode,
  };
  question.last = { facts, answer };
  return answer;
}

/**
 * All that the engine could read, the time included: alerts of one array often differ in nothing that a rule looks at,
 * and it answers what it answered. Functions of facts follow from the facts beside them.
 */
function isSame(before: Facts, now: Facts): boolean {
  for (const name in now) {
    const [a, b] = [before[name], now[name]];
    if (Object.is(a, b) || typeof b === "function") continue;
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    if (!a.every((element, i) => Object.is(element, b[i]))) return false;
  }
  // Counts are facts only where there are some.
  for (const name in before) if (!(name in now)) return false;
  return true;
}

type Facts = Readonly<Record<string, unknown>>;

interface Answer {
  readonly result: boolean;
  readonly conditions: ResultNode;
}

interface Question {
  readonly rule: RuleIr;
  readonly ruleCount: number;
  readonly fields: readonly Field[];
  readonly idle: Engine[];
  /** What was asked last, and the engine's answer. */
  last: { readonly facts: Facts; readonly answer: Answer } | undefined;
}

/** The event says nothing: the engine would copy it at every question, and nobody listens. */
function buildEngine({ rule, ruleCount }: Question): Engine {
  const engine = new Engine();
  for (const [name, operator] of Object.entries(operators)) engine.addOperator(name, operator);
  const { conditions, ...rest } = emitRule(rule, ruleCount);
  engine.addRule({
    ...rest,
    event: { type: "rule" },
    conditions: conditions as Parameters<Engine["addRule"]>[0]["conditions"],
  });
  return engine;
}

/** Reads the facts where they are: the engine's own way makes an object, a hash and a promise of each before it asks. */
class FactAlmanac extends Almanac {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    super();
    this.#facts = facts;
  }

  override async factValue<Value>(name: string, params?: Record<string, unknown>): Promise<Value> {
    const fact = this.#facts[name];
    return (typeof fact === "function" ? (fact as (given: unknown) => Value)(params) : fact) as Value;
  }
}

/* ---------- the engine's answer in authored form ---------- */

/** What the engine leaves on each node of its copy of the conditions. */
interface ResultNode {
  readonly all?: readonly ResultNode[];
  readonly any?: readonly ResultNode[];
  readonly not?: ResultNode;
  readonly result?: boolean;
  readonly factResult?: unknown;
}

/** The emitted root is `all` of events, scope if any, condition and one `not` for each exception (`emitRule`). */
function readConditions(rule: RuleIr, snapshot: Snapshot, root: ResultNode): readonly ConditionResult[] {
  const [, ...parts] = root.all ?? [];
  const scope = rule.organizations === undefined ? undefined : parts.shift();
  const [condition, ...exceptions] = parts;
  return [
    ...scopeResult(rule, snapshot, scope?.result === true),
    ...readNode(rule.condition, condition, snapshot),
    ...rule.exceptions.flatMap((exception, index) => readNode(exception, exceptions[index]?.not, snapshot)),
  ];
}

/** Walks the authored condition and the engine's copy side by side: they have one shape. */
function readNode(
  condition: ConditionIr,
  node: ResultNode | undefined,
  snapshot: Snapshot,
): readonly ConditionResult[] {
  switch (condition.kind) {
    case "always":
      return [];
    case "all":
      return condition.of.flatMap((part, index) => readNode(part, node?.all?.[index], snapshot));
    case "any":
      return condition.of.flatMap((part, index) => readNode(part, node?.any?.[index], snapshot));
    case "not":
      if (!isLeaf(condition.of)) return readNode(condition.of, node?.not, snapshot);
      return [readLeaf(condition, node, seenBy(condition.of, node?.not, snapshot))];
    case "calendar":
    case "count":
    case "test":
      return [readLeaf(condition, node, seenBy(condition, node, snapshot))];
    default:
      return unreachable(condition);
  }
}

function readLeaf(written: ConditionIr, node: ResultNode | undefined, actual: FieldValue): ConditionResult {
  const { text, file, line } = written.origin;
  return { text, file, line, result: node?.result === true, actual };
}

function seenBy(test: LeafIr, node: ResultNode | undefined, snapshot: Snapshot): FieldValue {
  return shownValue(test, actualOf(test, node, snapshot));
}

/** What the leaf saw; for a change its new value, else the value that did not change. */
function actualOf(test: LeafIr, node: ResultNode | undefined, snapshot: Snapshot): FieldValue {
  if (test.kind === "count") return countOf(test, snapshot);
  if (test.kind === "calendar" || test.operator !== "changed") return node?.factResult as FieldValue;
  const change = snapshot.changes.find(({ field }) => field === test.change?.apiName);
  if (change !== undefined) return change.to;
  return test.left.kind === "field" ? test.left.field.read(snapshot) : undefined;
}
