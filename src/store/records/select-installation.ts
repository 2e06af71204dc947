/** Which installation this database is: the same after a restore of a backup, another in a database made anew. */
import type { Queryable } from "../statement.ts";

/** `in_3f0c...`. Made by the migration, or here where somebody emptied the table. */
export async function selectInstallation(db: Queryable): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const [row] = await db.query<{ id: string }>({
      name: "select-installation",
      text: "select id from installation",
    });
    return row?.id;
  };
  const found = await find();
  if (found !== undefined) return found;
  await db.query({ text: "insert into installation default values on conflict do nothing" });
  const made = await find();
  if (made === undefined) throw new Error("the id of the installation was deleted while it was made");
  return made;
}
