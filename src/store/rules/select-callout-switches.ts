/** What an admin switched against the text of callouts: it holds while the callout's text has the hash of that moment. */
import type { Queryable } from "../statement.ts";

export interface CalloutSwitch {
  readonly callout: string;
  readonly active: boolean;
  readonly declarationHash: string;
}

export async function selectCalloutSwitches(db: Queryable): Promise<readonly CalloutSwitch[]> {
  const rows = await db.query<{ callout: string; active: boolean; declaration_hash: string }>({
    name: "select-callout-switches",
    text: "select callout, active, declaration_hash from callout_switches",
  });
  return rows.map((row) => ({
    callout: row.callout,
    active: row.active,
    declarationHash: row.declaration_hash,
  }));
}
