/** From the headers of a request to its key: 401, 429 and 403 in the order of contract.md 3. Knows no route but its permission. */
import { ADDRESSES_COUNTED_MAX, SECOND, UNAUTHORIZED_PER_SECOND_MAX, type Instant } from "../domain/index.ts";
import type { StoredKey } from "../store/desk/index.ts";
import type { KeyRing } from "./key-ring.ts";
import { Problem } from "./problem.ts";
import { isGranted, type Permission } from "./roles.ts";

/** `Bearer <key>` everywhere; `GenieKey <key>` is Opsgenie's word for the same. */
const AUTHORIZATION = /^(?:Bearer|GenieKey) +(\S+) *$/iu;

export function keyTextOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : AUTHORIZATION.exec(authorization)?.[1];
}

/** Answers 401 of an address in the running second. */
export class UnauthorizedCounter {
  #second = 0;
  readonly #byAddress = new Map<string, number>();
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  isExhausted(address: string): boolean {
    this.#turn();
    return (this.#byAddress.get(address) ?? 0) >= UNAUTHORIZED_PER_SECOND_MAX;
  }

  count(address: string): void {
    this.#turn();
    if (this.#byAddress.size < ADDRESSES_COUNTED_MAX)
      this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }

  #turn(): void {
    const second = Math.floor(this.#now() / SECOND);
    if (second === this.#second) return;
    this.#second = second;
    this.#byAddress.clear();
  }
}

export class Gate {
  readonly #keys: KeyRing;
  readonly #unauthorized: UnauthorizedCounter;

  constructor(keys: KeyRing, now: () => Instant) {
    this.#keys = keys;
    this.#unauthorized = new UnauthorizedCounter(now);
  }

  /** Throws: Problem `unauthorized`, `rate_limited`. */
  async authenticate(keyText: string | undefined, address: string): Promise<StoredKey> {
    // Above the limit nobody asks Postgres about a key that is not known already.
    if (this.#unauthorized.isExhausted(address) && (keyText === undefined || !this.#keys.isKnown(keyText)))
      throw new Problem("rate_limited", "too many requests without a valid key from this address", {}, 1);
    const found = keyText === undefined ? undefined : this.#keys.find(keyText);
    const key = found instanceof Promise ? await found : found;
    if (key === undefined) {
      this.#unauthorized.count(address);
      throw new Problem(
        "unauthorized",
        keyText === undefined
          ? "send a key: `Authorization: Bearer <key>`"
          : "this key is not known, has expired or was revoked",
      );
    }
    if (!this.#keys.spend(key.id))
      throw new Problem(
        "rate_limited",
        "this key sends more requests a second than TOCSIN_RATE_PER_KEY allows",
        {},
        1,
      );
    return key;
  }
}

/** Throws: Problem `forbidden`. */
export function authorize(permission: Permission, key: StoredKey): void {
  if (!isGranted(permission, key.role))
    throw new Problem(
      "forbidden",
      `a key of the role \`${key.role}\` may not do this; it needs \`${permission}\``,
    );
}
