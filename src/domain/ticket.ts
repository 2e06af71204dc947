/** A ticket and what hangs on it, as the decision sees and changes it. */
import type { Actor } from "./actors.ts";
import type { FieldValue, Instant } from "./values.ts";

/** A reference to one of our records, with what rules may read of it. */
export interface OrganizationReference {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly udf: Readonly<Record<string, FieldValue>>;
}
export interface DeviceReference {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly udf: Readonly<Record<string, FieldValue>>;
}
export interface PersonReference {
  readonly id: string;
  readonly name: string;
  readonly email: string | undefined;
}

/** Status that ends a ticket's dedup window (domain.md A5); every declared status list must hold it. */
export const COMPLETE = "Complete";

export interface Ticket {
  /** Ours, unique: `tk_...`. */
  readonly id: string;
  /** `T20261122.0001`: T, UTC day, dot, daily counter of four digits and more. */
  readonly number: string;
  readonly title: string;
  readonly description: string;
  readonly resolution: string;
  readonly status: string;
  readonly priority: string;
  readonly queue: string | undefined;
  readonly category: string | undefined;
  readonly type: string | undefined;
  readonly source: string;
  readonly externalId: string | undefined;
  readonly organization: OrganizationReference;
  readonly contact: PersonReference | undefined;
  readonly device: DeviceReference | undefined;
  readonly assignedResource: PersonReference | undefined;
  readonly tags: readonly string[];
  /** By the field's declared name; only fields with a value. */
  readonly udf: Readonly<Record<string, FieldValue>>;
  readonly dueAt: Instant | undefined;
  readonly createdAt: Instant;
  readonly createdBy: Actor;
  /** Set exactly while status is Complete. */
  readonly completedAt: Instant | undefined;
  /** Creation, or the last act of staff or a contact. */
  readonly lastHumanActivityAt: Instant;
  /** True once staff or a contact added a note, a time entry or a change (`complete ticket if untouched`). */
  readonly touchedByHuman: boolean;
  readonly noteCount: number;
  /** Repeats of alerts recorded on it, those beyond the bounded notes included. */
  readonly repeatCount: number;
  /** Hex of the dedup key; undefined for tickets that have no window. */
  readonly dedupKey: string | undefined;
  /** End of the window of the rule that opened it; what the DedupWindow workflow waits for. */
  readonly windowEndsAt: Instant | undefined;
  /** Grows with every change of a field; notes do not change it. From 1. */
  readonly version: number;
}

export interface Note {
  readonly at: Instant;
  readonly by: Actor;
  readonly visibility: "internal" | "public";
  readonly text: string;
}

export interface TimeEntry {
  readonly at: Instant;
  readonly by: Actor;
  readonly hours: number;
  readonly role: string | undefined;
  readonly text: string | undefined;
}

/** One line of the history: `field` is the API's name (`queue`, `udf.Site code`, `organization`). */
export interface FieldChange {
  readonly field: string;
  readonly from: FieldValue;
  readonly to: FieldValue;
}
