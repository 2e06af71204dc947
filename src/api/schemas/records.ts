/** Shapes of organizations, devices, contacts and resources. */
import { z } from "zod";
import { UDFS_MAX } from "../../domain/index.ts";
import { fieldValue, nameOrId, reference, shortText, tags } from "./shared-shapes.ts";

const EXTERNALS_MAX = 100;
const EMAILS_MAX = 3;
const LIST_MAX = 100;
/** What 0001_desk.sql lets an external id have. */
const EXTERNAL_ID_CHARACTERS_MAX = 500;

const externalIn = z
  .array(
    z.strictObject({
      source: shortText,
      id: z.string().trim().min(1, "must not be blank").max(EXTERNAL_ID_CHARACTERS_MAX),
    }),
  )
  .max(EXTERNALS_MAX);
const externalOut = z.array(z.object({ source: z.string(), id: z.string() }));
const udfIn = z
  .record(z.string(), fieldValue.nullable())
  .refine((udf) => Object.keys(udf).length <= UDFS_MAX, `must have at most ${UDFS_MAX} fields`);
const udfOut = z.record(z.string(), fieldValue);
const email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/u, "must be a mail address");

const organization = {
  name: shortText,
  external: externalIn,
  domains: z.array(shortText.toLowerCase()).max(LIST_MAX),
  tags,
  udf: udfIn,
  active: z.boolean(),
};
export const organizationIn = z
  .strictObject(organization)
  .partial()
  .required({ name: true })
  .meta({ id: "OrganizationIn" });
export const organizationPatch = z.strictObject(organization).partial().meta({ id: "OrganizationPatch" });
export const organizationOut = z
  .object({
    id: z.string(),
    name: z.string(),
    external: externalOut,
    domains: z.array(z.string()),
    tags: z.array(z.string()),
    udf: udfOut,
    active: z.boolean(),
  })
  .meta({
    id: "Organization",
    description: '`external` of partner X is the field "X Customer ID" of `udf`: two views of one value',
  });

const device = {
  name: shortText,
  organization: nameOrId,
  external: externalIn,
  tags,
  addresses: z.array(email).max(LIST_MAX),
  udf: udfIn,
  active: z.boolean(),
};
export const deviceIn = z
  .strictObject(device)
  .partial()
  .required({ name: true, organization: true })
  .meta({ id: "DeviceIn" });
export const devicePatch = z.strictObject(device).partial().meta({ id: "DevicePatch" });
export const deviceOut = z
  .object({
    id: z.string(),
    name: z.string(),
    organization: reference,
    external: externalOut,
    tags: z.array(z.string()),
    addresses: z.array(z.string()),
    udf: udfOut,
    active: z.boolean(),
  })
  .meta({
    id: "Device",
    description: '`external` of partner X is the field "X Device ID" of `udf`: two views of one value',
  });

const contact = {
  first_name: z.string().trim().max(250),
  last_name: z.string().trim().max(250),
  emails: z.array(email).min(1, "must hold an address").max(EMAILS_MAX),
  organization: nameOrId,
  active: z.boolean(),
};
export const contactIn = z
  .strictObject(contact)
  .partial()
  .required({ emails: true, organization: true })
  .meta({ id: "ContactIn" });
export const contactPatch = z.strictObject(contact).partial().meta({ id: "ContactPatch" });
export const contactOut = z
  .object({
    id: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    emails: z.array(z.string()),
    organization: reference,
    active: z.boolean(),
  })
  .meta({ id: "Contact" });

const resource = { name: shortText, email, roles: z.array(shortText).max(LIST_MAX), active: z.boolean() };
export const resourceIn = z
  .strictObject(resource)
  .partial()
  .required({ name: true, email: true })
  .meta({ id: "ResourceIn" });
export const resourcePatch = z.strictObject(resource).partial().meta({ id: "ResourcePatch" });
export const resourceOut = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.string()),
    active: z.boolean(),
  })
  .meta({ id: "Resource" });

export const importOut = z
  .object({ created: z.number().int(), updated: z.number().int() })
  .meta({ id: "Imported" });
