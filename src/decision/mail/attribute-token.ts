/**
 * Whose a token mail is (ATES-5 to ATES-11, ATES-20): customer id, customer's name, contact's address; device. What is
 * not found or means several is told on the ticket, which then stands on the own organization (organization 0).
 */
import { SYSTEM_ACTOR } from "../../domain/index.ts";
import type { DeviceReference, OrganizationReference, PersonReference } from "../../domain/index.ts";
import type { AtesToken } from "../../mail/types.ts";
import type { AttributionInput } from "./attribute-mail.ts";
import { sourcedValueOf, valueOf } from "./mail-questions.ts";
import type { FoundContact, FoundOrganization, MailAttribution, NewContact } from "./mail-types.ts";

/** A part of a contact's name that the token leaves out, for people to see and mend (ATES-9). */
const UNKNOWN_NAME = "(unknown)";

interface Resolved {
  readonly organization: OrganizationReference | undefined;
  readonly contact: PersonReference | undefined;
  readonly why: string;
}

export function attributeToken(input: AttributionInput, token: AtesToken): MailAttribution {
  const messages = [...token.messages];
  const resolved = organizationOf(input, token, messages);
  const person = personOf(input, token, { resolved, messages });
  const device = deviceOf(input, token, { organization: resolved.organization, messages });
  return {
    how: "token",
    why: resolved.why,
    by: SYSTEM_ACTOR,
    organization: resolved.organization ?? input.ownOrganization,
    contact: person.contact,
    newContact: person.newContact,
    device,
    roles: [],
    messages,
    refused: undefined,
  };
}

/* ---------- organization ---------- */

/** The id, when it is mapped, wins over the name, and the name over the contact's address (contract.md 4). */
function organizationOf(input: AttributionInput, token: AtesToken, messages: string[]): Resolved {
  const own = input.ownOrganization.name;
  const byId = byCustomerId(input, token, messages) ?? byName(input, token, messages);
  if (byId !== undefined) return byId;
  const byEmail = byAddress(input, token, messages);
  if (byEmail !== undefined) return byEmail;
  const named = ["CustomerID", "Customer", "Email"].filter(
    (element) => valueOf(token, element as "CustomerID") !== undefined,
  );
  if (named.length === 0)
    messages.push(
      `The token names no customer (CustomerID, Customer or Email): the ticket stands on ${own}.`,
    );
  return {
    organization: undefined,
    contact: undefined,
    why:
      named.length === 0
        ? `its token names no customer: ${own}`
        : `what its token names is not known: ${own}`,
  };
}

function byCustomerId(input: AttributionInput, token: AtesToken, messages: string[]): Resolved | undefined {
  const asked = sourcedValueOf(token, "CustomerID");
  if (asked === undefined) return undefined;
  const label = `"${asked.source} Customer ID"`;
  const found = usable(input.found.customer, messages);
  if (found !== undefined)
    return {
      organization: found,
      contact: undefined,
      why: `its CustomerID ${asked.id} is ${label} of ${found.name}`,
    };
  if (input.found.customer === undefined)
    messages.push(`Look-up failure: no organization has ${asked.id} as ${label}.`);
  return undefined;
}

function byName(input: AttributionInput, token: AtesToken, messages: string[]): Resolved | undefined {
  const asked = valueOf(token, "Customer");
  if (asked === undefined) return undefined;
  const found = usable(input.found.tokenCustomer, messages);
  if (found !== undefined)
    return { organization: found, contact: undefined, why: `its Customer is ${found.name}` };
  if (input.found.tokenCustomer === undefined)
    messages.push(`Look-up failure: there is no organization with the name "${asked}".`);
  return undefined;
}

/** ATES-6, ATES-7: the primary address first, then the second, then the third; several organizations are none. */
function byAddress(input: AttributionInput, token: AtesToken, messages: string[]): Resolved | undefined {
  const asked = valueOf(token, "Email");
  if (asked === undefined) return undefined;
  const active = input.found.tokenContacts.filter((one) => one.active && one.organization.active);
  if (active.length === 0) {
    messages.push(`Look-up failure: no active contact has the address ${asked}.`);
    return undefined;
  }
  const best = Math.min(...active.map(({ position }) => position));
  const matches = active.filter(({ position }) => position === best);
  const organizations = new Set(matches.map(({ organization }) => organization.id));
  const [one] = matches;
  if (organizations.size > 1 || one === undefined) {
    const names = [...new Set(matches.map(({ organization }) => organization.name))].sort();
    messages.push(`The address ${asked} belongs to contacts of several organizations: ${names.join(", ")}.`);
    return undefined;
  }
  if (matches.length > 1)
    messages.push(
      `Several contacts of ${one.organization.name} have the address ${asked}: the first one was taken.`,
    );
  return {
    organization: one.organization,
    contact: one.contact,
    why: `its Email ${asked} is that of ${one.contact.name} of ${one.organization.name}`,
  };
}

/** IEP-7 for tokens: nothing is lost, the ticket says why it does not stand there. */
function usable(found: FoundOrganization | undefined, messages: string[]): OrganizationReference | undefined {
  if (found === undefined || found.active) return found;
  messages.push(`The organization ${found.name} is inactive: the ticket does not stand on it.`);
  return undefined;
}

/* ---------- contact ---------- */

interface Person {
  readonly contact: PersonReference | undefined;
  readonly newContact: NewContact | undefined;
}

const NOBODY: Person = { contact: undefined, newContact: undefined };

/** ATES-8, ATES-9: of the organization; a Contact element makes one that is missing. */
function personOf(
  input: AttributionInput,
  token: AtesToken,
  { resolved, messages }: { readonly resolved: Resolved; readonly messages: string[] },
): Person {
  const { organization, contact } = resolved;
  if (contact !== undefined) return { contact, newContact: undefined };
  const asked = valueOf(token, "Email");
  if (organization === undefined || asked === undefined) return NOBODY;
  const known = inOrganization(input.found.tokenContacts, organization.id);
  if (known !== undefined) return { contact: known.contact, newContact: undefined };
  const parts = token.contact;
  if (parts === undefined) {
    messages.push(`The address ${asked} has no match among the contacts of ${organization.name}.`);
    return NOBODY;
  }
  const firstName = parts.firstName?.trim() || UNKNOWN_NAME;
  const lastName = parts.lastName?.trim() || UNKNOWN_NAME;
  const newContact = {
    id: input.mail.newContactId,
    organizationId: organization.id,
    firstName,
    lastName,
    email: asked,
  };
  messages.push(`The contact ${firstName} ${lastName} (${asked}) was created.`);
  return {
    contact: { id: newContact.id, name: `${firstName} ${lastName}`, email: asked },
    newContact,
  };
}

function inOrganization(contacts: readonly FoundContact[], organizationId: string): FoundContact | undefined {
  return contacts
    .filter((one) => one.active && one.organization.id === organizationId)
    .toSorted((a, b) => a.position - b.position)[0];
}

/* ---------- device ---------- */

/** ATES-11, ATES-20: only a device of the organization that was resolved. */
function deviceOf(
  input: AttributionInput,
  token: AtesToken,
  {
    organization,
    messages,
  }: { readonly organization: OrganizationReference | undefined; readonly messages: string[] },
): DeviceReference | undefined {
  const asked = sourcedValueOf(token, "DeviceID");
  if (asked === undefined) return undefined;
  const { device } = input.found;
  const label = `"${asked.source} Device ID"`;
  if (device === undefined) {
    messages.push(`No device has ${asked.id} as ${label}: the ticket has no device.`);
    return undefined;
  }
  const owner = organization ?? input.ownOrganization;
  if (device.organization.id !== owner.id) {
    messages.push(
      `The device with ${label} ${asked.id} belongs to another organization: it was not attached.`,
    );
    return undefined;
  }
  if (!device.active) {
    messages.push(`The device ${device.device.name} is inactive: it was not attached.`);
    return undefined;
  }
  return device.device;
}
