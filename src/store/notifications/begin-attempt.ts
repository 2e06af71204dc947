/** Begins attempt n of a notice, once, and hands out what is to be sent. */
import { z } from "zod";
import type { NoticeReply } from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export interface StoredNotification {
  readonly id: string;
  readonly recipient: string;
  readonly channel: "email" | "webhook";
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly createdAt: Instant;
  readonly ticket: { readonly number: string; readonly title: string } | undefined;
  readonly rule: string | undefined;
  readonly callout: string | undefined;
  /** It answers a mail. */
  readonly reply: NoticeReply | undefined;
}

export type BegunNotification =
  | { readonly kind: "begun"; readonly notification: StoredNotification }
  | {
      readonly kind: "used";
      readonly at: Instant;
      readonly error: string | undefined;
      readonly isKnown: boolean;
    }
  | {
      readonly kind: "ended";
      readonly state: "sent" | "failed" | "no_transport";
      readonly reason: string | undefined;
    }
  | { readonly kind: "missing" };

const TEXT = `
with notice as materialized (
  select * from notifications where id = $1 for update
), used as materialized (
  select at, duration_ms, error from notification_attempts where notification_id = $1 and n = $2
), begun as (
  insert into notification_attempts (notification_id, n, at)
  select id, $2, $3 from notice where state = 'pending' and not exists (select from used)
  returning n
), counted as (
  update notifications set attempt_count = greatest(attempt_count, $2) where id = $1 and exists (select from begun)
)
select n.id, n.recipient, n.channel, n.destination, n.subject, n.body, n.created_at, n.rule, n.callout, n.reply, n.state, n.reason,
  t.number, t.title, exists (select from begun) as begun, u.at as used_at, u.duration_ms, u.error
from notice n left join tickets t on t.id = n.ticket_id left join used u on true`;

interface Row {
  readonly id: string;
  readonly recipient: string;
  readonly channel: "email" | "webhook";
  readonly destination: string;
  readonly subject: string;
  readonly body: string;
  readonly created_at: Instant;
  readonly rule: string | null;
  readonly callout: string | null;
  readonly reply: unknown;
  readonly state: "pending" | "sent" | "failed" | "no_transport";
  readonly reason: string | null;
  readonly number: string | null;
  readonly title: string | null;
  readonly begun: boolean;
  readonly used_at: Instant | null;
  readonly duration_ms: number | null;
  readonly error: string | null;
}

export async function beginNotificationAttempt(
  db: Queryable,
  attempt: { readonly notificationId: string; readonly n: number; readonly at: Instant },
): Promise<BegunNotification> {
  const [row] = await db.query<Row>({
    name: "begin-notification-attempt",
    text: TEXT,
    values: [attempt.notificationId, attempt.n, new Date(attempt.at).toISOString()],
  });
  if (row === undefined) return { kind: "missing" };
  if (row.state !== "pending") return { kind: "ended", state: row.state, reason: row.reason ?? undefined };
  if (!row.begun)
    return {
      kind: "used",
      at: row.used_at ?? attempt.at,
      error: row.error ?? undefined,
      isKnown: row.duration_ms !== null || row.error !== null,
    };
  return { kind: "begun", notification: toStored(row) };
}

function toStored(row: Row): StoredNotification {
  return {
    id: row.id,
    recipient: row.recipient,
    channel: row.channel,
    to: row.destination,
    subject: row.subject,
    body: row.body,
    createdAt: row.created_at,
    ticket: row.number === null || row.title === null ? undefined : { number: row.number, title: row.title },
    rule: row.rule ?? undefined,
    callout: row.callout ?? undefined,
    reply: row.reply === null ? undefined : toReply(row.reply),
  };
}

const reply = z.object({
  inReplyTo: z.string().optional(),
  references: z.array(z.string()),
  replyTo: z.string(),
});

function toReply(json: unknown): NoticeReply {
  const { inReplyTo, references, replyTo } = reply.parse(json);
  return { inReplyTo, references, replyTo };
}
