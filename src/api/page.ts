/** Cursors of lists: opaque to the caller, the place after the last item to us. */
import type { Page } from "../store/desk/index.ts";
import { invalidBody } from "./problem.ts";
import { ok, type Answer } from "./route.ts";

const PREFIX = "v1:";

/** Throws: Problem `invalid_body`. */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const before = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : "";
  if (!/^[0-9A-Za-z]{1,40}$/u.test(before))
    throw invalidBody([{ path: "cursor", message: "must be `next` of an earlier answer" }]);
  return before;
}

export function toCursor(before: string): string {
  return Buffer.from(PREFIX + before).toString("base64url");
}

export function pageRequest(query: { readonly cursor?: string | undefined; readonly limit: number }): {
  readonly limit: number;
  readonly before: string | undefined;
} {
  return { limit: query.limit, before: readCursor(query.cursor) };
}

export function pageAnswer<Item>(page: Page<Item>, toJson: (item: Item) => unknown): Answer {
  return ok({ items: page.items.map(toJson), next: page.next === undefined ? null : toCursor(page.next) });
}
