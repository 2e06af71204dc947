/**
 * Runs the rules over an event and over what their changes raise: breadth first, five deep, each rule at most once
 * (WF-4, WF-10). json-rules-engine confirms each rule before it acts. Knows nothing of what actions do.
 */
import { CASCADE_DEPTH_MAX, CASCADE_EVENTS_MAX } from "../domain/index.ts";
import type { Snapshot, TriggerKind } from "../domain/index.ts";
import type { RuleIr, TriggerIr } from "../compiler/index.ts";
import { withCounts } from "./count-receipts.ts";
import type { Handling, RaisedGroup, RuleRun } from "./handling.ts";
import { runAction } from "./run-action.ts";
import type { Confirmation, Firing, RuleMatch } from "./types.ts";

export async function runCascade(handling: Handling): Promise<void> {
  for (let group = handling.waiting.shift(); group !== undefined; group = handling.waiting.shift()) {
    handling.raised += group.snapshots.length;
    if (handling.raised > CASCADE_EVENTS_MAX) {
      handling.cut = `more than ${CASCADE_EVENTS_MAX} events followed from one: the rest was left out`;
      return;
    }
    await runGroup(handling, group);
  }
}

/** What one rule matched in a group: the first event that no `stop` closed is the one that it acts on. */
interface Candidate {
  readonly rule: RuleIr;
  readonly matched: { readonly snapshot: Snapshot; readonly match: RuleMatch }[];
}

async function runGroup(handling: Handling, group: RaisedGroup): Promise<void> {
  const candidates = candidatesOf(handling, group);
  if (group.depth > CASCADE_DEPTH_MAX) {
    const names = candidates.map(({ rule }) => `"${rule.name}"`);
    if (names.length > 0) {
      handling.cut ??= `changes went more than ${CASCADE_DEPTH_MAX} deep: ${names.join(", ")} did not run`;
    }
    return;
  }
  const stopped = new Set<Snapshot>();
  for (const { rule, matched } of candidates) {
    const open = matched.find(({ snapshot }) => !stopped.has(snapshot));
    if (open === undefined || handling.fired.has(rule.index)) continue;
    handling.fired.add(rule.index);
    const stops = await fire(handling, group.depth, open.snapshot, open.match);
    if (stops) stopped.add(open.snapshot);
  }
}

/** All rules of the group in firing order; rules see the snapshots as they were raised. */
function candidatesOf(handling: Handling, group: RaisedGroup): readonly Candidate[] {
  const byIndex = new Map<number, Candidate>();
  for (const raised of group.snapshots) {
    const snapshot = withCounts(handling, raised);
    for (const match of handling.rules.match(snapshot)) {
      if (handling.fired.has(match.rule.index)) continue;
      const candidate = byIndex.get(match.rule.index) ?? { rule: match.rule, matched: [] };
      candidate.matched.push({ snapshot, match });
      byIndex.set(match.rule.index, candidate);
    }
  }
  return [...byIndex.values()].sort((a, b) => a.rule.index - b.rule.index);
}

/** Answers whether the rule stops later ones. */
async function fire(
  handling: Handling,
  depth: number,
  snapshot: Snapshot,
  match: RuleMatch,
): Promise<boolean> {
  const { rule } = match;
  const confirmation = await handling.rules.confirm(rule, snapshot);
  if (!confirmation.holds) {
    handling.desk.emit({
      kind: "record-disagreement",
      disagreement: {
        alertId: handling.alert?.id,
        ticketId: snapshot.ticket?.id,
        rule: rule.name,
        at: handling.at,
        detail: disagreementDetail(rule, confirmation),
      },
    });
    handling.warnings.push(
      `rule "${rule.name}" did not act: the index and json-rules-engine do not agree about it`,
    );
    return false;
  }
  const run: RuleRun = {
    handling,
    rule,
    bindings: match.bindings,
    depth,
    outcomes: [],
    snapshot,
    closed: undefined,
    ticketId: snapshot.ticket?.id,
    stops: false,
  };
  for (const action of rule.actions) runAction(run, action);
  recordFiring(run, snapshot, confirmation);
  return run.stops;
}

function disagreementDetail(rule: RuleIr, confirmation: Confirmation): string {
  const failed = confirmation.conditions
    .filter((condition) => !condition.result)
    .map(({ text, line }) => `line ${line}: ${text}`);
  return `the index found the rule (${rule.file}:${rule.line}), json-rules-engine did not; ${failed.join("; ")}`;
}

function recordFiring(run: RuleRun, snapshot: Snapshot, confirmation: Confirmation): void {
  const { handling, rule } = run;
  const firing: Firing = {
    alertId: handling.alert?.id,
    ticketId: run.ticketId,
    rule: rule.name,
    file: rule.file,
    line: rule.line,
    on: eventWords(rule, snapshot),
    depth: run.depth,
    at: handling.at,
    conditions: confirmation.conditions,
    outcomes: run.outcomes,
  };
  handling.firings.push(firing);
  handling.desk.emit({ kind: "record-firing", firing });
}

/** The event in the rule's words: `alert received`, `ticket.status changes`. */
function eventWords(rule: RuleIr, snapshot: Snapshot): string {
  if (snapshot.kind !== "ticket-changed") return words[snapshot.kind];
  const changed = new Set(snapshot.changes.map(({ field }) => field));
  const trigger = rule.triggers.find(
    (candidate: TriggerIr) =>
      candidate.kind === "ticket-changed" && changed.has(candidate.change?.apiName ?? ""),
  );
  const field = trigger?.change?.apiName;
  if (field === undefined) return "ticket changes";
  return field.startsWith("udf.")
    ? `ticket.udf."${field.slice("udf.".length)}" changes`
    : `ticket.${field} changes`;
}

const words: Readonly<Record<Exclude<TriggerKind, "ticket-changed">, string>> = {
  "alert-received": "alert received",
  "alert-repeats": "alert repeats",
  "alert-resolved": "alert resolved",
  "ticket-created": "ticket created",
  "ticket-edited": "ticket edited",
  "ticket-completed": "ticket completed",
  "ticket-reopened": "ticket reopened",
  "note-added": "note added",
  "time-entry-added": "time entry added",
  "callout-succeeded": "callout succeeded",
  "callout-failed": "callout failed",
  "alert-still-firing": "alert still firing",
  "no-alert": "no alert",
  "ticket-idle": "ticket idle",
  "ticket-open": "ticket open",
  "ticket-due": "ticket due",
  "ticket-overdue": "ticket overdue",
  every: "every",
};
