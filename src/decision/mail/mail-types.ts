/**
 * What the decision about a mail reads: the mail as it was read, and what was found of whom and what it names. Types
 * only. Live engine and rule tests both fill them; the decision asks for nothing else but tickets (`Needs`).
 *
 *   ReadMail -> mailQuestions -> (store | test records) -> MailFindings -> attributeMail -> duplicates -> MailEvent -> effects
 */
import type {
  Actor,
  DeviceReference,
  DuplicateKey,
  Instant,
  MailObject,
  OrganizationReference,
  PersonReference,
} from "../../domain/index.ts";
import type { ReadMail } from "../../mail/types.ts";

export interface MailEvent {
  readonly kind: "mail";
  readonly mail: MailToDecide;
  readonly found: MailFindings;
}

export interface MailToDecide {
  /** `ml_...` */
  readonly id: string;
  /** As declared in the rule set. */
  readonly mailbox: string;
  readonly envelopeFrom: string;
  readonly receivedAt: Instant;
  readonly read: ReadMail;
  /** The token's password is that of an active token mailbox. False without a token. */
  readonly tokenAccepted: boolean;
  /** TOCSIN_MAIL_EDITION */
  readonly edition: "advanced" | "basic";
  /** For a contact that the token asks for (ATES-9). */
  readonly newContactId: string;
}

export type FoundOrganization = OrganizationReference & { readonly active: boolean };

export interface FoundContact {
  readonly contact: PersonReference;
  readonly active: boolean;
  /** Which of its addresses it is: 1 is the primary one (ATES-6). */
  readonly position: number;
  readonly organization: FoundOrganization;
}

export interface FoundResource {
  readonly resource: PersonReference;
  readonly active: boolean;
  readonly roles: readonly string[];
}

export interface FoundDevice {
  readonly device: DeviceReference;
  readonly active: boolean;
  readonly organization: FoundOrganization;
}

/** A ticket, project or task that a number in the subject means. Tickets are read from the view, under their lock. */
export type FoundItem =
  | { readonly kind: "ticket"; readonly ticketId: string }
  | {
      readonly kind: "project" | "task";
      readonly id: string;
      readonly number: string;
      readonly status: string;
      readonly organization: OrganizationReference;
    };

/** What is looked up about a mail before its organization is known. Texts are folded as they compare. */
export interface MailQuestions {
  /** Of the header From, lower case. */
  readonly sender: string | undefined;
  /** Undefined for public domains, which never stand for an organization (IEP-10). */
  readonly domain: string | undefined;
  readonly fallback: string | undefined;
  readonly numbers: readonly ItemNumber[];
  readonly messageIds: readonly string[];
  readonly tokenEmail: string | undefined;
  readonly tokenCustomer: string | undefined;
  readonly customerId: ExternalQuestion | undefined;
  readonly deviceId: ExternalQuestion | undefined;
}

export interface ItemNumber {
  readonly kind: "ticket" | "project" | "task";
  readonly number: string;
}

export interface ExternalQuestion {
  readonly sourceKey: string;
  readonly id: string;
}

/** The answers. Several of a kind: the first made first. */
export interface MailFindings {
  readonly resources: readonly FoundResource[];
  readonly contacts: readonly FoundContact[];
  readonly devices: readonly FoundDevice[];
  readonly domainOrganizations: readonly FoundOrganization[];
  readonly fallback: FoundOrganization | undefined;
  readonly items: readonly (FoundItem & { readonly number: string })[];
  /** Ticket of a mail that this one answers, ours or theirs. */
  readonly answeredTicketId: string | undefined;
  readonly tokenContacts: readonly FoundContact[];
  readonly tokenCustomer: FoundOrganization | undefined;
  readonly customer: FoundOrganization | undefined;
  readonly device: FoundDevice | undefined;
  /** Mails of this sender with this subject that were processed in the time before (IEP-21). */
  readonly sameBefore: number;
  /** Its sender was told a failure already in the time before. */
  readonly failureTold: boolean;
  /** Tags that exist, for `tag from`. */
  readonly tags: readonly string[];
  /** Tickets of the organization that it is attributed to with an equal key, the best first. */
  readonly duplicates: readonly FoundDuplicate[];
}

export interface FoundDuplicate {
  readonly by: DuplicateKey;
  readonly ticketId: string;
}

/** A value of a user-defined ticket field that makes tickets the same (DUP-3). */
export interface DuplicateQuestion {
  readonly by: DuplicateKey;
  readonly field: string;
  readonly value: string;
}

/** Whose a mail is, and how we know. */
export interface MailAttribution {
  readonly how: "token" | "resource" | "contact" | "device" | "number" | "domain" | "fallback" | "nobody";
  /** One sentence for explain. */
  readonly why: string;
  readonly by: Actor;
  /** Undefined: nobody's, or only the item's that the mail names (A14). */
  readonly organization: OrganizationReference | undefined;
  readonly contact: PersonReference | undefined;
  readonly device: DeviceReference | undefined;
  readonly roles: readonly string[];
  /** A contact that is made with the ticket (ATES-9). */
  readonly newContact: NewContact | undefined;
  /** What is told on the ticket. */
  readonly messages: readonly string[];
  /** Why nothing may come of it (IEP-7). */
  readonly refused: string | undefined;
}

export interface NewContact {
  readonly id: string;
  readonly organizationId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/** What became of a mail. */
export interface MailResult {
  readonly state: "processed" | "ignored" | "failed";
  readonly reason: string | undefined;
  readonly object: MailObject | undefined;
  readonly ticketId: string | undefined;
  /** Number of the project or task. */
  readonly item: string | undefined;
  readonly explanation: MailExplanation;
  /** The sender was told that it failed. */
  readonly toldFailure: boolean;
}

/** "Why?" for one mail: kept as it was decided. */
export interface MailExplanation {
  readonly attributed?: { readonly how: string; readonly why: string; readonly organization?: string };
  readonly duplicate?: {
    readonly by: string;
    readonly of: string;
    readonly behaviour: string;
  };
  readonly object?: string;
  readonly authenticated: boolean;
  readonly notice?: string;
  readonly messages: readonly string[];
}
