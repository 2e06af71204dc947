/** The four kinds of record: their members, their statements, and who may refer to them. */
import { foldName } from "../../domain/index.ts";
import type { Transaction } from "../statement.ts";
import type { RecordKind } from "./records.ts";
import type { NamedReference } from "./tickets.ts";

export interface External {
  readonly source: string;
  readonly id: string;
}

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly external: readonly External[];
  readonly domains: readonly string[];
  readonly tags: readonly string[];
  /** Without the fields that are `external`. */
  readonly udf: Readonly<Record<string, unknown>>;
  readonly active: boolean;
}

export interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly organization: NamedReference;
  readonly external: readonly External[];
  readonly tags: readonly string[];
  readonly addresses: readonly string[];
  readonly udf: Readonly<Record<string, unknown>>;
  readonly active: boolean;
}

export interface ContactRow {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly emails: readonly string[];
  readonly organization: NamedReference;
  readonly active: boolean;
}

export interface ResourceRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly active: boolean;
}

const external = (table: string, column: string): string =>
  `coalesce((select json_agg(json_build_object('source', e.source, 'id', e.external_id) order by e.source_key)
    from ${table} e where e.${column} = x.id), '[]') as external`;

async function writeExternal(
  transaction: Transaction,
  table: "organization_external" | "device_external",
  column: "organization_id" | "device_id",
  row: { readonly id: string; readonly external: readonly External[] },
): Promise<void> {
  await transaction.query({ text: `delete from ${table} where ${column} = $1`, values: [row.id] });
  if (row.external.length === 0) return;
  await transaction.query({
    text: `insert into ${table} (${column}, source, source_key, external_id)
      select $1, * from unnest($2::text[], $3::text[], $4::text[])`,
    values: [
      row.id,
      row.external.map((one) => one.source),
      row.external.map((one) => foldName(one.source)),
      row.external.map((one) => one.id),
    ],
  });
}

const EXTERNAL_TAKEN = { path: "external", message: "another record has this id of this source" } as const;
const EXTERNAL_TWICE = { path: "external", message: "one source can have one id only" } as const;

const organizationValues = (row: OrganizationRow): unknown[] => [
  row.id,
  row.name,
  foldName(row.name),
  row.domains,
  row.tags,
  JSON.stringify(row.udf),
  row.active,
];

export const ORGANIZATIONS: RecordKind<OrganizationRow> = {
  table: "organizations",
  prefix: "og",
  select: `select x.id, x.name, ${external("organization_external", "organization_id")}, x.domains, x.tags, x.udf, x.active
    from organizations x`,
  insert: async (transaction, row) => {
    await transaction.query({
      text: `insert into organizations (id, name, name_key, domains, tags, udf, active) values ($1, $2, $3, $4, $5, $6, $7)`,
      values: organizationValues(row),
    });
    await writeExternal(transaction, "organization_external", "organization_id", row);
  },
  update: async (transaction, row) => {
    await transaction.query({
      text: `update organizations set name = $2, name_key = $3, domains = $4, tags = $5, udf = $6, active = $7,
        updated_at = now() where id = $1`,
      values: organizationValues(row),
    });
    await writeExternal(transaction, "organization_external", "organization_id", row);
  },
  taken: {
    organizations_name_key_key: { path: "name", message: "another organization has this name" },
    organization_external_source_key_external_id_key: EXTERNAL_TAKEN,
    organization_external_pkey: EXTERNAL_TWICE,
  },
  references: [
    { by: "tickets", count: "select count(*) from tickets where organization_id = $1" },
    { by: "devices", count: "select count(*) from devices where organization_id = $1" },
    { by: "contacts", count: "select count(*) from contacts where organization_id = $1" },
    { by: "alerts", count: "select count(*) from alerts where organization_id = $1" },
    { by: "projects", count: "select count(*) from projects where organization_id = $1" },
  ],
};

const deviceValues = (row: DeviceRow): unknown[] => [
  row.id,
  row.organization.id,
  row.name,
  foldName(row.name),
  row.tags,
  row.addresses.map((address) => address.toLowerCase()),
  JSON.stringify(row.udf),
  row.active,
];

export const DEVICES: RecordKind<DeviceRow> = {
  table: "devices",
  prefix: "dv",
  select: `select x.id, x.name, json_build_object('id', o.id, 'name', o.name) as organization,
      ${external("device_external", "device_id")}, x.tags, x.addresses, x.udf, x.active
    from devices x join organizations o on o.id = x.organization_id`,
  insert: async (transaction, row) => {
    await transaction.query({
      text: `insert into devices (id, organization_id, name, name_key, tags, addresses, udf, active)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: deviceValues(row),
    });
    await writeExternal(transaction, "device_external", "device_id", row);
  },
  update: async (transaction, row) => {
    await transaction.query({
      text: `update devices set organization_id = $2, name = $3, name_key = $4, tags = $5, addresses = $6, udf = $7,
        active = $8, updated_at = now() where id = $1`,
      values: deviceValues(row),
    });
    await writeExternal(transaction, "device_external", "device_id", row);
  },
  taken: {
    devices_organization_id_name_key_key: {
      path: "name",
      message: "another device of this organization has this name",
    },
    device_external_source_key_external_id_key: EXTERNAL_TAKEN,
    device_external_pkey: EXTERNAL_TWICE,
  },
  references: [
    { by: "tickets", count: "select count(*) from tickets where device_id = $1" },
    { by: "alerts", count: "select count(*) from alerts where device_id = $1" },
  ],
};

/** "first last", as references show it; the first address where neither is known. */
export function contactName(row: Pick<ContactRow, "first_name" | "last_name" | "emails">): string {
  return `${row.first_name} ${row.last_name}`.trim() || (row.emails[0] ?? "");
}

const contactValues = (row: ContactRow): unknown[] => [
  row.id,
  row.organization.id,
  row.first_name,
  row.last_name,
  contactName(row),
  foldName(contactName(row)),
  row.emails,
  row.active,
];

export const CONTACTS: RecordKind<ContactRow> = {
  table: "contacts",
  prefix: "ct",
  select: `select x.id, x.first_name, x.last_name, x.emails, json_build_object('id', o.id, 'name', o.name) as organization, x.active
    from contacts x join organizations o on o.id = x.organization_id`,
  insert: async (transaction, row) => {
    await transaction.query({
      text: `insert into contacts (id, organization_id, first_name, last_name, name, name_key, emails, active)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: contactValues(row),
    });
  },
  update: async (transaction, row) => {
    await transaction.query({
      text: `update contacts set organization_id = $2, first_name = $3, last_name = $4, name = $5, name_key = $6,
        emails = $7, active = $8, updated_at = now() where id = $1`,
      values: contactValues(row),
    });
  },
  taken: {},
  references: [{ by: "tickets", count: "select count(*) from tickets where contact_id = $1" }],
};

const resourceValues = (row: ResourceRow): unknown[] => [
  row.id,
  row.name,
  foldName(row.name),
  row.email,
  foldName(row.email),
  row.roles,
  row.active,
];

export const RESOURCES: RecordKind<ResourceRow> = {
  table: "resources",
  prefix: "rs",
  select: "select x.id, x.name, x.email, x.roles, x.active from resources x",
  insert: async (transaction, row) => {
    await transaction.query({
      text: "insert into resources (id, name, name_key, email, email_key, roles, active) values ($1, $2, $3, $4, $5, $6, $7)",
      values: resourceValues(row),
    });
  },
  update: async (transaction, row) => {
    await transaction.query({
      text: `update resources set name = $2, name_key = $3, email = $4, email_key = $5, roles = $6, active = $7,
        updated_at = now() where id = $1`,
      values: resourceValues(row),
    });
  },
  taken: { resources_email_key_key: { path: "email", message: "another resource has this address" } },
  references: [
    { by: "tickets", count: "select count(*) from tickets where assigned_resource_id = $1" },
    { by: "tasks", count: "select count(*) from tasks where assigned_resource_id = $1" },
  ],
};
