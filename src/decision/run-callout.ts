/**
 * `run callout` starts a delivery, or records why it does not (CO-3, CO-14); a delivery that ended raises its events
 * and its notice. Knows nothing of attempts: the workflow makes them.
 */
import type { CalloutFacts, Snapshot, Ticket } from "../domain/index.ts";
import type { ActionIr, CalloutIr } from "../compiler/index.ts";
import { evaluateCondition } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { buildCalloutRequest, deliverySchedule } from "./callout-request.ts";
import { raise, ticketSnapshot } from "./change-ticket.ts";
import { contextOf } from "./handling.ts";
import type { Handling, RuleRun } from "./handling.ts";
import { tell } from "./notify.ts";
import type { DeskEvent, NewDelivery } from "./types.ts";

type RunCallout = Extract<ActionIr, { kind: "run-callout" }>;

export function runCallout(run: RuleRun, action: RunCallout, ticket: Ticket): void {
  const { handling, rule } = run;
  const callout = handling.ir.callouts.get(action.callout);
  const words = action.origin.text;
  if (callout === undefined) {
    run.outcomes.push({
      kind: "skipped",
      action: words,
      reason: `callout "${action.callout}" is not declared`,
    });
    return;
  }
  const attempt = attemptUnlessInactive(handling, callout, contextOf(run));
  const delivery: NewDelivery = {
    callout: callout.name,
    ticketId: ticket.id,
    rule: { name: rule.name, file: rule.file, line: rule.line },
    at: handling.at,
    ...attempt,
    schedule: deliverySchedule(callout),
    notifyOnFailure: callout.notify?.recipients ?? [],
  };
  handling.desk.emit({ kind: "start-delivery", delivery });
  run.outcomes.push(
    attempt.reason === undefined
      ? { kind: "done", action: words }
      : { kind: "skipped", action: words, reason: attempt.reason },
  );
  if (attempt.state === "skipped") return;
  if (callout.notify?.on === "every call") tellCalled(run, callout, ticket);
  if (attempt.state === "failed") failAtOnce(run, callout, attempt.reason);
}

type Attempt = Pick<NewDelivery, "state" | "reason" | "request">;

/** What was not sent since its callout was off can be replayed (contract.md 4): its request is built all the same. */
function attemptUnlessInactive(handling: Handling, callout: CalloutIr, context: EvaluationContext): Attempt {
  const active = handling.desk.view.calloutActive.get(callout.name) ?? callout.active;
  const attempt = attemptOf(callout, context);
  return active ? attempt : { ...attempt, state: "skipped", reason: "the callout is inactive" };
}

/** The request as it will be sent, or why there is none. */
export function attemptOf(callout: CalloutIr, context: EvaluationContext): Attempt {
  if (callout.onlyWhen !== undefined && !evaluateCondition(callout.onlyWhen, context)) {
    const reason = `only when ${callout.onlyWhen.origin.text}: does not hold`;
    return { state: "skipped", reason, request: undefined };
  }
  const built = buildCalloutRequest(callout, context);
  return built.kind === "built"
    ? { state: "pending", reason: undefined, request: built.request }
    : { state: "failed", reason: built.reason, request: undefined };
}

function tellCalled(run: RuleRun, callout: CalloutIr, ticket: Ticket): void {
  tell(run.handling, {
    recipients: callout.notify?.recipients ?? [],
    subject: `[${ticket.number}] callout "${callout.name}" called`,
    body: `Rule "${run.rule.name}" called "${callout.name}" for ${ticket.number} ${ticket.title}.`,
    ticket,
    rule: run.rule.name,
    callout: callout.name,
  });
}

/** A request that can't be built has ended before it began: its event and notice belong to this cascade. */
function failAtOnce(run: RuleRun, callout: CalloutIr, reason: string | undefined): void {
  const ticket = run.snapshot.ticket;
  if (ticket === undefined) return;
  const facts: CalloutFacts = {
    name: callout.name,
    attempts: 0,
    lastStatus: undefined,
    lastError: reason ?? "the request could not be built",
  };
  tellFailed(run.handling, { ticket, facts, recipients: callout.notify?.recipients ?? [] });
  raise(run.handling, run.depth + 1, [
    ticketSnapshot(run.handling, "callout-failed", ticket, { callout: facts }),
  ]);
}

/** Once, when the last attempt is over (A11): the notice, then the rules. */
export function finishCallout(
  handling: Handling,
  event: Extract<DeskEvent, { kind: "callout-finished" }>,
): void {
  const ticket = handling.desk.ticket(event.ticketId);
  if (ticket === undefined) return;
  const declared = handling.ir.callouts.get(event.callout.name)?.notify?.recipients;
  const recipients = event.notifyOnFailure ?? declared ?? [];
  const facts = event.succeeded
    ? event.callout
    : { ...event.callout, lastError: event.callout.lastError ?? statusText(event.callout) };
  if (!event.succeeded) tellFailed(handling, { ticket, facts, recipients });
  const kind: Snapshot["kind"] = event.succeeded ? "callout-succeeded" : "callout-failed";
  raise(handling, 0, [ticketSnapshot(handling, kind, ticket, { callout: facts })]);
}

function statusText(facts: CalloutFacts): string {
  return facts.lastStatus === undefined ? "no answer" : `HTTP ${facts.lastStatus}`;
}

/** contract.md 4: a notice without template. */
function tellFailed(
  handling: Handling,
  failed: {
    readonly ticket: Ticket;
    readonly facts: CalloutFacts;
    readonly recipients: readonly string[];
  },
): void {
  const { ticket, facts, recipients } = failed;
  const body = [
    `Callout "${facts.name}" failed for ${ticket.number} ${ticket.title} (${ticket.organization.name}).`,
    `Attempts: ${facts.attempts}`,
    `Last error: ${facts.lastError ?? "none"}`,
  ].join("\n");
  const subject = `[${ticket.number}] callout "${facts.name}" failed`;
  tell(handling, { recipients, subject, body, ticket, rule: undefined, callout: facts.name });
}
