/** Messages a minute per peer. Time comes in; memory is bounded. */
import { ADDRESSES_COUNTED_MAX, MINUTE } from "../domain/index.ts";

export class PeerRate {
  readonly #perMinute: number;
  #minute = -1;
  #counts = new Map<string, number>();

  /** 0 is off. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Counts one more and tells whether it is within the limit. */
  allows(peer: string, now: number): boolean {
    if (this.#perMinute === 0) return true;
    const minute = Math.floor(now / MINUTE);
    if (minute !== this.#minute || this.#counts.size >= ADDRESSES_COUNTED_MAX) {
      this.#minute = minute;
      this.#counts = new Map();
    }
    const count = (this.#counts.get(peer) ?? 0) + 1;
    this.#counts.set(peer, count);
    return count <= this.#perMinute;
  }
}
