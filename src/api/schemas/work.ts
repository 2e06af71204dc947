/** Shapes of projects and tasks. */
import { z } from "zod";
import { DESCRIPTION_CHARACTERS_MAX, TITLE_CHARACTERS_MAX } from "../../domain/index.ts";
import { by, nameOrId, reference, shortText, time } from "./shared-shapes.ts";
import { noteOut, timeEntryOut } from "./ticket.ts";

const line = z.string().trim().min(1, "must not be blank").max(TITLE_CHARACTERS_MAX);
const description = z.string().max(DESCRIPTION_CHARACTERS_MAX);

export const projectIn = z
  .strictObject({
    name: line,
    description: description.optional(),
    status: shortText.optional(),
    organization: nameOrId.optional(),
  })
  .meta({
    id: "ProjectIn",
    description: "without an organization the own one; statuses are those of tickets",
  });
export const projectPatch = z
  .strictObject({ name: line, description, status: shortText })
  .partial()
  .meta({ id: "ProjectPatch", description: "what is left out stays" });

export const taskIn = z
  .strictObject({
    project: z.string(),
    title: line,
    description: description.optional(),
    status: shortText.optional(),
    assigned_resource: nameOrId.optional(),
  })
  .meta({ id: "TaskIn", description: "`project` is its number" });
export const taskPatch = z
  .strictObject({ title: line, description, status: shortText, assigned_resource: nameOrId.nullable() })
  .partial()
  .meta({ id: "TaskPatch", description: "what is left out stays; null empties" });

const shared = {
  description: z.string(),
  status: z.string(),
  organization: reference,
  created_at: time,
  created_by: by,
  version: z.number().int(),
};

export const projectOut = z
  .object({ number: z.string().meta({ examples: ["P20261122.0001"] }), name: z.string(), ...shared })
  .meta({ id: "Project" });
export const taskOut = z
  .object({
    number: z.string().meta({ examples: ["P20261122.0001.0001"] }),
    project: z.string(),
    title: z.string(),
    assigned_resource: reference.nullable(),
    ...shared,
  })
  .meta({ id: "Task" });

const history = z.array(
  z.object({ at: time, by, field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
);
const details = { notes: z.array(noteOut), time_entries: z.array(timeEntryOut), history };
export const projectDetailsOut = projectOut.extend(details).meta({ id: "ProjectDetails" });
export const taskDetailsOut = taskOut.extend(details).meta({ id: "TaskDetails" });
