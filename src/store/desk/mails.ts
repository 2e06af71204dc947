/** Mail as the API lists it: who sent what, what became of it, why. Read only; the mailroom writes it. */
import type { ConditionResult } from "../../decision/index.ts";
import { foldText } from "../../domain/index.ts";
import { Conditions, rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export interface MailFilter {
  readonly states?: readonly string[];
  readonly mailboxes?: readonly string[];
}

export interface MailRow {
  readonly id: string;
  readonly mailbox: string;
  readonly state: "received" | "processed" | "ignored" | "failed";
  readonly reason: string | null;
  readonly object: string | null;
  /** Number of the ticket. */
  readonly ticket: string | null;
  /** Number of the project or task. */
  readonly item: string | null;
  readonly envelope_from: string;
  readonly envelope_to: readonly string[];
  readonly peer: string;
  readonly message_id: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  readonly received_at: string;
  readonly decided_at: string | null;
  readonly bytes: number;
  readonly attempts: number;
  readonly warnings: readonly string[];
  readonly has_raw: boolean;
  readonly rule_set: number | null;
  readonly explanation: MailExplanationRow | null;
  readonly firings: readonly MailFiringRow[];
}

export interface MailExplanationRow {
  readonly attributed?: { readonly how: string; readonly why: string; readonly organization?: string };
  readonly duplicate?: { readonly by: string; readonly of: string; readonly behaviour: string };
  readonly authenticated: boolean;
  readonly notice?: string;
  readonly messages: readonly string[];
}

export interface MailFiringRow {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly on: string;
  readonly conditions: readonly ConditionResult[];
}

const SELECT = `
  select m.id, m.mailbox, m.state, m.reason, m.object, t.number as ticket, m.item, m.envelope_from, m.envelope_to, m.peer,
    m.message_id, m.sender, m.subject, ${rfc3339("m.received_at")} as received_at, ${rfc3339("m.decided_at")} as decided_at,
    m.bytes, m.attempts, m.warnings, m.rule_set, m.explanation, m.firings,
    exists (select from mail_raw r where r.mail_id = m.id) as has_raw
  from mails m left join tickets t on t.id = m.ticket_id`;

export async function selectMails(db: Db, filter: MailFilter, page: PageRequest): Promise<Page<MailRow>> {
  const where = new Conditions()
    .add(filter.states, (v) => `m.state = any(${v})`)
    .add(filter.mailboxes?.map(foldText), (v) => `lower(m.mailbox) = any(${v})`)
    .add(page.before, (v) => `m.id < 'ml_' || ${v}::text`);
  const limit = where.value(page.limit + 1);
  const rows = await db.query<MailRow>({
    text: `${SELECT} ${where.where()} order by m.id desc limit ${limit}`,
    values: where.values,
  });
  return toPage(rows, page.limit, (row) => row);
}

export async function selectMail(db: Db, id: string): Promise<MailRow | undefined> {
  const rows = await db.query<MailRow>({ text: `${SELECT} where m.id = $1`, values: [id] });
  return rows[0];
}

export async function mailExists(db: Db, id: string): Promise<boolean> {
  const rows = await db.query({ text: "select from mails where id = $1", values: [id] });
  return rows.length > 0;
}
