/**
 * What the matcher answers: which rules hold, with which bound names, and which condition decided it. Read by decision,
 * simulation and engine. Knows nothing of effects or stores.
 */
import type { CalendarTestIr, CountTestIr, RuleIr, RuleSetIr, TestIr } from "../compiler/index.ts";
import type { FieldValue, Instant, Snapshot } from "../domain/index.ts";

/** What is told as one line of a reason. */
export type LeafIr = TestIr | CalendarTestIr | CountTestIr;

/** Which condition held, with the value that decided it: json-rules-engine's per-condition results (design.md 1). */
export interface ConditionResult {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly result: boolean;
  readonly actual: FieldValue;
}

/** json-rules-engine's word on one rule that the index found. */
export interface Confirmation {
  readonly holds: boolean;
  readonly conditions: readonly ConditionResult[];
}

export interface RuleMatch {
  readonly rule: RuleIr;
  readonly bindings: ReadonlyMap<string, string>;
}

/** A rule set ready to run: the IR with its index. */
export interface RunnableRules {
  readonly ir: RuleSetIr;
  /** Rules whose stateless part holds for the snapshot, in firing order, with the names that `like` bound. */
  readonly match: (snapshot: Snapshot) => readonly RuleMatch[];
  /** Asks json-rules-engine about one rule on the same facts. */
  readonly confirm: (rule: RuleIr, snapshot: Snapshot) => Promise<Confirmation>;
}

/** What expressions and conditions are evaluated against. */
export interface EvaluationContext {
  readonly snapshot: Snapshot;
  /** Names that `like` bound so far. */
  readonly bindings: ReadonlyMap<string, string>;
  /** What `2 hours` counts from where a time is wanted: the moment of the event. */
  readonly now: Instant;
  /** Zone for times in text: the set's only calendar's; undefined writes UTC and says so. */
  readonly zone: string | undefined;
  /** What `rule.name` gives in texts; a snapshot does not know who is acting. */
  readonly ruleName?: string | undefined;
  /** What `category default` gives: the category's value for the field being filled. */
  readonly categoryDefault?: FieldValue;
}

export const NO_BINDINGS: ReadonlyMap<string, string> = new Map();
