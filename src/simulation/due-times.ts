/**
 * Which of the desk's own times comes next: holds, silences, maintenance, clocks of tickets, schedules. Read from the
 * desk anew whenever it is asked, so that what was withdrawn cannot come. Knows no callouts and no steps.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import { nextSchedules, ticketDeadlines } from "../decision/index.ts";
import type { Effect, MemoryDesk, TicketDeadline, TimedEvent } from "../decision/index.ts";
import type { Instant, Ticket } from "../domain/index.ts";

export class DueTimes {
  readonly #ir: RuleSetIr;
  readonly #desk: MemoryDesk;
  readonly #deadlines = new Map<
    string,
    { readonly ticket: Ticket; readonly all: readonly TicketDeadline[] }
  >();
  /** By rule; undefined until the clock has started. */
  #schedules: Map<string, Instant> | undefined;

  constructor(ir: RuleSetIr, desk: MemoryDesk) {
    this.#ir = ir;
    this.#desk = desk;
  }

  /** Schedules count from the clock's start, that moment included. */
  startAt(at: Instant): void {
    this.#schedules = new Map(nextSchedules(this.#ir, at - 1).map((next) => [next.rule, next.at]));
  }

  /** Of several at one moment: holds, silences, maintenance, clocks in firing order, schedules. */
  next(): TimedEvent | undefined {
    let first: TimedEvent | undefined;
    const offer = (event: TimedEvent): void => {
      if (first === undefined || event.at < first.at) first = event;
    };
    for (const hold of [...this.#desk.holds.values()].flat()) {
      offer({ kind: "hold-due", identity: hold.identity, rule: hold.rule, at: hold.dueAt });
    }
    for (const { key, dueAt } of this.#desk.absences.values()) offer({ kind: "absence-due", key, at: dueAt });
    for (const { identity, until } of this.#desk.deferred.values()) {
      offer({ kind: "maintenance-ended", identity, at: until });
    }
    for (const ticket of this.#desk.tickets.values()) {
      for (const { rule, clock, at } of this.#deadlinesOf(ticket)) {
        offer({ kind: "clock-due", ticketId: ticket.id, rule, clock, at });
      }
    }
    for (const [rule, at] of this.#schedules ?? []) offer({ kind: "schedule-due", rule, at });
    return first;
  }

  /** Called with what a decision did, and with every time that has come. */
  follow(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "pass-clock") this.#deadlines.delete(effect.ticketId);
    }
  }

  scheduleCame(rule: string, at: Instant): void {
    const rules = this.#ir.rules.filter(({ name }) => name === rule);
    const [next] = nextSchedules({ rules }, at);
    if (next === undefined) this.#schedules?.delete(rule);
    else this.#schedules?.set(rule, next.at);
  }

  #deadlinesOf(ticket: Ticket): readonly TicketDeadline[] {
    const known = this.#deadlines.get(ticket.id);
    if (known?.ticket === ticket) return known.all;
    const all = ticketDeadlines(this.#ir, ticket, this.#desk.clocks.get(ticket.id));
    this.#deadlines.set(ticket.id, { ticket, all });
    return all;
  }
}
