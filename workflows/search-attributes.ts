/** What admins search workflows by in the Temporal UI. Ids, ticket numbers and the admins' own names only: search attributes are never encrypted. */
import { defineSearchAttributeKey, SearchAttributeType } from "@temporalio/common";

export const searchAttributes = {
  /** The organization's id. */
  organization: defineSearchAttributeKey("TocsinOrganization", SearchAttributeType.KEYWORD),
  /** The ticket's number. */
  ticket: defineSearchAttributeKey("TocsinTicket", SearchAttributeType.KEYWORD),
  rule: defineSearchAttributeKey("TocsinRule", SearchAttributeType.KEYWORD),
  callout: defineSearchAttributeKey("TocsinCallout", SearchAttributeType.KEYWORD),
  attempt: defineSearchAttributeKey("TocsinAttempt", SearchAttributeType.INT),
  /** `succeeded`, `failed`, `given_up`, `skipped`: to Temporal a delivery that failed is a workflow that completed. */
  outcome: defineSearchAttributeKey("TocsinOutcome", SearchAttributeType.KEYWORD),
} as const;

/** Visibility stores keep 255 characters of a keyword. */
const KEYWORD_CHARACTERS_MAX = 255;

export function toKeyword(text: string): string {
  return [...text].slice(0, KEYWORD_CHARACTERS_MAX).join("");
}
