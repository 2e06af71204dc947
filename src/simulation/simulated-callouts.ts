/**
 * Deliveries of callouts with the answers that a test gives, by the rules of the durable workflow: one try, so many
 * resends, each one interval after the end of the failed attempt; then the event that rules see. Knows no rules.
 *
 *   start -> attempt (answer now, or the time-out later) -> done | wait -> attempt ... -> failed
 *   One delivery at a time for each callout and ticket, the next when it ended.
 */
import type { DeskEvent, NewDelivery } from "../decision/index.ts";
import { SECOND } from "../domain/index.ts";
import type { Instant } from "../domain/index.ts";
import type { DueQueue } from "./due-queue.ts";
import type { Journal } from "./journal.ts";

export type GivenAnswer = number | "timeout";

interface Delivery {
  readonly id: string;
  readonly spec: NewDelivery;
  attempts: number;
  lastStatus: number | undefined;
  lastError: string | undefined;
}

interface Surroundings {
  readonly journal: Journal;
  readonly queue: DueQueue;
  readonly handle: (event: DeskEvent) => Promise<void>;
}

export class SimulatedCallouts {
  readonly #around: Surroundings;
  readonly #answers = new Map<string, { readonly given: readonly GivenAnswer[]; used: number }>();
  /** The first of each list is under way. */
  readonly #lines = new Map<string, Delivery[]>();
  #count = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  giveAnswers(callout: string, given: readonly GivenAnswer[]): void {
    this.#answers.set(callout, { given, used: 0 });
  }

  start(spec: NewDelivery): void {
    if (spec.state === "skipped") return;
    if (spec.state === "failed") {
      // Could not be built: the decision has raised its event already.
      const lastError = spec.reason;
      this.#around.journal.add({
        kind: "callout-ended",
        at: spec.at,
        callout: spec.callout,
        succeeded: false,
        attempts: 0,
        lastError,
      });
      return;
    }
    this.#count += 1;
    const delivery: Delivery = {
      id: `dl_${this.#count}`,
      spec,
      attempts: 0,
      lastStatus: undefined,
      lastError: undefined,
    };
    const line = this.#lineOf(spec);
    line.push(delivery);
    if (line.length === 1) this.#plan(delivery, spec.at);
  }

  #lineOf({ callout, ticketId }: NewDelivery): Delivery[] {
    const key = JSON.stringify([callout, ticketId]);
    const line = this.#lines.get(key) ?? [];
    this.#lines.set(key, line);
    return line;
  }

  #plan(delivery: Delivery, at: Instant): void {
    this.#around.queue.plan({ at, run: async () => await this.#attempt(delivery, at) });
  }

  async #attempt(delivery: Delivery, at: Instant): Promise<void> {
    const { callout, schedule } = delivery.spec;
    delivery.attempts += 1;
    const answer = this.#nextAnswer(callout);
    this.#around.journal.add({ kind: "request", at, callout, answer: String(answer) });
    if (answer !== "timeout") {
      await this.#judge(delivery, at, answer);
      return;
    }
    const endedAt = at + schedule.timeoutMs;
    this.#around.queue.plan({
      at: endedAt,
      run: async () => await this.#judge(delivery, endedAt, undefined),
    });
  }

  /** The last one stays; a callout without any answers 200. */
  #nextAnswer(callout: string): GivenAnswer {
    const answers = this.#answers.get(callout);
    if (answers === undefined) return 200;
    const answer = answers.given[Math.min(answers.used, answers.given.length - 1)] ?? 200;
    answers.used += 1;
    return answer;
  }

  async #judge(delivery: Delivery, at: Instant, status: number | undefined): Promise<void> {
    const { schedule } = delivery.spec;
    delivery.lastStatus = status;
    if (status !== undefined && isSuccess(status, schedule.successStatuses)) {
      delivery.lastError = undefined;
      await this.#finish(delivery, at, true);
      return;
    }
    delivery.lastError =
      status === undefined ? `no answer within ${schedule.timeoutMs / SECOND} s` : `HTTP ${status}`;
    const isFinal = status !== undefined && status >= 400 && status <= 499 && !schedule.retryOn4xx;
    if (isFinal || delivery.attempts > schedule.resends) {
      await this.#finish(delivery, at, false);
      return;
    }
    this.#plan(delivery, at + schedule.retryEveryMs);
  }

  async #finish(delivery: Delivery, at: Instant, succeeded: boolean): Promise<void> {
    const { spec, attempts, lastStatus, lastError } = delivery;
    this.#around.journal.add({
      kind: "callout-ended",
      at,
      callout: spec.callout,
      succeeded,
      attempts,
      lastError,
    });
    const line = this.#lineOf(spec);
    line.shift();
    const [next] = line;
    await this.#around.handle({
      kind: "callout-finished",
      deliveryId: delivery.id,
      ticketId: spec.ticketId,
      succeeded,
      callout: { name: spec.callout, attempts, lastStatus, lastError },
      at,
      notifyOnFailure: spec.notifyOnFailure,
    });
    if (next !== undefined) this.#plan(next, at);
  }
}

function isSuccess(status: number, successStatuses: readonly number[]): boolean {
  return successStatuses.length > 0 ? successStatuses.includes(status) : status >= 200 && status <= 299;
}
