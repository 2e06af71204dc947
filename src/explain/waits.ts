/** What a rule that holds for an alert still waits for, in words: its hold or its silence. Knows no clock. */
import type { TimerIr } from "../compiler/index.ts";
import { endOfHold } from "../decision/index.ts";
import { toRfc3339 } from "../domain/index.ts";
import type { RuleReading } from "./rule-reading.ts";
import type { HandledAlert } from "./types.ts";
import { durationWords } from "./words.ts";

/** Undefined: the rule does not wait. */
export function waitWords(
  { rule, snapshot }: RuleReading,
  { alert, outcome, why }: HandledAlert,
): string | undefined {
  const timer = rule.triggers
    .map((trigger) => trigger.timer)
    .find((one) => one !== undefined && isOf(one) && alert.receivedAt + one.ms === snapshot.at);
  if (timer === undefined || !isOf(timer)) return undefined;
  const due = toRfc3339(snapshot.at);
  if (timer.kind === "silence") {
    return `waits for silence: fires when no such alert comes for ${durationWords(timer.ms)}, at ${due} if this is the last one`;
  }
  if (outcome === "suppressed") return "an alert that is suppressed is not held";
  const end = endOfHold(why);
  if (end !== undefined) return `waited whether it stays: ${end}`;
  return `waits whether it stays: fires ${durationWords(timer.ms)} after the first alert of it, at ${due} if that is this one, unless it clears`;
}

function isOf(timer: TimerIr): timer is Extract<TimerIr, { kind: "hold" | "silence" }> {
  return timer.kind === "hold" || timer.kind === "silence";
}
