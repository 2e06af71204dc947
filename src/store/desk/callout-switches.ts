/** What an admin switched over the text of a callout; holds until the text changes (contract.md 3). Knows no rule set. */
import type { Actor } from "../../domain/index.ts";
import type { Transaction } from "../statement.ts";
import { rfc3339, type Db } from "./sql.ts";

export interface CalloutSwitch {
  readonly callout: string;
  readonly active: boolean;
  readonly declaration_hash: string;
  readonly by: Actor;
  readonly at: string;
}

export async function selectCalloutSwitches(db: Db): Promise<readonly CalloutSwitch[]> {
  return await db.query<CalloutSwitch>({
    text: `select callout, active, declaration_hash, ${rfc3339("at")} as at,
        coalesce(actor, json_build_object('kind', 'staff', 'name', switched_by)::jsonb) as by
      from callout_switches`,
  });
}

export async function switchCallout(
  db: Db,
  one: Pick<CalloutSwitch, "callout" | "active" | "declaration_hash" | "by">,
): Promise<void> {
  const { kind, name } = one.by;
  await db.query({
    text: `insert into callout_switches (callout, active, declaration_hash, switched_by, actor) values ($1, $2, $3, $4, $5)
      on conflict (callout) do update set active = excluded.active, declaration_hash = excluded.declaration_hash,
        switched_by = excluded.switched_by, actor = excluded.actor, at = now()`,
    values: [one.callout, one.active, one.declaration_hash, name, JSON.stringify({ kind, name })],
  });
}

/** Where a set is put in force: a switch over another text is over, also should that text come back. */
export async function dropSwitches(
  transaction: Transaction,
  callouts: readonly { readonly name: string; readonly hash: string }[],
): Promise<void> {
  await transaction.query({
    text: `delete from callout_switches s where not exists (
      select from unnest($1::text[], $2::text[]) as declared (name, hash)
      where declared.name = s.callout and declared.hash = s.declaration_hash)`,
    values: [callouts.map(({ name }) => name), callouts.map(({ hash }) => hash)],
  });
}
