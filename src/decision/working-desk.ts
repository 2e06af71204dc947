/**
 * The working copy of the view: later events of a batch see what earlier ones did. It collects effects and what the
 * view lacks. Private to one decision; knows nothing of rules.
 *
 *   view (as loaded) <- overlay (tickets, links, once, alerts) -> effects
 *                    \- absent key -> needs; the answer is then "nothing there", and the decision is thrown away
 */
import { COMPLETE } from "../domain/index.ts";
import type { Alert, Instant, MailFacts, Ticket } from "../domain/index.ts";
import { recordKey } from "./keys.ts";
import type { RecordAddress } from "./keys.ts";
import { WorkingTime } from "./working-time.ts";
import type { DeskView, Effect, Needs, RecordReference } from "./types.ts";

export class WorkingDesk {
  readonly view: DeskView;
  readonly #effects: Effect[] = [];
  readonly #tickets = new Map<string, Ticket>();
  readonly #idsByDedupKey = new Map<string, Set<string>>();
  readonly #idsByIdentity = new Map<string, Set<string>>();
  readonly #onceByKey = new Map<string, { readonly ticketId: string; readonly createdAt: Instant }>();
  readonly #opened = new Set<string>();
  readonly #alertByTicket = new Map<string, Alert | undefined>();
  readonly #needs = {
    tickets: new Set<string>(),
    dedupKeys: new Set<string>(),
    identities: new Set<string>(),
    onceKeys: new Set<string>(),
    alertsOfTickets: new Set<string>(),
    mailsOfTickets: new Set<string>(),
    records: new Set<string>(),
    holds: new Set<string>(),
    absences: new Set<string>(),
    clocks: new Set<string>(),
    deferred: new Set<string>(),
    counts: new Set<string>(),
  };
  readonly time: WorkingTime;
  readonly #unusedTickets: { readonly id: string; readonly number: string }[];
  #missingTickets = 0;

  constructor(view: DeskView) {
    this.view = view;
    this.time = new WorkingTime(view, this.#needs, (effect) => this.#effects.push(effect));
    this.#unusedTickets = [...view.newTickets];
    for (const ticket of view.tickets.values()) this.#index(ticket);
  }

  /* ---------- reading ---------- */

  ticket(id: string): Ticket | undefined {
    const ticket = this.#tickets.get(id) ?? this.view.tickets.get(id);
    if (ticket === undefined) this.#needs.tickets.add(id);
    return ticket;
  }

  /** The newest not-Complete ticket opened under the key (A6); the status is the one of now (IST-20, vector 8). */
  openTicketOfKey(key: string): Ticket | undefined {
    if (!this.view.ticketByDedupKey.has(key)) this.#needs.dedupKeys.add(key);
    return this.#newestOpen(this.view.ticketByDedupKey.get(key), this.#idsByDedupKey.get(key));
  }

  openTicketOfIdentity(identity: string): Ticket | undefined {
    if (!this.view.ticketByIdentity.has(identity)) this.#needs.identities.add(identity);
    const newest = this.view.ticketByIdentity.get(identity);
    const open = this.#newestOpen(newest, this.#idsByIdentity.get(identity));
    if (open !== undefined || newest === undefined) return open;
    return this.#newestOpen(undefined, new Set(this.view.olderTicketsByIdentity?.get(identity)));
  }

  lastOnce(key: string): { readonly ticketId: string; readonly createdAt: Instant } | undefined {
    const opened = this.#onceByKey.get(key);
    if (opened !== undefined) return opened;
    if (!this.view.onceByKey.has(key)) this.#needs.onceKeys.add(key);
    return this.view.onceByKey.get(key);
  }

  latestAlert(ticketId: string): Alert | undefined {
    if (this.#alertByTicket.has(ticketId)) return this.#alertByTicket.get(ticketId);
    if (!this.view.alertByTicket.has(ticketId)) this.#needs.alertsOfTickets.add(ticketId);
    return this.view.alertByTicket.get(ticketId);
  }

  /** The mail that made it; a ticket of this batch is asked of its handling. */
  mailOf(ticketId: string): MailFacts | undefined {
    const known = this.view.mailByTicket;
    if (known === undefined || this.#opened.has(ticketId)) return undefined;
    if (!known.has(ticketId)) this.#needs.mailsOfTickets.add(ticketId);
    return known.get(ticketId);
  }

  record(address: RecordAddress): RecordReference | undefined {
    const own = this.view.ownOrganization;
    if (address.kind === "organization" && address.by === "id" && address.id === own.id) {
      return { kind: "organization", ...own };
    }
    const key = recordKey(address);
    if (!this.view.records.has(key)) this.#needs.records.add(key);
    return this.view.records.get(key);
  }

  /* ---------- writing ---------- */

  /** The next id and number; one asked for by id keeps its id. Past the end it makes up a pair and says so in needs. */
  takeNewTicket(id?: string): { readonly id: string; readonly number: string } {
    const at = id === undefined ? 0 : this.#unusedTickets.findIndex((candidate) => candidate.id === id);
    const [taken] = this.#unusedTickets.splice(Math.max(at, 0), 1);
    if (taken !== undefined) return { id: id ?? taken.id, number: taken.number };
    this.#missingTickets += 1;
    return { id: id ?? `?${this.#missingTickets}`, number: `?${this.#missingTickets}` };
  }

  open(ticket: Ticket, alert: Alert | undefined, onceKey: string | undefined): void {
    this.#effects.push({ kind: "open-ticket", ticket, alertId: alert?.id, onceKey });
    this.#put(ticket);
    this.#alertByTicket.set(ticket.id, undefined);
    this.#opened.add(ticket.id);
    if (onceKey !== undefined) {
      this.#onceByKey.set(onceKey, { ticketId: ticket.id, createdAt: ticket.createdAt });
    }
  }

  link(alert: Alert, ticketId: string, identity: string): void {
    this.#effects.push({
      kind: "link-alert",
      alertId: alert.id,
      ticketId,
      identity,
      at: alert.receivedAt,
    });
    addTo(this.#idsByIdentity, identity, ticketId);
    this.#alertByTicket.set(ticketId, alert);
  }

  change(effect: Extract<Effect, { kind: "change-ticket" }>): void {
    this.#effects.push(effect);
    this.#put(effect.ticket);
  }

  touch(ticket: Ticket): void {
    this.#effects.push({ kind: "touch-ticket", ticket });
    this.#put(ticket);
  }

  emit(
    effect: Exclude<Effect, { kind: "open-ticket" | "link-alert" | "change-ticket" | "touch-ticket" }>,
  ): void {
    this.#effects.push(effect);
  }

  /* ---------- the end ---------- */

  effects(): readonly Effect[] {
    return withoutOvertaken(this.#effects);
  }

  needs(): Needs | undefined {
    const needs: Needs = { ...this.#needs, newTickets: this.#missingTickets };
    const sets = Object.values(this.#needs);
    return this.#missingTickets > 0 || sets.some((set) => set.size > 0) ? needs : undefined;
  }

  #put(ticket: Ticket): void {
    this.#tickets.set(ticket.id, ticket);
    this.#index(ticket);
  }

  #index(ticket: Ticket): void {
    if (ticket.dedupKey !== undefined) addTo(this.#idsByDedupKey, ticket.dedupKey, ticket.id);
  }

  #newestOpen(loaded: string | undefined, known: ReadonlySet<string> | undefined): Ticket | undefined {
    let newest: Ticket | undefined;
    for (const id of new Set([...(loaded === undefined ? [] : [loaded]), ...(known ?? [])])) {
      const ticket = this.ticket(id);
      if (ticket === undefined || ticket.status === COMPLETE) continue;
      if (newest === undefined || isNewer(ticket, newest)) newest = ticket;
    }
    return newest;
  }
}

function isNewer(a: Ticket, b: Ticket): boolean {
  if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt;
  return a.number.length === b.number.length ? a.number > b.number : a.number.length > b.number.length;
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

/**
 * A storm of repeats touches one ticket and writes one counted note anew again and again: a `touch-ticket` goes when a
 * later effect carries the whole ticket too, and a counted note stands where it was first written, as it was last.
 */
function withoutOvertaken(effects: readonly Effect[]): readonly Effect[] {
  const kept: Effect[] = [];
  const countedAt = new Map<string, number>();
  const carriers = new Map<string, Effect>();
  for (const effect of effects) {
    if (effect.kind === "touch-ticket" || effect.kind === "change-ticket") {
      carriers.set(effect.ticket.id, effect);
    }
    if (effect.kind === "add-note" && effect.repeat === "counted") {
      const at = countedAt.get(effect.ticketId);
      if (at !== undefined) {
        kept[at] = effect;
        continue;
      }
      countedAt.set(effect.ticketId, kept.length);
    }
    kept.push(effect);
  }
  return kept.filter((effect) => effect.kind !== "touch-ticket" || carriers.get(effect.ticket.id) === effect);
}
