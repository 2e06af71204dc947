/**
 * Fills the view that a decision reads, inside one transaction: locks dedup keys and identities together, then once keys,
 * tickets, counts and silences, each in order, and loads what stands behind them. Decides nothing.
 *
 * One order for everybody is what keeps two batches from waiting for each other, and a lock for each key is what makes
 * holds, counts and dedup come out as if batches ran one after the other.
 */
import type { Alert, Instant, MailFacts, OrganizationReference, Ticket } from "../domain/index.ts";
import { COMPLETE } from "../domain/index.ts";
import type { RuleSetIr } from "../compiler/index.ts";
import { isSettled } from "../decision/index.ts";
import type { Absence, Deferred, DeskView, Hold, Needs, RecordReference } from "../decision/index.ts";
import {
  countKeyDigest,
  loadAbsences,
  loadDeferred,
  loadHolds,
  loadRecords,
  loadTickets,
  lockAlertCounts,
  lockDedupKeys,
  lockOnceKeys,
  readAlertCounts,
  selectLatestAlerts,
  selectMailsOfTickets,
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
  readonly mailByTicket: Map<string, MailFacts | undefined>;
  readonly records: Map<string, RecordReference | undefined>;
  readonly newTickets: { readonly id: string; readonly number: string }[];
  readonly holds: Map<string, readonly Hold[]>;
  readonly absences: Map<string, Absence | undefined>;
  readonly deferred: Map<string, Deferred | undefined>;
  readonly recentReceipts: Map<string, readonly Instant[]>;
  /** Keys of counts that were read without a lock, since no other receipt can change what they come to. */
  readonly settledCounts: Set<string>;
}

/** A batch of many alerts, whose counts may be settled: the set that counts, and until when they must stay so. */
export interface Storm {
  readonly ir: RuleSetIr;
  readonly until: Instant;
  readonly alerts: number;
}

/** Reading first is worth it where many alerts share a key; elsewhere it is one statement more for nothing. */
const STORM_ALERTS_PER_KEY = 8;

export function emptyView(fixed: {
  readonly ownOrganization: OrganizationReference;
  readonly notesPerWindow: number;
  readonly calloutActive: ReadonlyMap<string, boolean>;
  readonly maintenance: NonNullable<DeskView["maintenance"]>;
}): LoadedView {
  return {
    ...fixed,
    tickets: new Map(),
    ticketByDedupKey: new Map(),
    ticketByIdentity: new Map(),
    onceByKey: new Map(),
    alertByTicket: new Map(),
    mailByTicket: new Map(),
    records: new Map(),
    newTickets: [],
    holds: new Map(),
    absences: new Map(),
    deferred: new Map(),
    recentReceipts: new Map(),
    settledCounts: new Set(),
  };
}

export function lacksNothing(needs: Needs): boolean {
  const { newTickets, ...sets } = needs;
  return newTickets === 0 && Object.values(sets).every((set) => set.size === 0);
}

/** Everything but new tickets. */
export async function loadNeeds(
  transaction: Transaction,
  view: LoadedView,
  needs: Needs,
  storm?: Storm,
): Promise<void> {
  const dedupKeys = [...needs.dedupKeys].sort();
  lockDedupKeys(transaction, [...new Set([...dedupKeys, ...needs.holds, ...needs.deferred])].sort());
  const ofIdentities = await selectTicketsOfIdentities(transaction, [...needs.identities]);
  const ids = new Set([...needs.tickets, ...ofIdentities.values()]);
  const alertsWanted = new Set([...needs.alertsOfTickets, ...ofIdentities.values()]);
  const [onceRows, recordRows, ticketRows, alertRows, mailRows] = await Promise.all([
    lockOnceKeys(transaction, [...needs.onceKeys].sort()),
    loadRecords(transaction, [...needs.records]),
    loadTickets(transaction, { ids: [...ids].filter((id) => !view.tickets.has(id)).sort(), dedupKeys }),
    selectLatestAlerts(transaction, [...alertsWanted]),
    selectMailsOfTickets(transaction, [...needs.mailsOfTickets]),
    loadTime(transaction, view, needs, storm),
  ]);
  for (const [key, ticket] of onceRows) view.onceByKey.set(key, ticket);
  for (const [key, record] of recordRows) view.records.set(key, record);
  for (const id of alertsWanted) view.alertByTicket.set(id, alertRows.get(id));
  for (const id of needs.mailsOfTickets) view.mailByTicket.set(id, mailRows.get(id));
  for (const ticket of ticketRows) view.tickets.set(ticket.id, ticket);
  const newestByKey = newestOpenByKey(ticketRows);
  for (const key of dedupKeys) view.ticketByDedupKey.set(key, newestByKey.get(key)?.id);
  for (const identity of needs.identities) view.ticketByIdentity.set(identity, ofIdentities.get(identity));
}

async function loadTime(
  transaction: Transaction,
  view: LoadedView,
  needs: Needs,
  storm: Storm | undefined,
): Promise<void> {
  const [, absences, holds, deferred] = await Promise.all([
    loadCounts(transaction, view, needs.counts, storm),
    loadAbsences(transaction, [...needs.absences], { lock: true }),
    loadHolds(transaction, [...needs.holds]),
    loadDeferred(transaction, [...needs.deferred]),
  ]);
  for (const key of needs.absences) view.absences.set(key, absences.get(key));
  for (const identity of needs.holds) view.holds.set(identity, holds.get(identity) ?? []);
  for (const identity of needs.deferred) view.deferred.set(identity, deferred.get(identity));
}

/**
 * All keys are read without a lock, or all are locked in order: a batch that held some of them and came for others at its
 * end could wait for one that waits for it.
 */
async function loadCounts(
  transaction: Transaction,
  view: LoadedView,
  keys: ReadonlySet<string>,
  storm: Storm | undefined,
): Promise<void> {
  const digests = new Map([...keys].map((key) => [countKeyDigest(key), key]));
  const sorted = [...digests.keys()].sort();
  if (storm !== undefined && keys.size > 0 && keys.size * STORM_ALERTS_PER_KEY <= storm.alerts) {
    const read = await readAlertCounts(transaction, sorted);
    const { ir, until } = storm;
    if ([...digests].every(([digest, key]) => isSettled(ir, key, read.get(digest) ?? [], until))) {
      for (const [digest, key] of digests) {
        view.recentReceipts.set(key, read.get(digest) ?? []);
        view.settledCounts.add(key);
      }
      return;
    }
  }
  const counts = await lockAlertCounts(transaction, sorted);
  for (const [digest, key] of digests) view.recentReceipts.set(key, counts.get(digest) ?? []);
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
