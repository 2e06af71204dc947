/** Writes what became of a mail, in the transaction that made it so; and puts one back that waits for another try. */
import type { Firing, MailResult } from "../../decision/index.ts";
import type { Instant, MailFacts } from "../../domain/index.ts";
import { bytesArray, jsonArray, plainArray, textArray, textListArray, timeArray } from "../array-literals.ts";
import type { Queryable, Transaction } from "../statement.ts";

export interface DecidedMail {
  readonly id: string;
  readonly at: Instant;
  readonly result: MailResult;
  readonly facts: MailFacts;
  /** Hex; undefined for token mail, which is not counted. */
  readonly loopKey: string | undefined;
  readonly sender: string | undefined;
  readonly subject: string;
  readonly firings: readonly Firing[];
  readonly warnings: readonly string[];
  readonly ruleSet: number;
}

const FINISH = `update mails m set state = d.state, reason = d.reason, object = d.object, ticket_id = d.ticket_id, item = d.item,
  sender = d.sender, subject = d.subject, loop_key = d.loop_key, facts = d.facts, explanation = d.explanation, firings = d.firings,
  warnings = d.warnings::text[], rule_set = d.rule_set, failure_told_at = d.failure_told_at, decided_at = d.decided_at,
  token_hash = case when d.state = 'failed' then m.token_hash end
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::jsonb[],
  $11::jsonb[], $12::jsonb[], $13::text[], $14::integer[], $15::timestamptz[], $16::timestamptz[])
as d (id, state, reason, object, ticket_id, item, sender, subject, loop_key, facts, explanation, firings, warnings, rule_set,
  failure_told_at, decided_at)
where m.id = d.id and m.state = 'received'`;

/** All of one transaction in one statement. */
export function finishMails(db: Transaction, mails: readonly DecidedMail[]): void {
  if (mails.length === 0) return;
  db.send({
    name: "finish-mails",
    text: FINISH,
    values: [
      plainArray(mails, (m) => m.id),
      plainArray(mails, ({ result }) => result.state),
      textArray(mails, ({ result }) => result.reason),
      textArray(mails, ({ result }) => result.object),
      textArray(mails, ({ result }) => result.ticketId),
      textArray(mails, ({ result }) => result.item),
      textArray(mails, (m) => m.sender),
      textArray(mails, (m) => m.subject),
      bytesArray(mails, (m) => m.loopKey),
      jsonArray(mails, (m) => m.facts),
      jsonArray(mails, ({ result }) => result.explanation),
      jsonArray(mails, ({ firings }) => firings.map(toRow)),
      textListArray(mails, (m) => m.warnings),
      plainArray(mails, (m) => m.ruleSet),
      timeArray(mails, ({ result, at }) => (result.toldFailure ? at : undefined)),
      timeArray(mails, (m) => m.at),
    ],
  });
}

function toRow({ rule, file, line, on, ticketId, conditions, outcomes }: Firing): unknown {
  return { rule, file, line, on, ticketId, conditions, outcomes };
}

/** By a failure of ours: tried again later, or given up. */
export async function postponeMail(
  db: Queryable,
  mail: { readonly id: string; readonly nextAt: Instant },
): Promise<void> {
  await db.query({
    text: "update mails set next_at = $2 where id = $1 and state = 'received'",
    values: [mail.id, new Date(mail.nextAt).toISOString()],
  });
}

/** They were claimed and not begun: whoever claims them next begins them. */
export async function giveBackMails(
  db: Queryable,
  mails: { readonly ids: readonly string[]; readonly nextAt: Instant },
): Promise<void> {
  await db.query({
    text: `update mails set next_at = $2, attempts = greatest(attempts - 1, 0)
      where id = any($1::text[]) and state = 'received'`,
    values: [plainArray(mails.ids, (id) => id), new Date(mails.nextAt).toISOString()],
  });
}

export async function failMail(
  db: Queryable,
  mail: { readonly id: string; readonly at: Instant; readonly reason: string },
): Promise<void> {
  await db.query({
    text: "update mails set state = 'failed', reason = $3, decided_at = $2 where id = $1 and state = 'received'",
    values: [mail.id, new Date(mail.at).toISOString(), mail.reason],
  });
}

/** `received` again; answers what it was. Undefined: there is no such mail. */
export async function retryMail(
  db: Transaction,
  mail: { readonly id: string; readonly at: Instant },
): Promise<{ readonly state: string; readonly hasRaw: boolean } | undefined> {
  const [row] = await db.query<{ state: string; has_raw: boolean }>({
    text: `select m.state, exists (select from mail_raw r where r.mail_id = m.id) as has_raw
      from mails m where m.id = $1 for update`,
    values: [mail.id],
  });
  if (row === undefined) return undefined;
  if ((row.state === "failed" || row.state === "ignored") && row.has_raw)
    await db.query({
      text: `update mails set state = 'received', reason = null, object = null, ticket_id = null, item = null,
        explanation = null, firings = '[]', warnings = '{}', decided_at = null, attempts = 0, next_at = $2, retried_at = $2 where id = $1`,
      values: [mail.id, new Date(mail.at).toISOString()],
    });
  return { state: row.state, hasRaw: row.has_raw };
}

/** What rules read of one mail; undefined: it is not decided. */
export async function selectMailFacts(db: Queryable, id: string): Promise<MailFacts | undefined> {
  const [row] = await db.query<{ facts: MailFacts | null }>({
    text: "select facts from mails where id = $1",
    values: [id],
  });
  return row?.facts ?? undefined;
}

/** What rules read of the mails that made tickets. */
export async function selectMailsOfTickets(
  db: Queryable,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, MailFacts>> {
  if (ticketIds.length === 0) return new Map();
  const rows = await db.query<{ ticket_id: string; facts: MailFacts }>({
    name: "select-mails-of-tickets",
    text: `select distinct on (ticket_id) ticket_id, facts from mails
      where ticket_id = any($1::text[]) and object = 'ticket' and facts is not null order by ticket_id, id`,
    values: [ticketIds],
  });
  return new Map(rows.map((row) => [row.ticket_id, row.facts]));
}
