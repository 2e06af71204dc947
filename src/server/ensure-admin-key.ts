/** The first admin key in the database: as its hash, once. Where the key comes from is the business of who starts us. */
import { hashKey } from "../api/index.ts";
import type { Store } from "../store/index.ts";
import { insertKey } from "../store/desk/index.ts";

/** A key that is there already, also a revoked one, stays as it is. */
export async function ensureAdminKey(store: Store, key: string): Promise<void> {
  await insertKey(store, {
    name: "admin",
    role: "admin",
    actor: "staff",
    integration: undefined,
    expiresAt: undefined,
    createdBy: "first start",
    hash: hashKey(key),
  });
}
