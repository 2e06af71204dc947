/**
 * Fills the view that a decision reads, inside one transaction: locks dedup keys, then once keys, then tickets, each in
 * order, and loads what stands behind them. Decides nothing.
 */
import type { Alert, Instant, OrganizationReference, Ticket } from "../domain/index.ts";
import { COMPLETE } from "../domain/index.ts";
import type { DeskView, Needs, RecordReference } from "../decision/index.ts";
import {
  loadRecords,
  loadTickets,
  lockDedupKeys,
  lockOnceKeys,
  selectLatestAlerts,
  selectTicketsOfIdentities,
} from "../store/index.ts";
import type { Transaction } from "../store/index.ts";

/** The view as it grows; what was looked up and is not there maps to undefined. */
export interface LoadedView extends DeskView {
  readonly tickets: Map<string, Ticket>;
  readonly ticketByDedupKey: Map<string, string | undefined>;
  readonly ticketByIdentity: Map<string, string | undefined>;
  readonly onceByKey: Map<string, { readonly ticketId: string; readonly createdAt: Instant } | undefined>;
  readonly alertByTicket: Map<string, Alert | undefined>;
  readonly records: Map<string, RecordReference | undefined>;
  readonly newTickets: { readonly id: string; readonly number: string }[];
}

export function emptyView(fixed: {
  readonly ownOrganization: OrganizationReference;
  readonly notesPerWindow: number;
  readonly calloutActive: ReadonlyMap<string, boolean>;
}): LoadedView {
  return {
    ...fixed,
    tickets: new Map(),
    ticketByDedupKey: new Map(),
    ticketByIdentity: new Map(),
    onceByKey: new Map(),
    alertByTicket: new Map(),
    records: new Map(),
    newTickets: [],
  };
}

export function lacksNothing(needs: Needs): boolean {
  const { tickets, dedupKeys, identities, onceKeys, alertsOfTickets, records } = needs;
  const sets = [tickets, dedupKeys, identities, onceKeys, alertsOfTickets, records];
  return needs.newTickets === 0 && sets.every((set) => set.size === 0);
}

/** Everything but new tickets. */
export async function loadNeeds(transaction: Transaction, view: LoadedView, needs: Needs): Promise<void> {
  const dedupKeys = [...needs.dedupKeys].sort();
  lockDedupKeys(transaction, dedupKeys);
  const ofIdentities = await selectTicketsOfIdentities(transaction, [...needs.identities]);
  const ids = new Set([...needs.tickets, ...ofIdentities.values()]);
  const alertsWanted = new Set([...needs.alertsOfTickets, ...ofIdentities.values()]);
  const [onceRows, recordRows, ticketRows, alertRows] = await Promise.all([
    lockOnceKeys(transaction, [...needs.onceKeys].sort()),
    loadRecords(transaction, [...needs.records]),
    loadTickets(transaction, { ids: [...ids].filter((id) => !view.tickets.has(id)).sort(), dedupKeys }),
    selectLatestAlerts(transaction, [...alertsWanted]),
  ]);
  for (const [key, ticket] of onceRows) view.onceByKey.set(key, ticket);
  for (const [key, record] of recordRows) view.records.set(key, record);
  for (const id of alertsWanted) view.alertByTicket.set(id, alertRows.get(id));
  for (const ticket of ticketRows) view.tickets.set(ticket.id, ticket);
  const newestByKey = newestOpenByKey(ticketRows);
  for (const key of dedupKeys) view.ticketByDedupKey.set(key, newestByKey.get(key)?.id);
  for (const identity of needs.identities) view.ticketByIdentity.set(identity, ofIdentities.get(identity));
}

/** By dedup key: the newest that is not Complete (domain.md A6). */
function newestOpenByKey(tickets: readonly Ticket[]): ReadonlyMap<string, Ticket> {
  const newest = new Map<string, Ticket>();
  for (const ticket of tickets) {
    if (ticket.dedupKey === undefined || ticket.status === COMPLETE) continue;
    const known = newest.get(ticket.dedupKey);
    if (known === undefined || isNewer(ticket, known)) newest.set(ticket.dedupKey, ticket);
  }
  return newest;
}

function isNewer(a: Ticket, b: Ticket): boolean {
  return a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;
}
