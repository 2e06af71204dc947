/**
 * What happened in one test, in order, and the part of it that expectations look at: since the last step that moved the
 * clock or received something. Knows no expectation.
 *
 *   decided | alert | request | callout-ended | decided ...
 *             ^ window begins with the step
 */
import type { DeskEvent, Effect, EventResult } from "../decision/index.ts";
import type { Alert, AlertOutcome, Instant, Snapshot } from "../domain/index.ts";

export type Happening =
  /** One decision: the event, what the rules were shown, what followed. */
  | {
      readonly kind: "decided";
      readonly at: Instant;
      readonly event: DeskEvent;
      readonly effects: readonly Effect[];
      readonly result: EventResult;
      readonly snapshots: readonly Snapshot[];
    }
  | {
      readonly kind: "alert";
      readonly at: Instant;
      readonly alert: Alert;
      readonly outcome: AlertOutcome;
      readonly why: string;
    }
  /** A request of a callout went out. */
  | { readonly kind: "request"; readonly at: Instant; readonly callout: string; readonly answer: string }
  | {
      readonly kind: "callout-ended";
      readonly at: Instant;
      readonly callout: string;
      readonly succeeded: boolean;
      readonly attempts: number;
      readonly lastError: string | undefined;
    };

export type Decided = Extract<Happening, { kind: "decided" }>;

export class Journal {
  readonly all: Happening[] = [];
  #windowStart = 0;

  add(happening: Happening): void {
    this.all.push(happening);
  }

  openWindow(): void {
    this.#windowStart = this.all.length;
  }

  get window(): readonly Happening[] {
    return this.all.slice(this.#windowStart);
  }
}

export function decisionsOf(happenings: readonly Happening[]): readonly Decided[] {
  return happenings.filter((one): one is Decided => one.kind === "decided");
}
