/** Why a rule that holds did not act, what a rule that fired did, and the alert's own sentence with all of it named. */
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import type { ActionOutcome } from "../decision/index.ts";
import { toRfc3339, unreachable } from "../domain/index.ts";
import type { RuleReading } from "./rule-reading.ts";
import type { HandledAlert, HandledFiring } from "./types.ts";
import { waitWords } from "./waits.ts";

/* ---------- a rule that fired ---------- */

export function firedWhy(firing: HandledFiring, { alert }: HandledAlert, ir: RuleSetIr): string {
  const rule = ruleOf(firing, ir);
  const told = firing.outcomes.map((outcome) => outcomeWords(outcome, firing, rule));
  const on = firing.on === ownWords(alert.status) ? [] : [`on ${firing.on}`];
  return [...on, ...told].join("; ");
}

function ownWords(status: "firing" | "resolved"): string {
  return status === "resolved" ? "alert resolved" : "alert received";
}

function outcomeWords(
  outcome: ActionOutcome,
  { ticketCreatedAt }: HandledFiring,
  rule: RuleIr | undefined,
): string {
  switch (outcome.kind) {
    case "ticket-created":
      return `opened ${outcome.number}${windowWords(rule, ticketCreatedAt, "repeats are noted on it")}`;
    case "repeat-noted":
      return `noted repeat ${outcome.repeat} on ${outcome.number}${windowWords(rule, ticketCreatedAt, "its window is open")}`;
    case "done":
      return outcome.action;
    case "skipped":
      return `skipped ${outcome.action}: ${outcome.reason}`;
    default:
      return unreachable(outcome);
  }
}

/** `until`: the window of the rule, counted from the ticket's creation. */
function windowWords(rule: RuleIr | undefined, createdAt: number | undefined, what: string): string {
  const action = rule?.actions.find(({ kind }) => kind === "create-ticket");
  if (createdAt === undefined || action?.kind !== "create-ticket" || action.dedup.kind !== "window")
    return "";
  return ` (${what} until ${toRfc3339(createdAt + action.dedup.ms)})`;
}

function ruleOf({ rule, file, line }: FiredRule, ir: RuleSetIr): RuleIr | undefined {
  return ir.rules.find((one) => one.name === rule && one.file === file && one.line === line);
}

/* ---------- a rule that holds and did not fire ---------- */

/** `maintenance "Patch night"`, when it put the alert off: then no rule has seen it. */
export function maintenanceOf({ why, outcome, firings }: HandledAlert): string | undefined {
  const [, named, decided] = /^suppressed by (maintenance ".*?")(?:; (.+))?$/su.exec(why) ?? [];
  if (outcome !== "suppressed" || firings.length > 0 || named === undefined) return undefined;
  if (decided !== undefined) return `${named} kept it from every rule; ${decided}`;
  return `${named} keeps it from every rule; what still fires at its end is decided then`;
}

export function stoppedWhy({ rule }: RuleReading, handled: HandledAlert, ir: RuleSetIr): string {
  return (
    stoppedBy(rule, handled.firings, ir) ??
    "it holds for the alert as it stands, and did not fire: the rules and records that are known now are not those of then"
  );
}

/** Undefined: no rule that fired stops others. */
export function stoppedBy(rule: RuleIr, firings: readonly FiredRule[], ir: RuleSetIr): string | undefined {
  const stopper = stopperBefore(rule, { firings }, ir);
  return stopper === undefined
    ? undefined
    : `rule "${stopper.name}" (${stopper.file}:${stopper.line}) ran before it and stopped later rules`;
}

type FiredRule = Pick<HandledFiring, "rule" | "file" | "line">;

function stopperBefore(
  rule: RuleIr,
  { firings }: { readonly firings: readonly FiredRule[] },
  ir: RuleSetIr,
): RuleIr | undefined {
  return firings
    .map((firing) => ruleOf(firing, ir))
    .find((one) => one !== undefined && one.index < rule.index && stops(one));
}

function stops({ actions }: RuleIr): boolean {
  return actions.some(({ kind }) => kind === "stop");
}

/* ---------- the alert ---------- */

/** The engine's sentence, with the rules that wait and the rule that stopped others. */
export function whole(handled: HandledAlert, ir: RuleSetIr, holding: readonly RuleReading[]): string {
  const { why, outcome } = handled;
  const waiting =
    outcome === "held"
      ? holding
          .filter(({ snapshot }) => snapshot.kind === "alert-still-firing")
          .map(
            (reading) =>
              `rule "${reading.rule.name}" (${placeOf(reading.rule)}) ${waitWords(reading, handled) ?? ""}`,
          )
      : [];
  const stopped = holding.filter(
    ({ snapshot, rule }) =>
      (snapshot.kind === "alert-received" || snapshot.kind === "alert-resolved") &&
      stopperBefore(rule, handled, ir) !== undefined,
  );
  const [first] = stopped;
  const stopper = first === undefined ? undefined : stopperBefore(first.rule, handled, ir);
  const cause =
    stopper === undefined
      ? []
      : [
          `rule "${stopper.name}" (${placeOf(stopper)}) stopped ${stopped.length === 1 ? "a later rule that holds" : `${stopped.length} later rules that hold`}`,
        ];
  const noted = handled.firings.flatMap((firing) =>
    firing.outcomes.flatMap((one) =>
      one.kind === "repeat-noted" || one.kind === "skipped"
        ? [
            `rule "${firing.rule}" (${firing.file}:${firing.line}) ${outcomeWords(one, firing, ruleOf(firing, ir))}`,
          ]
        : [],
    ),
  );
  return [...(waiting.length > 0 ? [] : [why]), ...waiting, ...noted.slice(0, TOLD_MAX), ...cause].join("; ");
}

/** What else became of it, in the alert's own sentence; each rule tells its own. */
const TOLD_MAX = 5;

function placeOf({ file, line }: RuleIr): string {
  return `${file}:${line}`;
}
