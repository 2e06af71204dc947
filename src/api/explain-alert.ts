/**
 * "Why?" for one alert: what fired comes from the stored firings with json-rules-engine's results; what did not is run
 * again over the stored alert, without the index, and the nearest misses are told first.
 */
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import type { ConditionResult } from "../decision/index.ts";
import type { Alert, Snapshot } from "../domain/index.ts";
import { explainRule, type RuleExplanation } from "../matcher/index.ts";
import type { AlertRow } from "../store/desk/index.ts";

interface ExplainedRule {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly result: "fired" | "not_fired" | "excepted" | "stopped" | "inactive";
  readonly conditions: readonly Readonly<Record<string, unknown>>[];
  readonly nearest?: boolean;
}

export function explainAlert(
  row: AlertRow,
  alert: Alert,
  ir: RuleSetIr,
  missesMax: number,
): readonly ExplainedRule[] {
  const fired = row.firings.map((firing): ExplainedRule => {
    const { rule, file, line } = firing;
    return { rule, file, line, result: "fired", conditions: firing.conditions.map(toCondition) };
  });
  const firedNames = new Set(fired.map((rule) => rule.rule));
  const snapshot = snapshotOf(alert);
  const misses = ir.rules
    .filter((rule) => !firedNames.has(rule.name))
    .map((rule) => ({ rule, explanation: explainRule(rule, snapshot, ir.zone) }))
    // Rules on other events are no misses of this alert.
    .filter(({ explanation }) => explanation.triggered)
    .map((miss) => ({
      ...miss,
      failed: miss.explanation.conditions.filter((condition) => !condition.result).length,
    }))
    .toSorted(
      (a, b) =>
        rank(a.explanation) - rank(b.explanation) || a.failed - b.failed || a.rule.index - b.rule.index,
    );
  return [
    ...fired,
    ...misses.slice(0, missesMax).map(({ rule, explanation }, n) => toMiss(rule, explanation, n === 0)),
  ];
}

/** The event from outside, as the rules saw it: an alert that came resolved is another event. */
function snapshotOf(alert: Alert): Snapshot {
  return {
    kind: alert.status === "resolved" ? "alert-resolved" : "alert-received",
    at: alert.receivedAt,
    alert,
    ticket: undefined,
    repeat: undefined,
    actor: undefined,
    changes: [],
    note: undefined,
    entry: undefined,
    callout: undefined,
    mail: undefined,
  };
}

function toMiss(rule: RuleIr, explanation: RuleExplanation, isNearest: boolean): ExplainedRule {
  const { name, file, line } = rule;
  return {
    rule: name,
    file,
    line,
    result: resultOf(explanation),
    conditions: explanation.conditions.map(toCondition),
    ...(isNearest ? { nearest: true } : {}),
  };
}

/** It holds by itself and still did not fire: an earlier rule's `stop` ended the event. */
function resultOf(explanation: RuleExplanation): ExplainedRule["result"] {
  if (!explanation.active) return "inactive";
  if (explanation.excepted) return "excepted";
  return explanation.result ? "stopped" : "not_fired";
}

function rank(explanation: RuleExplanation): number {
  if (!explanation.active) return 3;
  if (explanation.result) return 0;
  return explanation.excepted ? 1 : 2;
}

function toCondition(condition: ConditionResult): Readonly<Record<string, unknown>> {
  const { text, file, line, result, actual } = condition;
  return { text, file, line, result, actual: actual ?? null };
}
