/** Keeps organizations from being deleted until a batch that names them has committed. */
import { plainArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

/** Instead of a foreign key: one statement a batch, not a trigger a row. Shared; nothing but a delete waits for it. */
export function lockOrganizations(db: Transaction, ids: readonly string[]): void {
  if (ids.length === 0) return;
  db.send({
    name: "lock-organizations",
    text: "select 1 from organizations where id = any($1::text[]) for key share",
    values: [plainArray(ids, (id) => id)],
  });
}
