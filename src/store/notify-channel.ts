/** Tells other processes that something is there: an outbox row, another rule set. Listeners poll slowly beside it. */
import type { Queryable } from "./statement.ts";

export const CHANNELS = { outbox: "tocsin_outbox", rules: "tocsin_rules" } as const;
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS];

/**
 * In a transaction it is told at commit. Not in an alert's: Postgres takes one lock for all committing transactions
 * that notify, disk flush included, so a busy engine notifies after its commit.
 */
export async function notifyChannel(db: Queryable, channel: Channel): Promise<void> {
  await db.query({ name: "notify-channel", text: "select pg_notify($1, '')", values: [channel] });
}
