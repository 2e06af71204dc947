/** What is waited for on tickets: loads it, writes it. The tickets' rows are locked by whoever calls. Knows nothing of rules. */
import { clockName, type PassedClock } from "../../decision/index.ts";
import type { ClockKind, Instant } from "../../domain/index.ts";
import { plainArray, textArray, timeArray } from "../array-literals.ts";
import type { Queryable, Transaction } from "../statement.ts";

/** A time that a ticket's workflow wakes at, and which rule's it is. */
export interface ArmedClock {
  readonly at: Instant;
  readonly rule: string;
  readonly clock: ClockKind;
}

export interface TicketClock {
  readonly ticketId: string;
  /** The activation whose rules last created or changed the ticket. */
  readonly savedUnder: number;
  /** The activation whose rules `due` was told by. */
  readonly armedUnder: number;
  /** Undefined: its workflow does not run, or has nothing to wait for. */
  readonly due: ArmedClock | undefined;
}

export interface LoadedClock extends TicketClock {
  /** By `clockName`. */
  readonly passed: ReadonlyMap<string, PassedClock>;
}

interface Row {
  readonly ticket_id: string;
  readonly saved_under: number;
  readonly armed_under: number;
  readonly due_at: Instant | null;
  readonly rule: string | null;
  readonly clock: ClockKind | null;
  readonly passed: readonly {
    readonly rule: string;
    readonly clock: ClockKind;
    readonly deadline: number;
    readonly fired: boolean;
  }[];
}

const PASSED = `coalesce((select json_agg(json_build_object('rule', p.rule, 'clock', p.clock,
    'deadline', (extract(epoch from p.deadline) * 1000)::bigint, 'fired', p.fired))
  from passed_clocks p where p.ticket_id = c.ticket_id), '[]') as passed`;
const SELECT = `select c.ticket_id, c.saved_under, c.armed_under, c.due_at, c.rule, c.clock, ${PASSED} from ticket_clocks c
where c.ticket_id = any($1)`;

/** By ticket id; a ticket that no rule with a clock has seen is left out. */
export async function selectTicketClocks(
  db: Queryable,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, LoadedClock>> {
  if (ticketIds.length === 0) return new Map();
  const rows = await db.query<Row>({ name: "select-ticket-clocks", text: SELECT, values: [ticketIds] });
  return new Map(rows.map((row) => [row.ticket_id, toClock(row)]));
}

function toClock(row: Row): LoadedClock {
  const { due_at: at, rule, clock } = row;
  return {
    ticketId: row.ticket_id,
    savedUnder: row.saved_under,
    armedUnder: row.armed_under,
    due: at === null || rule === null || clock === null ? undefined : { at, rule, clock },
    passed: new Map(
      row.passed.map(({ rule: name, clock: kind, deadline, fired }) => [
        clockName(name, kind),
        { deadline, fired },
      ]),
    ),
  };
}

/** What an engine with older rules says never takes the place of what a newer one said. */
const WRITE = `insert into ticket_clocks (ticket_id, saved_under, armed_under, due_at, rule, clock)
select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[])
on conflict (ticket_id) do update set saved_under = excluded.saved_under, armed_under = excluded.armed_under,
  due_at = excluded.due_at, rule = excluded.rule, clock = excluded.clock
where ticket_clocks.armed_under <= excluded.armed_under`;

export function writeTicketClocks(db: Transaction, clocks: readonly TicketClock[]): void {
  if (clocks.length === 0) return;
  db.send({
    name: "write-ticket-clocks",
    text: WRITE,
    values: [
      plainArray(clocks, (clock) => clock.ticketId),
      plainArray(clocks, (clock) => clock.savedUnder),
      plainArray(clocks, (clock) => clock.armedUnder),
      timeArray(clocks, (clock) => clock.due?.at),
      textArray(clocks, (clock) => clock.due?.rule),
      textArray(clocks, (clock) => clock.due?.clock),
    ],
  });
}

export interface NewPassedClock {
  readonly ticketId: string;
  readonly rule: string;
  readonly clock: ClockKind;
  readonly passed: PassedClock;
}

const PASS = `insert into passed_clocks (ticket_id, rule, clock, deadline, fired)
select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[])
on conflict (ticket_id, clock, rule) do update set deadline = excluded.deadline, fired = excluded.fired`;

/** At most one a ticket, rule and clock. */
export function writePassedClocks(db: Transaction, clocks: readonly NewPassedClock[]): void {
  if (clocks.length === 0) return;
  db.send({
    name: "write-passed-clocks",
    text: PASS,
    values: [
      plainArray(clocks, (one) => one.ticketId),
      textArray(clocks, (one) => one.rule),
      plainArray(clocks, (one) => one.clock),
      timeArray(clocks, (one) => one.passed.deadline),
      plainArray(clocks, (one) => one.passed.fired),
    ],
  });
}
