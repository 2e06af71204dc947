/** A batch of tickets as columns, shared by insert and update: names, types and literals in one order. */
import type { Ticket } from "../../domain/index.ts";
import { bytesArray, jsonArray, plainArray, textArray, textListArray, timeArray } from "../array-literals.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  /** How the unnested value becomes the column's. */
  readonly cast?: string;
  readonly literal: (tickets: readonly Ticket[]) => string;
}

/** What a change may change. */
export const CHANGING: readonly Column[] = [
  { name: "title", type: "text", literal: (t) => textArray(t, (x) => x.title) },
  { name: "description", type: "text", literal: (t) => textArray(t, (x) => x.description) },
  { name: "resolution", type: "text", literal: (t) => textArray(t, (x) => x.resolution) },
  { name: "status", type: "text", literal: (t) => textArray(t, (x) => x.status) },
  { name: "priority", type: "text", literal: (t) => textArray(t, (x) => x.priority) },
  { name: "queue", type: "text", literal: (t) => textArray(t, (x) => x.queue) },
  { name: "category", type: "text", literal: (t) => textArray(t, (x) => x.category) },
  { name: "type", type: "text", literal: (t) => textArray(t, (x) => x.type) },
  { name: "source", type: "text", literal: (t) => textArray(t, (x) => x.source) },
  { name: "external_id", type: "text", literal: (t) => textArray(t, (x) => x.externalId) },
  { name: "organization_id", type: "text", literal: (t) => plainArray(t, (x) => x.organization.id) },
  { name: "contact_id", type: "text", literal: (t) => plainArray(t, (x) => x.contact?.id) },
  { name: "device_id", type: "text", literal: (t) => plainArray(t, (x) => x.device?.id) },
  {
    name: "assigned_resource_id",
    type: "text",
    literal: (t) => plainArray(t, (x) => x.assignedResource?.id),
  },
  { name: "tags", type: "text", cast: "text[]", literal: (t) => textListArray(t, (x) => x.tags) },
  { name: "udf", type: "jsonb", literal: (t) => jsonArray(t, (x) => x.udf) },
  { name: "due_at", type: "timestamptz", literal: (t) => timeArray(t, (x) => x.dueAt) },
  { name: "completed_at", type: "timestamptz", literal: (t) => timeArray(t, (x) => x.completedAt) },
  { name: "version", type: "integer", literal: (t) => plainArray(t, (x) => x.version) },
];

/** What notes, repeats and people's acts touch without a change. */
export const TOUCHED: readonly Column[] = [
  {
    name: "last_human_activity_at",
    type: "timestamptz",
    literal: (t) => timeArray(t, (x) => x.lastHumanActivityAt),
  },
  { name: "touched_by_human", type: "boolean", literal: (t) => plainArray(t, (x) => x.touchedByHuman) },
  { name: "note_count", type: "integer", literal: (t) => plainArray(t, (x) => x.noteCount) },
  { name: "repeat_count", type: "integer", literal: (t) => plainArray(t, (x) => x.repeatCount) },
];

/** What stays as it was at creation. */
export const LASTING: readonly Column[] = [
  { name: "id", type: "text", literal: (t) => plainArray(t, (x) => x.id) },
  { name: "number", type: "text", literal: (t) => plainArray(t, (x) => x.number) },
  { name: "created_at", type: "timestamptz", literal: (t) => timeArray(t, (x) => x.createdAt) },
  { name: "created_by", type: "jsonb", literal: (t) => jsonArray(t, (x) => x.createdBy) },
  { name: "dedup_key", type: "bytea", literal: (t) => bytesArray(t, (x) => x.dedupKey) },
  { name: "window_ends_at", type: "timestamptz", literal: (t) => timeArray(t, (x) => x.windowEndsAt) },
];

/** `unnest($1::text[], ...) as x (a, b, ...)` */
export function unnested(columns: readonly Column[]): string {
  const arrays = columns.map((column, i) => `$${i + 1}::${column.type}[]`);
  return `unnest(${arrays.join(", ")}) as x (${columns.map((column) => column.name).join(", ")})`;
}

export function valueOf(column: Column): string {
  return column.cast === undefined ? `x.${column.name}` : `x.${column.name}::${column.cast}`;
}
