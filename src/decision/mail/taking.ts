/** What is carried along while one mail is taken: who sent it, what was found, what became of it. Shape only. */
import type { MailFacts } from "../../domain/index.ts";
import type { MailboxIr } from "../../compiler/index.ts";
import type { AtesToken } from "../../mail/types.ts";
import type { FoundDuplicate, MailAttribution, MailEvent, MailResult } from "./mail-types.ts";

export interface Taking {
  readonly event: MailEvent;
  readonly mailbox: MailboxIr;
  readonly facts: MailFacts;
  /** Accepted, in a token mailbox. */
  readonly token: AtesToken | undefined;
  readonly attribution: MailAttribution;
  /** Its sender is vouched for, by the receiving server, by the token, or by `trust sender`: it may show and change. */
  readonly isTrusted: boolean;
  /** Told on the ticket and in the explanation. */
  readonly messages: string[];
  duplicate:
    | { readonly by: FoundDuplicate["by"] | "number"; readonly of: string; readonly behaviour: string }
    | undefined;
}

/** Kept on the handling, which the cascade reads. */
export interface MailHandling {
  readonly facts: MailFacts;
  readonly isToken: boolean;
  /** Tickets that this mail opened or was added to. */
  readonly ticketIds: Set<string>;
  taking: Taking | undefined;
  result: Omit<MailResult, "toldFailure"> | undefined;
  toldFailure: boolean;
}
