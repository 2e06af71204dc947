/**
 * One round: claims what waits and decides it, many mails in one transaction, each by itself. A mail that fails alone is
 * tried again, at most MAIL_TRIES_MAX times, then it is `failed`; only its own sender's mails wait for it meanwhile.
 *
 *   claimed, by lane: clean lanes -> batches;   lanes with a mail that was begun before -> one by one, after the others
 */
import {
  MAIL_DECIDE_BATCH_BYTES_MAX,
  MAIL_DECIDE_BATCH_MAX,
  MAIL_LEASE_MS,
  MAIL_RETRY_MS,
  MAIL_TRIES_MAX,
  utcDay,
} from "../../domain/index.ts";
import type { Instant } from "../../domain/index.ts";
import type { ReadMail } from "../../mail/index.ts";
import {
  claimMails,
  failMail,
  isStoreUnavailable,
  giveBackMails,
  postponeMail,
  selectRawMails,
} from "../../store/index.ts";
import type { WaitingMail } from "../../store/index.ts";
import type { ActiveRules, EngineParts } from "../engine-parts.ts";
import { decideMailBatch } from "./decide-mail-batch.ts";
import { MailUnreadable, type MailReaders } from "./mail-readers.ts";
import { ownAddresses } from "./mail-receipts.ts";
import type { MailCounters, MailSettings } from "./mail-types.ts";
import type { ReadAhead } from "./read-ahead.ts";
import type { RememberedMails } from "./remembered-mails.ts";
import type { TagList } from "./tag-list.ts";

export interface DecideMailParts extends MailSettings {
  readonly parts: EngineParts;
  readonly rules: () => ActiveRules | undefined;
  readonly onFailure: (error: unknown, mailId: string | undefined) => void;
  readonly readers: MailReaders;
  readonly readAhead: ReadAhead;
  readonly remembered: RememberedMails;
  readonly tags: TagList;
  readonly counters: MailCounters;
}

export interface MailRound {
  /** There may be more. */
  readonly again: boolean;
  /** Look again after this at the latest: something was put off. */
  readonly atLatestMs: number | undefined;
}

export interface ReadWaitingMail extends WaitingMail {
  readonly read: ReadMail;
}

interface Round {
  readonly active: ActiveRules;
  /** Lanes whose first mail is put off. */
  readonly blocked: Set<string>;
  /** Lanes whose first mail is still being read. */
  readonly held: Set<string>;
  atLatestMs: number | undefined;
}

const NOTHING: MailRound = { again: false, atLatestMs: undefined };
/** Begun so often without an end, it takes the process down with it. */
const BEGUN_MAX = MAIL_TRIES_MAX + 2;

export async function decideWaitingMail(deciding: DecideMailParts): Promise<MailRound> {
  const { parts, rules } = deciding;
  const active = rules();
  if (active === undefined) return NOTHING;
  const at = parts.now();
  const claim = { at, until: at + MAIL_LEASE_MS, most: MAIL_DECIDE_BATCH_MAX };
  const claimed = await claimMails(parts.store, claim);
  if (claimed.length === 0) return NOTHING;
  const round: Round = { active, blocked: new Set(), held: new Set(), atLatestMs: undefined };
  for (const batch of batchesOf(claimed)) {
    const readable = await readAll(deciding, round, batch);
    if (readable.length > 0) await settle(deciding, round, readable);
  }
  return { again: true, atLatestMs: round.atLatestMs };
}

/** Whole days, since ticket numbers count by day; suspects alone and last. */
function batchesOf(claimed: readonly WaitingMail[]): readonly (readonly WaitingMail[])[] {
  const suspects = new Set(claimed.filter(({ attempts }) => attempts > 1).map(({ lane }) => lane));
  const byDay = Map.groupBy(
    claimed.filter(({ lane }) => !suspects.has(lane)),
    ({ receivedAt }) => utcDay(receivedAt),
  );
  return [
    ...[...byDay.values()].flatMap(inBytes),
    ...claimed.filter(({ lane }) => suspects.has(lane)).map((mail) => [mail]),
  ];
}

/** What is read at once stays in memory until it is decided. */
function inBytes(mails: readonly WaitingMail[]): readonly (readonly WaitingMail[])[] {
  const batches: WaitingMail[][] = [];
  let bytes = Infinity;
  for (const mail of mails) {
    bytes += mail.bytes;
    if (bytes <= MAIL_DECIDE_BATCH_BYTES_MAX) {
      batches.at(-1)?.push(mail);
      continue;
    }
    batches.push([mail]);
    bytes = mail.bytes;
  }
  return batches;
}

async function readAll(
  deciding: DecideMailParts,
  round: Round,
  batch: readonly WaitingMail[],
): Promise<readonly ReadWaitingMail[]> {
  const readable: ReadWaitingMail[] = [];
  const behind: string[] = [];
  const outcomes = await readHere(deciding, batch);
  for (const mail of batch) {
    if (round.blocked.has(mail.lane)) continue;
    if (round.held.has(mail.lane)) {
      behind.push(mail.id);
      continue;
    }
    const outcome =
      mail.attempts > BEGUN_MAX
        ? "it was begun again and again without an end"
        : (outcomes.get(mail.id) ?? deciding.readAhead.take(mail.id));
    if (outcome === undefined) {
      round.held.add(mail.lane);
      deciding.readAhead.begin(mail);
    } else if (typeof outcome === "string") await giveUp(deciding, mail, outcome);
    else readable.push({ ...mail, read: outcome });
  }
  if (behind.length > 0)
    await giveBackMails(deciding.parts.store, { ids: behind, nextAt: deciding.parts.now() });
  return readable;
}

type Outcome = ReadMail | string;

/** Those that are small. */
async function readHere(
  deciding: DecideMailParts,
  batch: readonly WaitingMail[],
): Promise<ReadonlyMap<string, Outcome>> {
  const { parts, remembered, readers } = deciding;
  const outcomes = new Map<string, Outcome>();
  const unread: WaitingMail[] = [];
  for (const mail of batch) {
    const known = remembered.take(mail.id);
    if (known !== undefined) outcomes.set(mail.id, known);
    else if (!readers.isLarge(mail.bytes)) unread.push(mail);
  }
  const raws = await selectRawMails(
    parts.store,
    unread.map(({ id }) => id),
  );
  for (const mail of unread) outcomes.set(mail.id, await readRaw(deciding, mail, raws.get(mail.id)));
  return outcomes;
}

/** For those that are large. */
export async function readLarge(
  deciding: Pick<DecideMailParts, "parts" | "rules" | "readers" | "trustedAuthserv" | "mailFrom">,
  mail: WaitingMail,
): Promise<Outcome> {
  const raws = await selectRawMails(deciding.parts.store, [mail.id]);
  return await readRaw(deciding, mail, raws.get(mail.id));
}

async function readRaw(
  { rules, readers, trustedAuthserv, mailFrom }: Parameters<typeof readLarge>[0],
  mail: WaitingMail,
  raw: Buffer | undefined,
): Promise<Outcome> {
  if (raw === undefined) return "its raw message is kept no longer";
  try {
    return await readers.read(raw, {
      trustedAuthserv,
      envelopeFrom: mail.envelopeFrom,
      ownAddresses: ownAddresses(rules()?.rules.ir.mailboxes ?? [], mailFrom),
    });
  } catch (error) {
    if (error instanceof MailUnreadable) return error.message;
    throw error;
  }
}

/** A batch fails as a whole: halves find the one that it is about. Throws: StoreUnavailable; the leases then run out. */
async function settle(
  deciding: DecideMailParts,
  round: Round,
  batch: readonly ReadWaitingMail[],
): Promise<void> {
  const free = batch.filter(({ lane }) => !round.blocked.has(lane));
  const [first] = free;
  if (first === undefined) return;
  try {
    await decideMailBatch(deciding, round.active, free);
  } catch (error) {
    if (isStoreUnavailable(error)) throw error;
    if (free.length === 1) return await putOff(deciding, round, { mail: first, error });
    const middle = Math.ceil(free.length / 2);
    await settle(deciding, round, free.slice(0, middle));
    await settle(deciding, round, free.slice(middle));
  }
}

async function putOff(
  deciding: DecideMailParts,
  round: Round,
  { mail, error }: { readonly mail: ReadWaitingMail; readonly error: unknown },
): Promise<void> {
  deciding.onFailure(error, mail.id);
  if (mail.attempts >= MAIL_TRIES_MAX)
    return await giveUp(deciding, mail, "a mistake of ours: it is in the server's log");
  const delayMs = MAIL_RETRY_MS[mail.attempts] ?? 0;
  const nextAt: Instant = deciding.parts.now() + delayMs;
  await postponeMail(deciding.parts.store, { id: mail.id, nextAt });
  round.blocked.add(mail.lane);
  round.atLatestMs = Math.max(delayMs, round.atLatestMs ?? 0);
}

async function giveUp(
  { parts, counters }: DecideMailParts,
  { id }: WaitingMail,
  reason: string,
): Promise<void> {
  await failMail(parts.store, { id, at: parts.now(), reason });
  counters.failed += 1;
}
