/** Organizations, devices, contacts and resources. */
import type { z } from "zod";
import { foldName } from "../../domain/index.ts";
import type { CsvRow } from "../../ingest/index.ts";
import {
  CONTACTS,
  DEVICES,
  ORGANIZATIONS,
  RESOURCES,
  selectByIdOrName,
  selectUdfs,
  type ContactRow,
  type Db,
  type DeviceRow,
  type NamedReference,
  type OrganizationRow,
  type ResourceRow,
} from "../../store/desk/index.ts";
import { Problem } from "../problem.ts";
import { shownUdf, withUdf } from "../record-fields.ts";
import type { Route } from "../route.ts";
import * as schemas from "../schemas/records.ts";
import { recordRoutes, type RecordDependencies, type RecordRoutes } from "./record-routes.ts";

/** Members that the body gives, without those that it leaves out. */
type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };
function given<T extends object>(body: T): Given<T> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Given<T>;
}

export const organizationRecords: RecordRoutes<
  OrganizationRow,
  typeof schemas.organizationIn,
  typeof schemas.organizationPatch
> = {
  kind: ORGANIZATIONS,
  path: "organizations",
  one: "organization",
  tag: "Organizations",
  input: schemas.organizationIn,
  patch: schemas.organizationPatch,
  output: schemas.organizationOut,
  merge: async (deps, body) => {
    const { udf, ...members } = given<z.output<typeof schemas.organizationPatch>>(body);
    const udfs = udf === undefined ? [] : await selectUdfs(deps.store);
    const blank: OrganizationRow = {
      id: "",
      name: "",
      external: [],
      domains: [],
      tags: [],
      udf: {},
      active: true,
    };
    return (current) => withUdf({ ...blank, ...current, ...members }, udf, "organization", udfs);
  },
  shown: async (deps) => {
    const udfs = await selectUdfs(deps.store);
    return (row) => ({ ...row, udf: shownUdf(row, "organization", udfs) });
  },
  fromCsv: (row) => fromCells(row, ["domains", "tags"], "Customer ID"),
  findSame: async (db, record) => (await selectByIdOrName(db, ORGANIZATIONS, record.name))[0]?.id,
  guard: (deps, current, next) => {
    const own = foldName(deps.config.ownOrganization);
    if (foldName(current.name) !== own) return;
    if (next?.active === false)
      throw new Problem(
        "wrong_state",
        "this is the record that TOCSIN_OWN_ORGANIZATION names: it takes what cannot be attributed, so it stays active",
      );
    if (next !== undefined && foldName(next.name) === own) return;
    if (next !== undefined)
      throw new Problem(
        "wrong_state",
        "this is the record that TOCSIN_OWN_ORGANIZATION names; change the setting too",
      );
    throw new Problem("still_referenced", "this is the record that TOCSIN_OWN_ORGANIZATION names", {
      references: [{ kind: "setting TOCSIN_OWN_ORGANIZATION", count: 1 }],
    });
  },
};

const deviceRecords: RecordRoutes<DeviceRow, typeof schemas.deviceIn, typeof schemas.devicePatch> = {
  kind: DEVICES,
  path: "devices",
  one: "device",
  tag: "Devices",
  input: schemas.deviceIn,
  patch: schemas.devicePatch,
  output: schemas.deviceOut,
  merge: async (deps, body) => {
    const { udf, organization: named, ...members } = given<z.output<typeof schemas.devicePatch>>(body);
    const organization = named === undefined ? undefined : await findOrganization(deps, named);
    const udfs = udf === undefined ? [] : await selectUdfs(deps.store);
    return (current) => {
      const blank: DeviceRow = {
        id: "",
        name: "",
        organization: { id: "", name: "" },
        external: [],
        tags: [],
        addresses: [],
        udf: {},
        active: true,
      };
      const next = {
        ...blank,
        ...current,
        ...members,
        ...(organization === undefined ? {} : { organization }),
      };
      return withUdf(next, udf, "device", udfs);
    };
  },
  shown: async (deps) => {
    const udfs = await selectUdfs(deps.store);
    return (row) => ({ ...row, udf: shownUdf(row, "device", udfs) });
  },
  fromCsv: (row) => fromCells(row, ["tags", "addresses"], "Device ID"),
  findSame: async (db, record) => await inOrganization(db, DEVICES, record.name, record.organization.id),
};

const contactRecords: RecordRoutes<ContactRow, typeof schemas.contactIn, typeof schemas.contactPatch> = {
  kind: CONTACTS,
  path: "contacts",
  one: "contact",
  tag: "Contacts",
  input: schemas.contactIn,
  patch: schemas.contactPatch,
  output: schemas.contactOut,
  merge: async (deps, body) => {
    const { organization: named, ...members } = given<z.output<typeof schemas.contactPatch>>(body);
    const organization = named === undefined ? undefined : await findOrganization(deps, named);
    return (current) => ({
      first_name: "",
      last_name: "",
      emails: [],
      organization: { id: "", name: "" },
      active: true,
      ...current,
      ...members,
      ...(organization === undefined ? {} : { organization }),
    });
  },
  shown: async () => (row) => row,
  fromCsv: (row) => fromCells(row, ["emails"], undefined),
  findSame: async (db, record) => {
    const name = `${record.first_name} ${record.last_name}`.trim() || (record.emails[0] ?? "");
    return await inOrganization(db, CONTACTS, name, record.organization.id);
  },
};

const resourceRecords: RecordRoutes<ResourceRow, typeof schemas.resourceIn, typeof schemas.resourcePatch> = {
  kind: RESOURCES,
  path: "resources",
  one: "resource",
  tag: "Resources",
  input: schemas.resourceIn,
  patch: schemas.resourcePatch,
  output: schemas.resourceOut,
  merge: async (_deps, body) => {
    const members = given<z.output<typeof schemas.resourcePatch>>(body);
    return (current) => ({ name: "", email: "", roles: [], active: true, ...current, ...members });
  },
  shown: async () => (row) => row,
  fromCsv: (row) => fromCells(row, ["roles"], undefined),
  findSame: async (db, record) => {
    const sameName = await selectByIdOrName(db, RESOURCES, record.name);
    return sameName.find((row) => foldName(row.email) === foldName(record.email))?.id;
  },
};

/** Throws: Problem `unknown_reference`. */
async function findOrganization(deps: RecordDependencies, named: string): Promise<NamedReference> {
  const [found] = await selectByIdOrName(deps.store, ORGANIZATIONS, named);
  if (found !== undefined) return { id: found.id, name: found.name };
  const message = `there is no organization \`${named}\``;
  throw new Problem("unknown_reference", message, { errors: [{ path: "organization", message }] });
}

async function inOrganization<Row extends { readonly id: string; readonly organization: NamedReference }>(
  db: Db,
  kind: Parameters<typeof selectByIdOrName<Row>>[1],
  name: string,
  organizationId: string,
): Promise<string | undefined> {
  const named = await selectByIdOrName(db, kind, name);
  return named.find((row) => row.organization.id === organizationId)?.id;
}

/**
 * Cells by member: lists stand between `;`, `active` is true or false, `Datto RMM Customer ID` is the external id of
 * Datto RMM. Other columns go through as they are, so that the schema refuses what it does not know.
 */
function fromCells(
  row: CsvRow,
  lists: readonly string[],
  externalSuffix: string | undefined,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const external: { source: string; id: string }[] = [];
  for (const [column, cell] of row.cells) {
    if (externalSuffix !== undefined && column.endsWith(` ${externalSuffix}`))
      external.push({ source: column.slice(0, -externalSuffix.length - 1), id: cell });
    else if (lists.includes(column))
      body[column] = cell
        .split(";")
        .map((part) => part.trim())
        .filter((part) => part !== "");
    else if (column === "active")
      body[column] = /^(?:true|yes|1)$/iu.test(cell) ? true : /^(?:false|no|0)$/iu.test(cell) ? false : cell;
    else body[column] = cell;
  }
  return external.length === 0 ? body : { ...body, external };
}

export const records: readonly Route[] = [
  ...recordRoutes(organizationRecords),
  ...recordRoutes(deviceRecords),
  ...recordRoutes(contactRecords),
  ...recordRoutes(resourceRecords),
];
