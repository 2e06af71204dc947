/** Shapes of tickets, notes and time entries. */
import { z } from "zod";
import {
  DESCRIPTION_CHARACTERS_MAX,
  NOTE_CHARACTERS_MAX,
  RESOLUTION_CHARACTERS_MAX,
  UDFS_MAX,
} from "../../domain/index.ts";
import { by, fieldValue, moment, nameOrId, reference, shortText, tags, time } from "./shared-shapes.ts";

const dueAt = moment.nullable();

const udfIn = z
  .record(z.string(), fieldValue.nullable())
  .refine((udf) => Object.keys(udf).length <= UDFS_MAX, `must have at most ${UDFS_MAX} fields`);

const members = {
  title: z.string().trim().min(1, "must not be blank"),
  description: z.string().max(DESCRIPTION_CHARACTERS_MAX).nullable(),
  resolution: z.string().max(RESOLUTION_CHARACTERS_MAX).nullable(),
  status: shortText,
  priority: shortText,
  queue: shortText.nullable(),
  category: shortText.nullable(),
  type: shortText.nullable(),
  source: shortText,
  organization: nameOrId,
  contact: nameOrId.nullable(),
  device: nameOrId.nullable(),
  assigned_resource: nameOrId.nullable(),
  external_id: shortText.nullable(),
  tags,
  udf: udfIn,
  due_at: dueAt,
};

export const ticketPatch = z
  .strictObject(members)
  .partial()
  .meta({ id: "TicketPatch", description: "what is left out stays; null empties; references by name or id" });
export const ticketIn = z
  .strictObject(members)
  .partial()
  .required({ title: true })
  .meta({ id: "TicketIn", description: "references by name or id; without an organization the own one" });

export const ticketOut = z
  .object({
    number: z.string().meta({ examples: ["T20261122.0001"] }),
    title: z.string(),
    description: z.string(),
    resolution: z.string(),
    status: z.string(),
    priority: z.string(),
    queue: z.string().nullable(),
    category: z.string().nullable(),
    type: z.string().nullable(),
    organization: reference,
    contact: reference.nullable(),
    device: reference.nullable(),
    assigned_resource: reference.nullable(),
    source: z.string(),
    external_id: z.string().nullable(),
    tags: z.array(z.string()),
    udf: z.record(z.string(), fieldValue),
    due_at: time.nullable(),
    created_at: time,
    created_by: by,
    completed_at: time.nullable(),
    last_human_activity_at: time,
    repeat_count: z.number().int(),
    version: z.number().int(),
    warnings: z.array(z.string()).optional(),
  })
  .meta({ id: "Ticket" });

export const noteIn = z
  .strictObject({
    text: z
      .string()
      .max(NOTE_CHARACTERS_MAX)
      .refine((text) => text.trim() !== "", "must not be blank"),
    visibility: z.enum(["internal", "public"]).default("internal"),
  })
  .meta({ id: "NoteIn" });
export const noteOut = z
  .object({ at: time, by, visibility: z.enum(["internal", "public"]), text: z.string() })
  .meta({ id: "Note" });

/** A day has 24 hours; nobody books a month in one entry. */
const HOURS_MAX = 1000;
export const timeEntryIn = z
  .strictObject({
    hours: z.number().positive().max(HOURS_MAX),
    role: shortText.optional(),
    text: z.string().max(NOTE_CHARACTERS_MAX).optional(),
  })
  .meta({ id: "TimeEntryIn" });
export const timeEntryOut = z
  .object({ at: time, by, hours: z.number(), role: z.string().optional(), text: z.string().optional() })
  .meta({ id: "TimeEntry" });

const historyLine = z.object({
  at: time,
  by,
  field: z.string(),
  from: fieldValue.nullable(),
  to: fieldValue.nullable(),
});

const deadline = z.object({
  rule: z.string(),
  clock: z.enum(["idle", "open", "due", "overdue"]),
  at: time.meta({ description: "if nothing changes; in the past: it is due at once" }),
});

export const ticketDetailsOut = ticketOut
  .extend({
    notes: z.array(noteOut),
    time_entries: z.array(timeEntryOut),
    history: z.array(historyLine),
    deadlines: z.array(deadline).meta({
      description: "times that rules on the ticket wait for under the set in force, earliest first",
    }),
  })
  .meta({ id: "TicketDetails" });
