/** Finds whose alert it is: the mapped organization and, within it, the device (contract.md 4, Organization). */
import type { DeviceReference, OrganizationReference } from "../../domain/index.ts";
import { textArray } from "../array-literals.ts";
import { toFieldRecord } from "../json-columns.ts";
import type { Queryable } from "../statement.ts";
import { DEVICE_UDF, ORGANIZATION_UDF } from "../tickets/ticket-rows.ts";

/** What an alert said, as it compares: names and sources folded. */
export interface AttributionQuestion {
  readonly sourceKey: string;
  readonly customerId: string | undefined;
  readonly organizationKey: string | undefined;
  readonly deviceId: string | undefined;
  readonly deviceKey: string | undefined;
}

export interface Attribution {
  readonly organization: OrganizationReference | undefined;
  readonly device: DeviceReference | undefined;
}

/* The customer id, when mapped, wins over the name. Neither given: the own organization, so that its devices are found. */
const SQL = `select o.id, o.name, o.tags, ${ORGANIZATION_UDF} as udf,
  d.id as device_id, d.name as device_name, d.tags as device_tags, ${DEVICE_UDF} as device_udf
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
  as q (source_key, customer_id, organization_key, device_id, device_key, n)
left join organization_external oe on oe.source_key = q.source_key and oe.external_id = q.customer_id
left join organizations byname on byname.name_key = q.organization_key
left join organizations o on o.id = coalesce(oe.organization_id, byname.id,
  case when q.customer_id is null and q.organization_key is null then $6 end)
left join device_external de on de.source_key = q.source_key and de.external_id = q.device_id
left join devices byid on byid.id = de.device_id and byid.organization_id = o.id
left join devices bykey on bykey.organization_id = o.id and bykey.name_key = q.device_key
left join devices d on d.id = coalesce(byid.id, bykey.id)
order by q.n`;

interface Row {
  id: string | null;
  name: string;
  tags: string[];
  udf: unknown;
  device_id: string | null;
  device_name: string;
  device_tags: string[];
  device_udf: unknown;
}

/** One answer a question, in order. */
export async function selectAttribution(
  db: Queryable,
  questions: readonly AttributionQuestion[],
  ownOrganizationId: string,
): Promise<readonly Attribution[]> {
  if (questions.length === 0) return [];
  const rows = await db.query<Row>({
    name: "select-attribution",
    text: SQL,
    values: [
      textArray(questions, (question) => question.sourceKey),
      textArray(questions, (question) => question.customerId),
      textArray(questions, (question) => question.organizationKey),
      textArray(questions, (question) => question.deviceId),
      textArray(questions, (question) => question.deviceKey),
      ownOrganizationId,
    ],
  });
  return rows.map(toAttribution);
}

function toAttribution(row: Row): Attribution {
  return {
    organization:
      row.id === null
        ? undefined
        : { id: row.id, name: row.name, tags: row.tags, udf: toFieldRecord(row.udf) },
    device:
      row.device_id === null
        ? undefined
        : {
            id: row.device_id,
            name: row.device_name,
            tags: row.device_tags,
            udf: toFieldRecord(row.device_udf),
          },
  };
}
