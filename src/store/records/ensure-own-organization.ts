/** The record that takes what cannot be attributed (TOCSIN_OWN_ORGANIZATION): found by name, made when missing. */
import { foldName } from "../../domain/index.ts";
import type { OrganizationReference } from "../../domain/index.ts";
import { toFieldRecord } from "../json-columns.ts";
import type { NewId } from "../new-id.ts";
import type { Queryable } from "../statement.ts";
import { ORGANIZATION_UDF } from "../tickets/ticket-rows.ts";

interface Row {
  id: string;
  name: string;
  tags: string[];
  udf: unknown;
}

export async function ensureOwnOrganization(
  db: Queryable,
  name: string,
  newId: NewId,
  at: number,
): Promise<OrganizationReference> {
  await db.query({
    text: `insert into organizations (id, name, name_key) values ($1, $2, $3) on conflict (name_key) do nothing`,
    values: [newId("og", at), name.trim().normalize("NFC"), foldName(name)],
  });
  const [row] = await db.query<Row>({
    text: `select o.id, o.name, o.tags, ${ORGANIZATION_UDF} as udf from organizations o where name_key = $1`,
    values: [foldName(name)],
  });
  if (row === undefined) throw new Error("the own organization was deleted while it was made");
  return { id: row.id, name: row.name, tags: row.tags, udf: toFieldRecord(row.udf) };
}
