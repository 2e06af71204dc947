/** Stores mails as they came: one row each, its raw message beside it; a Message-ID that the mailbox has already changes nothing. */
import { hash } from "node:crypto";
import type { Instant } from "../../domain/index.ts";
import { bytesArray, plainArray, textArray, textListArray, timeArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

export interface NewMail {
  readonly id: string;
  readonly mailbox: string;
  readonly messageId: string | undefined;
  /** Hex: `messageKey`. */
  readonly messageKey: string;
  /** Hex: `mailLane`. */
  readonly lane: string;
  readonly receivedAt: Instant;
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  readonly peer: string;
  readonly sender: string | undefined;
  readonly subject: string;
  readonly tokenAccepted: boolean | undefined;
  readonly tokenHash: string | undefined;
  /** Passwords are masked in it. */
  readonly raw: Uint8Array;
}

/** What tells a mail from another in one mailbox; without a Message-ID the message itself. Hex. */
export function messageKey(messageId: string | undefined, raw: Uint8Array): string {
  return hash("sha256", messageId === undefined ? raw : messageId, "hex");
}

/** Mails of one sender to one mailbox are decided in order. Hex. */
export function mailLane(mailbox: string, sender: string): string {
  return hash("sha256", JSON.stringify([mailbox, sender.trim().toLowerCase()]), "hex").slice(0, 32);
}

/**
 * Rows and raw messages in one statement: the raw ones come as one run of bytes and are cut here, since a statement each cost more than
 * storing it did. The unique index that has the conflict's columns is (message_key, mailbox).
 */
const INSERT = `with stored as (
  insert into mails (id, mailbox, message_id, message_key, lane, received_at, envelope_from, envelope_to, peer,
    sender, subject, bytes, token_accepted, token_hash, next_at)
  select id, mailbox, message_id, message_key, lane, received_at, envelope_from, envelope_to::text[], peer,
    sender, subject, bytes, token_accepted, token_hash, received_at
  from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::timestamptz[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::integer[], $13::boolean[], $14::text[])
  as m (id, mailbox, message_id, message_key, lane, received_at, envelope_from, envelope_to, peer,
    sender, subject, bytes, token_accepted, token_hash)
  order by mailbox, message_key
  on conflict (mailbox, message_key) do nothing
  returning id
), kept as (
  insert into mail_raw (mail_id, raw)
  select m.id, substr($15::bytea, m.start, m.bytes)
  from unnest($1::text[], $16::integer[], $12::integer[]) as m (id, start, bytes) join stored on stored.id = m.id
)
select id from stored`;

const EARLIER = `select m.mailbox, m.message_key, m.id from unnest($1::text[], $2::bytea[]) as k (mailbox, message_key)
join mails m on m.mailbox = k.mailbox and m.message_key = k.message_key`;

/** By the given id: the id under which it is stored, which is another's where the same mail was there already. */
export async function insertMails(
  db: Transaction,
  mails: readonly NewMail[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ id: string }>({ name: "insert-mails", text: INSERT, values: columns(mails) });
  const inserted = new Set(rows.map(({ id }) => id));
  const again = mails.filter(({ id }) => !inserted.has(id));
  const earlier = again.length === 0 ? new Map<string, string>() : await selectEarlier(db, again);
  return new Map(
    mails.map((mail) => [mail.id, inserted.has(mail.id) ? mail.id : (earlier.get(keyOf(mail)) ?? mail.id)]),
  );
}

async function selectEarlier(db: Transaction, mails: readonly NewMail[]): Promise<Map<string, string>> {
  const rows = await db.query<{ mailbox: string; message_key: string; id: string }>({
    name: "select-earlier-mails",
    text: EARLIER,
    values: [textArray(mails, (m) => m.mailbox), bytesArray(mails, (m) => m.messageKey)],
  });
  return new Map(rows.map((row) => [`${row.message_key} ${row.mailbox}`, row.id]));
}

function keyOf({ mailbox, messageKey: key }: NewMail): string {
  return `${key} ${mailbox}`;
}

function columns(mails: readonly NewMail[]): readonly (string | Buffer)[] {
  let next = 1;
  const startOf = ({ raw }: NewMail): number => {
    const start = next;
    next += raw.length;
    return start;
  };
  return [
    plainArray(mails, (m) => m.id),
    textArray(mails, (m) => m.mailbox),
    textArray(mails, (m) => m.messageId),
    bytesArray(mails, (m) => m.messageKey),
    bytesArray(mails, (m) => m.lane),
    timeArray(mails, (m) => m.receivedAt),
    textArray(mails, (m) => m.envelopeFrom),
    textListArray(mails, (m) => m.envelopeTo),
    textArray(mails, (m) => m.peer),
    textArray(mails, (m) => m.sender),
    textArray(mails, (m) => m.subject),
    plainArray(mails, (m) => m.raw.length),
    plainArray(mails, (m) => m.tokenAccepted),
    textArray(mails, (m) => m.tokenHash),
    rawBytes(mails),
    // From 1, as SQL counts.
    plainArray(mails, startOf),
  ];
}

function rawBytes(mails: readonly NewMail[]): Buffer {
  const each = mails.map(({ raw }) => Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  const [only] = each;
  return each.length === 1 && only !== undefined ? only : Buffer.concat(each);
}
