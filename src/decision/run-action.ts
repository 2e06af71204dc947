/**
 * One action of a rule: does it, or says why not. Values are read as the rule sees them (the event's snapshot with its
 * own changes on top); changes are made on the desk as it is now. Knows nothing of which rule comes next.
 */
import { COMPLETE, unreachable } from "../domain/index.ts";
import type { Note, Ticket } from "../domain/index.ts";
import type { ActionIr } from "../compiler/index.ts";
import { renderText } from "../matcher/index.ts";
import { addNote, changeTicket } from "./change-ticket.ts";
import { createTicket } from "./create-ticket.ts";
import { evaluateField, gaps } from "./field-value.ts";
import { contextOf, ruleActor, warnOf } from "./handling.ts";
import type { RuleRun } from "./handling.ts";
import { notify } from "./notify.ts";
import { runCallout } from "./run-callout.ts";
import { mayBeEmptied, ticketFieldKey, withFields } from "./ticket-fields.ts";
import type { TicketFields } from "./types.ts";

export function runAction(run: RuleRun, action: ActionIr): void {
  if (run.closed !== undefined && action.kind !== "suppress-alert" && action.kind !== "stop") {
    return skip(run, action, run.closed);
  }
  switch (action.kind) {
    case "create-ticket":
      return createTicket(run, action);
    case "add-note":
      return withTicket(run, action, (ticket) => writeNote(run, action, ticket));
    case "set-field":
      return withTicket(run, action, (ticket) => setField(run, action, ticket));
    case "complete-ticket":
      return withTicket(run, action, (ticket) => completeTicket(run, action, ticket));
    case "add-tags":
    case "remove-tags":
      return withTicket(run, action, (ticket) => changeTags(run, action, ticket));
    case "run-callout":
      return withTicket(run, action, (ticket) => runCallout(run, action, ticket));
    case "notify":
      return notify(run, action);
    case "suppress-alert":
      return suppress(run, action);
    case "stop":
      run.stops = true;
      return done(run, action);
    default:
      return unreachable(action);
  }
}

type ActionOf<K extends ActionIr["kind"]> = Extract<ActionIr, { kind: K }>;

export function done(run: RuleRun, action: ActionIr): void {
  run.outcomes.push({ kind: "done", action: action.origin.text });
}

export function skip(run: RuleRun, action: ActionIr, reason: string): void {
  run.outcomes.push({ kind: "skipped", action: action.origin.text, reason });
}

/** The ticket as it is now; an alert that found no ticket leaves the action out and says so. */
function withTicket(run: RuleRun, action: ActionIr, act: (ticket: Ticket) => void): void {
  const id = run.snapshot.ticket?.id;
  if (id === undefined) return skip(run, action, "no ticket is at hand");
  const ticket = run.handling.desk.ticket(id);
  if (ticket !== undefined) act(ticket);
}

function writeNote(run: RuleRun, action: ActionOf<"add-note">, ticket: Ticket): void {
  const { text, missing } = renderText(action.text, contextOf(run));
  for (const gap of gaps(missing, "a note")) warnOf(run, gap);
  const by = ruleActor(run.rule);
  const note: Note = { at: run.handling.at, by, visibility: action.visibility, text };
  addNote(run.handling, ticket.id, note, run.depth + 1);
  seeTicket(run, (seen) => ({ ...seen, noteCount: seen.noteCount + 1 }));
  done(run, action);
}

function setField(run: RuleRun, action: ActionOf<"set-field">, ticket: Ticket): void {
  const { handling } = run;
  const write = evaluateField(action.field, action.value, {
    desk: handling.desk,
    ir: handling.ir,
    context: contextOf(run),
    organizationId: ticket.organization.id,
  });
  if (write.kind === "unusable") {
    warnOf(run, `${write.reason}: left as it is`);
    return skip(run, action, write.reason);
  }
  if (write.kind === "value") {
    for (const warning of write.warnings) warnOf(run, warning);
    return change(run, action, ticket, () => write.fields);
  }
  const emptied = emptying(action.field.apiName ?? "");
  if (emptied === undefined)
    return skip(run, action, `${action.field.path} is never empty, and the value is missing`);
  return change(run, action, ticket, () => emptied);
}

/** A missing value empties the field (language.md 3.3). */
function emptying(apiName: string): TicketFields | undefined {
  if (apiName.startsWith("udf.")) return { udf: { [apiName.slice("udf.".length)]: undefined } };
  const key = ticketFieldKey(apiName);
  return key === undefined || !mayBeEmptied(key) ? undefined : { [key]: undefined };
}

function completeTicket(run: RuleRun, action: ActionOf<"complete-ticket">, ticket: Ticket): void {
  if (ticket.status === COMPLETE) return skip(run, action, "the ticket is already Complete");
  if (action.ifUntouched && ticket.touchedByHuman) {
    return skip(run, action, "staff or a contact has touched the ticket");
  }
  return change(run, action, ticket, () => ({ status: COMPLETE }));
}

function changeTags(run: RuleRun, action: ActionOf<"add-tags" | "remove-tags">, ticket: Ticket): void {
  const named = new Set(action.tags);
  return change(run, action, ticket, ({ tags }) => ({
    tags:
      action.kind === "add-tags"
        ? [...new Set([...tags, ...named])]
        : tags.filter((candidate) => !named.has(candidate)),
  }));
}

function change(
  run: RuleRun,
  action: ActionIr,
  ticket: Ticket,
  fieldsFor: (ticket: Ticket) => TicketFields,
): void {
  const cause = { by: ruleActor(run.rule), depth: run.depth + 1 };
  changeTicket(run.handling, ticket.id, fieldsFor(ticket), cause);
  seeTicket(run, (seen) => withFields(seen, fieldsFor(seen), run.handling.at).ticket);
  done(run, action);
}

function seeTicket(run: RuleRun, changed: (seen: Ticket) => Ticket): void {
  const seen = run.snapshot.ticket;
  if (seen !== undefined) run.snapshot = { ...run.snapshot, ticket: changed(seen) };
}

/** Only an alert can be suppressed; in a cascade it is still the alert that is being handled. */
function suppress(run: RuleRun, action: ActionOf<"suppress-alert">): void {
  if (run.handling.alert === undefined) return skip(run, action, "no alert is being handled");
  run.handling.suppressedBy ??= run.rule;
  done(run, action);
}
