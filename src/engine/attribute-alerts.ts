/** Incoming alerts become alerts of ours: an id, the organization and the device that they mean. Asks the store, writes nothing. */
import { foldName } from "../domain/index.ts";
import type { Alert, MappedReference, OrganizationReference } from "../domain/index.ts";
import { recordKey } from "../decision/index.ts";
import type { RecordReference } from "../decision/index.ts";
import { selectAttribution } from "../store/index.ts";
import type { Attribution, AttributionQuestion, Queryable } from "../store/index.ts";
import type { IncomingAlert } from "./types.ts";

export interface IdentifiedAlert {
  readonly id: string;
  readonly incoming: IncomingAlert;
}

export interface AttributedAlerts {
  /** In the order given. */
  readonly alerts: readonly Alert[];
  /** The records that were found, as the decision will ask for them. */
  readonly records: ReadonlyMap<string, RecordReference>;
  /** How many named an organization that is not known. */
  readonly unmapped: number;
}

export async function attributeAlerts(
  db: Queryable,
  identified: readonly IdentifiedAlert[],
  ownOrganization: OrganizationReference,
): Promise<AttributedAlerts> {
  // Alerts of one batch often come from one place: each question is asked once.
  const indexByQuestion = new Map<string, number>();
  const questions: AttributionQuestion[] = [];
  const indexes = identified.map(({ incoming }) => {
    const question = toQuestion(incoming);
    const text = JSON.stringify(Object.values(question).map((part) => part ?? null));
    const known = indexByQuestion.get(text);
    if (known !== undefined) return known;
    indexByQuestion.set(text, questions.length);
    return questions.push(question) - 1;
  });
  const answers = await selectAttribution(db, questions, ownOrganization.id);
  const alerts = identified.map(({ id, incoming }, i) =>
    toAlert(id, incoming, answers[indexes[i] ?? 0] ?? NOTHING_FOUND),
  );
  return {
    alerts,
    records: recordsOf(answers),
    unmapped: alerts.filter((alert) => alert.organization.id === undefined).length,
  };
}

const NOTHING_FOUND: Attribution = { organization: undefined, device: undefined };

/** A blank name or id was not given. */
function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

function toQuestion(incoming: IncomingAlert): AttributionQuestion {
  const organization = given(incoming.organization);
  const device = given(incoming.device);
  return {
    sourceKey: foldName(incoming.source),
    customerId: given(incoming.customerId)?.trim(),
    organizationKey: organization === undefined ? undefined : foldName(organization),
    deviceId: given(incoming.deviceId)?.trim(),
    deviceKey: device === undefined ? undefined : foldName(device),
  };
}

function toAlert(id: string, incoming: IncomingAlert, found: Attribution): Alert {
  return {
    id,
    receivedAt: incoming.receivedAt,
    source: incoming.source,
    title: incoming.title,
    description: incoming.description,
    severity: incoming.severity,
    status: incoming.status,
    alertId: incoming.alertId,
    ticketId: incoming.ticketId,
    deliveryId: incoming.deliveryId,
    customerId: incoming.customerId,
    deviceId: incoming.deviceId,
    occurredAt: incoming.occurredAt,
    tags: incoming.tags,
    fields: incoming.fields,
    organization: toOrganization(incoming, found),
    device: toDevice(incoming, found),
  };
}

/** Neither name nor id given: the store has answered with the own organization. */
function toOrganization(incoming: IncomingAlert, { organization }: Attribution): Alert["organization"] {
  const asked = given(incoming.organization) ?? given(incoming.customerId);
  if (organization === undefined) return { asked, id: undefined, name: asked ?? "", tags: [] };
  return { asked, id: organization.id, name: organization.name, tags: organization.tags };
}

function toDevice(incoming: IncomingAlert, { device }: Attribution): MappedReference {
  const asked = given(incoming.device) ?? given(incoming.deviceId);
  if (device === undefined) return { asked, id: undefined, name: given(incoming.device), tags: [] };
  return { asked, id: device.id, name: device.name, tags: device.tags };
}

function recordsOf(answers: readonly Attribution[]): ReadonlyMap<string, RecordReference> {
  const records = new Map<string, RecordReference>();
  for (const { organization, device } of answers) {
    if (organization !== undefined) {
      const key = recordKey({ kind: "organization", by: "id", id: organization.id });
      records.set(key, { kind: "organization", ...organization });
    }
    if (device !== undefined) {
      records.set(recordKey({ kind: "device", by: "id", id: device.id }), { kind: "device", ...device });
    }
  }
  return records;
}
