/**
 * Mails of one day in one transaction, each looked up, decided and written before the next, which so sees what it did.
 * Keys are locked first, in order: equal mails on other servers wait. Knows nothing of claims and tries.
 */
import { hash } from "node:crypto";
import { MAIL_FAILURE_NOTICE_MS, MAIL_LOOP_WINDOW_MS, utcDay } from "../../domain/index.ts";
import type { MailboxIr, RuleSetIr } from "../../compiler/index.ts";
import {
  acceptedToken,
  attributeMail,
  duplicateQuestions,
  mailFacts,
  mailLockKeys,
  mailQuestions,
  senderOf,
} from "../../decision/index.ts";
import type { MailEvent, MailFindings, MailToDecide } from "../../decision/index.ts";
import {
  finishMail,
  isStoreUnavailable,
  lockDedupKeys,
  lockOrganizations,
  lockWaitingMails,
  selectDuplicates,
  selectMailFindings,
} from "../../store/index.ts";
import { countEffects, leavesWork } from "../alert-batch.ts";
import type { GatheredEffects } from "../apply-effects.ts";
import { emptyView, type LoadedView } from "../desk-loader.ts";
import { openView, type ActiveRules } from "../engine-parts.ts";
import { decideCall, type Call } from "../run-call.ts";
import { NumberLease } from "../ticket-numbers.ts";
import type { DecideMailParts, ReadWaitingMail } from "./decide-waiting-mail.ts";
import { isAcceptedHash } from "./token-password.ts";

/** Resolves after the commit. Throws: StoreUnavailable; whatever one of them brought about, and then nothing is stored. */
export async function decideMailBatch(
  deciding: DecideMailParts,
  active: ActiveRules,
  mails: readonly ReadWaitingMail[],
): Promise<void> {
  const { parts } = deciding;
  const { ir } = active.rules;
  const startedAt = performance.now();
  const day = utcDay(mails[0]?.receivedAt ?? 0);
  const asked = await Promise.all(mails.map(async (mail) => await toDecide(deciding, ir, mail)));
  const tags = asked.some(({ mailbox }) => (mailbox?.tagFrom.length ?? 0) > 0)
    ? await deciding.tags.tags(ir)
    : [];
  let lease = new NumberLease(parts.numbers, day);
  const done = await parts.store
    .transaction(
      async (transaction) => {
        lease.settle(new Set());
        lease = new NumberLease(parts.numbers, day);
        const view = await openView(parts, transaction, active);
        return await decideInTransaction(
          deciding,
          { parts, active, transaction, lease, view },
          { asked, tags },
        );
      },
      { plansOnce: true },
    )
    .catch((error: unknown) => {
      if (!isStoreUnavailable(error)) lease.settle(new Set());
      throw error;
    });
  lease.settle(
    new Set(done.flatMap(({ gathered }) => [...gathered.opened.values()].map(({ number }) => number))),
  );
  for (const { state, gathered } of done) {
    deciding.counters[state] += 1;
    countEffects(parts.counters, gathered);
  }
  if (done.some(({ gathered }) => leavesWork(gathered))) parts.wakeRelay();
  deciding.counters.transactionMs += performance.now() - startedAt;
}

interface AskedMail {
  readonly waiting: ReadWaitingMail;
  readonly mail: MailToDecide;
  /** Undefined: it is not declared any more. */
  readonly mailbox: MailboxIr | undefined;
}

async function toDecide(
  deciding: DecideMailParts,
  ir: RuleSetIr,
  waiting: ReadWaitingMail,
): Promise<AskedMail> {
  const mailboxes = ir.mailboxes ?? [];
  const { tokenAccepted, tokenHash, wasRetried } = waiting;
  const isAccepted =
    tokenAccepted === true ||
    (wasRetried && tokenHash !== undefined && (await isAcceptedHash(tokenHash, mailboxes, deciding)));
  return {
    waiting,
    mailbox: mailboxes.find(({ address }) => address === waiting.mailbox),
    mail: {
      id: waiting.id,
      mailbox: waiting.mailbox,
      envelopeFrom: waiting.envelopeFrom,
      receivedAt: waiting.receivedAt,
      read: waiting.read,
      tokenAccepted: isAccepted,
      edition: deciding.edition,
      newContactId: deciding.parts.newId("ct", waiting.receivedAt),
    },
  };
}

interface DecidedOne {
  readonly state: "processed" | "ignored" | "failed";
  readonly gathered: GatheredEffects;
}

async function decideInTransaction(
  deciding: DecideMailParts,
  call: Call,
  { asked, tags }: { readonly asked: readonly AskedMail[]; readonly tags: readonly string[] },
): Promise<readonly DecidedOne[]> {
  const { transaction } = call;
  const { ir } = call.active.rules;
  const waiting = await lockWaitingMails(
    transaction,
    asked.map(({ mail }) => mail.id),
  );
  // Another server was quicker with those that are not there.
  const mine = asked.filter(({ mail }) => waiting.has(mail.id));
  const keys = mine.flatMap(({ mail, mailbox }) =>
    mailbox === undefined ? [] : mailLockKeys(mail, mailbox, ir),
  );
  lockDedupKeys(transaction, [...new Set(keys)].sort());
  const done: DecidedOne[] = [];
  for (const one of mine) {
    const { mail, mailbox } = one;
    const found = mailbox === undefined ? NOTHING_FOUND : await findAbout(call, { ...one, mailbox }, tags);
    done.push(
      await decideOne(
        deciding,
        { ...call, view: freshView(call.view) },
        { one, event: { kind: "mail", mail, found } },
      ),
    );
  }
  return done;
}

/** What one mail did, the next must read anew. */
function freshView({ ownOrganization, notesPerWindow, calloutActive, maintenance }: LoadedView): LoadedView {
  return emptyView({ ownOrganization, notesPerWindow, calloutActive, maintenance: maintenance ?? [] });
}

const NOTHING_FOUND: MailFindings = {
  resources: [],
  contacts: [],
  devices: [],
  domainOrganizations: [],
  fallback: undefined,
  items: [],
  answeredTicketId: undefined,
  tokenContacts: [],
  tokenCustomer: undefined,
  customer: undefined,
  device: undefined,
  sameBefore: 0,
  failureTold: false,
  tags: [],
  duplicates: [],
};

/** First whose it is, then which tickets of that organization it repeats (DUP-2). */
async function findAbout(
  { transaction, parts, active }: Call,
  { mail, mailbox, waiting }: AskedMail & { readonly mailbox: MailboxIr },
  tags: readonly string[],
): Promise<MailFindings> {
  const findings = await selectMailFindings(transaction, mailQuestions(mail, mailbox), {
    id: mail.id,
    lane: waiting.lane,
    loopKey: loopKeyOf(mail, mailbox),
    loopSince: mail.receivedAt - MAIL_LOOP_WINDOW_MS,
    failureSince: mail.receivedAt - MAIL_FAILURE_NOTICE_MS,
  });
  const found = { ...findings, tags: mailbox.tagFrom.length > 0 ? tags : [] };
  const { ownOrganization } = parts;
  const { organization } = attributeMail({ mail, mailbox, found, ownOrganization });
  if (organization === undefined) return { ...found, duplicates: [] };
  lockOrganizations(transaction, [organization.id]);
  const questions = duplicateQuestions(acceptedToken(mail, mailbox), mailbox, active.rules.ir);
  return { ...found, duplicates: await selectDuplicates(transaction, organization.id, questions) };
}

/** IEP-21 is for people's mail; a token is judged by the duplicate settings. */
function loopKeyOf(mail: MailToDecide, mailbox: MailboxIr | undefined): string | undefined {
  if (mailbox === undefined || acceptedToken(mail, mailbox) !== undefined) return undefined;
  const key = [mailbox.address, senderOf(mail.read) ?? mail.envelopeFrom, mail.read.subject.trim()];
  return hash("sha256", JSON.stringify(key), "hex").slice(0, 32);
}

async function decideOne(
  { parts }: DecideMailParts,
  call: Call,
  { one, event }: { readonly one: AskedMail; readonly event: MailEvent },
): Promise<DecidedOne> {
  const { mail, mailbox } = one;
  const { decision, gathered } = await decideCall(call, mail.receivedAt, [event]);
  const [result] = decision.results;
  if (result?.mail === undefined) throw new Error("the decision left a mail without a result");
  const cut = result.cut === undefined ? [] : [result.cut];
  const facts = mailFacts(mail);
  finishMail(call.transaction, {
    id: mail.id,
    at: parts.now(),
    result: result.mail,
    facts,
    loopKey: loopKeyOf(mail, mailbox),
    sender: facts.from,
    subject: facts.subject,
    firings: result.firings,
    warnings: [...mail.read.warnings, ...result.warnings, ...cut],
    ruleSet: call.active.number,
  });
  return { state: result.mail.state, gathered };
}
