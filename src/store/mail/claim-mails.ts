/**
 * Gives waiting mails to one process: the oldest of each lane first, never one behind another that still waits. The
 * claim is a lease that spares others the work; what decides is the row's lock at the end (`lockWaitingMails`).
 */
import type { Instant } from "../../domain/index.ts";
import { plainArray } from "../array-literals.ts";
import type { Queryable, Transaction } from "../statement.ts";

export interface WaitingMail {
  readonly id: string;
  readonly mailbox: string;
  readonly lane: string;
  readonly receivedAt: Instant;
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  readonly peer: string;
  /** Of the raw message. */
  readonly bytes: number;
  readonly tokenAccepted: boolean | undefined;
  readonly tokenHash: string | undefined;
  /** Somebody asked to decide it again. */
  readonly wasRetried: boolean;
  /** How often it was begun, this time included. */
  readonly attempts: number;
}

interface Row {
  id: string;
  mailbox: string;
  lane: string;
  received_at: Instant;
  envelope_from: string;
  envelope_to: string[];
  peer: string;
  bytes: number;
  token_accepted: boolean | null;
  token_hash: string | null;
  was_retried: boolean;
  attempts: number;
}

/**
 * A lane whose first mail is another process's, or waits for its next try, waits as a whole. Rows that another claim
 * holds at this moment are passed over, and so is what stands behind them. Nobody waits for the disk: a claim that a power
 * cut takes back is a claim that ran out.
 */
const CLAIM = `
with quick as (select set_config('synchronous_commit', 'off', true)), waiting as (
  select m.id, m.lane from mails m
  where m.state = 'received' and m.next_at <= $1 and not exists (
    select from mails e where e.lane = m.lane and e.state = 'received' and e.id < m.id and e.next_at > $1)
  order by m.id limit $2 for update skip locked
), free as (
  select w.id from waiting w where not exists (
    select from mails e where e.lane = w.lane and e.state = 'received' and e.id < w.id
      and e.id not in (select id from waiting))
)
update mails m set attempts = attempts + 1, next_at = $3 from free, quick where m.id = free.id
returning m.id, m.mailbox, m.lane, m.received_at, m.envelope_from, m.envelope_to, m.peer, m.bytes, m.token_accepted, m.token_hash,
  m.retried_at is not null as was_retried, m.attempts`;

export async function claimMails(
  db: Queryable,
  claim: { readonly at: Instant; readonly until: Instant; readonly most: number },
): Promise<readonly WaitingMail[]> {
  const rows = await db.query<Row>({
    name: "claim-mails",
    text: CLAIM,
    values: [new Date(claim.at).toISOString(), claim.most, new Date(claim.until).toISOString()],
  });
  return rows.map(toWaiting).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function toWaiting(row: Row): WaitingMail {
  return {
    id: row.id,
    mailbox: row.mailbox,
    lane: row.lane,
    receivedAt: row.received_at,
    envelopeFrom: row.envelope_from,
    envelopeTo: row.envelope_to,
    peer: row.peer,
    bytes: row.bytes,
    tokenAccepted: row.token_accepted ?? undefined,
    tokenHash: row.token_hash ?? undefined,
    wasRetried: row.was_retried,
    attempts: row.attempts,
  };
}

/** Which of them still wait, locked until the transaction ends: each mail is decided once. */
export async function lockWaitingMails(
  db: Transaction,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }>({
    name: "lock-waiting-mails",
    text: "select id from mails where id = any($1::text[]) and state = 'received' order by id for update",
    values: [plainArray(ids, (id) => id)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** By id. Not in it: its raw message is kept no longer (TOCSIN_RETENTION_RAW_MAIL), or never was. */
export async function selectRawMails(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<{ mail_id: string; raw: string }>({
    name: "select-raw-mails",
    text: "select mail_id, raw from mail_raw where mail_id = any($1::text[])",
    values: [plainArray(ids, (id) => id)],
  });
  return new Map(rows.map(({ mail_id: id, raw }) => [id, Buffer.from(raw, "hex")]));
}

export async function selectRawMail(db: Queryable, id: string): Promise<Buffer | undefined> {
  return (await selectRawMails(db, [id])).get(id);
}
