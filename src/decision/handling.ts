/**
 * What is carried along while one event is handled, its cascade included. Knows the shape only, decides nothing.
 *
 *   DeskEvent -> group of snapshots (depth 0) -> rules -> changes -> groups (depth 1) -> ... -> depth 5
 */
import type { ActorKind, Actor, Alert, Instant, Snapshot } from "../domain/index.ts";
import { SYSTEM_ACTOR } from "../domain/index.ts";
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import type { MailHandling } from "./mail/taking.ts";
import type { ActionOutcome, Firing, Hold, RunnableRules } from "./types.ts";
import type { WorkingDesk } from "./working-desk.ts";

/** The events that one change raises: rules run over all of them together, in firing order. */
export interface RaisedGroup {
  readonly depth: number;
  readonly snapshots: readonly Snapshot[];
}

export interface Handling {
  readonly desk: WorkingDesk;
  readonly rules: RunnableRules;
  readonly ir: RuleSetIr;
  /** The moment of the event from outside; everything that follows from it happens then. */
  readonly at: Instant;
  /** The alert that is handled, also at its release or at the end of maintenance; undefined for all other events. */
  alert: Alert | undefined;
  /** The mail that is handled. */
  mail: MailHandling | undefined;
  readonly waiting: RaisedGroup[];
  /** Indices of rules that acted in this cascade. */
  readonly fired: Set<number>;
  /** Dedup keys that a `create ticket` of this event used, with the ticket's number. */
  readonly usedKeys: Map<string, string>;
  readonly firings: Firing[];
  readonly warnings: string[];
  /** Tickets created or noted, in order. */
  readonly outcomes: TicketOutcome[];
  /** The ticket that a resolved alert found. */
  resolves: string | undefined;
  suppressedBy: RuleIr | undefined;
  /** The maintenance that the alert came in: no rule sees it before the end. */
  inMaintenance: string | undefined;
  /** What the alert waits for; several rules may wait. */
  readonly heldBy: Hold[];
  /** What this event's rules change raises no events (WF-5). */
  isolated: boolean;
  /** The time of a ticket's clock that is being decided. */
  clockDeadline: number | undefined;
  raised: number;
  cut: string | undefined;
}

export type TicketOutcome =
  | { readonly kind: "created"; readonly ticketId: string }
  | { readonly kind: "noted"; readonly ticketId: string; readonly repeat: number };

/** One rule acting on one event. `snapshot` is what the rule sees: the event's, with the rule's own changes on top. */
export interface RuleRun {
  readonly handling: Handling;
  readonly rule: RuleIr;
  readonly bindings: ReadonlyMap<string, string>;
  readonly depth: number;
  readonly outcomes: ActionOutcome[];
  snapshot: Snapshot;
  /** Why the rest of the actions is left out: a `create ticket` before them opened nothing. */
  closed: string | undefined;
  /** The ticket that this rule opened or noted. */
  ticketId: string | undefined;
  stops: boolean;
}

export function contextOf(run: RuleRun): EvaluationContext {
  return {
    snapshot: run.snapshot,
    bindings: run.bindings,
    now: run.handling.at,
    zone: run.handling.ir.zone,
    ruleName: run.rule.name,
  };
}

export function ruleActor(rule: RuleIr): Actor {
  return actorOf("rule", rule.name, rule);
}

/** Made while handling an alert or a token mail: by system; on any other event: by rule (contract.md 4, Who). */
export function creatorOf(run: RuleRun): Actor {
  const { alert, mail } = run.handling;
  return alert === undefined && mail?.isToken !== true
    ? ruleActor(run.rule)
    : actorOf(SYSTEM_ACTOR.kind, SYSTEM_ACTOR.name, run.rule);
}

function actorOf(kind: ActorKind, name: string, rule: RuleIr): Actor {
  return { kind, name, rule: rule.name, file: rule.file, line: rule.line };
}

/** The alert that the rule's event is about; a ticket event's latest alert is not at hand in this sense. */
export function alertAtHand(run: RuleRun): Alert | undefined {
  const { kind } = run.snapshot;
  return kind.startsWith("alert-") || kind === "no-alert" ? run.snapshot.alert : undefined;
}

export function placeOf(run: RuleRun): string {
  return `${run.rule.file}:${run.rule.line}`;
}

export function warnOf(run: RuleRun, text: string): void {
  run.handling.warnings.push(`${text} (rule "${run.rule.name}", ${placeOf(run)})`);
}
