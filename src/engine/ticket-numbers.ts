/**
 * Ticket numbers of this process: leased by the day from the counter that all processes share, kept while unused.
 *
 *   counter row of the day (Postgres) --lease--> free (ascending) --take--> a batch --give back--> free
 *
 * A batch takes exactly what it needs, so a quiet day counts 0001, 0002, ... without gaps; a batch that fails for sure
 * gives its numbers back. Numbers whose commit is uncertain are lost: a gap is right, a number twice is not.
 */
import { leaseTicketNumbers, ticketNumber } from "../store/index.ts";
import type { Queryable } from "../store/index.ts";

export class TicketNumbers {
  readonly #store: Queryable;
  #day = "";
  #free: number[] = [];

  constructor(store: Queryable) {
    this.#store = store;
  }

  /** `day`: `2026-11-22`. What is left of another day is dropped: its numbers would come too late. */
  async take(day: string, count: number): Promise<readonly number[]> {
    if (day > this.#day) {
      this.#day = day;
      this.#free = [];
    }
    const taken = day === this.#day ? this.#free.splice(0, count) : [];
    const missing = count - taken.length;
    if (missing === 0) return taken;
    return [...taken, ...(await leaseTicketNumbers(this.#store, day, missing))];
  }

  /** Leases ahead what a batch will need, so that it does not ask for each: unused ones stay free. */
  async prepare(day: string, count: number): Promise<void> {
    this.giveBack(day, await this.take(day, count));
  }

  giveBack(day: string, counts: readonly number[]): void {
    if (day !== this.#day || counts.length === 0) return;
    this.#free = [...this.#free, ...counts].sort((a, b) => a - b);
  }
}

/** The numbers that one transaction may use: what it took, and whether it has to give back. */
export class NumberLease {
  readonly #numbers: TicketNumbers;
  readonly #day: string;
  #counts: number[] = [];

  constructor(numbers: TicketNumbers, day: string) {
    this.#numbers = numbers;
    this.#day = day;
  }

  async take(count: number): Promise<readonly string[]> {
    const counts = await this.#numbers.take(this.#day, count);
    this.#counts.push(...counts);
    return counts.map((n) => ticketNumber(this.#day, n));
  }

  /** After the commit: all but the used ones are free again. */
  settle(used: ReadonlySet<string>): void {
    this.#numbers.giveBack(
      this.#day,
      this.#counts.filter((n) => !used.has(ticketNumber(this.#day, n))),
    );
    this.#counts = [];
  }
}
