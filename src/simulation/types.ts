/** What running a rule test takes and gives. Read by the command that prints it; knows no file system and no clock. */
import type { CheckedRules } from "../checker/index.ts";
import type { ConditionResult, RunnableRules } from "../matcher/index.ts";
import type { TestDeclaration } from "../../grammar/ast.ts";

/** The rule set that tests run against. */
export interface SimulatedSet {
  readonly rules: RunnableRules;
  /** Which field each path of the test files means. */
  readonly meanings: CheckedRules["meanings"];
}

export interface TestResult {
  readonly name: string;
  readonly file: string;
  /** Of the word `test`. */
  readonly line: number;
  readonly result: "passed" | "failed";
  readonly failures: readonly TestFailure[];
}

/** One expectation that did not hold, or a step that could not be made. */
export interface TestFailure {
  readonly line: number;
  /** The step as written, white space folded. */
  readonly expected: string;
  /** What happened instead. */
  readonly got: string;
  /** More of what happened, a sentence each. */
  readonly details: readonly string[];
  /** The rule that came nearest, or that did it. */
  readonly rule?: RulePlace;
  /** Its conditions that decided. */
  readonly conditions?: readonly ConditionResult[];
}

export interface RulePlace {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** True for the rule that did it, false for the one that came nearest. */
  readonly fired: boolean;
}

export interface RunnableTest {
  readonly test: TestDeclaration;
  readonly name: string;
  readonly file: string;
  readonly line: number;
}
