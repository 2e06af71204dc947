/** Writes what became of a mail, in the transaction that made it so; and puts one back that waits for another try. */
import type { Firing, MailResult } from "../../decision/index.ts";
import type { Instant, MailFacts } from "../../domain/index.ts";
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

const FINISH = `update mails set state = $2, reason = $3, object = $4, ticket_id = $5, item = $6, sender = $7, subject = $8,
  loop_key = decode($9, 'hex'), facts = $10, explanation = $11, firings = $12, warnings = $13, rule_set = $14,
  failure_told_at = $15, decided_at = $16, token_hash = case when $2 = 'failed' then token_hash end
where id = $1 and state = 'received'`;

export function finishMail(db: Transaction, mail: DecidedMail): void {
  const { result } = mail;
  db.send({
    name: "finish-mail",
    text: FINISH,
    values: [
      mail.id,
      result.state,
      result.reason ?? null,
      result.object ?? null,
      result.ticketId ?? null,
      result.item ?? null,
      mail.sender ?? null,
      mail.subject,
      mail.loopKey ?? null,
      JSON.stringify(mail.facts),
      JSON.stringify(result.explanation),
      JSON.stringify(mail.firings.map(toRow)),
      mail.warnings,
      mail.ruleSet,
      result.toldFailure ? new Date(mail.at).toISOString() : null,
      new Date(mail.at).toISOString(),
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
