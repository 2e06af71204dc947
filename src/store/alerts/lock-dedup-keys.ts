/** Locks dedup keys until the end of the transaction: at most one batch decides about a key at a time (design.md 1). */
import { bytesArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

const SQL = `insert into dedup_keys (key)
select key from unnest($1::bytea[]) as k (key) order by key
on conflict (key) do update set uses = dedup_keys.uses + 1, used_at = now()`;

/** In key order, so that two batches never wait for each other. What is sent after it sees what the last holder committed. */
export function lockDedupKeys(db: Transaction, keys: readonly string[]): void {
  if (keys.length === 0) return;
  db.send({ name: "lock-dedup-keys", text: SQL, values: [bytesArray(keys, (key) => key)] });
}
