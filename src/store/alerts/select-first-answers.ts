/** What was answered to the first of several equal deliveries, for the answer to the later ones. */
import { z } from "zod";
import { bytesArray } from "../array-literals.ts";
import type { Queryable } from "../statement.ts";

export interface FirstAnswer {
  readonly id: string;
  readonly ticket: string | undefined;
  readonly repeat: number | undefined;
  readonly warnings: readonly string[];
  readonly firings: readonly {
    readonly rule: string;
    readonly on: string;
    readonly file: string;
    readonly line: number;
    readonly ticket: string | undefined;
  }[];
}

interface Row {
  key: string;
  id: string;
  ticket: string | null;
  repeat: number | null;
  warnings: string[];
  firings: unknown;
}

const SQL = `select d.key, a.id, t.number as ticket, a.repeat, a.warnings,
  coalesce((select json_agg(json_build_object('rule', f.rule, 'on', f.event, 'file', f.file, 'line', f.line,
      'ticket', ft.number) order by f.id)
    from firings f left join tickets ft on ft.id = f.ticket_id where f.alert_id = a.id), '[]') as firings
from alert_deliveries d join alerts a on a.id = d.alert_id left join tickets t on t.id = a.ticket_id
where d.key = any($1::bytea[])`;

const firings = z.array(
  z.object({
    rule: z.string(),
    on: z.string(),
    file: z.string(),
    line: z.number(),
    ticket: z
      .string()
      .nullable()
      .transform((ticket) => ticket ?? undefined),
  }),
);

/** By delivery key (hex). */
export async function selectFirstAnswers(
  db: Queryable,
  keys: readonly string[],
): Promise<ReadonlyMap<string, FirstAnswer>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<Row>({ text: SQL, values: [bytesArray(keys, (key) => key)] });
  return new Map(
    rows.map((row) => [
      row.key,
      {
        id: row.id,
        ticket: row.ticket ?? undefined,
        repeat: row.repeat ?? undefined,
        warnings: row.warnings,
        firings: firings.parse(row.firings),
      },
    ]),
  );
}
