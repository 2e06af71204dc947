/**
 * Answers what mails ask about their senders and tokens: persons, devices, organizations, items, earlier mails. Each kind of
 * question is one statement for all mails, and all statements go in one breath.
 */
import { hash } from "node:crypto";
import type { FoundItem, ItemNumber, MailFindings, MailQuestions } from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import { bytesArray, plainArray, timeArray } from "../array-literals.ts";
import type { Queryable } from "../statement.ts";
import {
  externalKey,
  selectContactsOf,
  selectDevicesByExternal,
  selectDevicesOf,
  selectOrganizationsByDomain,
  selectOrganizationsByExternal,
  selectOrganizationsByName,
  selectResourcesOf,
} from "./select-mail-senders.ts";

/** What is asked beside the mail's own questions: of the list of mails. */
export interface MailHistoryQuestions {
  readonly id: string;
  readonly lane: string;
  readonly loopKey: string | undefined;
  readonly loopSince: Instant;
  readonly failureSince: Instant;
}

export interface AskingMail {
  readonly questions: MailQuestions;
  readonly history: MailHistoryQuestions;
}

export type Findings = Omit<MailFindings, "duplicates" | "tags">;

/** In the order of the mails. */
export async function selectMailFindings(
  db: Queryable,
  mails: readonly AskingMail[],
): Promise<readonly Findings[]> {
  const questions = mails.map((mail) => mail.questions);
  const senders = questions.map(({ sender }) => sender);
  const [
    names,
    domains,
    contacts,
    resources,
    devices,
    customersByExternal,
    devicesByExternal,
    items,
    answered,
    before,
  ] = await Promise.all([
    selectOrganizationsByName(
      db,
      questions.flatMap(({ fallback, tokenCustomer }) => [fallback, tokenCustomer]),
    ),
    selectOrganizationsByDomain(
      db,
      questions.map(({ domain }) => domain),
    ),
    selectContactsOf(db, [...senders, ...questions.map(({ tokenEmail }) => tokenEmail)]),
    selectResourcesOf(db, senders),
    selectDevicesOf(db, senders),
    selectOrganizationsByExternal(
      db,
      questions.map(({ customerId }) => customerId),
    ),
    selectDevicesByExternal(
      db,
      questions.map(({ deviceId }) => deviceId),
    ),
    Promise.all(questions.map(async ({ numbers }) => await selectItems(db, numbers))),
    Promise.all(questions.map(async ({ messageIds }) => await selectAnsweredTicket(db, messageIds))),
    selectBefore(
      db,
      mails.map(({ history }) => history),
    ),
  ]);
  return mails.map(({ questions: asked, history }, i) => ({
    resources: listOf(resources, asked.sender),
    contacts: listOf(contacts, asked.sender),
    devices: listOf(devices, asked.sender),
    domainOrganizations: listOf(domains, asked.domain),
    fallback: listOf(names, asked.fallback)[0],
    items: items[i] ?? [],
    answeredTicketId: answered[i],
    tokenContacts: listOf(contacts, asked.tokenEmail),
    tokenCustomer: listOf(names, asked.tokenCustomer)[0],
    customer:
      asked.customerId === undefined ? undefined : customersByExternal.get(externalKey(asked.customerId)),
    device: asked.deviceId === undefined ? undefined : devicesByExternal.get(externalKey(asked.deviceId)),
    ...(before.get(history.id) ?? NOTHING_BEFORE),
  }));
}

function listOf<Found>(
  found: ReadonlyMap<string, readonly Found[]>,
  key: string | undefined,
): readonly Found[] {
  return (key === undefined ? undefined : found.get(key)) ?? [];
}

/* ---------- items ---------- */

interface WorkRow {
  id: string;
  number: string;
  status: string;
  organization_id: string;
  name: string;
  tags: string[];
}

const PROJECT = `select p.id, p.number, p.status, o.id as organization_id, o.name, o.tags
  from projects p join organizations o on o.id = p.organization_id where p.number = $1`;
const TASK = `select t.id, t.number, t.status, o.id as organization_id, o.name, o.tags
  from tasks t join projects p on p.id = t.project_id join organizations o on o.id = p.organization_id where t.number = $1`;

/** In the order asked; numbers that nothing has are left out. */
async function selectItems(db: Queryable, numbers: readonly ItemNumber[]): Promise<Findings["items"]> {
  const found = await Promise.all(
    numbers.map(async ({ kind, number }): Promise<(FoundItem & { readonly number: string }) | undefined> => {
      if (kind === "ticket") {
        const [row] = await db.query<{ id: string }>({
          name: "select-ticket-id",
          text: "select id from tickets where number = $1",
          values: [number],
        });
        return row === undefined ? undefined : { kind, ticketId: row.id, number };
      }
      const [row] = await db.query<WorkRow>({
        name: `mail-${kind}`,
        text: kind === "project" ? PROJECT : TASK,
        values: [number],
      });
      if (row === undefined) return undefined;
      const organization = { id: row.organization_id, name: row.name, tags: row.tags, udf: {} };
      return { kind, id: row.id, number: row.number, status: row.status, organization };
    }),
  );
  return found.flatMap((one) => one ?? []);
}

/** Our notices carry their id in their Message-ID; other mails are known by theirs. */
const NOTICE_ID = /^tocsin\.(nt_[0-9a-z]{20,40})@/u;

async function selectAnsweredTicket(
  db: Queryable,
  messageIds: readonly string[],
): Promise<string | undefined> {
  if (messageIds.length === 0) return undefined;
  const notices = messageIds.flatMap((id) => NOTICE_ID.exec(id)?.[1] ?? []);
  const keys = messageIds.map((id) => Buffer.from(hash("sha256", id, "hex"), "hex"));
  const [told, answered] = await Promise.all([
    notices.length === 0
      ? []
      : db.query<{ ticket_id: string }>({
          name: "mail-answered-notice",
          text: "select ticket_id from notifications where id = any($1::text[]) and ticket_id is not null order by id desc limit 1",
          values: [notices],
        }),
    db.query<{ ticket_id: string }>({
      name: "mail-answered-mail",
      text: `select ticket_id from (select id, ticket_id, object from mails where message_key = any($1::bytea[]) offset 0) m
        where ticket_id is not null and object is not null order by id desc limit 1`,
      values: [keys],
    }),
  ]);
  return told[0]?.ticket_id ?? answered[0]?.ticket_id;
}

/* ---------- earlier mails ---------- */

type Before = Pick<Findings, "sameBefore" | "failureTold">;
const NOTHING_BEFORE: Before = { sameBefore: 0, failureTold: false };

/** `offset 0`: by the key first, whatever the planner thinks of a table that grew since it last looked; of one key there are few. */
const BEFORE = `select k.id,
  (select count(*) from (select id, received_at, state from mails where loop_key = k.loop_key offset 0) m
    where m.id < k.id and m.received_at > k.loop_since and m.state = 'processed')::integer as same,
  exists (select from (select failure_told_at from mails where lane = k.lane and failure_told_at is not null offset 0) f
    where f.failure_told_at > k.failure_since) as told
from unnest($1::text[], $2::bytea[], $3::bytea[], $4::timestamptz[], $5::timestamptz[])
  as k (id, loop_key, lane, loop_since, failure_since)`;

async function selectBefore(
  db: Queryable,
  mails: readonly MailHistoryQuestions[],
): Promise<ReadonlyMap<string, Before>> {
  const rows = await db.query<{ id: string; same: number; told: boolean }>({
    name: "mails-before",
    text: BEFORE,
    values: [
      plainArray(mails, ({ id }) => id),
      bytesArray(mails, ({ loopKey }) => loopKey),
      bytesArray(mails, ({ lane }) => lane),
      timeArray(mails, ({ loopSince }) => loopSince),
      timeArray(mails, ({ failureSince }) => failureSince),
    ],
  });
  return new Map(rows.map(({ id, same, told }) => [id, { sameBefore: same, failureTold: told }]));
}
