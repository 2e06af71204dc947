/** What operators ask of the database: is it there, which workers live, how much waits, who did what. */
import { HOUR, type Instant } from "../../domain/index.ts";
import { newId } from "./ids.ts";
import type { Db } from "./sql.ts";

/** Throws: StoreUnavailable. */
export async function readiness(
  db: Db,
): Promise<{ readonly ruleSet: number | undefined; readonly workers: number }> {
  const rows = await db.query<{ number: number | null; workers: number }>({
    text: `select (select number from active_rule_set) as number,
      (select count(*) from workers where seen_at > now() - interval '30 seconds') as workers`,
  });
  return { ruleSet: rows[0]?.number ?? undefined, workers: rows[0]?.workers ?? 0 };
}

export interface Backlog {
  readonly outbox: number;
  readonly deliveries: Readonly<Record<string, number>>;
  readonly notifications: Readonly<Record<string, number>>;
  readonly disagreements: number;
  /** Alerts of the last hour that named a customer nobody mapped (IST-11). */
  readonly unmapped: number;
}

export async function selectBacklog(db: Db, at: Instant): Promise<Backlog> {
  const rows = await db.query<Backlog>({
    text: `select (select count(*) from outbox where done_at is null) as outbox,
      coalesce((select json_object_agg(state, n) from (select state, count(*) n from deliveries group by state) x), '{}') as deliveries,
      coalesce((select json_object_agg(state, n) from (select state, count(*) n from notifications group by state) x), '{}') as notifications,
      (select count(*) from disagreements) as disagreements,
      (select count(*) from alerts where id > $1 and organization_id is null and members #>> '{organization,asked}' is not null) as unmapped`,
    values: [newId("al", at - HOUR).slice(0, "al_".length + 10)],
  });
  return rows[0] ?? { outbox: 0, deliveries: {}, notifications: {}, disagreements: 0, unmapped: 0 };
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
