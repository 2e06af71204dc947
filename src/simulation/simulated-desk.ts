/**
 * A whole desk in memory under a virtual clock: the same `decide` as live, effects kept, callouts delivered with given
 * answers, what falls due made to happen in order. Knows no test steps and no expectations.
 */
import { applyEffects, decide, emptyDesk, viewOf } from "../decision/index.ts";
import type { DeskEvent, Effect, EventResult, MemoryDesk, RunnableRules } from "../decision/index.ts";
import { DECISION_ROUNDS_MAX, SIMULATED_EVENTS_MAX } from "../domain/index.ts";
import type { Instant, Snapshot, Ticket } from "../domain/index.ts";
import { DueQueue } from "./due-queue.ts";
import { DueTimes } from "./due-times.ts";
import type { Journal } from "./journal.ts";
import { SimulatedCallouts } from "./simulated-callouts.ts";
import type { TestRecords } from "./test-records.ts";

/** Ids given to a decision at once: most open at most one ticket. */
const NEW_TICKETS = 4;

export interface DeskParts {
  readonly rules: RunnableRules;
  readonly records: TestRecords;
  readonly journal: Journal;
}

export class SimulatedDesk {
  readonly desk: MemoryDesk = emptyDesk();
  readonly callouts: SimulatedCallouts;
  readonly #parts: DeskParts;
  readonly #queue = new DueQueue();
  readonly #times: DueTimes;
  readonly #givenTickets = new Set<string>();
  #events = 0;
  #now: Instant = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#times = new DueTimes(parts.rules.ir, this.desk);
    this.callouts = new SimulatedCallouts({
      journal: parts.journal,
      queue: this.#queue,
      handle: async (event) => void (await this.handle(event)),
    });
  }

  /** In order of creation, from 1. */
  ticket(number: number): Ticket | undefined {
    return [...this.desk.tickets.values()][number - 1];
  }

  ticketNumber(id: string): number {
    return [...this.desk.tickets.keys()].indexOf(id) + 1;
  }

  isGiven(id: string): boolean {
    return this.#givenTickets.has(id);
  }

  /** One event, its rules and their cascade. */
  async handle(event: DeskEvent): Promise<EventResult> {
    this.#events += 1;
    if (this.#events > SIMULATED_EVENTS_MAX) {
      throw new TooMuchHappens(`more than ${SIMULATED_EVENTS_MAX} events in one test`);
    }
    const decided = await this.#decide(event, this.#parts.rules);
    this.#parts.journal.add({ kind: "decided", at: timeOf(event), event, ...decided });
    this.#times.follow(decided.effects);
    for (const effect of decided.effects) this.#follow(effect);
    return decided.result;
  }

  /** A ticket that was there before: no rule sees its creation. */
  async give(event: Extract<DeskEvent, { kind: "ticket-opened" }>): Promise<void> {
    this.#givenTickets.add(event.ticketId);
    await this.#decide(event, { ...this.#parts.rules, match: () => [] });
  }

  nextTicketId(): string {
    return `tk_${this.desk.tickets.size + 1}`;
  }

  /** Nothing falls due before. */
  startClock(at: Instant): void {
    this.#now = at;
    this.#times.startAt(at);
  }

  /** Everything up to and at the moment, in order; what it causes within that time too. */
  async runUntil(until: Instant): Promise<void> {
    for (;;) {
      const timed = this.#times.next();
      // A time that is past already when it comes to be comes at once.
      const timedAt = timed === undefined ? Infinity : Math.max(timed.at, this.#now);
      const queuedAt = this.#queue.nextAt() ?? Infinity;
      if (Math.min(timedAt, queuedAt) > until) break;
      if (timed === undefined || queuedAt < timedAt) {
        this.#now = queuedAt;
        await this.#queue.take()?.run();
      } else {
        this.#now = timedAt;
        if (timed.kind === "schedule-due") this.#times.scheduleCame(timed.rule, timed.at);
        await this.handle({ ...timed, at: timedAt });
      }
    }
    this.#now = until;
  }

  async #decide(event: DeskEvent, rules: RunnableRules): Promise<DecidedEvent> {
    let newTickets = NEW_TICKETS;
    for (let round = 0; round < DECISION_ROUNDS_MAX; round += 1) {
      const snapshots: Snapshot[] = [];
      const view = {
        ...viewOf(this.desk, timeOf(event), newTickets),
        records: this.#parts.records.view(),
      };
      const watched: RunnableRules = {
        ...rules,
        match: (snapshot) => {
          snapshots.push(snapshot);
          return rules.match(snapshot);
        },
      };
      const decision = await decide({ view, events: [event], rules: watched });
      if (decision.kind === "needs") {
        newTickets += Math.max(1, decision.needs.newTickets);
        continue;
      }
      const [result] = decision.results;
      if (result === undefined) break;
      applyEffects(this.desk, decision.effects, [event]);
      return { effects: decision.effects, result, snapshots };
    }
    throw new Error("the decision asked for more than a desk in memory has");
  }

  #follow(effect: Effect): void {
    if (effect.kind === "start-delivery") this.callouts.start(effect.delivery);
  }
}

interface DecidedEvent {
  readonly effects: readonly Effect[];
  readonly result: EventResult;
  readonly snapshots: readonly Snapshot[];
}

/** A test that never ends is told, not waited for. */
export class TooMuchHappens extends Error {
  override readonly name = "TooMuchHappens";
}

function timeOf(event: DeskEvent): Instant {
  switch (event.kind) {
    case "alert":
      return event.alert.receivedAt;
    case "mail":
      return event.mail.receivedAt;
    case "note-added":
      return event.note.at;
    case "time-entry-added":
      return event.entry.at;
    default:
      return event.at;
  }
}
