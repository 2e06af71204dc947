/**
 * Which key a request carries, without a database round trip for each: a key is remembered for `KEY_REMEMBERED_MS`, so
 * a key that another server process revoked works at most that much longer (this process forgets it at once).
 *
 *   hash of the key (SHA-256, hex) -> { key | unknown, until }     at most KEYS_REMEMBERED_MAX, oldest out first
 *
 * Only hashes are kept and compared: who can time the comparison learns nothing of a key.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { KEY_REMEMBERED_MS, KEYS_REMEMBERED_MAX, SECOND, type Instant } from "../domain/index.ts";
import { selectLiveKey, type Db, type StoredKey } from "../store/desk/index.ts";

interface Remembered {
  readonly hash: Buffer;
  readonly key: StoredKey | undefined;
  readonly until: Instant;
}

export function hashKey(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

export interface KeyRing {
  /** Throws: StoreUnavailable. */
  find(text: string): Promise<StoredKey | undefined> | StoredKey | undefined;
  /** Is it known without asking Postgres? Guards the database from floods of made-up keys. */
  isKnown(text: string): boolean;
  forget(hashHex: string): void;
  /** Counts one request; false when the key has none left in this second. */
  spend(keyId: string): boolean;
}

export function openKeyRing(db: Db, now: () => Instant, requestsPerSecond: number): KeyRing {
  const byHash = new Map<string, Remembered>();
  const asking = new Map<string, Promise<StoredKey | undefined>>();
  const spent = new Map<string, { second: number; count: number }>();

  const recall = (text: string): { hex: string; hash: Buffer; entry: Remembered | undefined } => {
    const hash = hashKey(text);
    const hex = hash.toString("hex");
    const entry = byHash.get(hex);
    const isGood = entry !== undefined && entry.until > now() && timingSafeEqual(entry.hash, hash);
    return { hex, hash, entry: isGood ? entry : undefined };
  };

  const ask = async (hex: string, hash: Buffer): Promise<StoredKey | undefined> => {
    const key = await selectLiveKey(db, hash);
    byHash.delete(hex);
    if (byHash.size >= KEYS_REMEMBERED_MAX) {
      const oldest = byHash.keys().next().value;
      if (oldest !== undefined) byHash.delete(oldest);
    }
    byHash.set(hex, { hash, key, until: now() + KEY_REMEMBERED_MS });
    return key;
  };

  return {
    find: (text) => {
      const { hex, hash, entry } = recall(text);
      if (entry !== undefined) return live(entry.key, now());
      let answer = asking.get(hex);
      if (answer === undefined) {
        answer = ask(hex, hash).finally(() => asking.delete(hex));
        asking.set(hex, answer);
      }
      return answer.then((key) => live(key, now()));
    },
    isKnown: (text) => recall(text).entry?.key !== undefined,
    forget: (hex) => {
      byHash.delete(hex);
    },
    spend: (keyId) => {
      if (requestsPerSecond === 0) return true;
      const second = Math.floor(now() / SECOND);
      const count = spent.get(keyId);
      if (count === undefined || count.second !== second) {
        if (spent.size >= KEYS_REMEMBERED_MAX) spent.clear();
        spent.set(keyId, { second, count: 1 });
        return true;
      }
      count.count++;
      return count.count <= requestsPerSecond;
    },
  };
}

function live(key: StoredKey | undefined, at: Instant): StoredKey | undefined {
  return key === undefined || (key.expires_at !== null && key.expires_at <= at) ? undefined : key;
}
