/** API keys: stored as SHA-256, found by it, revoked but never forgotten (who did what must stay readable). */
import { newId } from "./ids.ts";
import { rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export type KeyRole = "ingest" | "read" | "operate" | "admin";
export type KeyActor = "staff" | "contact" | "integration";

/** What a request is judged by. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly actor: KeyActor;
  readonly integration: string | null;
  /** Instant. */
  readonly expires_at: number | null;
}

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly actor: KeyActor;
  readonly integration: string | null;
  readonly created_at: string;
  readonly expires_at: string | null;
}

export interface NewKey {
  readonly name: string;
  readonly role: KeyRole;
  readonly actor: KeyActor;
  readonly integration: string | undefined;
  /** Instant. */
  readonly expiresAt: number | undefined;
  readonly createdBy: string;
  readonly hash: Buffer;
}

const SELECT = `select k.id, k.name, k.role, k.actor, k.integration, ${rfc3339("k.created_at")} as created_at,
  ${rfc3339("k.expires_at")} as expires_at from api_keys k`;

/** Neither revoked nor expired at the moment; the caller still compares `expires_at` while it remembers the key. */
export async function selectLiveKey(db: Db, hash: Buffer): Promise<StoredKey | undefined> {
  const rows = await db.query<StoredKey>({
    name: "select-live-key",
    text: `select id, name, role, actor, integration, expires_at from api_keys
      where hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
    values: [hash],
  });
  return rows[0];
}

export async function selectKeys(db: Db, page: PageRequest): Promise<Page<KeyRow>> {
  const rows = await db.query<KeyRow>({
    text: `${SELECT} where k.revoked_at is null and ($1::text is null or k.id < 'ky_' || $1::text)
      order by k.id desc limit $2`,
    values: [page.before ?? null, page.limit + 1],
  });
  return toPage(rows, page.limit, (row) => row);
}

export async function insertKey(db: Db, key: NewKey): Promise<KeyRow | undefined> {
  const id = newId("ky", Date.now());
  await db.query({
    text: `insert into api_keys (id, name, hash, role, actor, integration, created_by, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000)) on conflict (hash) do nothing`,
    values: [
      id,
      key.name,
      key.hash,
      key.role,
      key.actor,
      key.integration ?? null,
      key.createdBy,
      key.expiresAt ?? null,
    ],
  });
  const rows = await db.query<KeyRow>({ text: `${SELECT} where k.id = $1`, values: [id] });
  return rows[0];
}

/** The key's hash in hex when it was live, so that who remembers it can forget it. */
export async function revokeKey(db: Db, id: string): Promise<string | undefined> {
  const rows = await db.query<{ hash: string }>({
    text: "update api_keys set revoked_at = now() where id = $1 and revoked_at is null returning encode(hash, 'hex') as hash",
    values: [id],
  });
  return rows[0]?.hash;
}

export async function keyExists(db: Db, id: string): Promise<boolean> {
  const rows = await db.query({
    text: "select from api_keys where id = $1 and revoked_at is null",
    values: [id],
  });
  return rows.length > 0;
}
