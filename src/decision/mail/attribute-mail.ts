/**
 * Whose a mail is. People's mail by IEP-6 to IEP-10: resource, contact or device, number in the subject, domain,
 * fallback, nobody. Token mail by ATES-5 to ATES-11 (attribute-token.ts). Decides nothing about what it becomes.
 */
import type { Actor, OrganizationReference } from "../../domain/index.ts";
import type { MailboxIr } from "../../compiler/index.ts";
import { attributeToken } from "./attribute-token.ts";
import { acceptedToken, senderOf } from "./mail-questions.ts";
import type { FoundContact, FoundDevice, MailAttribution, MailFindings, MailToDecide } from "./mail-types.ts";

export interface AttributionInput {
  readonly mail: MailToDecide;
  readonly mailbox: MailboxIr;
  readonly found: Omit<MailFindings, "duplicates">;
  readonly ownOrganization: OrganizationReference;
}

export function attributeMail(input: AttributionInput): MailAttribution {
  const token = acceptedToken(input.mail, input.mailbox);
  if (token !== undefined) return attributeToken(input, token);
  const { found } = input;
  return (
    byResource(input) ??
    byContact(input, found.contacts) ??
    byDevice(input, found.devices) ??
    byDomain(input) ??
    byNumber(input) ??
    byFallback(input) ??
    attribution(input, {
      how: "nobody",
      why: "no contact, resource, domain or fallback organization fits its sender",
    })
  );
}

function attribution(
  { mail }: AttributionInput,
  parts: Pick<MailAttribution, "how" | "why"> & Partial<MailAttribution>,
): MailAttribution {
  return {
    by: strangerOf(mail),
    organization: undefined,
    contact: undefined,
    device: undefined,
    roles: [],
    newContact: undefined,
    messages: [],
    refused: undefined,
    ...parts,
  };
}

/** A person whom nobody knows: named as the mail names itself. */
export function strangerOf({ read, envelopeFrom }: Pick<MailToDecide, "read" | "envelopeFrom">): Actor {
  const address = senderOf(read) ?? envelopeFrom.trim();
  return { kind: "contact", name: address === "" ? "unknown sender" : address };
}

/** IEP-9: the first active one. A resource works for the own organization. */
function byResource(input: AttributionInput): MailAttribution | undefined {
  const { resources } = input.found;
  const one = resources.find(({ active }) => active) ?? resources[0];
  if (one === undefined) return undefined;
  const { resource, roles, active } = one;
  return attribution(input, {
    how: "resource",
    why: `its sender is the resource ${resource.name}`,
    by: { kind: "staff", name: resource.name },
    organization: input.ownOrganization,
    roles,
    refused: active ? undefined : `the resource ${resource.name} is inactive`,
  });
}

function byContact(input: AttributionInput, contacts: readonly FoundContact[]): MailAttribution | undefined {
  const [any] = contacts;
  if (any === undefined) return undefined;
  const active = contacts.filter((one) => one.active && one.organization.active);
  const [one] = active;
  if (one === undefined) {
    const { contact, organization } = any;
    return attribution(input, {
      how: "contact",
      why: `its sender is the contact ${contact.name} of ${organization.name}`,
      by: { kind: "contact", name: contact.name },
      refused: any.active
        ? `the organization ${organization.name} is inactive`
        : `the contact ${contact.name} is inactive`,
    });
  }
  const organizations = new Set(active.map(({ organization }) => organization.id));
  if (organizations.size > 1) return byAmbiguousContact(input, active);
  return attribution(input, {
    how: "contact",
    why: `its sender is the contact ${one.contact.name} of ${one.organization.name}`,
    by: { kind: "contact", name: one.contact.name },
    organization: one.organization,
    contact: one.contact,
  });
}

/** One address in two organizations: where nothing tells which, the own organization decides by hand (as ATES-7). */
function byAmbiguousContact(input: AttributionInput, contacts: readonly FoundContact[]): MailAttribution {
  const names = [...new Set(contacts.map(({ organization }) => organization.name))].sort();
  return attribution(input, {
    how: "contact",
    why: `its sender is a contact of several organizations: ${names.join(", ")}`,
    organization: input.ownOrganization,
    messages: [
      `The sender's address belongs to contacts of several organizations (${names.join(", ")}): nobody was attached.`,
    ],
  });
}

/** A12: an address that stands for a device; a contact wins. */
function byDevice(input: AttributionInput, devices: readonly FoundDevice[]): MailAttribution | undefined {
  const one = devices.find(({ active, organization }) => active && organization.active);
  if (one === undefined) return undefined;
  const { device, organization } = one;
  return attribution(input, {
    how: "device",
    why: `its sender's address stands for the device ${device.name} of ${organization.name}`,
    by: { kind: "integration", name: device.name },
    organization,
    device,
  });
}

/** IEP-8, IEP-10: exactly one organization has the domain. */
function byDomain(input: AttributionInput): MailAttribution | undefined {
  const active = input.found.domainOrganizations.filter((one) => one.active);
  const [one, ...others] = active;
  if (one === undefined || others.length > 0) return undefined;
  return attribution(input, {
    how: "domain",
    why: `the domain of its sender is that of ${one.name} alone`,
    organization: one,
  });
}

/** A14: whoever it is, the mail names an item. */
function byNumber(input: AttributionInput): MailAttribution | undefined {
  const { items, answeredTicketId } = input.found;
  if (items.length === 0 && answeredTicketId === undefined) return undefined;
  return attribution(input, {
    how: "number",
    why: "nobody knows its sender, but it names an item or answers one of its mails",
  });
}

export function byFallback(input: AttributionInput): MailAttribution | undefined {
  const { organizationFallback } = input.mailbox;
  if (organizationFallback === undefined) return undefined;
  const { fallback } = input.found;
  if (fallback?.active === true) {
    return attribution(input, {
      how: "fallback",
      why: `nobody knows its sender: it falls to ${fallback.name}`,
      organization: fallback,
    });
  }
  return attribution(input, {
    how: "fallback",
    why: `nobody knows its sender, and the fallback organization "${organizationFallback}" is not there`,
    organization: input.ownOrganization,
    messages: [
      `The mailbox's fallback organization "${organizationFallback}" does not exist or is inactive: the ticket stands on ${input.ownOrganization.name}.`,
    ],
  });
}
