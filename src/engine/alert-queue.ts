/**
 * Group commit: alerts wait while transactions are under way, then all that wait go together. No timer: a lone alert
 * waits for nothing. Knows the queue, nothing of what a batch does.
 *
 *   ingest -> waiting (first in, first out) -> at most BATCHES_UNDER_WAY_MAX batches of at most BATCH_ALERTS_MAX -> answers
 *
 * Alerts of one group (an array) are never in two batches at once, which would not keep their order: a batch ends
 * before a group that it does not hold whole, and the rest of a group longer than a batch waits for its start.
 */
import { BATCH_ALERTS_MAX, BATCHES_UNDER_WAY_MAX, INGEST_QUEUE_MAX, utcDay } from "../domain/index.ts";
import { isStoreUnavailable } from "../store/index.ts";
import type { IdentifiedAlert } from "./attribute-alerts.ts";
import { EngineUnavailable } from "./engine-unavailable.ts";
import type { AlertAnswer } from "./types.ts";

interface Waiting {
  readonly identified: IdentifiedAlert;
  /** The same for alerts that arrived together, which stand one behind the other. */
  readonly group: symbol | undefined;
  readonly resolve: (answer: AlertAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export type RunBatch = (batch: readonly IdentifiedAlert[]) => Promise<readonly AlertAnswer[]>;

export class AlertQueue {
  readonly #run: RunBatch;
  /** A ring would save the shift; a batch is taken by one splice, so that it is not worth one. */
  #waiting: Waiting[] = [];
  #underWay = 0;
  /** The group at the front of which the first alerts are under way. */
  #begun: symbol | undefined;
  #isScheduled = false;
  #onIdle: (() => void) | undefined;

  constructor(run: RunBatch) {
    this.#run = run;
  }

  get length(): number {
    return this.#waiting.length;
  }

  async add(identified: IdentifiedAlert, group?: symbol): Promise<AlertAnswer> {
    if (this.#waiting.length >= INGEST_QUEUE_MAX) {
      throw new EngineUnavailable(`${INGEST_QUEUE_MAX} alerts wait already`);
    }
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ identified, group, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    if (this.#waiting.length === 0 && this.#underWay === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** At the end of this turn of the event loop, so that what arrives in it goes together. */
  #schedule(): void {
    if (this.#isScheduled || this.#underWay >= BATCHES_UNDER_WAY_MAX) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#mayStart()) {
      const batch = this.#waiting.splice(0, this.#batchLength());
      const begun = batch.at(-1)?.group;
      if (begun !== undefined && begun === this.#waiting[0]?.group) this.#begun = begun;
      this.#underWay += 1;
      void this.#settle(batch).finally(() => {
        this.#underWay -= 1;
        if (begun !== undefined && begun === this.#begun) this.#begun = undefined;
        if (this.#waiting.length > 0) this.#flush();
        else if (this.#underWay === 0) this.#onIdle?.();
      });
    }
  }

  #mayStart(): boolean {
    const [first] = this.#waiting;
    if (first === undefined || this.#underWay >= BATCHES_UNDER_WAY_MAX) return false;
    return first.group === undefined || first.group !== this.#begun;
  }

  #batchLength(): number {
    const length = this.#lengthInDay();
    const group = this.#waiting[length - 1]?.group;
    if (group === undefined || group !== this.#waiting[length]?.group) return length;
    const start = this.#waiting.findIndex((waiting) => waiting.group === group);
    return start > 0 ? start : length;
  }

  /** Ticket numbers count by UTC day: a batch does not reach over midnight. */
  #lengthInDay(): number {
    const first = this.#waiting[0];
    const last = this.#waiting[Math.min(this.#waiting.length, BATCH_ALERTS_MAX) - 1];
    if (first === undefined || last === undefined) return 0;
    const day = utcDay(first.identified.incoming.receivedAt);
    if (utcDay(last.identified.incoming.receivedAt) === day) return BATCH_ALERTS_MAX;
    const next = this.#waiting.findIndex(({ identified }) => utcDay(identified.incoming.receivedAt) !== day);
    return next === -1 ? BATCH_ALERTS_MAX : Math.min(next, BATCH_ALERTS_MAX);
  }

  /**
   * A batch fails as a whole. With Postgres away, what waits would wait as long again: it is told at once. Anything else
   * is the fault of one alert: halves are tried, so that only that one gets its error.
   */
  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#run(batch.map(({ identified }) => identified));
      for (const [i, { resolve, reject }] of batch.entries()) {
        const answer = answers[i];
        if (answer === undefined) reject(new Error("the batch left an alert without an answer"));
        else resolve(answer);
      }
    } catch (error) {
      if (isStoreUnavailable(error)) {
        const turnedAway = [...batch, ...this.#waiting.splice(0)];
        for (const { reject } of turnedAway) reject(error);
        return;
      }
      const [first] = batch;
      if (batch.length === 1) {
        first?.reject(error);
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#settle(batch.slice(0, middle));
      await this.#settle(batch.slice(middle));
    }
  }
}
