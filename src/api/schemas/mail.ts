/** Shapes of mail. */
import { z } from "zod";
import { time } from "./shared-shapes.ts";

export const MAIL_STATES = ["received", "processed", "ignored", "failed"] as const;

export const mailOut = z
  .object({
    id: z.string().meta({ examples: ["ml_01m0zs3k2a0000001x7k2p9qab"] }),
    state: z.enum(MAIL_STATES).meta({
      description:
        "received: waits to be decided; processed: it became something; ignored: private, automatic, looping or a dropped duplicate; failed: see reason, and retry after mending it",
    }),
    reason: z.string().optional(),
    from: z.string().meta({ description: "header From; the envelope's sender until it is read" }),
    to: z.array(z.string()).meta({ description: "recipients of the envelope" }),
    mailbox: z.string(),
    subject: z.string(),
    received_at: time,
    decided_at: time.nullable(),
    ticket: z.string().optional().meta({ description: "number of the ticket that it made or was added to" }),
    item: z.string().optional().meta({ description: "number of the project or task" }),
    object: z
      .enum(["ticket", "ticket note", "ticket time entry", "project note", "task note", "task time entry"])
      .optional(),
    envelope_from: z.string(),
    message_id: z.string().nullable(),
    bytes: z.number().int(),
    raw: z.boolean().meta({ description: "whether the raw message is kept still" }),
    warnings: z.array(z.string()).optional(),
  })
  .meta({ id: "Mail" });

export const mailTaken = z
  .object({
    id: z.string(),
    state: z.enum(MAIL_STATES),
    again: z
      .boolean()
      .meta({ description: "the mailbox had a mail of this Message-ID already: nothing was stored" }),
  })
  .meta({ id: "MailTaken" });

export const mailExplained = z
  .object({
    id: z.string(),
    outcome: z.enum(MAIL_STATES),
    why: z.string(),
    attributed: z
      .object({ how: z.string(), why: z.string(), organization: z.string().optional() })
      .optional()
      .meta({ description: "whose it is, and how that is known" }),
    duplicate: z
      .object({ by: z.string(), of: z.string(), behaviour: z.string() })
      .optional()
      .meta({ description: "the ticket that it repeats or answers" }),
    authenticated: z.boolean(),
    notice: z.string().optional().meta({ description: "what its sender was told, or why not" }),
    messages: z.array(z.string()),
    rules: z.array(
      z.object({
        rule: z.string(),
        file: z.string(),
        line: z.number().int(),
        on: z.string().optional(),
        result: z.enum(["fired", "not_fired", "excepted", "stopped", "inactive"]),
        why: z.string().optional(),
        conditions: z.array(z.record(z.string(), z.unknown())),
        more_conditions: z.number().int().optional(),
        nearest: z
          .record(z.string(), z.unknown())
          .optional()
          .meta({ description: "the smallest change for which it would have fired" }),
      }),
    ),
  })
  .meta({ id: "MailExplained" });
