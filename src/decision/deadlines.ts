/**
 * When time comes for a rule: clocks of tickets and schedules. Pure functions for whoever keeps time, be it the
 * simulation or durable timers; the decision checks the same deadlines when it is told that one has come.
 *
 *   idle     last human activity + D       again after the next act of a person
 *   open     creation + D                  once
 *   due      due time - D                  once; moves with the due time until it has fired
 *   overdue  due time + D                  likewise
 */
import { addOpenTime, nextOccurrence, subtractOpenTime } from "../calendar/index.ts";
import { COMPLETE } from "../domain/index.ts";
import type { ClockKind, Instant, Ticket, TriggerKind } from "../domain/index.ts";
import type { RuleIr, RuleSetIr, TimerIr } from "../compiler/index.ts";
import type { PassedClock } from "./types.ts";

export interface TicketDeadline {
  readonly rule: string;
  readonly clock: ClockKind;
  /** May lie in the past: it is due at once. */
  readonly at: Instant;
}

/** The name of a clock among a ticket's clocks. */
export function clockName(rule: string, clock: ClockKind): string {
  return `${clock} ${rule}`;
}

const NO_CLOCKS: ReadonlyMap<string, PassedClock> = new Map();

/** What is still to come for the ticket, in firing order of the rules. A Complete ticket has no deadlines. */
export function ticketDeadlines(
  ir: Pick<RuleSetIr, "rules">,
  ticket: Ticket,
  passed: ReadonlyMap<string, PassedClock> = NO_CLOCKS,
): readonly TicketDeadline[] {
  if (ticket.status === COMPLETE) return [];
  return clocksOf(ir).flatMap(({ rule, clock, timer }) => {
    const at = deadlineOf(clock, timer, ticket);
    if (at === undefined || isOver(clock, at, passed.get(clockName(rule.name, clock)))) return [];
    return [{ rule: rule.name, clock, at }];
  });
}

/** Some rule in force waits for a time of tickets at all. */
export function hasClocks(ir: Pick<RuleSetIr, "rules">): boolean {
  return clocksOf(ir).length > 0;
}

/** A passed time is over; a clock that is only once is over as soon as it has fired. */
function isOver(clock: ClockKind, at: Instant, passed: PassedClock | undefined): boolean {
  if (passed === undefined) return false;
  return at <= passed.deadline || (passed.fired && clock !== "ticket-idle");
}

interface ClockOfRule {
  readonly rule: RuleIr;
  readonly clock: ClockKind;
  readonly timer: Extract<TimerIr, { kind: "clock" }>;
}

const clocksByIr = new WeakMap<object, readonly ClockOfRule[]>();

function clocksOf(ir: Pick<RuleSetIr, "rules">): readonly ClockOfRule[] {
  const known = clocksByIr.get(ir.rules);
  if (known !== undefined) return known;
  const clocks = ir.rules
    .filter(({ active }) => active)
    .flatMap((rule) =>
      rule.triggers.flatMap(({ kind, timer }): readonly ClockOfRule[] => {
        return timer?.kind === "clock" && isClock(kind) ? [{ rule, clock: kind, timer }] : [];
      }),
    );
  clocksByIr.set(ir.rules, clocks);
  return clocks;
}

export function isClock(kind: TriggerKind): kind is ClockKind {
  return (
    kind === "ticket-idle" || kind === "ticket-open" || kind === "ticket-due" || kind === "ticket-overdue"
  );
}

function deadlineOf(clock: ClockKind, timer: ClockOfRule["timer"], ticket: Ticket): Instant | undefined {
  switch (clock) {
    case "ticket-idle":
      return later(timer, ticket.lastHumanActivityAt ?? ticket.createdAt);
    case "ticket-open":
      return later(timer, ticket.createdAt);
    case "ticket-overdue":
      return ticket.dueAt === undefined ? undefined : later(timer, ticket.dueAt);
    case "ticket-due": {
      if (ticket.dueAt === undefined) return undefined;
      const { calendar, ms } = timer;
      return calendar === undefined ? ticket.dueAt - ms : subtractOpenTime(calendar, ticket.dueAt, ms);
    }
  }
}

function later({ calendar, ms }: ClockOfRule["timer"], from: Instant): Instant | undefined {
  return calendar === undefined ? from + ms : addOpenTime(calendar, from, ms);
}

/* ---------- schedules ---------- */

export interface NextSchedule {
  readonly rule: string;
  readonly at: Instant;
}

/** The next time strictly after `after` of each rule on a schedule. */
export function nextSchedules(ir: Pick<RuleSetIr, "rules">, after: Instant): readonly NextSchedule[] {
  return ir.rules.flatMap((rule) => {
    if (!rule.active) return [];
    const times = rule.triggers.flatMap(({ timer }) =>
      timer?.kind === "schedule" ? (nextOccurrence(timer.schedule, after) ?? []) : [],
    );
    return times.length === 0 ? [] : [{ rule: rule.name, at: Math.min(...times) }];
  });
}
