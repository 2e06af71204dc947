/**
 * What each step of a mail transaction is answered: MAIL, RCPT, DATA. One message for several mailboxes is stored for each of them before the
 * one answer; when one of them cannot be stored now the sender keeps the message, and what was stored already recognises it again.
 */
import type { SMTPServerDataStream, SMTPServerSession } from "smtp-server";
import { SMTP_STORE_MS_MAX } from "../domain/index.ts";
import type { MailReceipt, MailReceiver } from "../mail/index.ts";
import type { DoorServer } from "./door-server.ts";
import { takeMessage, type BytesUnderWay, type Intake } from "./message-intake.ts";
import type { PeerRate } from "./peer-rate.ts";
import type { DoorLog, SmtpCounters } from "./smtp-door.ts";

interface Reply {
  readonly code: number;
  /** Begins with the enhanced code. */
  readonly text: string;
}

type Answer = (error?: Error | null, message?: string) => void;

export interface TransactionParts {
  readonly server: DoorServer;
  readonly receiver: MailReceiver;
  readonly log: DoorLog;
  readonly clock: () => number;
  readonly rate: PeerRate;
  readonly underWay: BytesUnderWay;
  readonly drainedBytesMax: number;
}

const CLOSING: Reply = { code: 421, text: "4.3.2 Shutting down, come again" };
const TOO_LARGE: Reply = { code: 552, text: "5.3.4 The message is larger than 30 MiB" };
const ATTACHMENT_TOO_LARGE: Reply = { code: 552, text: "5.3.4 An attachment is larger than 10 MiB" };
const SMUGGLED: Reply = { code: 554, text: "5.6.0 A lone dot between bare line ends: refused" };
const NO_ROOM: Reply = { code: 452, text: "4.3.1 Too much mail at once, come again" };
const UNAVAILABLE: Reply = { code: 451, text: "4.3.0 The message cannot be stored now, come again" };
const UNREADABLE: Reply = { code: 451, text: "4.6.0 The message takes too long to read, come again" };
const NOT_READY: Reply = { code: 451, text: "4.3.0 No rule set is in force yet, come again" };
const UNKNOWN: Reply = { code: 550, text: "5.1.1 No such mailbox here" };
const INACTIVE: Reply = { code: 550, text: "5.2.1 This mailbox takes no mail" };
const TOO_MANY: Reply = { code: 450, text: "4.7.1 Too many messages a minute, come again" };
const TOO_OLD: Reply = { code: 421, text: "4.7.0 This session is old, open another one" };
const STORED = "2.6.0 Stored";

export interface Transactions {
  readonly close: () => void;
  readonly counters: () => Omit<SmtpCounters, "connections">;
}

export function openTransactions(parts: TransactionParts): Transactions {
  const { server, receiver, clock, rate } = parts;
  const refused = new Map<string, number>();
  let taken = 0;
  let isClosing = false;
  const refuse = (reply: Reply, answer: Answer): void => {
    const key = `${reply.code} ${reply.text.slice(0, reply.text.indexOf(" "))}`;
    refused.set(key, (refused.get(key) ?? 0) + 1);
    answer(toError(reply));
  };

  server.onMailFrom = (_address, session, answer) => {
    if (isClosing) refuse(CLOSING, answer);
    else if (server.sessionOf(session.id)?.isOld === true) refuse(TOO_OLD, answer);
    else if (!rate.allows(session.remoteAddress, clock())) refuse(TOO_MANY, answer);
    else answer();
  };
  server.onRcptTo = ({ address }, _session, answer) => {
    const { state } = receiver.mailboxOf(address);
    if (receiver.isReady?.() === false) refuse(NOT_READY, answer);
    else if (state === "active") answer();
    else refuse(state === "inactive" ? INACTIVE : UNKNOWN, answer);
  };
  server.onData = (stream, session, answer) => {
    const begun = clock();
    void answerData(parts, stream, session).then((outcome) => {
      if (outcome.kind === "gone") return;
      const connection = server.sessionOf(session.id);
      logOutcome(parts, session, outcome, clock() - begun);
      if (outcome.kind === "dismissed") {
        refuse(outcome.reply, () => connection?.dismiss(outcome.reply.code, outcome.reply.text));
      } else if (outcome.kind === "refused") refuse(outcome.reply, answer);
      else {
        taken += 1;
        connection?.messageTaken();
        answer(null, STORED);
      }
      if (isClosing) setImmediate(() => connection?.dismiss(CLOSING.code, CLOSING.text));
    });
  };
  return {
    close: () => {
      isClosing = true;
    },
    counters: () => ({ taken, refused: Object.fromEntries(refused) }),
  };
}

type DataOutcome =
  | { readonly kind: "stored" | "gone"; readonly bytes: number }
  /** `dismissed`: said now, and the connection is closed. */
  | { readonly kind: "refused" | "dismissed"; readonly reply: Reply; readonly bytes: number };

/** Never rejects. */
async function answerData(
  parts: TransactionParts,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<DataOutcome> {
  const { intake, release } = takeMessage(stream, parts.underWay, parts.drainedBytesMax);
  try {
    const message = await intake;
    const bytes = stream.byteLength;
    if (message.kind === "gone") return { kind: "gone", bytes };
    if (message.kind !== "message") return toRefusal(message.kind, bytes, !stream.readableEnded);
    const receipts = await store(parts, session, message.raw);
    return { ...judge(receipts), bytes };
  } catch (error) {
    parts.log.error({ err: error }, "a message could not be taken by a mistake of ours");
    return { kind: "refused", reply: UNAVAILABLE, bytes: stream.byteLength };
  } finally {
    release();
  }
}

function toRefusal(
  kind: Exclude<Intake["kind"], "message" | "gone">,
  bytes: number,
  isStillComing: boolean,
): DataOutcome {
  if (kind === "smuggled") return { kind: "dismissed", reply: SMUGGLED, bytes };
  if (kind === "no-room") return { kind: "refused", reply: NO_ROOM, bytes };
  return { kind: isStillComing ? "dismissed" : "refused", reply: TOO_LARGE, bytes };
}

async function store(
  { receiver, clock }: TransactionParts,
  session: SMTPServerSession,
  raw: Buffer,
): Promise<readonly MailReceipt[]> {
  const receivedAt = clock();
  const from = session.envelope.mailFrom;
  const receipts: MailReceipt[] = [];
  for (const [mailbox, envelopeTo] of recipientsByMailbox(receiver, session)) {
    receipts.push(
      await withinTime(
        receiver.receive({
          mailbox,
          envelopeFrom: from === false ? "" : from.address,
          envelopeTo,
          peer: session.remoteAddress,
          receivedAt,
          raw,
        }),
      ),
    );
    if (receipts.at(-1)?.kind !== "stored" && receipts.at(-1)?.kind !== "no-mailbox") break;
  }
  return receipts;
}

/** Several addresses of one mailbox are one message for it. A mailbox that vanished since RCPT is left out. */
function recipientsByMailbox(
  receiver: MailReceiver,
  session: SMTPServerSession,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { address } of session.envelope.rcptTo) {
    const { state, mailbox } = receiver.mailboxOf(address);
    if (state !== "active" || mailbox === undefined) continue;
    found.set(mailbox, [...(found.get(mailbox) ?? []), address]);
  }
  return found;
}

/** Who waits too long is asked to come again; the message is recognised if it was stored after all. */
async function withinTime(receipt: Promise<MailReceipt>): Promise<MailReceipt> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<MailReceipt>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "unavailable" }), SMTP_STORE_MS_MAX);
  });
  try {
    return await Promise.race([receipt, late]);
  } finally {
    clearTimeout(timer);
  }
}

function judge(receipts: readonly MailReceipt[]): { kind: "stored" } | { kind: "refused"; reply: Reply } {
  for (const { kind } of receipts) {
    if (kind === "unavailable") return { kind: "refused", reply: UNAVAILABLE };
    if (kind === "unreadable") return { kind: "refused", reply: UNREADABLE };
    if (kind === "attachment-too-large") return { kind: "refused", reply: ATTACHMENT_TOO_LARGE };
  }
  return receipts.some((receipt) => receipt.kind === "stored")
    ? { kind: "stored" }
    : { kind: "refused", reply: UNKNOWN };
}

function toError(reply: Reply): Error {
  return Object.assign(new Error(reply.text), { responseCode: reply.code });
}

function logOutcome(
  { log, receiver }: TransactionParts,
  session: SMTPServerSession,
  outcome: DataOutcome,
  durationMs: number,
): void {
  const fields = {
    peer: session.remoteAddress,
    mailboxes: [...recipientsByMailbox(receiver, session).keys()],
    bytes: outcome.bytes,
    ms: durationMs,
    tls: session.secure,
  };
  if (outcome.kind === "stored") log.info(fields, "mail taken");
  else if ("reply" in outcome)
    log.warn({ ...fields, reply: `${outcome.reply.code} ${outcome.reply.text}` }, "mail refused");
}
