/** Makes an engine: the queue of alerts, the calls on tickets, and what they share. Knows nothing of HTTP or Temporal. */
import type { Instant, OrganizationReference } from "../domain/index.ts";
import { CHANNELS, createIdSource, isStoreUnavailable, notifyChannel, openStore } from "../store/index.ts";
import type { NewId, Store } from "../store/index.ts";
import { adaptWaiting } from "./adapt-waiting.ts";
import { runAlertBatch } from "./alert-batch.ts";
import { AlertQueue } from "./alert-queue.ts";
import { createAlertTimes } from "./alert-times.ts";
import { createClockCalls } from "./clock-calls.ts";
import { createCounters, type EngineCounters } from "./counters.ts";
import type { ActiveRules, EngineParts } from "./engine-parts.ts";
import { EngineUnavailable } from "./engine-unavailable.ts";
import { createSteering } from "./steering.ts";
import type { MailSettings } from "./mail/mail-types.ts";
import { createMailroom, type Mailroom } from "./mail/mailroom.ts";
import { createTicketCalls } from "./ticket-calls.ts";
import { TicketNumbers } from "./ticket-numbers.ts";
import type { Engine } from "./types.ts";

export interface EngineOptions {
  readonly store: Store;
  /** The set in force; asked once a transaction. Undefined: none was published, nothing is taken. */
  readonly rules: () => ActiveRules | undefined;
  readonly ownOrganization: OrganizationReference;
  /** `TOCSIN_NOTES_PER_WINDOW` */
  readonly notesPerWindow: number;
  readonly newId?: NewId;
  readonly now?: () => Instant;
  /** Left out: this process takes and decides no mail. */
  readonly mail?: MailSettings;
  /** A failure that is not Postgres being away: told to the log; the caller gets it as well. */
  readonly onFailure?: (error: unknown) => void;
}

export interface RunningEngine extends Engine {
  readonly counters: () => EngineCounters;
  /** Undefined where the options have no `mail`. */
  readonly mail: Mailroom | undefined;
}

export function createEngine(options: EngineOptions): RunningEngine {
  // Numbers are leased and relays woken beside transactions that hold connections: never from the same pool, which
  // could then wait for itself.
  const aside = openStore({ databaseUrl: options.store.databaseUrl, connectionsMax: 1 });
  const relay = createWaker(aside);
  const parts: EngineParts = {
    store: options.store,
    ownOrganization: options.ownOrganization,
    notesPerWindow: options.notesPerWindow,
    newId: options.newId ?? createIdSource(),
    now: options.now ?? Date.now,
    counters: createCounters(),
    numbers: new TicketNumbers(aside),
    wakeRelay: relay.wake,
  };
  const rules = (): ActiveRules => {
    const active = options.rules();
    if (active === undefined) throw new EngineUnavailable("no rule set is in force");
    return active;
  };
  let isClosing = false;
  const queue = new AlertQueue(async (batch) => {
    try {
      return await runAlertBatch(parts, rules(), batch);
    } catch (error) {
      if (batch.length === 1 && !isStoreUnavailable(error)) {
        parts.counters.alertsFailed += 1;
        options.onFailure?.(error);
      }
      throw error;
    }
  });
  const mail =
    options.mail === undefined
      ? undefined
      : createMailroom({
          ...options.mail,
          parts,
          rules: options.rules,
          onFailure: (error) => options.onFailure?.(error),
        });
  return {
    ...createTicketCalls(parts, rules),
    mail,
    ...createAlertTimes(parts, rules),
    adaptWaiting: async (asked) => {
      const active = options.rules();
      return active === undefined
        ? { holds: 0, absences: 0, armed: 0, ends: 0, deliveries: 0 }
        : await adaptWaiting(parts, active, asked);
    },
    ...createClockCalls(parts, rules, options.rules),
    ...createSteering(parts, rules, options.rules),
    ingest: async (incoming, group) => {
      if (isClosing) throw new EngineUnavailable("the engine is closing");
      return await queue.add({ id: parts.newId("al", incoming.receivedAt), incoming }, group);
    },
    counters: () => ({ ...parts.counters, queued: queue.length }),
    close: async () => {
      isClosing = true;
      await queue.drain();
      await mail?.close();
      await relay.idle();
      await aside.close();
    },
  };
}

/** One notification under way at most, one more behind it: a storm of commits wakes the relay as often as it can listen. */
function createWaker(aside: Store): { readonly wake: () => void; readonly idle: () => Promise<void> } {
  let underWay: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      // The relay polls as well: a lost call costs a moment.
      await Promise.allSettled([notifyChannel(aside, CHANNELS.outbox)]);
    } while (again);
    underWay = undefined;
  };
  return {
    wake: () => {
      again = true;
      underWay ??= run();
    },
    idle: async () => {
      await underWay;
    },
  };
}
