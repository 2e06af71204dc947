/** Shapes of alerts. What comes in is read by src/ingest by hand; this page says the same to the documentation. */
import { z } from "zod";
import {
  ALERTS_PER_ARRAY_MAX,
  IDENTIFIER_CHARACTERS_MAX,
  SOURCE_CHARACTERS_MAX,
  TAG_CHARACTERS_MAX,
  TAGS_MAX,
} from "../../domain/index.ts";
import { fieldValue, problem, time } from "./shared-shapes.ts";

const identifier = z.string().max(IDENTIFIER_CHARACTERS_MAX).nullable().optional();

export const alertIn = z
  .looseObject({
    source: z
      .string()
      .min(1)
      .max(SOURCE_CHARACTERS_MAX)
      .meta({ examples: ["Datto RMM"] }),
    title: z
      .string()
      .min(1)
      .meta({ examples: ["Device SRV-B lost power"] }),
    description: z.string().nullable().optional(),
    severity: identifier.meta({ examples: ["critical"] }),
    status: z.enum(["firing", "resolved"]).nullable().optional(),
    alert_id: identifier,
    delivery_id: identifier.meta({ description: "the same when the transport sends twice" }),
    ticket_id: identifier,
    organization: identifier.meta({ examples: ["Acme"] }),
    customer_id: identifier,
    device: identifier.meta({ examples: ["SRV-B"] }),
    device_id: identifier,
    tags: z.array(z.string().max(TAG_CHARACTERS_MAX)).max(TAGS_MAX).nullable().optional(),
    fields: z.record(z.string(), z.unknown()).nullable().optional(),
    occurred_at: z.iso.datetime({ offset: true }).nullable().optional(),
  })
  .meta({ id: "AlertIn", description: "unknown members are kept as `fields` and told in `warnings`" });

export const alertsIn = z.union([alertIn, z.array(alertIn).max(ALERTS_PER_ARRAY_MAX)]);

const OUTCOMES = [
  "ticket_created",
  "note_added",
  "held",
  "suppressed",
  "handled",
  "unmatched",
  "resolved",
  "duplicate_delivery",
] as const;

const firing = z.object({
  rule: z.string(),
  on: z.string(),
  file: z.string(),
  line: z.number().int(),
  ticket: z.string().optional(),
});

export const alertAnswer = z
  .object({
    id: z.string(),
    outcome: z.enum(OUTCOMES),
    ticket: z
      .string()
      .optional()
      .meta({ examples: ["T20261122.0001"] }),
    repeat: z.number().int().optional(),
    firings: z.array(firing),
    warnings: z.array(z.string()).optional(),
  })
  .meta({ id: "AlertAnswer" });

export const alertResults = z
  .object({ results: z.array(z.union([alertAnswer, z.object({ error: problem })])) })
  .meta({ id: "AlertResults", description: "in the order of the array" });

export const OUTCOME_FILTER: ReadonlySet<string> = new Set([...OUTCOMES, "refused"]);

const mapped = z.object({
  asked: z.string().nullable(),
  id: z.string().optional(),
  name: z.string().optional(),
});

export const alertOut = z
  .object({
    id: z.string(),
    alert_id: z.string().nullable(),
    delivery_id: z.string().nullable(),
    received_at: time,
    occurred_at: time.nullable(),
    source: z.string().nullable(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    severity: z.string().nullable(),
    status: z.enum(["firing", "resolved"]).nullable(),
    ticket_id: z.string().nullable(),
    customer_id: z.string().nullable(),
    device_id: z.string().nullable(),
    organization: mapped,
    device: mapped,
    tags: z.array(z.string()),
    fields: z.record(z.string(), fieldValue),
    outcome: z.enum([...OUTCOMES, "refused"]),
    ticket: z.string().optional(),
    repeat: z.number().int().optional(),
    firings: z.array(firing),
    warnings: z.array(z.string()).optional(),
    rule_set: z.number().int().nullable(),
    refusal: z
      .object({
        code: z.string(),
        detail: z.string(),
        errors: z.array(z.unknown()),
        key: z.string().nullable(),
        body_start: z.string(),
      })
      .optional(),
  })
  .meta({ id: "Alert", description: "of a refused one only `refusal` and the times are known" });

const nearestOut = z
  .object({
    text: z.string(),
    changes: z.array(
      z.object({
        path: z.union([z.string(), z.null()]),
        from: z.union([fieldValue, z.null()]),
        to: z
          .union([fieldValue, z.null()])
          .optional()
          .meta({ description: "a value that does it, null taking it away; left out where none is made up" }),
        text: z.string(),
      }),
    ),
  })
  .meta({
    id: "NearestChange",
    description: "the smallest change of the alert for which the rule would have fired",
  });

export const explainOut = z
  .object({
    id: z.string(),
    outcome: z.enum([...OUTCOMES, "refused"]),
    why: z.string(),
    rules: z.array(
      z.object({
        rule: z.string(),
        file: z.string(),
        line: z.number().int(),
        result: z.enum(["fired", "not_fired", "excepted", "stopped", "inactive"]),
        why: z
          .string()
          .optional()
          .meta({ description: "what a fired rule did, or what kept a rule that holds from firing" }),
        conditions: z.array(
          z.object({
            text: z.string(),
            file: z.string(),
            line: z.number().int(),
            result: z.boolean(),
            actual: z.union([fieldValue, z.null()]).optional(),
            decides: z
              .literal(true)
              .optional()
              .meta({ description: "it would have to be different for the rule to fire" }),
          }),
        ),
        more_conditions: z.number().int().optional().meta({ description: "how many were left out" }),
        nearest: nearestOut.optional(),
      }),
    ),
  })
  .meta({ id: "Explanation" });
