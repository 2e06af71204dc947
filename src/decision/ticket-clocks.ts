/**
 * `ticket idle`, `open`, `due`, `overdue`: the rule is judged once at its time, and nothing that it does is matched against
 * other rules (WF-5). Whether it is time is asked of the ticket as it is now. Knows nothing of what rules do.
 */
import { raise, ticketSnapshot } from "./change-ticket.ts";
import { ticketDeadlines } from "./deadlines.ts";
import type { Handling } from "./handling.ts";
import type { DeskEvent } from "./types.ts";

type ClockDue = Extract<DeskEvent, { kind: "clock-due" }>;

export function runClock(handling: Handling, event: ClockDue): void {
  const { ticketId, rule, clock } = event;
  const ticket = handling.desk.ticket(ticketId);
  if (ticket === undefined) return;
  const deadlines = ticketDeadlines(handling.ir, ticket, handling.desk.time.clocks(ticketId))
    .filter((deadline) => deadline.rule === rule && deadline.clock === clock)
    .map(({ at }) => at);
  const deadline = Math.min(...deadlines);
  if (deadline > event.at) return;
  handling.isolated = true;
  handling.clockDeadline = deadline;
  raise(handling, 0, [{ ...ticketSnapshot(handling, clock, ticket), dueRule: rule }]);
}

/** Judged is over, whether the rule held or not: a one-off does not wait for its condition. */
export function passClock(handling: Handling, { ticketId, rule, clock }: ClockDue): void {
  const deadline = handling.clockDeadline;
  if (deadline === undefined) return;
  const passed = { deadline, fired: handling.fired.size > 0 };
  handling.desk.time.passClock({ kind: "pass-clock", ticketId, rule, clock, passed });
}
