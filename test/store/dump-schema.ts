/** The schema of a database as text, from its catalogue: what `schema.sql` is compared with. (pg_dump is not in the embedded server.) */
import type { Queryable } from "../../src/store/index.ts";

interface Line {
  readonly line: string;
}

/** Tables in order of name, columns in order of the table, constraints and indexes in order of name. */
export async function dumpSchema(db: Queryable): Promise<string> {
  const tables = await db.query<{ name: string; oid: number; options: string[] | null }>({
    text: `select relname as name, oid::int, reloptions as options from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname collate "C"`,
  });
  const texts: string[] = [];
  for (const { name, oid, options } of tables) {
    const columns = await lines(
      db,
      `select format('  %I %s%s%s%s', attname, format_type(atttypid, atttypmod),
          case when attcollation <> 0 and attcollation <> 100 then ' collate ' || attcollation::regcollation else '' end,
          case when attidentity <> '' then ' generated always as identity' else '' end ||
          case when adbin is not null then ' default ' || pg_get_expr(adbin, adrelid) else '' end,
          case when attnotnull then ' not null' else '' end) as line
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = $1 and attnum > 0 and not attisdropped order by attnum`,
      oid,
    );
    const constraints = await lines(
      db,
      `select format('  constraint %I %s', conname, pg_get_constraintdef(oid)) as line from pg_constraint
        where conrelid = $1 and contype <> 'n' order by conname collate "C"`,
      oid,
    );
    const indexes = await lines(
      db,
      `select pg_get_indexdef(indexrelid) || ';' as line from pg_index
        where indrelid = $1 and not exists (select from pg_constraint where conindid = indexrelid and conrelid = indrelid)
        order by indexrelid::regclass::text collate "C"`,
      oid,
    );
    const storage = options === null ? "" : ` with (${options.join(", ")})`;
    texts.push(
      `create table ${name} (\n${[...columns, ...constraints].join(",\n")}\n)${storage};`,
      ...indexes,
      "",
    );
  }
  const functions = await lines(
    db,
    `select pg_get_functiondef(oid) as line from pg_proc where pronamespace = 'public'::regnamespace order by proname`,
  );
  const triggers = await lines(
    db,
    `select pg_get_triggerdef(oid) || ';' as line from pg_trigger where not tgisinternal order by tgname`,
  );
  return [...texts, ...functions, ...triggers].join("\n");
}

async function lines(db: Queryable, text: string, ...values: readonly unknown[]): Promise<readonly string[]> {
  return (await db.query<Line>({ text, values })).map(({ line }) => line);
}
