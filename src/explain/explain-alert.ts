/**
 * "Why?" for one alert that was handled: the rules that fired with what they did, then the nearest misses with the
 * smallest change of the alert for which each would have fired. Pure; whoever asks brings the alert and its firings.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import { eventsOf } from "./events-of-alert.ts";
import { bounded, missesAmong, toCondition, toMiss } from "./explained-rules.ts";
import type { RuleReading } from "./rule-reading.ts";
import type { AlertExplanation, ExplainedRule, HandledAlert, HandledFiring } from "./types.ts";
import { waitWords } from "./waits.ts";
import { firedWhy, maintenanceOf, stoppedWhy, whole } from "./why.ts";

export interface ExplainOptions {
  /** How many misses are told. */
  readonly limit: number;
}

export function explainAlert(
  handled: HandledAlert,
  ir: RuleSetIr,
  { limit }: ExplainOptions,
): AlertExplanation {
  const misses = missesAmong(eventsOf(handled, ir), handled.firings, ir);
  const holding = misses.filter(({ reading }) => reading.holds);
  return {
    outcome: handled.outcome,
    why: whole(
      handled,
      ir,
      holding.map(({ reading }) => reading),
    ),
    rules: [
      ...handled.firings.map((firing) => toFired(firing, handled, ir)),
      ...misses.slice(0, limit).map(({ reading }) => toMiss(reading, (one) => whyNot(one, handled, ir))),
    ],
  };
}

/* ---------- fired ---------- */

function toFired(firing: HandledFiring, handled: HandledAlert, ir: RuleSetIr): ExplainedRule {
  const { rule, file, line, conditions } = firing;
  const told = conditions.map((condition) => toCondition(condition));
  const why = firedWhy(firing, handled, ir);
  return { rule, file, line, result: "fired", ...(why === "" ? {} : { why }), ...bounded(told) };
}

/** It holds by itself and still did not fire: what keeps it, by name. */
function whyNot(reading: RuleReading, handled: HandledAlert, ir: RuleSetIr): string | undefined {
  return maintenanceOf(handled) ?? waitWords(reading, handled) ?? stoppedWhy(reading, handled, ir);
}
