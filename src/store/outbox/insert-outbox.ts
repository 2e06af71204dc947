/**
 * What a committed batch leaves for the relay to Temporal. Workflow ids are deterministic, payloads are ids (design.md 2).
 *
 *   kind                 workflow id               payload
 *   start-callout        callout:<delivery id>     {deliveryId}
 *   start-notification   notify:<notification id>  {notificationId}
 *   start-window         dedup:<ticket number>     {ticketId}; expires_at is the window's end
 *   ticket-completed     dedup:<ticket number>     {ticketId}: a signal to the window, if it runs
 *   callout-resumed      callout:<delivery id>     {deliveryId}: a signal; its callout goes on
 *   start-replay         replay:<replay id>        {}: the row of delivery_replays says what
 *   ticket-clock         ticket:<ticket number>    {ticketId}: starts it, or has it look again
 *   start-clock          ticket:<ticket number>    {}: starts it where it does not run, written by the reconciler
 *   rearm-tickets        rearm:<activation>        {}: written where a set is put in force
 *   sync-schedules       schedules                 {}: likewise; no workflow, but what Temporal is told
 *   start-hold, hold-changed               held:<hold id>         {}: written beside the rows of store/waiting
 *   start-absence, absence-changed         absence:<absence id>   {}: likewise
 *   start-maintenance, maintenance-changed maintenance:<end id>   {}: likewise
 */
import { jsonArray, plainArray, timeArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

/** Callouts, notices and holds before clocks before windows: a storm of new tickets must not delay a callout. */
export const OUTBOX_LANES = { callouts: 0, notices: 1, holds: 2, clocks: 3, windows: 4 } as const;

export type OutboxEntry =
  | { readonly kind: "start-callout"; readonly deliveryId: string }
  | { readonly kind: "start-notification"; readonly notificationId: string }
  | {
      readonly kind: "start-window";
      readonly ticketId: string;
      readonly number: string;
      readonly windowEndsAt: number;
    }
  | {
      readonly kind: "ticket-completed" | "ticket-clock";
      readonly ticketId: string;
      readonly number: string;
    };

const SQL = `insert into outbox (lane, kind, workflow_id, payload, expires_at)
select * from unnest($1::smallint[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[])`;

export function insertOutbox(db: Transaction, entries: readonly OutboxEntry[]): void {
  if (entries.length === 0) return;
  db.send({
    name: "insert-outbox",
    text: SQL,
    values: [
      plainArray(entries, laneOf),
      plainArray(entries, (entry) => entry.kind),
      plainArray(entries, workflowIdOf),
      jsonArray(entries, payloadOf),
      timeArray(entries, (entry) => (entry.kind === "start-window" ? entry.windowEndsAt : undefined)),
    ],
  });
}

function laneOf(entry: OutboxEntry): number {
  switch (entry.kind) {
    case "start-callout":
      return OUTBOX_LANES.callouts;
    case "start-notification":
      return OUTBOX_LANES.notices;
    case "ticket-clock":
      return OUTBOX_LANES.clocks;
    case "start-window":
    case "ticket-completed":
      return OUTBOX_LANES.windows;
  }
}

function workflowIdOf(entry: OutboxEntry): string {
  switch (entry.kind) {
    case "start-callout":
      return `callout:${entry.deliveryId}`;
    case "start-notification":
      return `notify:${entry.notificationId}`;
    case "start-window":
    case "ticket-completed":
      return `dedup:${entry.number}`;
    case "ticket-clock":
      return `ticket:${entry.number}`;
  }
}

function payloadOf(entry: OutboxEntry): unknown {
  switch (entry.kind) {
    case "start-callout":
      return { deliveryId: entry.deliveryId };
    case "start-notification":
      return { notificationId: entry.notificationId };
    case "start-window":
    case "ticket-completed":
    case "ticket-clock":
      return { ticketId: entry.ticketId };
  }
}
