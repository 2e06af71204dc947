/** What operators ask of the database: is it there, which workers live, how much waits, who did what. */
import type { Db } from "./sql.ts";

/** Throws: StoreUnavailable. */
export async function readiness(
  db: Db,
): Promise<{ readonly ruleSet: number | undefined; readonly workers: number }> {
  const rows = await db.query<{ number: number | null; workers: number }>({
    text: `select (select number from active_rule_set) as number,
      (select count(*) from workers where seen_at > now() - interval '15 seconds') as workers`,
  });
  return { ruleSet: rows[0]?.number ?? undefined, workers: rows[0]?.workers ?? 0 };
}

export interface Backlog {
  readonly outbox: number;
  readonly deliveries: Readonly<Record<string, number>>;
  readonly notifications: Readonly<Record<string, number>>;
}

export async function selectBacklog(db: Db): Promise<Backlog> {
  const rows = await db.query<Backlog>({
    text: `select (select count(*) from outbox where done_at is null) as outbox,
      coalesce((select json_object_agg(state, n) from (select state, count(*) n from deliveries group by state) x), '{}') as deliveries,
      coalesce((select json_object_agg(state, n) from (select state, count(*) n from notifications group by state) x), '{}') as notifications`,
  });
  return rows[0] ?? { outbox: 0, deliveries: {}, notifications: {} };
}

export async function insertAudit(
  db: Db,
  actor: object,
  action: string,
  object: string | undefined,
  details: object = {},
): Promise<void> {
  await db.query({
    text: "insert into audit (actor, action, object, details) values ($1, $2, $3, $4)",
    values: [JSON.stringify(actor), action, object ?? null, JSON.stringify(details)],
  });
}
