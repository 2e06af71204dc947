/**
 * Plans, loads and decides a batch of events inside one transaction, until the decision lacks nothing. Knows nothing of
 * how events came or how effects are written.
 *
 *   plan (matching alone) -> lock and load -> plan again with what was loaded -> numbers -> decide
 *                                                      ^------------ needs (cascades) ----'
 */
import { decide, planNeeds } from "../decision/index.ts";
import type { Decision, DeskEvent, RunnableRules } from "../decision/index.ts";
import { DECISION_ROUNDS_MAX } from "../domain/index.ts";
import type { Transaction } from "../store/index.ts";
import { lacksNothing, loadNeeds, type LoadedView, type Storm } from "./desk-loader.ts";

export type Decided = Extract<Decision, { kind: "decided" }>;

export interface DecideLoadedInput {
  readonly transaction: Transaction;
  readonly view: LoadedView;
  readonly events: readonly DeskEvent[];
  readonly rules: RunnableRules;
  /** Given, counts that are settled are read without a lock; the caller adds to them at the end of the transaction. */
  readonly storm?: Storm;
  /** Gives the view so many more ids and numbers. */
  readonly addNewTickets: (view: LoadedView, count: number) => Promise<void>;
}

/** What matching alone foresees is loaded in at most so many steps; the decision asks for the rest. */
const PLANS_MAX = 3;

export async function decideLoaded(input: DecideLoadedInput): Promise<Decided> {
  const { transaction, view, events, rules, storm, addNewTickets } = input;
  for (let plans = 0; plans < PLANS_MAX; plans += 1) {
    const needs = planNeeds(events, rules, view);
    if (lacksNothing({ ...needs, newTickets: 0 })) {
      await addNewTickets(view, needs.newTickets);
      break;
    }
    await loadNeeds(transaction, view, needs, storm);
  }
  for (let rounds = 0; rounds < DECISION_ROUNDS_MAX; rounds += 1) {
    const decision = await decide({ view, events, rules });
    if (decision.kind === "decided") return decision;
    await loadNeeds(transaction, view, decision.needs, storm);
    await addNewTickets(view, decision.needs.newTickets);
  }
  throw new Error(`a decision asked for more than ${DECISION_ROUNDS_MAX} loads`);
}
