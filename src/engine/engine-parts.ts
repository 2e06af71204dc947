/** What the parts of the engine share: made once by `createEngine`, handed to each. */
import type { RunnableRules } from "../decision/index.ts";
import type { Instant, OrganizationReference } from "../domain/index.ts";
import { selectCalloutSwitches } from "../store/desk/index.ts";
import { selectMaintenance } from "../store/index.ts";
import type { NewId, Queryable, Store } from "../store/index.ts";
import type { MutableCounters } from "./counters.ts";
import { emptyView, type LoadedView } from "./desk-loader.ts";
import type { NumberLease, TicketNumbers } from "./ticket-numbers.ts";

/** The set in force, ready to run; replaced as a whole (active-rules.ts). */
export interface ActiveRules {
  readonly number: number;
  readonly rules: RunnableRules;
  /** Left out: every rule with a clock applies to every ticket, and nobody says when the set was put in force. */
  readonly clocks?: ClocksInForce;
}

/** Since when rules with a clock are in force (WF-6), told in activations: each putting in force counts one more. */
export interface ClocksInForce {
  readonly activation: number;
  /** By name of the rule. */
  readonly since: ReadonlyMap<string, number>;
}

export interface EngineParts {
  readonly store: Store;
  readonly ownOrganization: OrganizationReference;
  readonly notesPerWindow: number;
  readonly newId: NewId;
  readonly now: () => Instant;
  readonly counters: MutableCounters;
  readonly numbers: TicketNumbers;
  /** Told after every commit that left something in the outbox. */
  readonly wakeRelay: () => void;
}

/** An empty view with what is fixed for one transaction. */
export async function openView(parts: EngineParts, db: Queryable, active: ActiveRules): Promise<LoadedView> {
  const { ownOrganization, notesPerWindow } = parts;
  const [calloutActive, maintenance] = await Promise.all([
    selectSwitched(db, active),
    selectMaintenance(db, parts.now()),
  ]);
  return emptyView({ ownOrganization, notesPerWindow, calloutActive, maintenance });
}

/** A switch holds while the callout's text is the one that was switched. */
async function selectSwitched(db: Queryable, { rules }: ActiveRules): Promise<ReadonlyMap<string, boolean>> {
  if (rules.ir.callouts.size === 0) return new Map();
  const switches = await selectCalloutSwitches(db);
  return new Map(
    switches
      .filter((one) => rules.ir.callouts.get(one.callout)?.hash === one.declaration_hash)
      .map((one) => [one.callout, one.active]),
  );
}

export function newTicketAdder(
  { newId }: EngineParts,
  lease: NumberLease,
  at: Instant,
): (view: LoadedView, count: number) => Promise<void> {
  return async (view, count) => {
    if (count === 0) return;
    for (const number of await lease.take(count)) view.newTickets.push({ id: newId("tk", at), number });
  };
}
