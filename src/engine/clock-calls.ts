/**
 * When time comes: clocks of tickets, schedules, and looking at tickets again after rules have changed. Each in a transaction of
 * its own that also says what was decided, so that a call that is made twice does nothing twice. Knows nothing of Temporal.
 */
import { nextSchedules, scheduledMoment } from "../decision/index.ts";
import type { DeskEvent } from "../decision/index.ts";
import { COMPLETE, REARM_BATCH_MAX, SCHEDULE_CATCH_UP_MS, SCHEDULE_MISSES_MAX } from "../domain/index.ts";
import type { Instant, Ticket } from "../domain/index.ts";
import {
  insertOutbox,
  loadTickets,
  readTicket,
  selectActivation,
  selectLastScheduleRun,
  selectTicketClocks,
  selectTicketId,
  selectTicketsToRearm,
  takeScheduleRun,
  writeTicketClocks,
} from "../store/index.ts";
import type { LoadedClock, OutboxEntry, TicketClock } from "../store/index.ts";
import { activationOf, deadlinesInForce, earliest, withPassed } from "./arm-clocks.ts";
import type { ActiveRules, EngineParts } from "./engine-parts.ts";
import { refuseBehind } from "./rules-behind.ts";
import { decideCall, runCall, type Call, type CallOutcome } from "./run-call.ts";
import type { Engine, RearmedTickets, ScheduleRun, TicketDue, TicketLook, TicketTimes } from "./types.ts";

type ClockCalls = TicketTimes & Pick<Engine, "ticketDeadlines">;

/** `rules` throws where no set is in force; then nothing comes. */
export function createClockCalls(
  parts: EngineParts,
  rules: () => ActiveRules,
  rulesIfAny: () => ActiveRules | undefined,
): ClockCalls {
  return {
    lookAtTicket: async (number, at) =>
      await runCall(parts, rules(), { at, run: async (call) => await lookAtTicket(call, number, at) }),
    runSchedule: async (run) =>
      await runCall(parts, rules(), { at: run.at, run: async (call) => await runSchedule(call, run) }),
    rearmTickets: async (asked) => await rearmTickets(parts, rules(), asked),
    ticketDeadlines: async (number) => await ticketDeadlines(parts, rulesIfAny(), number),
  };
}

/* ---------- one ticket ---------- */

const NOTHING_LEFT: CallOutcome<TicketLook> = {
  outcome: { next: undefined, judged: [], isCompleted: false },
  gathered: undefined,
};

async function lookAtTicket(call: Call, number: string, at: Instant): Promise<CallOutcome<TicketLook>> {
  const { transaction, active, view } = call;
  const id = await selectTicketId(transaction, number);
  const [before] = id === undefined ? [] : await loadTickets(transaction, { ids: [id], dedupKeys: [] });
  if (before === undefined) return NOTHING_LEFT;
  await refuseBehind(transaction, active);
  const clock = (await selectTicketClocks(transaction, [before.id])).get(before.id);
  if (clock === undefined) return NOTHING_LEFT;
  view.tickets.set(before.id, before);
  const due = deadlinesInForce(active, before, clock)
    .filter((deadline) => deadline.at <= at)
    .sort((a, b) => a.at - b.at);
  const events = due.map((deadline): DeskEvent => ({
    kind: "clock-due",
    ticketId: before.id,
    rule: deadline.rule,
    clock: deadline.clock,
    at,
  }));
  if (events.length === 0) return { outcome: sleepOn(call, before, clock), gathered: undefined };
  const known = { ...call, view: { ...view, clocks: new Map([[before.id, clock.passed]]) } };
  const { decision, gathered } = await decideCall(known, at, events, { reading: before.id });
  const ticket = gathered.changed.get(before.id) ?? gathered.touched.get(before.id) ?? before;
  const savedUnder = gathered.changed.has(before.id) ? activationOf(active) : clock.savedUnder;
  const after = { ...clock, savedUnder, passed: withPassed(clock.passed, gathered, before.id) };
  const judged = due.map(({ rule }, i) => ({
    rule,
    acted: (decision.results[i]?.firings ?? []).length > 0,
  }));
  return { outcome: { ...sleepOn(call, ticket, after), judged }, gathered };
}

/** The row says until when its workflow sleeps from now on: who brings that forward tells it. */
function sleepOn({ transaction, active }: Call, ticket: Ticket, clock: LoadedClock): TicketLook {
  const next = earliest(active, ticket, clock);
  const { ticketId, savedUnder } = clock;
  writeTicketClocks(transaction, [{ ticketId, savedUnder, armedUnder: activationOf(active), due: next }]);
  return { next, judged: [], isCompleted: ticket.status === COMPLETE };
}

async function ticketDeadlines(
  { store }: EngineParts,
  active: ActiveRules | undefined,
  number: string,
): Promise<readonly TicketDue[]> {
  const ticket = active === undefined ? undefined : await readTicket(store, number);
  if (active === undefined || ticket === undefined) return [];
  const clock = (await selectTicketClocks(store, [ticket.id])).get(ticket.id);
  if (clock === undefined) return [];
  return deadlinesInForce(active, ticket, clock).toSorted((a, b) => a.at - b.at);
}

/* ---------- schedules ---------- */

type AskedRun = Parameters<Engine["runSchedule"]>[0];

async function runSchedule(call: Call, { rule, time, at }: AskedRun): Promise<CallOutcome<ScheduleRun>> {
  const { transaction, active } = call;
  await refuseBehind(transaction, active);
  const moment = scheduledMoment(active.rules.ir, rule, time);
  if (moment === "gone" || moment === "left-out") return skipped(moment);
  if (at - time >= SCHEDULE_CATCH_UP_MS) return skipped("too-late");
  const last = await selectLastScheduleRun(transaction, { rule, at: time });
  if (!(await takeScheduleRun(transaction, { rule, at: time }))) return skipped("ran-before");
  const { decision, gathered } = await decideCall(call, at, [{ kind: "schedule-due", rule, at }]);
  const acted = decision.results.some(({ firings }) => firings.some((firing) => firing.rule === rule));
  const tickets = [...gathered.opened.values()].map(({ number }) => number);
  const missed = last === undefined ? [] : timesBetween(active, rule, last, time);
  return { outcome: { kind: "ran", acted, tickets, missed }, gathered };
}

function skipped(why: Extract<ScheduleRun, { kind: "skipped" }>["why"]): CallOutcome<ScheduleRun> {
  return { outcome: { kind: "skipped", why }, gathered: undefined };
}

/** The first that were missed since the last run, both ends out. */
function timesBetween(
  { rules }: ActiveRules,
  rule: string,
  after: Instant,
  before: Instant,
): readonly Instant[] {
  const only = { rules: rules.ir.rules.filter(({ name }) => name === rule) };
  const times: Instant[] = [];
  for (let at = after; times.length < SCHEDULE_MISSES_MAX;) {
    const [next] = nextSchedules(only, at);
    if (next === undefined || next.at >= before) break;
    times.push(next.at);
    at = next.at;
  }
  return times;
}

/* ---------- after rules have changed ---------- */

async function rearmTickets(
  parts: EngineParts,
  active: ActiveRules,
  { activation, after }: Parameters<Engine["rearmTickets"]>[0],
): Promise<RearmedTickets> {
  const done = await parts.store.transaction(async (transaction): Promise<RearmedTickets> => {
    const inForce = await selectActivation(transaction);
    if (inForce !== activation) return { looked: 0, told: 0, after: undefined, isSuperseded: true };
    await refuseBehind(transaction, active);
    const ids = await selectTicketsToRearm(transaction, { after, limit: REARM_BATCH_MAX });
    const tickets = await loadTickets(transaction, { ids, dedupKeys: [] });
    const clocks = await selectTicketClocks(transaction, ids);
    const told: OutboxEntry[] = [];
    const written: TicketClock[] = [];
    for (const ticket of tickets) {
      const clock = clocks.get(ticket.id);
      if (clock === undefined) continue;
      const next = earliest(active, ticket, clock);
      const isEarlier = next !== undefined && (clock.due === undefined || next.at < clock.due.at);
      if (isEarlier) told.push({ kind: "ticket-clock", ticketId: ticket.id, number: ticket.number });
      written.push({
        ticketId: ticket.id,
        savedUnder: clock.savedUnder,
        armedUnder: activation,
        due: isEarlier ? next : clock.due,
      });
    }
    writeTicketClocks(transaction, written);
    insertOutbox(transaction, told);
    const isLast = ids.length < REARM_BATCH_MAX;
    return {
      looked: written.length,
      told: told.length,
      after: isLast ? undefined : ids.at(-1),
      isSuperseded: false,
    };
  });
  if (done.told > 0) parts.wakeRelay();
  return done;
}
