/** An alert after normalising: what the source sent, and whose it is. */
import type { FieldValue, Instant } from "./values.ts";

/** A record that an alert or ticket names: mapped ones have `id`; others only the name or id that came. */
export interface MappedReference {
  /** As asked: the name or external id that came; undefined when nothing did. */
  readonly asked: string | undefined;
  /** Our record's id, undefined when unmapped. */
  readonly id: string | undefined;
  /** The mapped record's name, else what came; the own organization's when nothing came. */
  readonly name: string | undefined;
  readonly tags: readonly string[];
}

export interface Alert {
  /** Ours: `al_...`; unique, sortable by receipt. */
  readonly id: string;
  /** Taken at the door, before any queue (domain.md A1). */
  readonly receivedAt: Instant;
  readonly source: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly severity: string | undefined;
  readonly status: "firing" | "resolved";
  /** The sender's own id of the condition. */
  readonly alertId: string | undefined;
  readonly ticketId: string | undefined;
  readonly deliveryId: string | undefined;
  readonly customerId: string | undefined;
  readonly deviceId: string | undefined;
  readonly occurredAt: Instant | undefined;
  readonly tags: readonly string[];
  /** What the source sent beside, unknown members included. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** `name` is always there for organizations; `mapped` is `id !== undefined`. */
  readonly organization: MappedReference & { readonly name: string };
  readonly device: MappedReference;
}

/** Members of an alert's JSON that mean something of their own (contract.md 3). Any other is kept as one of its `fields`. */
export const ALERT_MEMBERS: ReadonlySet<string> = new Set([
  "source",
  "title",
  "description",
  "severity",
  "status",
  "alert_id",
  "delivery_id",
  "ticket_id",
  "organization",
  "customer_id",
  "device",
  "device_id",
  "tags",
  "fields",
  "occurred_at",
]);

export type AlertOutcome =
  | "ticket_created"
  | "note_added"
  | "held"
  | "suppressed"
  | "handled"
  | "unmatched"
  | "resolved"
  | "duplicate_delivery";
