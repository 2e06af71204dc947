/**
 * Alerts that maintenance put off, and the ends that they wait for: one workflow an end. Who reads to decide or writes
 * has locked the identity in dedup_keys. Decides nothing.
 */
import type { Deferred } from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import { ALERT_COLUMNS, toAlert, type AlertRow } from "../alerts/alert-rows.ts";
import { bytesArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";

/** An end that is closing has come, whenever it was to come. */
const LOAD = `select d.identity, e.name, case when e.closing then 'epoch' else e.until_at end as until_at, ${ALERT_COLUMNS}
from unnest($1::bytea[]) as k (identity)
join deferred_alerts d on d.identity = k.identity
join maintenance_ends e on e.id = d.end_id
join alerts a on a.id = d.alert_id`;

/** By identity (hex). */
export async function loadDeferred(
  db: Queryable,
  identities: readonly string[],
): Promise<ReadonlyMap<string, Deferred>> {
  if (identities.length === 0) return new Map();
  const rows = await db.query<AlertRow & { identity: string; name: string; until_at: Instant }>({
    name: "load-deferred",
    text: LOAD,
    values: [bytesArray(identities, (identity) => identity)],
  });
  return new Map(
    rows.map((row) => {
      const { identity, name: window, until_at: until } = row;
      return [identity, { identity, window, until, alert: toAlert(row) }];
    }),
  );
}

export interface PutOff {
  /** Of the end, where nothing waits for it yet. */
  readonly endId: string;
  readonly deferred: Pick<Deferred, "identity" | "window" | "until"> & {
    readonly alert: { readonly id: string };
  };
}

/** The end's row is held until commit, so that it is not closed between. */
const PUT_OFF = `with given as (
  select * from unnest($1::bytea[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
    as g (identity, alert_id, name, until_at, end_id)
), ends as (
  insert into maintenance_ends (id, name, until_at)
  select min(end_id), name, until_at from given group by name, until_at order by name, until_at
  on conflict (name, until_at) where not closing do update set name = excluded.name
  returning id, name, until_at
), put as (
  insert into deferred_alerts (identity, alert_id, end_id)
  select g.identity, g.alert_id, e.id from given g join ends e on e.name = g.name and e.until_at = g.until_at
  order by g.identity
  on conflict (identity) do update set alert_id = excluded.alert_id, end_id = excluded.end_id
)
insert into outbox (lane, kind, workflow_id, payload)
select ${OUTBOX_LANES.holds}, 'start-maintenance', 'maintenance:' || e.id, '{}' from ends e
where e.id in (select end_id from given)`;

export function putOffAlerts(db: Transaction, put: readonly PutOff[]): void {
  if (put.length === 0) return;
  db.send({
    name: "put-off-alerts",
    text: PUT_OFF,
    values: [
      bytesArray(put, ({ deferred }) => deferred.identity),
      plainArray(put, ({ deferred }) => deferred.alert.id),
      textArray(put, ({ deferred }) => deferred.window),
      timeArray(put, ({ deferred }) => deferred.until),
      plainArray(put, ({ endId }) => endId),
    ],
  });
}

export function forgetDeferred(db: Transaction, identities: readonly string[]): void {
  if (identities.length === 0) return;
  db.send({
    name: "forget-deferred",
    text: "delete from deferred_alerts where identity = any($1::bytea[])",
    values: [bytesArray(identities, (identity) => identity)],
  });
}

export interface MaintenanceEndFacts {
  readonly id: string;
  readonly name: string;
  readonly untilAt: Instant;
  readonly isClosing: boolean;
  /** Alerts that wait for it. */
  readonly waiting: number;
}

/** For its workflow; undefined when all was decided. */
export async function selectMaintenanceEnd(
  db: Queryable,
  id: string,
): Promise<MaintenanceEndFacts | undefined> {
  const [row] = await db.query<{
    id: string;
    name: string;
    until_at: Instant;
    closing: boolean;
    waiting: number;
  }>({
    name: "select-maintenance-end",
    text: `select id, name, until_at, closing,
        (select count(*) from deferred_alerts d where d.end_id = e.id) as waiting
      from maintenance_ends e where id = $1`,
    values: [id],
  });
  if (row === undefined) return undefined;
  const { name, until_at: untilAt, closing: isClosing, waiting } = row;
  return { id, name, untilAt, isClosing, waiting };
}

/** From now on nothing is put off to it; waits for whoever just does. */
export async function closeMaintenanceEnd(db: Queryable, id: string): Promise<void> {
  await db.query({
    text: "update maintenance_ends set closing = true where id = $1 and not closing",
    values: [id],
  });
}

/** Some of those that wait for the end, by identity (hex). */
export async function selectDeferredOf(
  db: Queryable,
  endId: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.query<{ identity: string }>({
    text: "select identity from deferred_alerts where end_id = $1 order by identity limit $2",
    values: [endId, limit],
  });
  return rows.map(({ identity }) => identity);
}

export async function deleteMaintenanceEnd(db: Queryable, id: string): Promise<void> {
  await db.query({
    text: `delete from maintenance_ends e where id = $1 and closing
      and not exists (select from deferred_alerts d where d.end_id = e.id)`,
    values: [id],
  });
}

/** The windows changed: whatever waits for an end is looked at again now. Returns how many ends. */
export async function closeAllMaintenanceEnds(db: Queryable): Promise<number> {
  const rows = await db.query({
    text: `with closed as (update maintenance_ends set closing = true where not closing returning id)
      insert into outbox (lane, kind, workflow_id, payload)
      select ${OUTBOX_LANES.holds}, 'maintenance-changed', 'maintenance:' || id, '{}' from closed returning id`,
  });
  return rows.length;
}
