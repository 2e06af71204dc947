/**
 * Whom addresses, domains, names and external ids mean: for all mails of a wave at once, answered by what was asked.
 * Active and inactive ones alike: the decision judges.
 */
import type {
  ExternalQuestion,
  FoundContact,
  FoundDevice,
  FoundOrganization,
  FoundResource,
} from "../../decision/index.ts";
import { textArray } from "../array-literals.ts";
import { toFieldRecord } from "../json-columns.ts";
import type { Queryable, Statement } from "../statement.ts";
import { DEVICE_UDF, ORGANIZATION_UDF } from "../tickets/ticket-rows.ts";

/** Rows by the text that they answer; nothing is sent where nothing is asked. */
async function selectByKey<Row extends { key: string }>(
  db: Queryable,
  keys: readonly (string | undefined)[],
  statement: Omit<Statement, "values">,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const asked = [...new Set(keys.filter((key) => key !== undefined))];
  if (asked.length === 0) return new Map();
  const rows = await db.query<Row>({ ...statement, values: [textArray(asked, (key) => key)] });
  return Map.groupBy(rows, ({ key }) => key);
}

function mapRows<Row, Found>(
  rows: ReadonlyMap<string, readonly Row[]>,
  toFound: (row: Row) => Found,
): ReadonlyMap<string, readonly Found[]> {
  return new Map([...rows].map(([key, some]) => [key, some.map(toFound)]));
}

/* ---------- organizations ---------- */

interface OrganizationRow {
  key: string;
  id: string;
  name: string;
  tags: string[];
  udf: unknown;
  active: boolean;
}

const ORGANIZATION = `o.id, o.name, o.tags, ${ORGANIZATION_UDF} as udf, o.active`;

function toOrganization(row: Omit<OrganizationRow, "key">): FoundOrganization {
  return { id: row.id, name: row.name, tags: row.tags, udf: toFieldRecord(row.udf), active: row.active };
}

export async function selectOrganizationsByName(
  db: Queryable,
  nameKeys: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, readonly FoundOrganization[]>> {
  const rows = await selectByKey<OrganizationRow>(db, nameKeys, {
    name: "mail-organizations-by-name",
    text: `select k.key, ${ORGANIZATION} from unnest($1::text[]) as k (key) join organizations o on o.name_key = k.key`,
  });
  return mapRows(rows, toOrganization);
}

/** More than one is already too many; three show it. */
export async function selectOrganizationsByDomain(
  db: Queryable,
  domains: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, readonly FoundOrganization[]>> {
  const rows = await selectByKey<OrganizationRow>(db, domains, {
    name: "mail-organizations-by-domain",
    text: `select k.key, x.* from unnest($1::text[]) as k (key) cross join lateral (
        select ${ORGANIZATION} from organizations o where lower_all(o.domains) @> array[k.key] order by o.id limit 3) x
      order by x.id`,
  });
  return mapRows(rows, toOrganization);
}

/* ---------- persons ---------- */

interface WithOrganizationRow {
  key: string;
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

export async function selectContactsOf(
  db: Queryable,
  addresses: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, readonly FoundContact[]>> {
  const rows = await selectByKey<WithOrganizationRow & { email: string; position: number }>(db, addresses, {
    name: "mail-contacts-of",
    text: `select k.key, x.* from unnest($1::text[]) as k (key) cross join lateral (
        select c.id, c.name, c.active, c.emails[1] as email, array_position(lower_all(c.emails), k.key) as position,
          ${ITS_ORGANIZATION}
        from contacts c join organizations o on o.id = c.organization_id
        where lower_all(c.emails) @> array[k.key] order by position, c.id limit ${SHARING_MAX}) x
      order by x.position, x.id`,
  });
  return mapRows(rows, (row) => ({
    contact: { id: row.id, name: row.name, email: row.email },
    active: row.active,
    position: row.position,
    organization: itsOrganization(row),
  }));
}

export async function selectResourcesOf(
  db: Queryable,
  addresses: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, readonly FoundResource[]>> {
  const rows = await selectByKey<{
    key: string;
    id: string;
    name: string;
    email: string;
    active: boolean;
    roles: string[];
  }>(db, addresses, {
    name: "mail-resources-of",
    text: `select k.key, r.id, r.name, r.email, r.active, r.roles
      from unnest($1::text[]) as k (key) join resources r on r.email_key = k.key order by r.id`,
  });
  return mapRows(rows, ({ id, name, email, active, roles }) => ({
    resource: { id, name, email },
    active,
    roles,
  }));
}

/* ---------- devices ---------- */

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

export async function selectDevicesOf(
  db: Queryable,
  addresses: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, readonly FoundDevice[]>> {
  const rows = await selectByKey<DeviceRow>(db, addresses, {
    name: "mail-devices-of",
    text: `select k.key, x.* from unnest($1::text[]) as k (key) cross join lateral (
        ${DEVICE} where lower_all(d.addresses) @> array[k.key] order by d.id limit ${SHARING_MAX}) x
      order by x.id`,
  });
  return mapRows(rows, toDevice);
}

/* ---------- external ids ---------- */

/** What stands for an external id in the answers. */
export function externalKey({ sourceKey, id }: ExternalQuestion): string {
  return JSON.stringify([sourceKey, id]);
}

export async function selectOrganizationsByExternal(
  db: Queryable,
  questions: readonly (ExternalQuestion | undefined)[],
): Promise<ReadonlyMap<string, FoundOrganization>> {
  return await selectByExternal(db, questions, {
    name: "mail-organizations-by-external",
    select: `select ${ORGANIZATION} from organizations o join organization_external e on e.organization_id = o.id`,
    toFound: toOrganization,
  });
}

export async function selectDevicesByExternal(
  db: Queryable,
  questions: readonly (ExternalQuestion | undefined)[],
): Promise<ReadonlyMap<string, FoundDevice>> {
  return await selectByExternal(db, questions, {
    name: "mail-devices-by-external",
    select: `${DEVICE} join device_external e on e.device_id = d.id`,
    toFound: toDevice,
  });
}

/** An organization has what a device has but its organization. */
async function selectByExternal<Found>(
  db: Queryable,
  questions: readonly (ExternalQuestion | undefined)[],
  { name, select, toFound }: { name: string; select: string; toFound: (row: DeviceRow) => Found },
): Promise<ReadonlyMap<string, Found>> {
  const asked = [
    ...new Map(questions.flatMap((one) => (one === undefined ? [] : [[externalKey(one), one]]))).values(),
  ];
  if (asked.length === 0) return new Map();
  const rows = await db.query<DeviceRow & { asked: number }>({
    name,
    text: `select k.asked::integer as asked, x.*
      from unnest($1::text[], $2::text[]) with ordinality as k (source_key, external_id, asked) cross join lateral (
        ${select} where e.source_key = k.source_key and e.external_id = k.external_id) x`,
    values: [textArray(asked, ({ sourceKey }) => sourceKey), textArray(asked, ({ id }) => id)],
  });
  const found = new Map<string, Found>();
  for (const row of rows) {
    const question = asked[row.asked - 1];
    if (question !== undefined) found.set(externalKey(question), toFound(row));
  }
  return found;
}
