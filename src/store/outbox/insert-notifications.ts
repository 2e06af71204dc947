/** Stores notices as the decision wrote them, pending until their workflow has sent them. */
import type { NewNotification } from "../../decision/index.ts";
import { jsonArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

export interface NotificationRow {
  readonly id: string;
  readonly notification: NewNotification;
}

const SQL = `insert into notifications (id, recipient, channel, destination, subject, body, ticket_id, rule, callout, created_at, reply)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::text[], $10::timestamptz[], $11::jsonb[])`;

export function insertNotifications(db: Transaction, rows: readonly NotificationRow[]): void {
  if (rows.length === 0) return;
  db.send({
    name: "insert-notifications",
    text: SQL,
    values: [
      plainArray(rows, (row) => row.id),
      textArray(rows, (row) => row.notification.recipient),
      plainArray(rows, (row) => row.notification.channel),
      textArray(rows, (row) => row.notification.to),
      textArray(rows, (row) => row.notification.subject),
      textArray(rows, (row) => row.notification.body),
      plainArray(rows, (row) => row.notification.ticketId),
      textArray(rows, (row) => row.notification.rule),
      textArray(rows, (row) => row.notification.callout),
      timeArray(rows, (row) => row.notification.at),
      jsonArray(rows, (row) => row.notification.reply),
    ],
  });
}
