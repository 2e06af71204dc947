/** What a delivery's workflow is started with: its numbers, and the words that an admin reads. */
import type { DeliverySchedule } from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export interface StartableDelivery {
  readonly id: string;
  readonly callout: string;
  readonly rule: { readonly name: string; readonly file: string; readonly line: number };
  readonly method: string | undefined;
  readonly schedule: DeliverySchedule;
  readonly isFinished: boolean;
  /** Finished, and the rules on it have run: there is nothing left to do. */
  readonly isSettled: boolean;
  readonly attemptsBegun: number;
  readonly nextAttemptAt: Instant | undefined;
  /** The attempt that has no outcome: cut off, or still under way. */
  readonly openAttemptAt: Instant | undefined;
  readonly ticket:
    { readonly number: string; readonly title: string; readonly organizationId: string } | undefined;
}

const TEXT = `
select d.id, d.callout, d.rule, d.request ->> 'method' as method, d.schedule, d.finished_at is not null as finished,
  d.state = 'skipped' or d.event_decided_at is not null or (d.finished_at is not null and (d.request is null or d.is_test)) as settled, d.attempt_count, d.next_attempt_at,
  (select a.at from delivery_attempts a where a.delivery_id = d.id and a.n = d.attempt_count and a.succeeded is null) as open_at,
  t.number, t.title, t.organization_id
from deliveries d left join tickets t on t.id = d.ticket_id
where d.id = any($1)`;

interface Row {
  readonly id: string;
  readonly callout: string;
  readonly rule: StartableDelivery["rule"];
  readonly method: string | null;
  readonly schedule: DeliverySchedule;
  readonly finished: boolean;
  readonly settled: boolean;
  readonly attempt_count: number;
  readonly next_attempt_at: Instant | null;
  readonly open_at: Instant | null;
  readonly number: string | null;
  readonly title: string | null;
  readonly organization_id: string | null;
}

export async function selectStartableDeliveries(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StartableDelivery>> {
  const rows = await db.query<Row>({ name: "select-startable-deliveries", text: TEXT, values: [ids] });
  return new Map(rows.map((row) => [row.id, toStartable(row)]));
}

function toStartable(row: Row): StartableDelivery {
  const { number, title, organization_id: organizationId } = row;
  return {
    id: row.id,
    callout: row.callout,
    rule: row.rule,
    method: row.method ?? undefined,
    schedule: row.schedule,
    isFinished: row.finished,
    isSettled: row.settled,
    attemptsBegun: row.attempt_count,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    openAttemptAt: row.open_at ?? undefined,
    ticket:
      number === null || title === null || organizationId === null
        ? undefined
        : { number, title, organizationId },
  };
}

/**
 * Deliveries that Postgres believes under way and that no row of the outbox will start: what the reconciler asks
 * Temporal about. In order of id, after `after`.
 */
export async function selectUnsettledDeliveries(
  db: Queryable,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    text: `select d.id from deliveries d
      where d.id > $1 and (d.state in ('pending', 'running', 'waiting')
          or (d.finished_at is not null and d.event_decided_at is null and d.state <> 'skipped' and d.request is not null and not d.is_test))
        and not exists (select from outbox o where o.done_at is null and o.workflow_id = 'callout:' || d.id)
        and (d.is_test or not exists (select from deliveries e where e.callout = d.callout and e.ticket_id = d.ticket_id
          and e.position < d.position and e.state in ('pending', 'running', 'waiting') and not e.is_test))
      order by d.id limit $2`,
    values: [page.after, page.limit],
  });
  return rows.map(({ id }) => id);
}
