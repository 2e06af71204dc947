/** Tickets that a mail repeats, and the tags that its text may name. Asked once its organization is known. */
import type { DuplicateQuestion, FoundDuplicate } from "../../decision/index.ts";
import type { Queryable } from "../statement.ts";

/**
 * By the value first: an organization may have tickets without number, of one alert there are few.
 * A6 in words of mail: an open ticket before a Complete one, then the newest. In the order of
 * the questions.
 */
export async function selectDuplicates(
  db: Queryable,
  organizationId: string,
  questions: readonly DuplicateQuestion[],
): Promise<readonly FoundDuplicate[]> {
  const found = await Promise.all(
    questions.map(async ({ by, field, value }): Promise<FoundDuplicate | undefined> => {
      const [row] = await db.query<{ id: string }>({
        name: "mail-duplicate",
        text: `select t.id from (
            select id, organization_id, completed_at, created_at from tickets where udf <> '{}' and udf @> $2::jsonb offset 0) t
          where t.organization_id = $1
          order by (t.completed_at is null) desc, t.created_at desc, t.id desc limit 1`,
        values: [organizationId, JSON.stringify({ [field]: value })],
      });
      return row === undefined ? undefined : { by, ticketId: row.id };
    }),
  );
  return found.flatMap((one) => one ?? []);
}

/** Tags that tickets, customers and devices have, those of the last hundred thousand tickets. */
export async function selectTags(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ tag: string }>({
    text: `select distinct tag from (
      select unnest(tags) as tag from (select tags from tickets order by id desc limit 100000) t where tags <> '{}'
      union all select unnest(tags) from organizations union all select unnest(tags) from devices) x
      order by tag limit 10000`,
  });
  return rows.map(({ tag }) => tag);
}
