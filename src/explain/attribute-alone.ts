/**
 * Whose alert it is, among records that are all at hand: the same answer as the store's for a running server
 * (contract.md 4, Organization). Knows no store.
 */
import type { IncomingAlert } from "../engine/types.ts";
import { foldName } from "../domain/index.ts";
import type { Alert, DeviceReference, OrganizationReference } from "../domain/index.ts";

export interface ExternalId {
  readonly source: string;
  readonly id: string;
}

export interface KnownRecords {
  readonly own: OrganizationReference;
  readonly organizations: readonly (OrganizationReference & { readonly external: readonly ExternalId[] })[];
  readonly devices: readonly (DeviceReference & {
    readonly organizationId: string;
    readonly external: readonly ExternalId[];
  })[];
}

export function attributeAlone(id: string, incoming: IncomingAlert, records: KnownRecords): Alert {
  const organization = organizationOf(incoming, records);
  const device = organization.id === undefined ? undefined : deviceOf(incoming, organization.id, records);
  const { warnings: _warnings, organization: name, device: deviceName, ...members } = incoming;
  const asked = given(deviceName) ?? given(incoming.deviceId);
  return {
    ...members,
    id,
    organization: { asked: given(name) ?? given(incoming.customerId), ...organization },
    device:
      device === undefined
        ? { asked, id: undefined, name: given(deviceName), tags: [] }
        : { asked, id: device.id, name: device.name, tags: device.tags },
  };
}

/** The customer id, when mapped, wins over the name. Neither given: the own organization. */
function organizationOf(
  { source, customerId, organization }: IncomingAlert,
  { own, organizations }: KnownRecords,
): Omit<Alert["organization"], "asked"> {
  const name = given(organization);
  const known =
    organizations.find(({ external }) => isExternal(external, source, customerId)) ??
    [own, ...organizations].find((one) => name !== undefined && foldName(one.name) === foldName(name)) ??
    (name === undefined && given(customerId) === undefined ? own : undefined);
  if (known === undefined) return { id: undefined, name: name ?? given(customerId) ?? "", tags: [] };
  return { id: known.id, name: known.name, tags: known.tags };
}

function deviceOf(
  { source, device, deviceId }: IncomingAlert,
  organizationId: string,
  { devices }: KnownRecords,
): DeviceReference | undefined {
  const ofOrganization = devices.filter((one) => one.organizationId === organizationId);
  const name = given(device);
  return (
    ofOrganization.find(({ external }) => isExternal(external, source, deviceId)) ??
    ofOrganization.find((one) => name !== undefined && foldName(one.name) === foldName(name))
  );
}

function isExternal(external: readonly ExternalId[], source: string, id: string | undefined): boolean {
  const asked = given(id)?.trim();
  return (
    asked !== undefined &&
    external.some((one) => one.id.trim() === asked && foldName(one.source) === foldName(source))
  );
}

/** A blank name or id was not given. */
function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
