/** Which workers live: each writes its row every few seconds; `/readyz` looks at the newest. */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

/** Rows of workers that died without a word. */
const FORGOTTEN_AFTER = "1 day";

export async function recordWorker(
  db: Queryable,
  worker: { readonly id: string; readonly startedAt: Instant; readonly taskQueues: readonly string[] },
): Promise<void> {
  await db.query({
    name: "record-worker",
    text: `with old as (delete from workers where seen_at < now() - interval '${FORGOTTEN_AFTER}')
      insert into workers (id, started_at, seen_at, task_queues) values ($1, $2, now(), $3)
      on conflict (id) do update set seen_at = now(), task_queues = excluded.task_queues`,
    values: [worker.id, new Date(worker.startedAt).toISOString(), worker.taskQueues],
  });
}

export async function forgetWorker(db: Queryable, id: string): Promise<void> {
  await db.query({ text: "delete from workers where id = $1", values: [id] });
}
