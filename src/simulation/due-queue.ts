/** What falls due later, in order of time and then of planning. Knows no clock: the caller says how far to go. */
import type { Instant } from "../domain/index.ts";

export interface Due {
  readonly at: Instant;
  readonly run: () => Promise<void>;
}

export class DueQueue {
  /** Sorted; a test has few of them at once. */
  readonly #waiting: Due[] = [];

  plan(due: Due): void {
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1]?.at ?? 0) > due.at) index -= 1;
    this.#waiting.splice(index, 0, due);
  }

  nextAt(): Instant | undefined {
    return this.#waiting[0]?.at;
  }

  take(): Due | undefined {
    return this.#waiting.shift();
  }
}
