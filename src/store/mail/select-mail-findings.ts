/**
 * Answers what a mail asks about its sender and its token: persons, devices, organizations, items, earlier mails. Active
 * and inactive ones alike: the decision judges. All questions of a mail go in one breath.
 */
import { hash } from "node:crypto";
import type {
  FoundContact,
  FoundDevice,
  FoundItem,
  FoundOrganization,
  FoundResource,
  MailFindings,
  MailQuestions,
} from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import { toFieldRecord } from "../json-columns.ts";
import type { Queryable } from "../statement.ts";
import { DEVICE_UDF, ORGANIZATION_UDF } from "../tickets/ticket-rows.ts";

/** What is asked beside the mail's own questions: of the list of mails. */
export interface MailHistoryQuestions {
  readonly id: string;
  readonly lane: string;
  readonly loopKey: string | undefined;
  readonly loopSince: Instant;
  readonly failureSince: Instant;
}

export type Findings = Omit<MailFindings, "duplicates" | "tags">;

export async function selectMailFindings(
  db: Queryable,
  questions: MailQuestions,
  history: MailHistoryQuestions,
): Promise<Findings> {
  // Sent together: one round trip, whatever the mail asks.
  const [
    resources,
    contacts,
    devices,
    domainOrganizations,
    fallback,
    items,
    answeredTicketId,
    token,
    before,
  ] = await Promise.all([
    ifAsked(questions.sender, [], async (sender) => await selectResources(db, sender)),
    ifAsked(questions.sender, [], async (sender) => await selectContacts(db, sender)),
    ifAsked(questions.sender, [], async (sender) => await selectDevices(db, sender)),
    ifAsked(questions.domain, [], async (domain) => await selectByDomain(db, domain)),
    ifAsked(questions.fallback, undefined, async (name) => await selectByName(db, name)),
    selectItems(db, questions),
    selectAnsweredTicket(db, questions.messageIds),
    selectOfToken(db, questions),
    selectBefore(db, history),
  ]);
  const found = { resources, contacts, devices, domainOrganizations, fallback, items, answeredTicketId };
  return { ...found, ...token, ...before };
}

async function selectOfToken(
  db: Queryable,
  questions: MailQuestions,
): Promise<Pick<Findings, "tokenContacts" | "tokenCustomer" | "customer" | "device">> {
  const [tokenContacts, tokenCustomer, customer, device] = await Promise.all([
    ifAsked(questions.tokenEmail, [], async (email) => await selectContacts(db, email)),
    ifAsked(questions.tokenCustomer, undefined, async (name) => await selectByName(db, name)),
    ifAsked(questions.customerId, undefined, async (asked) => await selectByExternal(db, asked)),
    ifAsked(questions.deviceId, undefined, async (asked) => await selectDeviceByExternal(db, asked)),
  ]);
  return { tokenContacts, tokenCustomer, customer, device };
}

async function ifAsked<Asked, Answer>(
  asked: Asked | undefined,
  otherwise: Answer,
  select: (asked: Asked) => Promise<Answer>,
): Promise<Answer> {
  return asked === undefined ? otherwise : await select(asked);
}

/* ---------- organizations ---------- */

interface OrganizationRow {
  id: string;
  name: string;
  tags: string[];
  udf: unknown;
  active: boolean;
}

const ORGANIZATION = `select o.id, o.name, o.tags, ${ORGANIZATION_UDF} as udf, o.active from organizations o`;

function toOrganization(row: OrganizationRow): FoundOrganization {
  return { id: row.id, name: row.name, tags: row.tags, udf: toFieldRecord(row.udf), active: row.active };
}

async function selectByName(db: Queryable, nameKey: string): Promise<FoundOrganization | undefined> {
  const [row] = await db.query<OrganizationRow>({
    name: "mail-organization-by-name",
    text: `${ORGANIZATION} where o.name_key = $1`,
    values: [nameKey],
  });
  return row === undefined ? undefined : toOrganization(row);
}

async function selectByDomain(db: Queryable, domain: string): Promise<readonly FoundOrganization[]> {
  const rows = await db.query<OrganizationRow>({
    name: "mail-organizations-by-domain",
    text: `${ORGANIZATION} where lower_all(o.domains) @> array[$1::text] order by o.id limit 3`,
    values: [domain],
  });
  return rows.map(toOrganization);
}

async function selectByExternal(
  db: Queryable,
  asked: { readonly sourceKey: string; readonly id: string },
): Promise<FoundOrganization | undefined> {
  const [row] = await db.query<OrganizationRow>({
    name: "mail-organization-by-external",
    text: `${ORGANIZATION} join organization_external e on e.organization_id = o.id
      where e.source_key = $1 and e.external_id = $2`,
    values: [asked.sourceKey, asked.id],
  });
  return row === undefined ? undefined : toOrganization(row);
}

/* ---------- persons and devices ---------- */

interface WithOrganizationRow {
  id: string;
  name: string;
  active: boolean;
  organization_id: string;
  organization_name: string;
  organization_tags: string[];
  organization_udf: unknown;
  organization_active: boolean;
}

const ITS_ORGANIZATION = `o.id as organization_id, o.name as organization_name, o.tags as organization_tags,
  ${ORGANIZATION_UDF} as organization_udf, o.active as organization_active`;

function itsOrganization(row: WithOrganizationRow): FoundOrganization {
  return {
    id: row.organization_id,
    name: row.organization_name,
    tags: row.organization_tags,
    udf: toFieldRecord(row.organization_udf),
    active: row.organization_active,
  };
}

/** More are not looked at: an address that so many share tells nothing. */
const SHARING_MAX = 20;

async function selectContacts(db: Queryable, address: string): Promise<readonly FoundContact[]> {
  const rows = await db.query<WithOrganizationRow & { email: string; position: number }>({
    name: "mail-contacts",
    text: `select c.id, c.name, c.active, c.emails[1] as email, array_position(lower_all(c.emails), $1::text) as position,
        ${ITS_ORGANIZATION}
      from contacts c join organizations o on o.id = c.organization_id
      where lower_all(c.emails) @> array[$1::text] order by position, c.id limit ${SHARING_MAX}`,
    values: [address],
  });
  return rows.map((row) => ({
    contact: { id: row.id, name: row.name, email: row.email },
    active: row.active,
    position: row.position,
    organization: itsOrganization(row),
  }));
}

async function selectResources(db: Queryable, address: string): Promise<readonly FoundResource[]> {
  const rows = await db.query<{ id: string; name: string; email: string; active: boolean; roles: string[] }>({
    name: "mail-resources",
    text: "select id, name, email, active, roles from resources where email_key = $1 order by id",
    values: [address],
  });
  return rows.map(({ id, name, email, active, roles }) => ({ resource: { id, name, email }, active, roles }));
}

interface DeviceRow extends WithOrganizationRow {
  tags: string[];
  udf: unknown;
}

const DEVICE = `select d.id, d.name, d.tags, ${DEVICE_UDF} as udf, d.active, ${ITS_ORGANIZATION}
from devices d join organizations o on o.id = d.organization_id`;

function toDevice(row: DeviceRow): FoundDevice {
  return {
    device: { id: row.id, name: row.name, tags: row.tags, udf: toFieldRecord(row.udf) },
    active: row.active,
    organization: itsOrganization(row),
  };
}

async function selectDevices(db: Queryable, address: string): Promise<readonly FoundDevice[]> {
  const rows = await db.query<DeviceRow>({
    name: "mail-devices",
    text: `${DEVICE} where lower_all(d.addresses) @> array[$1::text] order by d.id limit ${SHARING_MAX}`,
    values: [address],
  });
  return rows.map(toDevice);
}

async function selectDeviceByExternal(
  db: Queryable,
  asked: { readonly sourceKey: string; readonly id: string },
): Promise<FoundDevice | undefined> {
  const [row] = await db.query<DeviceRow>({
    name: "mail-device-by-external",
    text: `${DEVICE} join device_external e on e.device_id = d.id where e.source_key = $1 and e.external_id = $2`,
    values: [asked.sourceKey, asked.id],
  });
  return row === undefined ? undefined : toDevice(row);
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
async function selectItems(db: Queryable, { numbers }: MailQuestions): Promise<Findings["items"]> {
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
      text: "select ticket_id from mails where message_key = any($1::bytea[]) and ticket_id is not null and object is not null order by id desc limit 1",
      values: [keys],
    }),
  ]);
  return told[0]?.ticket_id ?? answered[0]?.ticket_id;
}

/* ---------- earlier mails ---------- */

async function selectBefore(
  db: Queryable,
  { id, lane, loopKey, loopSince, failureSince }: MailHistoryQuestions,
): Promise<Pick<Findings, "sameBefore" | "failureTold">> {
  const [row] = await db.query<{ same: number; told: boolean }>({
    name: "mail-before",
    text: `select
      (select count(*) from mails where loop_key = decode($2, 'hex') and id < $1 and received_at > $3 and state = 'processed') as same,
      exists (select from mails where lane = decode($4, 'hex') and failure_told_at > $5) as told`,
    values: [
      id,
      loopKey ?? null,
      new Date(loopSince).toISOString(),
      lane,
      new Date(failureSince).toISOString(),
    ],
  });
  return { sameBefore: row?.same ?? 0, failureTold: row?.told ?? false };
}
