/** API keys: shown once when made, kept as hashes. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { insertAudit, insertKey, keyExists, revokeKey, selectKeys } from "../../store/desk/index.ts";
import { hashKey } from "../key-ring.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { notFound } from "../problem.ts";
import { ROLES } from "../roles.ts";
import { route, type Route } from "../route.ts";
import { listOf, moment, pageQuery, shortText, time } from "../schemas/shared-shapes.ts";

const tag = "Keys";

const keyOut = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    actor: z.enum(["staff", "contact", "integration"]),
    integration: z.string().nullable(),
    created_at: time,
    expires_at: time.nullable(),
  })
  .meta({ id: "Key" });

const keyIn = z
  .strictObject({
    name: shortText,
    role: z.enum(ROLES),
    actor: z.enum(["staff", "contact", "integration"]).optional(),
    integration: shortText.optional().meta({ description: "the only source that this key may send for" }),
    expires_at: moment.optional(),
  })
  .meta({ id: "KeyIn" });

/** 256 random bits behind a prefix that leak scanners can look for. */
export function makeKeyText(): string {
  return `tocsin_${randomBytes(32).toString("base64url")}`;
}

const listKeys = route({
  method: "GET",
  path: "/api/v1/keys",
  permission: "admin",
  tag,
  summary: "Keys that work, newest first; never the keys themselves",
  query: z.object(pageQuery),
  answers: { 200: { description: "a page", schema: listOf(keyOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => pageAnswer(await selectKeys(deps.store, pageRequest(query)), (row) => row),
});

const createKey = route({
  method: "POST",
  path: "/api/v1/keys",
  permission: "admin",
  tag,
  summary: "Make a key; the answer shows it once",
  body: keyIn,
  answers: {
    201: { description: "made", schema: keyOut.extend({ key: z.string() }).meta({ id: "NewKey" }) },
  },
  problems: [],
  run: async ({ deps, body, by }) => {
    const key = makeKeyText();
    const row = await insertKey(deps.store, {
      name: body.name,
      role: body.role,
      actor: body.actor ?? (body.role === "ingest" ? "integration" : "staff"),
      integration: body.integration,
      expiresAt: body.expires_at,
      createdBy: by.name,
      hash: hashKey(key),
    });
    await insertAudit(deps.store, by, "key created", row?.id, { name: body.name, role: body.role });
    return { status: 201, body: { ...row, key } };
  },
});

const deleteKey = route({
  method: "DELETE",
  path: "/api/v1/keys/{id}",
  permission: "admin",
  tag,
  summary: "Revoke a key; other server processes follow within 5 seconds",
  answers: { 204: { description: "revoked" } },
  problems: ["not_found"],
  exists: async (deps, params) => {
    if (!(await keyExists(deps.store, params["id"] ?? ""))) throw notFound("there is no key of this id");
  },
  run: async ({ deps, params, by }) => {
    const id = params["id"] ?? "";
    const hash = await revokeKey(deps.store, id);
    if (hash !== undefined) deps.keys.forget(hash);
    await insertAudit(deps.store, by, "key revoked", id);
    return { status: 204 };
  },
});

export const keys: readonly Route[] = [listKeys, createKey, deleteKey];
