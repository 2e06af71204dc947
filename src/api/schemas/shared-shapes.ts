/** Shapes that many calls share. The documentation is generated from these; Knows no route. */
import { z } from "zod";
import {
  EXPLAIN_MISSES_DEFAULT,
  LIST_LIMIT_DEFAULT,
  LIST_LIMIT_MAX,
  parseRfc3339,
} from "../../domain/index.ts";

export const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u)
  .meta({ description: "RFC 3339 UTC with milliseconds", examples: ["2026-11-22T23:05:00.000Z"] });

/** A time in a request, in any form of RFC 3339. Units: milliseconds since 1970 UTC. */
export const moment = z.string().transform((text, context) => {
  const at = parseRfc3339(text);
  if (at !== undefined) return at;
  context.addIssue({ code: "custom", message: "must be a time as in RFC 3339: 2026-11-22T23:05:00Z" });
  return z.NEVER;
});

export const fieldValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number(), z.boolean()])),
]);

export const reference = z
  .object({ id: z.string(), name: z.string() })
  .meta({ id: "Reference", description: "one of our records" });

export const by = z
  .object({
    kind: z.enum(["system", "rule", "staff", "contact", "integration"]),
    name: z.string(),
    rule: z.string().optional(),
    file: z.string().optional(),
    line: z.number().int().optional(),
  })
  .meta({ id: "Actor", description: "who did it; `rule`, `file` and `line` where a rule acted" });

/** A filter given twice means either: one text or several come as a list. */
export const filter = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === "string" ? [given] : given))
  .optional();

/** A filter over words that are known: another one is a mistake of the caller's, not an empty list. */
export function filterOf(words: readonly string[]) {
  return filter.refine((given) => given?.every((word) => words.includes(word)) ?? true, {
    error: `must be one of ${words.join(", ")}`,
  });
}

export const pageQuery = {
  cursor: z.string().max(200).optional().meta({ description: "`next` of the page before" }),
  limit: z.coerce
    .number({ error: "must be a number" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(LIST_LIMIT_MAX, `must be at most ${LIST_LIMIT_MAX}`)
    .default(LIST_LIMIT_DEFAULT),
};

/** Of an explanation: the nearest misses that are told. */
export const missesQuery = z.object({
  limit: z.coerce
    .number({ error: "must be a number" })
    .int()
    .min(0)
    .max(LIST_LIMIT_MAX)
    .default(EXPLAIN_MISSES_DEFAULT),
});

export function listOf(item: z.ZodType): z.ZodType {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 with `code`" });

/** A name or an id of ours. */
export const nameOrId = z.string().trim().min(1, "must not be blank").max(500);
export const shortText = z.string().trim().min(1, "must not be blank").max(250);
export const tags = z.array(shortText).max(100);
