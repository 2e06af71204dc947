/**
 * `create ticket`: open one, or note the repeat on the original, or leave it and say why (language.md 3.4, IST-20 to
 * IST-24). Order: suppressed, `once per`, equal key within one alert, dedup. Knows nothing of other actions.
 */
import { SYSTEM_ACTOR } from "../domain/index.ts";
import type { Alert, Note, Snapshot, Ticket } from "../domain/index.ts";
import type { CreateTicketIr, DedupIr, ExprIr } from "../compiler/index.ts";
import { evaluateExpr, formatTime, renderText } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { explainUnmapped, raise, recordHistory, ticketSnapshot } from "./change-ticket.ts";
import { SYSTEM_SOURCE, draftTicket, ticketOf } from "./draft-ticket.ts";
import { gaps } from "./field-value.ts";
import { alertAtHand, contextOf, creatorOf, warnOf } from "./handling.ts";
import type { RuleRun } from "./handling.ts";
import { dedupKeyOf, identityOf, onceKey, organizationIdentity } from "./keys.ts";

const ACTION = "create ticket";

export function createTicket(run: RuleRun, action: CreateTicketIr): void {
  const { handling } = run;
  if (handling.suppressedBy !== undefined && handling.suppressedBy !== run.rule) {
    return leave(run, `the alert is suppressed by rule "${handling.suppressedBy.name}"`);
  }
  const once = action.oncePer === undefined ? undefined : onceKeyOf(run);
  if (once !== undefined && action.oncePer !== undefined) {
    const last = handling.desk.lastOnce(once);
    if (last !== undefined && handling.at - last.createdAt < action.oncePer.ms) {
      return leave(run, "once per: the rule's last ticket for this organization is not old enough");
    }
  }
  const key = action.dedup.kind === "window" ? dedupKey(run, action.dedup) : undefined;
  const used = key === undefined ? undefined : handling.usedKeys.get(key);
  if (used !== undefined) {
    return leave(run, `another create ticket of the same event already used an equal dedup key (${used})`);
  }
  const original = key === undefined ? undefined : originalOf(run, action.dedup, key);
  if (original === undefined) return open(run, action, key, once);
  if (key !== undefined) handling.usedKeys.set(key, original.number);
  return noteRepeat(run, action, original);
}

/**
 * IST-20: received at most the window (inclusive) after the original's creation, and the original is not Complete now.
 * A repeat that was received before the creation (another server was quicker) lies inside too.
 */
export function isInsideWindow(original: Ticket, receivedAt: number, windowMs: number): boolean {
  return receivedAt - original.createdAt <= windowMs;
}

function originalOf(run: RuleRun, dedup: DedupIr, key: string): Ticket | undefined {
  if (dedup.kind === "none") return undefined;
  const candidate = run.handling.desk.openTicketOfKey(key);
  if (candidate === undefined) return undefined;
  return isInsideWindow(candidate, run.handling.at, dedup.ms) ? candidate : undefined;
}

function leave(run: RuleRun, reason: string): void {
  run.outcomes.push({ kind: "skipped", action: ACTION, reason });
  run.closed = "create ticket before it opened no ticket";
}

/* ---------- keys ---------- */

type Window = Extract<DedupIr, { kind: "window" }>;

/** Shared with the planning pass: what the key will be is known from the match alone. */
export function dedupKeyIn(context: EvaluationContext, dedup: Window, alert: Alert | undefined): string {
  const scope = {
    source: dedup.acrossSources ? undefined : (alert?.source ?? SYSTEM_SOURCE),
    organization: dedup.acrossOrganizations ? undefined : organizationOf(alert, context.snapshot),
  };
  const parts = dedup.parts.map(({ name, value, withoutNumbers }) => ({
    name,
    value: evaluateExpr(value, context),
    withoutNumbers,
  }));
  return dedupKeyOf(scope, parts);
}

export function onceKeyIn(rule: string, alert: Alert | undefined, snapshot: Snapshot): string {
  return onceKey(rule, organizationOf(alert, snapshot));
}

function dedupKey(run: RuleRun, dedup: Window): string {
  return dedupKeyIn(contextOf(run), dedup, alertAtHand(run));
}

function onceKeyOf(run: RuleRun): string {
  return onceKeyIn(run.rule.name, alertAtHand(run), run.snapshot);
}

function organizationOf(alert: Alert | undefined, snapshot: Snapshot): string {
  if (alert !== undefined) return organizationIdentity(alert);
  return snapshot.ticket === undefined ? "own" : `#${snapshot.ticket.organization.id}`;
}

/* ---------- a new ticket ---------- */

function open(run: RuleRun, action: CreateTicketIr, key: string | undefined, once: string | undefined): void {
  const { handling } = run;
  const { desk } = handling;
  const alert = alertAtHand(run);
  const draft = draftTicket(run, action);
  const createdBy = creatorOf(run);
  const ticket = ticketOf(
    draft.fields,
    {
      ...desk.takeNewTicket(),
      createdAt: handling.at,
      createdBy,
      dedupKey: key,
      windowEndsAt: action.dedup.kind === "window" ? handling.at + action.dedup.ms : undefined,
    },
    desk.view.ownOrganization,
  );
  desk.open(ticket, alert, once);
  if (alert !== undefined) desk.link(alert, ticket.id, identityOf(alert));
  const told = draft.outside.map(({ field, value }) => ({
    field,
    from: undefined,
    to: `${value} (outside the declared values)`,
  }));
  recordHistory(handling, ticket.id, told, createdBy);
  if (draft.unmappedOrganization !== undefined) {
    explainUnmapped(handling, ticket.id, draft.unmappedOrganization);
  }
  if (key !== undefined) handling.usedKeys.set(key, ticket.number);
  handling.outcomes.push({ kind: "created", ticketId: ticket.id });
  run.outcomes.push({ kind: "ticket-created", ticketId: ticket.id, number: ticket.number });
  run.ticketId ??= ticket.id;
  const opened = desk.ticket(ticket.id) ?? ticket;
  run.snapshot = { ...run.snapshot, ticket: opened };
  raise(handling, run.depth + 1, [ticketSnapshot(handling, "ticket-created", opened, { actor: createdBy })]);
}

/* ---------- a repeat ---------- */

/**
 * Every repeat is recorded; the first of a window get a note each, then one note counts the rest and names the last.
 * The repeat's note raises `note added` by system (A16) and is no human act.
 */
function noteRepeat(run: RuleRun, action: CreateTicketIr, original: Ticket): void {
  const { handling } = run;
  const { desk } = handling;
  const alert = alertAtHand(run);
  const count = alert === undefined ? original.repeatCount : original.repeatCount + 1;
  const repeat = { count, firstAt: original.createdAt };
  const counted = count - desk.view.notesPerWindow;
  const isNewNote = counted <= 1;
  const text =
    counted > 0 ? countedText(run, counted, alert) : repeatText(run, action.repeatNote, { original, repeat });
  const note: Note = { at: handling.at, by: SYSTEM_ACTOR, visibility: "internal", text };
  if (alert !== undefined) {
    desk.emit({ kind: "record-repeat", ticketId: original.id, alertId: alert.id, count, at: handling.at });
    desk.link(alert, original.id, identityOf(alert));
  }
  desk.emit({
    kind: "add-note",
    ticketId: original.id,
    note,
    ...(counted > 0 ? { repeat: "counted", counts: counted } : { repeat: "each" }),
  });
  const ticket: Ticket = {
    ...original,
    repeatCount: count,
    noteCount: original.noteCount + (isNewNote ? 1 : 0),
  };
  desk.touch(ticket);
  handling.outcomes.push({ kind: "noted", ticketId: ticket.id, repeat: count });
  run.outcomes.push({ kind: "repeat-noted", ticketId: ticket.id, number: ticket.number, repeat: count });
  run.ticketId ??= ticket.id;
  run.closed = `create ticket before it noted a repeat on ${ticket.number}`;
  const snapshots: Snapshot[] = [];
  if (alert !== undefined)
    snapshots.push(ticketSnapshot(handling, "alert-repeats", ticket, { alert, repeat }));
  if (isNewNote)
    snapshots.push(ticketSnapshot(handling, "note-added", ticket, { actor: SYSTEM_ACTOR, note }));
  raise(handling, run.depth + 1, snapshots);
}

function defaultRepeatText(run: RuleRun, count: number): string {
  const { at, ir } = run.handling;
  const alert = alertAtHand(run);
  if (alert === undefined) return `The same happened again at ${formatTime(at, ir.zone)}.`;
  const received = formatTime(alert.receivedAt, ir.zone);
  // Of a silence nothing was sent again: the alert at hand is the last one before it.
  return run.snapshot.kind === "no-alert"
    ? `${alert.source} is silent again, since ${received} (repeat ${count}): ${alert.title}`
    : `${alert.source} sent the alert again at ${received} (repeat ${count}): ${alert.title}`;
}

function repeatText(
  run: RuleRun,
  written: ExprIr | undefined,
  { original, repeat }: { readonly original: Ticket; readonly repeat: NonNullable<Snapshot["repeat"]> },
): string {
  if (written === undefined) return defaultRepeatText(run, repeat.count);
  const context = contextOf(run);
  const snapshot = { ...context.snapshot, ticket: original, repeat };
  const { text, missing } = renderText(written, { ...context, snapshot });
  for (const gap of gaps(missing, "the repeat's note")) warnOf(run, gap);
  return text;
}

function countedText(run: RuleRun, counted: number, alert: Alert | undefined): string {
  const repeats = counted === 1 ? "1 more repeat was" : `${counted} more repeats were`;
  const last = alert === undefined ? "" : `: ${alert.title}`;
  return `${repeats} recorded without a note each; the last at ${formatTime(run.handling.at, run.handling.ir.zone)}${last}`;
}
