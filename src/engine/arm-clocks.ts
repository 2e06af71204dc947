/**
 * After a decision: until when the tickets that it opened or changed are waited for, and who must be told. Written where the
 * ticket's row is locked; storms of touches that only move a deadline back write nothing.
 *
 *   opened                      -> row; the workflow is started if a deadline comes at all
 *   changed, or act of a person -> earlier than what is waited for, or nothing is: the workflow is told; later: nothing
 *   completed                   -> told, unless the workflow would wake soon anyway
 *   decided for its workflow    -> the row says until when it sleeps now; nobody else is told
 */
import { hasClocks, ticketDeadlines, clockName } from "../decision/index.ts";
import type { PassedClock } from "../decision/index.ts";
import { CLOCK_ENDS_ITSELF_MS, COMPLETE } from "../domain/index.ts";
import type { Instant, Ticket } from "../domain/index.ts";
import { insertOutbox, selectTicketClocks, writeTicketClocks } from "../store/index.ts";
import type { ArmedClock, LoadedClock, OutboxEntry, TicketClock, Transaction } from "../store/index.ts";
import type { GatheredEffects } from "./apply-effects.ts";
import type { LoadedView } from "./desk-loader.ts";
import type { ActiveRules, ClocksInForce } from "./engine-parts.ts";

export interface ArmInput {
  readonly gathered: GatheredEffects;
  /** As it was before the decision. */
  readonly view: Pick<LoadedView, "tickets">;
  readonly active: ActiveRules;
  readonly now: Instant;
  /** Id of the ticket whose workflow asks: it hears the answer and is not told. */
  readonly reading?: string;
}

export async function armClocks(transaction: Transaction, input: ArmInput): Promise<void> {
  const { gathered, active, now, reading } = input;
  if (!hasClocks(active.rules.ir)) return;
  const written: TicketClock[] = [];
  const told: OutboxEntry[] = [];
  const tell = ({ id, number }: Ticket): void => {
    told.push({ kind: "ticket-clock", ticketId: id, number });
  };
  for (const ticket of gathered.opened.values()) {
    const clock = openedClock(active, ticket);
    written.push(clock);
    if (clock.due !== undefined) tell(ticket);
  }
  const tickets = touchedTickets(input);
  const loaded = await selectTicketClocks(
    transaction,
    tickets.map(({ id }) => id),
  );
  for (const ticket of tickets) {
    if (ticket.id === reading) continue;
    const before = loaded.get(ticket.id);
    const isSaved = gathered.changed.has(ticket.id);
    if (before === undefined && !isSaved) continue;
    const after = touchedClock(active, { ticket, before, isSaved });
    if (after.due !== before?.due || isSaved) written.push(after);
    if (after.due !== before?.due) tell(ticket);
    else if (ticket.status === COMPLETE && sleepsLong(before, now)) tell(ticket);
  }
  writeTicketClocks(transaction, written);
  insertOutbox(transaction, told);
}

/** Of fields, or by a person: repeats and what rules note move no deadline. */
function touchedTickets({ gathered, view }: ArmInput): readonly Ticket[] {
  const touched = [...gathered.touched.values()].filter(
    (ticket) => ticket.lastHumanActivityAt !== view.tickets.get(ticket.id)?.lastHumanActivityAt,
  );
  return [...gathered.changed.values(), ...touched];
}

function openedClock(active: ActiveRules, ticket: Ticket): TicketClock {
  const activation = activationOf(active);
  const due = earliest(active, ticket, { savedUnder: activation, passed: new Map() });
  return { ticketId: ticket.id, savedUnder: activation, armedUnder: activation, due };
}

interface Touched {
  readonly ticket: Ticket;
  readonly before: LoadedClock | undefined;
  readonly isSaved: boolean;
}

/** What is waited for already stays, unless something comes before it. */
function touchedClock(active: ActiveRules, { ticket, before, isSaved }: Touched): TicketClock {
  const activation = activationOf(active);
  const savedUnder = isSaved
    ? Math.max(activation, before?.savedUnder ?? 0)
    : (before?.savedUnder ?? activation);
  const next = earliest(active, ticket, { savedUnder, passed: before?.passed ?? new Map() });
  const isEarlier = next !== undefined && (before?.due === undefined || next.at < before.due.at);
  const due = isEarlier ? next : before?.due;
  return { ticketId: ticket.id, savedUnder, armedUnder: before?.armedUnder ?? activation, due };
}

function sleepsLong(clock: LoadedClock | undefined, now: Instant): boolean {
  return clock?.due !== undefined && clock.due.at - now > CLOCK_ENDS_ITSELF_MS;
}

export function activationOf({ clocks }: ActiveRules): number {
  return clocks?.activation ?? 0;
}

export interface ClockFacts {
  readonly savedUnder: number;
  readonly passed: ReadonlyMap<string, PassedClock>;
}

/** Of the rules that apply to the ticket (WF-6), in firing order. */
export function deadlinesInForce(
  { rules, clocks }: ActiveRules,
  ticket: Ticket,
  { savedUnder, passed }: ClockFacts,
): readonly ArmedClock[] {
  return ticketDeadlines(rules.ir, ticket, passed).filter(({ rule }) => appliesTo(clocks, rule, savedUnder));
}

function appliesTo(clocks: ClocksInForce | undefined, rule: string, savedUnder: number): boolean {
  if (clocks === undefined) return true;
  const since = clocks.since.get(rule);
  return since !== undefined && since <= savedUnder;
}

/** The first of the earliest. */
export function earliest(active: ActiveRules, ticket: Ticket, facts: ClockFacts): ArmedClock | undefined {
  let first: ArmedClock | undefined;
  for (const deadline of deadlinesInForce(active, ticket, facts)) {
    if (first === undefined || deadline.at < first.at) first = deadline;
  }
  return first;
}

/** What passed before, and what this decision passed. */
export function withPassed(
  before: ReadonlyMap<string, PassedClock>,
  gathered: GatheredEffects | undefined,
  ticketId: string,
): ReadonlyMap<string, PassedClock> {
  const passed = new Map(before);
  for (const one of gathered?.passed ?? []) {
    if (one.ticketId === ticketId) passed.set(clockName(one.rule, one.clock), one.passed);
  }
  return passed;
}
