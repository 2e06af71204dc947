/** The engine's door as other rooms see it: events in, committed answers out. Knows nothing of HTTP or Temporal. */
import type {
  Actor,
  AlertOutcome,
  CalloutFacts,
  FieldValue,
  Instant,
  Note,
  TimeEntry,
} from "../domain/index.ts";

/** An alert after the door normalised it and before it is attributed to our records. */
export interface IncomingAlert {
  readonly receivedAt: Instant;
  readonly source: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly severity: string | undefined;
  readonly status: "firing" | "resolved";
  readonly alertId: string | undefined;
  readonly deliveryId: string | undefined;
  readonly ticketId: string | undefined;
  readonly organization: string | undefined;
  readonly customerId: string | undefined;
  readonly device: string | undefined;
  readonly deviceId: string | undefined;
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly occurredAt: Instant | undefined;
  /** What normalising mended: unknown members kept as fields, odd bytes replaced, title cut. */
  readonly warnings: readonly string[];
}

export interface FiringAnswer {
  readonly rule: string;
  readonly on: string;
  readonly file: string;
  readonly line: number;
  readonly ticket?: string;
}

/** The members of `POST /alerts`' answer (contract.md 3). */
export interface AlertAnswer {
  readonly id: string;
  readonly outcome: AlertOutcome;
  readonly ticket?: string;
  readonly repeat?: number;
  readonly firings: readonly FiringAnswer[];
  readonly warnings?: readonly string[];
}

/** New values by the API's names; references by name or id as the request gave them; `null` empties. */
export interface TicketInput {
  readonly title?: string;
  readonly description?: string | null;
  readonly resolution?: string | null;
  readonly status?: string;
  readonly priority?: string;
  readonly queue?: string | null;
  readonly category?: string | null;
  readonly type?: string | null;
  readonly source?: string;
  readonly organization?: string;
  readonly contact?: string | null;
  readonly device?: string | null;
  readonly assigned_resource?: string | null;
  readonly external_id?: string | null;
  readonly tags?: readonly string[];
  readonly udf?: Readonly<Record<string, FieldValue | null>>;
  readonly due_at?: Instant | null;
}

/** An expected outcome of a ticket call; the API turns it into an answer or a problem. */
export type TicketOutcome =
  | {
      readonly kind: "done";
      readonly number: string;
      readonly version: number;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "not-found" }
  | { readonly kind: "version-conflict"; readonly version: number }
  /** A value outside a declared list, a record or field that does not exist: `unknown_reference`. */
  | { readonly kind: "unknown-reference"; readonly path: string; readonly message: string };

export interface Engine {
  /**
   * Resolves when the alert's transaction has committed. Throws `EngineUnavailable` (code `unavailable`) with Postgres away.
   * Alerts that arrived together keep their order when they name one `group` and are given in one turn of the event loop.
   */
  ingest(alert: IncomingAlert, group?: symbol): Promise<AlertAnswer>;
  openTicket(input: TicketInput, by: Actor, at: Instant): Promise<TicketOutcome>;
  changeTicket(
    number: string,
    input: TicketInput,
    by: Actor,
    at: Instant,
    ifVersion: number | undefined,
  ): Promise<TicketOutcome>;
  addNote(number: string, note: Note): Promise<TicketOutcome>;
  addTimeEntry(number: string, entry: TimeEntry): Promise<TicketOutcome>;
  /** Called once when a delivery reaches `succeeded`, `failed` or `given_up`; runs the callout rules. Idempotent by delivery id. */
  calloutFinished(delivery: {
    readonly deliveryId: string;
    readonly succeeded: boolean;
    readonly callout: CalloutFacts;
    readonly at: Instant;
  }): Promise<void>;
  /** Stops taking events and waits for transactions under way. */
  close(): Promise<void>;
}
