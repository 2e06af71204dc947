/** Replays of all that failed of a callout since a time: as asked for, told to the relay, which starts the workflow. */
import type { Actor, Instant } from "../../domain/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable } from "../statement.ts";

export interface BulkReplay {
  readonly callout: string;
  readonly since: Instant;
  readonly perSecond: number;
  readonly matching: number;
  readonly by: Actor;
}

export async function insertBulkReplay(
  db: Queryable,
  id: string,
  replay: BulkReplay & { readonly at: Instant },
): Promise<void> {
  await db.query({
    name: "insert-bulk-replay",
    text: `with asked as (
        insert into delivery_replays (id, callout, since, per_second, matching, requested_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7) returning id
      ), told as (
        insert into outbox (lane, kind, workflow_id, payload) select ${OUTBOX_LANES.windows}, 'start-replay', 'replay:' || id, '{}' from asked
        returning id
      ) select pg_notify('tocsin_outbox', '')::text as woken from told`,
    values: [
      id,
      replay.callout,
      new Date(replay.since).toISOString(),
      replay.perSecond,
      replay.matching,
      JSON.stringify(replay.by),
      new Date(replay.at).toISOString(),
    ],
  });
}

export async function selectBulkReplay(db: Queryable, id: string): Promise<BulkReplay | undefined> {
  const [row] = await db.query<{
    callout: string;
    since: Instant;
    per_second: number;
    matching: number;
    by: Actor;
  }>({
    name: "select-bulk-replay",
    text: "select callout, since, per_second, matching, requested_by as by from delivery_replays where id = $1",
    values: [id],
  });
  if (row === undefined) return undefined;
  const { callout, since, per_second: perSecond, matching, by } = row;
  return { callout, since, perSecond, matching, by };
}
