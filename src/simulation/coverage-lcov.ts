/** Coverage in lcov's form: a rule is a function, each condition a branch with the two sides true and false. */
import type { SeenRule } from "./coverage.ts";

export function coverageAsLcov(rules: readonly SeenRule[]): string {
  const files = Map.groupBy(rules, ({ rule }) => rule.file);
  return [...files].map(([file, seen]) => recordOf(file, seen)).join("");
}

function recordOf(file: string, rules: readonly SeenRule[]): string {
  const functions = rules.flatMap(({ rule }) => [`FN:${rule.line},${rule.name}`]);
  const calls = rules.map(({ rule, firedTimes }) => `FNDA:${firedTimes},${rule.name}`);
  const branches = rules.flatMap(({ conditions, exceptions }, block) =>
    [...conditions, ...exceptions].flatMap(({ result, heldTimes, failedTimes }, index) => {
      const asked = heldTimes + failedTimes > 0;
      const side = (branch: number, times: number): string =>
        `BRDA:${result.line},${block},${index * 2 + branch},${asked ? times : "-"}`;
      return [side(0, heldTimes), side(1, failedTimes)];
    }),
  );
  const lines = linesOf(rules);
  return [
    "TN:",
    `SF:${file}`,
    ...functions,
    ...calls,
    `FNF:${rules.length}`,
    `FNH:${rules.filter(({ firedTimes }) => firedTimes > 0).length}`,
    ...branches,
    `BRF:${branches.length}`,
    `BRH:${branches.filter((line) => !/,(?:0|-)$/.test(line)).length}`,
    ...lines.map(([line, times]) => `DA:${line},${times}`),
    `LF:${lines.length}`,
    `LH:${lines.filter(([, times]) => times > 0).length}`,
    "end_of_record\n",
  ].join("\n");
}

/** The rule's line as often as it fired, a condition's line as often as it was asked. */
function linesOf(rules: readonly SeenRule[]): readonly (readonly [number, number])[] {
  const times = new Map<number, number>();
  for (const { rule, firedTimes, conditions } of rules) {
    times.set(rule.line, Math.max(times.get(rule.line) ?? 0, firedTimes));
    for (const { result, heldTimes, failedTimes } of conditions) {
      times.set(result.line, Math.max(times.get(result.line) ?? 0, heldTimes + failedTimes));
    }
  }
  return [...times].toSorted(([a], [b]) => a - b);
}
