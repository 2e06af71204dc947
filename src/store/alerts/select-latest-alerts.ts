/** The latest alert of each ticket: what rules on a ticket that an alert made may read. */
import type { Alert } from "../../domain/index.ts";
import { plainArray } from "../array-literals.ts";
import type { Queryable } from "../statement.ts";
import { ALERT_COLUMNS, toAlert, type AlertRow } from "./alert-rows.ts";

const SQL = `select w.ticket_id, ${ALERT_COLUMNS}
from unnest($1::text[]) as w (ticket_id)
cross join lateral (
  select alert_id from ticket_alerts ta where ta.ticket_id = w.ticket_id order by alert_id desc limit 1
) latest
join alerts a on a.id = latest.alert_id`;

/** By ticket id; tickets without an alert are left out. */
export async function selectLatestAlerts(
  db: Queryable,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, Alert>> {
  if (ticketIds.length === 0) return new Map();
  const rows = await db.query<AlertRow & { ticket_id: string }>({
    name: "select-latest-alerts",
    text: SQL,
    values: [plainArray(ticketIds, (id) => id)],
  });
  return new Map(rows.map((row) => [row.ticket_id, toAlert(row)]));
}
