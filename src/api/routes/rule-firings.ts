/** How often rules fired of late: what an editor shows above them. Counts are kept for a moment, since every open editor asks. */
import { z } from "zod";
import {
  DAY,
  FIRINGS_COUNTED_AGE_MS,
  FIRINGS_DAYS_MAX,
  toRfc3339,
  type Instant,
} from "../../domain/index.ts";
import { selectFiringCounts, type FiringCount } from "../../store/desk/index.ts";
import type { Store } from "../../store/index.ts";
import { ok, route, type Route } from "../route.ts";
import { time } from "../schemas/shared-shapes.ts";

const firingsOut = z
  .object({
    days: z.number().int(),
    since: time,
    items: z.array(
      z.object({
        rule: z.string().meta({ description: "its name; a rule that did not fire is left out" }),
        firings: z.number().int(),
        last_at: time,
      }),
    ),
  })
  .meta({ id: "RuleFirings" });

interface Counted {
  readonly at: Instant;
  readonly since: Instant;
  readonly items: readonly FiringCount[];
}

/** Of each database, by days; at most one for each number of days. */
const counted = new WeakMap<Store, Map<number, Counted>>();

async function countFirings(store: Store, days: number, now: Instant): Promise<Counted> {
  const known = counted.get(store) ?? new Map<number, Counted>();
  counted.set(store, known);
  const before = known.get(days);
  if (before !== undefined && now - before.at < FIRINGS_COUNTED_AGE_MS) return before;
  const since = now - days * DAY;
  const fresh = { at: now, since, items: await selectFiringCounts(store, since) };
  known.set(days, fresh);
  return fresh;
}

const firings = route({
  method: "GET",
  path: "/api/v1/rules/firings",
  permission: "read",
  tag: "Rule sets",
  summary:
    "How often each rule fired in the last days, most often first; by whole hours, half a minute old at most",
  query: z.object({
    days: z.coerce
      .number({ error: "must be a number" })
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(FIRINGS_DAYS_MAX, `must be at most ${FIRINGS_DAYS_MAX}`)
      .default(7),
  }),
  answers: { 200: { description: "rules that fired", schema: firingsOut } },
  problems: ["invalid_body"],
  run: async ({ deps, query: { days } }) => {
    const { since, items } = await countFirings(deps.store, days, deps.now());
    return ok({ days, since: toRfc3339(since), items });
  },
});

export const ruleFirings: readonly Route[] = [firings];
