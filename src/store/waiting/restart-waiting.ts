/**
 * What waits goes into the outbox again, for a Temporal that may not know it: starts of what runs already change nothing.
 * Decides nothing.
 */
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable } from "../statement.ts";

/** What should have been told for so long was lost or ended by hand: a worker that is only slow is not overtaken. */
const OVERDUE = "interval '2 minutes'";

const SQL = `with waiting as (
  select 'start-hold' as kind, 'held:' || id as workflow_id from holds
  where state = 'waiting' and ($1 or due_at < now() - ${OVERDUE})
  union all
  select 'start-absence', 'absence:' || id from absences
  where state = 'waiting' and ($1 or due_at < now() - ${OVERDUE})
  union all
  select 'start-maintenance', 'maintenance:' || id from maintenance_ends
  where $1 or closing or until_at < now() - ${OVERDUE}
)
insert into outbox (lane, kind, workflow_id, payload)
select ${OUTBOX_LANES.holds}, w.kind, w.workflow_id, '{}' from waiting w
where not exists (select from outbox o where o.done_at is null and o.workflow_id = w.workflow_id and o.kind = w.kind)
returning id`;

/** `everything`: Temporal may have lost all of it. Else what is overdue. Returns how many. */
export async function restartWaiting(db: Queryable, what: "everything" | "overdue"): Promise<number> {
  const rows = await db.query({ text: SQL, values: [what === "everything"] });
  return rows.length;
}
