/** Loads the records that rules and requests name: organizations, resources, devices and contacts, by id or by name, people also by mail address. */
import { parseRecordKey } from "../../decision/index.ts";
import type { RecordAddress, RecordReference } from "../../decision/index.ts";
import { plainArray, textArray } from "../array-literals.ts";
import { toFieldRecord } from "../json-columns.ts";
import type { Queryable } from "../statement.ts";
import { DEVICE_UDF, ORGANIZATION_UDF } from "../tickets/ticket-rows.ts";

/** What is asked about one kind: `n` finds the key again. */
interface Question {
  readonly key: string;
  readonly address: RecordAddress;
}

interface Row {
  n: number;
  id: string;
  name: string;
  tags: string[] | null;
  udf: unknown;
  email: string | null;
  organization_id: string | null;
}

const ASKED = `unnest($1::text[], $2::text[], $3::text[]) with ordinality as q (id, organization_id, name_key, n)`;
/** Two people may have one name: the first that was made stands for it, active ones before others. */
const SQL: Readonly<Record<RecordAddress["kind"], string>> = {
  organization: `select q.n, o.id, o.name, o.tags, ${ORGANIZATION_UDF} as udf, null as email, null as organization_id
from ${ASKED} join organizations o on o.id = q.id or (q.id is null and o.name_key = q.name_key)`,
  device: `select q.n, d.id, d.name, d.tags, ${DEVICE_UDF} as udf, null as email, d.organization_id
from ${ASKED} join devices d on d.id = q.id
  or (q.id is null and d.organization_id = q.organization_id and d.name_key = q.name_key)`,
  contact: `select q.n, c.id, c.name, null as tags, null as udf, c.emails[1] as email, c.organization_id
from ${ASKED} cross join lateral (
  select * from contacts c where c.id = q.id
    or (q.id is null and c.organization_id = q.organization_id
      and (c.name_key = q.name_key or lower_all(c.emails) @> array[lower(q.name_key)]))
  order by (c.name_key = q.name_key) desc, c.active desc, c.id limit 1) c`,
  resource: `select q.n, r.id, r.name, null as tags, null as udf, r.email, null as organization_id
from ${ASKED} cross join lateral (
  select * from resources r where r.id = q.id
    or (q.id is null and (r.name_key = q.name_key or r.email_key = q.name_key))
  order by r.active desc, r.id limit 1) r`,
};

/** A record and, for devices and contacts, whose it is. */
export type LoadedRecord = RecordReference & { readonly organizationId: string | undefined };

/** By record key (`recordKey`); those that do not exist map to undefined. */
export async function loadRecords(
  db: Queryable,
  keys: readonly string[],
): Promise<ReadonlyMap<string, LoadedRecord | undefined>> {
  const records = new Map<string, LoadedRecord | undefined>(keys.map((key) => [key, undefined]));
  const questions = keys.map((key): Question => ({ key, address: parseRecordKey(key) }));
  const kinds = new Set(questions.map(({ address }) => address.kind));
  await Promise.all(
    [...kinds].map(async (kind) => {
      const asked = questions.filter(({ address }) => address.kind === kind);
      for (const row of await ask(db, kind, asked)) {
        const question = asked[row.n - 1];
        if (question !== undefined) records.set(question.key, toRecord(kind, row));
      }
    }),
  );
  return records;
}

async function ask(
  db: Queryable,
  kind: RecordAddress["kind"],
  questions: readonly Question[],
): Promise<readonly Row[]> {
  return await db.query<Row>({
    name: `select-${kind}-records`,
    text: SQL[kind],
    values: [
      textArray(questions, ({ address }) => (address.by === "id" ? address.id : undefined)),
      plainArray(questions, ({ address }) =>
        "organizationId" in address ? address.organizationId : undefined,
      ),
      textArray(questions, ({ address }) => (address.by === "name" ? address.name : undefined)),
    ],
  });
}

function toRecord(kind: RecordAddress["kind"], row: Row): LoadedRecord {
  const organizationId = row.organization_id ?? undefined;
  if (kind === "contact" || kind === "resource")
    return { kind, id: row.id, name: row.name, email: row.email ?? undefined, organizationId };
  return {
    kind,
    id: row.id,
    name: row.name,
    tags: row.tags ?? [],
    udf: toFieldRecord(row.udf ?? {}),
    organizationId,
  };
}
