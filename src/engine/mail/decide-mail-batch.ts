/**
 * Mails of one day in a transaction for some waves (mail-waves.ts), one after another: each wave is looked up, decided and written before the next,
 * which so sees what it did.
 * Keys are locked first, in order: equal mails on other servers wait. Knows nothing of claims and tries.
 */
import { hash } from "node:crypto";
import { MAIL_FAILURE_NOTICE_MS, MAIL_LOOP_WINDOW_MS, MAIL_WAVES_MAX, utcDay } from "../../domain/index.ts";
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
import type { EventResult, MailEvent, MailFindings, MailToDecide } from "../../decision/index.ts";
import {
  finishMails,
  isStoreUnavailable,
  lockDedupKeys,
  lockOrganizations,
  lockWaitingMails,
  selectDuplicates,
  selectMailFindings,
} from "../../store/index.ts";
import type { DecidedMail } from "../../store/index.ts";
import { countEffects, leavesWork } from "../alert-batch.ts";
import type { GatheredEffects } from "../apply-effects.ts";
import { emptyView, type LoadedView } from "../desk-loader.ts";
import { openView, type ActiveRules } from "../engine-parts.ts";
import { decideCall, type Call } from "../run-call.ts";
import { NumberLease } from "../ticket-numbers.ts";
import type { DecideMailParts, ReadWaitingMail } from "./decide-waiting-mail.ts";
import { wavesOf } from "./mail-waves.ts";
import { isAcceptedHash } from "./token-password.ts";

/** From so many on, numbers are leased ahead: a quiet day counts without gaps. */
const BUSY_BATCH_MIN = 4;

/** Resolves after the last commit. Throws: StoreUnavailable; whatever one of them brought about: then nothing of its waves and of those behind is stored. */
export async function decideMailBatch(
  deciding: DecideMailParts,
  active: ActiveRules,
  mails: readonly ReadWaitingMail[],
): Promise<void> {
  const { ir } = active.rules;
  const asked = await Promise.all(mails.map(async (mail) => await toDecide(deciding, ir, mail)));
  const tags = asked.some(({ mailbox }) => (mailbox?.tagFrom.length ?? 0) > 0)
    ? await deciding.tags.tags(ir)
    : [];
  const waves = wavesOf(asked, ir);
  for (let from = 0; from < waves.length; from += MAIL_WAVES_MAX)
    await decideWaves(deciding, active, { waves: waves.slice(from, from + MAIL_WAVES_MAX), tags });
}

interface Waves {
  readonly waves: readonly (readonly AskedMail[])[];
  readonly tags: readonly string[];
}

async function decideWaves(deciding: DecideMailParts, active: ActiveRules, asked: Waves): Promise<void> {
  const { parts } = deciding;
  const startedAt = performance.now();
  const mails = asked.waves.flat();
  const day = utcDay(mails[0]?.mail.receivedAt ?? 0);
  if (mails.length >= BUSY_BATCH_MIN) await parts.numbers.prepare(day, mails.length);
  let lease = new NumberLease(parts.numbers, day);
  const done = await parts.store
    .transaction(
      async (transaction) => {
        lease.settle(new Set());
        lease = new NumberLease(parts.numbers, day);
        const view = await openView(parts, transaction, active);
        return await decideInTransaction(deciding, { parts, active, transaction, lease, view }, asked);
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
  for (const { states, gathered } of done) {
    for (const state of states) deciding.counters[state] += 1;
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
  /** Hex; undefined for token mail, which is not counted. */
  readonly loopKey: string | undefined;
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
  const mailbox = mailboxes.find(({ address }) => address === waiting.mailbox);
  const mail: MailToDecide = {
    id: waiting.id,
    mailbox: waiting.mailbox,
    envelopeFrom: waiting.envelopeFrom,
    receivedAt: waiting.receivedAt,
    read: waiting.read,
    tokenAccepted: isAccepted,
    edition: deciding.edition,
    newContactId: deciding.parts.newId("ct", waiting.receivedAt),
  };
  return { waiting, mailbox, mail, loopKey: loopKeyOf(mail, mailbox) };
}

interface DecidedWave {
  readonly states: readonly ("processed" | "ignored" | "failed")[];
  readonly gathered: GatheredEffects;
}

async function decideInTransaction(
  deciding: DecideMailParts,
  call: Call,
  { waves, tags }: Waves,
): Promise<readonly DecidedWave[]> {
  const { transaction } = call;
  const { ir } = call.active.rules;
  const ids = waves.flat().map(({ mail }) => mail.id);
  const waiting = await lockWaitingMails(transaction, ids);
  // Another server was quicker with those that are not there.
  const mine = waves
    .map((wave) => wave.filter(({ mail }) => waiting.has(mail.id)))
    .filter((wave) => wave.length > 0);
  const keys = mine
    .flat()
    .flatMap(({ mail, mailbox }) => (mailbox === undefined ? [] : mailLockKeys(mail, mailbox, ir)));
  lockDedupKeys(transaction, [...new Set(keys)].sort());
  const done: DecidedWave[] = [];
  for (const wave of mine) {
    const found = await findAbout(call, wave, tags);
    done.push(await decideWave(deciding, { ...call, view: freshView(call.view) }, { wave, found }));
  }
  return done;
}

/** What one wave did, the next must read anew. */
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

/** First whose each is, then which tickets of that organization it repeats (DUP-2). In the order of the wave. */
async function findAbout(
  call: Call,
  wave: readonly AskedMail[],
  tags: readonly string[],
): Promise<readonly MailFindings[]> {
  const { transaction, parts, active } = call;
  const asking = wave.flatMap(({ mail, mailbox, waiting, loopKey }) => {
    if (mailbox === undefined) return [];
    const loopSince = mail.receivedAt - MAIL_LOOP_WINDOW_MS;
    const failureSince = mail.receivedAt - MAIL_FAILURE_NOTICE_MS;
    const history = { id: mail.id, lane: waiting.lane, loopKey, loopSince, failureSince };
    return [{ mail, mailbox, questions: mailQuestions(mail, mailbox), history }];
  });
  if (asking.length === 0) return wave.map(() => NOTHING_FOUND);
  const answers = await selectMailFindings(transaction, asking);
  const attributed = asking.flatMap(({ mail, mailbox }, i) => {
    const answer = answers[i];
    if (answer === undefined) return [];
    const found = { ...answer, tags: mailbox.tagFrom.length > 0 ? tags : [], duplicates: [] };
    const { organization } = attributeMail({ mail, mailbox, found, ownOrganization: parts.ownOrganization });
    return [{ mail, mailbox, found, organizationId: organization?.id }];
  });
  const organizations = new Set(attributed.flatMap(({ organizationId }) => organizationId ?? []));
  lockOrganizations(transaction, [...organizations].sort());
  const all = await Promise.all(
    attributed.map(async ({ mail, mailbox, found, organizationId }): Promise<[string, MailFindings]> => {
      const questions = duplicateQuestions(acceptedToken(mail, mailbox), mailbox, active.rules.ir);
      if (organizationId === undefined || questions.length === 0) return [mail.id, found];
      return [
        mail.id,
        { ...found, duplicates: await selectDuplicates(transaction, organizationId, questions) },
      ];
    }),
  );
  const byId = new Map(all);
  return wave.map(({ mail }) => byId.get(mail.id) ?? NOTHING_FOUND);
}

/** IEP-21 is for people's mail; a token is judged by the duplicate settings. */
function loopKeyOf(mail: MailToDecide, mailbox: MailboxIr | undefined): string | undefined {
  if (mailbox === undefined || acceptedToken(mail, mailbox) !== undefined) return undefined;
  const key = [mailbox.address, senderOf(mail.read) ?? mail.envelopeFrom, mail.read.subject.trim()];
  return hash("sha256", JSON.stringify(key), "hex").slice(0, 32);
}

async function decideWave(
  { parts }: DecideMailParts,
  call: Call,
  { wave, found }: { readonly wave: readonly AskedMail[]; readonly found: readonly MailFindings[] },
): Promise<DecidedWave> {
  const events = wave.map(({ mail }, i): MailEvent => ({
    kind: "mail",
    mail,
    found: found[i] ?? NOTHING_FOUND,
  }));
  const { decision, gathered } = await decideCall(call, wave[0]?.mail.receivedAt ?? 0, events);
  const decided = wave.map((one, i) => toDecided(parts, call, one, decision.results[i]));
  finishMails(call.transaction, decided);
  return { states: decided.map(({ result }) => result.state), gathered };
}

function toDecided(
  parts: DecideMailParts["parts"],
  call: Call,
  { mail, loopKey }: AskedMail,
  result: EventResult | undefined,
): DecidedMail {
  if (result?.mail === undefined) throw new Error("the decision left a mail without a result");
  const cut = result.cut === undefined ? [] : [result.cut];
  const facts = mailFacts(mail);
  return {
    id: mail.id,
    at: parts.now(),
    result: result.mail,
    facts,
    loopKey,
    sender: facts.from,
    subject: facts.subject,
    firings: result.firings,
    warnings: [...mail.read.warnings, ...result.warnings, ...cut],
    ruleSet: call.active.number,
  };
}
