/** What json columns hold, checked where they come back into types. Written by this program; an edited row is caught here. */
import { z } from "zod";
import type { Actor, FieldValue } from "../domain/index.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
export const fieldValue = z.union([scalar, z.array(scalar)]);
const fieldRecord = z.record(z.string(), fieldValue);

const actor = z.object({
  kind: z.enum(["system", "rule", "staff", "contact", "integration"]),
  name: z.string(),
  rule: z.string().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
});

export function toActor(json: unknown): Actor {
  return actor.parse(json) as Actor;
}

/** Values by name; the empty record, the usual one, without asking zod. */
export function toFieldRecord(json: unknown): Readonly<Record<string, FieldValue>> {
  if (typeof json === "object" && json !== null && Object.keys(json).length === 0) return {};
  return fieldRecord.parse(json);
}

const mapped = z.object({
  asked: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  tags: z.array(z.string()),
});

/** Column `members` of alerts: what has no column of its own. */
export const alertMembers = z.object({
  description: z.string().optional(),
  ticketId: z.string().optional(),
  customerId: z.string().optional(),
  deviceId: z.string().optional(),
  occurredAt: z.number().optional(),
  tags: z.array(z.string()),
  fields: fieldRecord,
  organization: mapped.extend({ name: z.string() }),
  device: mapped,
});
export type AlertMembers = z.infer<typeof alertMembers>;
