/** Alerts that were refused at the door: kept with the start of what came, so that nobody asks in vain where it went. */
import { rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export interface RefusedAlert {
  readonly id: string;
  readonly keyName: string | undefined;
  readonly at: number;
  readonly code: string;
  readonly reason: string;
  readonly errors: readonly unknown[];
  readonly bodyStart: string;
}

export interface RefusedRow {
  readonly id: string;
  readonly received_at: string;
  readonly key_name: string | null;
  readonly code: string;
  readonly reason: string;
  readonly errors: readonly unknown[] | null;
  readonly body_start: string;
}

const SELECT = `select id, ${rfc3339("at")} as received_at, key_name, code, reason, errors, body_start from refused_alerts`;

export async function insertRefusedAlerts(db: Db, alerts: readonly RefusedAlert[]): Promise<void> {
  await db.query({
    text: `insert into refused_alerts (id, at, key_name, code, reason, errors, body_start)
     select id, to_timestamp(at / 1000.0), key_name, code, reason, errors::jsonb, body_start
     from unnest($1::text[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       as x (id, at, key_name, code, reason, errors, body_start)`,
    values: [
      alerts.map((alert) => alert.id),
      alerts.map((alert) => alert.at),
      alerts.map((alert) => alert.keyName ?? null),
      alerts.map((alert) => alert.code),
      alerts.map((alert) => alert.reason),
      alerts.map((alert) => JSON.stringify(alert.errors)),
      alerts.map((alert) => alert.bodyStart),
    ],
  });
}

export async function selectRefusedAlerts(db: Db, page: PageRequest): Promise<Page<RefusedRow>> {
  const rows = await db.query<RefusedRow>({
    text: `${SELECT} where $1::text is null or id < 'rf_' || $1::text order by id desc limit $2`,
    values: [page.before ?? null, page.limit + 1],
  });
  return toPage(rows, page.limit, (row) => row);
}

export async function selectRefusedAlert(db: Db, id: string): Promise<RefusedRow | undefined> {
  const rows = await db.query<RefusedRow>({ text: `${SELECT} where id = $1`, values: [id] });
  return rows[0];
}
