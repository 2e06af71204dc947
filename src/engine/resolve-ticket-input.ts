/**
 * A ticket call's values become fields of the decision: declared words in their declared case, records looked up by name
 * or id, user-defined values of the declared type. What does not exist is an expected outcome, with its path.
 */
import { foldName, foldText, readInstant, unreachable } from "../domain/index.ts";
import type { FieldValue } from "../domain/index.ts";
import { recordKey } from "../decision/index.ts";
import type { RecordAddress, TicketFields } from "../decision/index.ts";
import type { RuleSetIr, UdfIr } from "../compiler/index.ts";
import { loadRecords } from "../store/index.ts";
import type { LoadedRecord, Queryable } from "../store/index.ts";
import type { TicketInput } from "./types.ts";

export type ResolvedInput =
  | { readonly kind: "fields"; readonly fields: TicketFields }
  | { readonly kind: "unknown-reference"; readonly path: string; readonly message: string };

interface Scope {
  readonly db: Queryable;
  readonly ir: RuleSetIr;
  /** Whose contacts and devices are meant, unless the input moves the ticket. */
  readonly organizationId: string;
}

/** Thrown and caught in this file only: the first value that means nothing. */
class UnknownReference extends Error {
  override readonly name = "UnknownReference";
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

export async function resolveTicketInput(input: TicketInput, scope: Scope): Promise<ResolvedInput> {
  try {
    const words = resolveWords(input, scope.ir);
    const records = await resolveRecords(input, scope);
    const udf = input.udf === undefined ? {} : { udf: resolveUdf(input.udf, scope.ir) };
    return { kind: "fields", fields: { ...words, ...records, ...udf } };
  } catch (error) {
    if (!(error instanceof UnknownReference)) throw error;
    return { kind: "unknown-reference", path: error.path, message: error.message };
  }
}

/* ---------- words ---------- */

type WordField = "status" | "priority" | "queue" | "type" | "source";

function resolveWords(input: TicketInput, ir: RuleSetIr): TicketFields {
  const word = (name: WordField, value: string | null | undefined): object =>
    value === undefined ? {} : { [name]: value === null ? undefined : declaredWord(name, value, ir) };
  return {
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.description === undefined ? {} : { description: input.description ?? "" }),
    ...(input.resolution === undefined ? {} : { resolution: input.resolution ?? "" }),
    ...word("status", input.status),
    ...word("priority", input.priority),
    ...word("queue", input.queue),
    ...word("type", input.type),
    ...word("source", input.source),
    ...(input.category === undefined
      ? {}
      : { category: input.category === null ? undefined : declaredCategory(input.category, ir) }),
    ...(input.external_id === undefined ? {} : { externalId: input.external_id ?? undefined }),
    ...(input.tags === undefined ? {} : { tags: input.tags }),
    ...(input.due_at === undefined ? {} : { dueAt: input.due_at ?? undefined }),
  };
}

/** Without a declared list any text is right (language.md 2, values). */
function declaredWord(name: WordField, value: string, ir: RuleSetIr): string {
  const declared = ir.values.get(`ticket.${name}`);
  return declared === undefined ? value : findWord(name, value, declared.words);
}

function declaredCategory(value: string, ir: RuleSetIr): string {
  return findWord("category", value, [...ir.categories.keys()]);
}

function findWord(path: string, value: string, words: readonly string[]): string {
  const folded = foldText(value.trim());
  const found = words.find((word) => word === value) ?? words.find((word) => foldText(word) === folded);
  if (found !== undefined) return found;
  const known = words.length === 0 ? "none is declared" : `declared are ${words.join(", ")}`;
  throw new UnknownReference(path, `"${value}" is not a declared ${path}: ${known}`);
}

/* ---------- records ---------- */

async function resolveRecords(input: TicketInput, scope: Scope): Promise<TicketFields> {
  const organization =
    input.organization === undefined
      ? undefined
      : await findRecord(scope.db, { path: "organization", text: input.organization });
  const organizationId = organization?.id ?? scope.organizationId;
  const inside = async (
    path: "contact" | "device",
    text: string | null | undefined,
  ): Promise<LoadedRecord | undefined> =>
    text === undefined || text === null
      ? undefined
      : await findRecord(scope.db, { path, text, organizationId });
  const contact = await inside("contact", input.contact);
  const device = await inside("device", input.device);
  const resource =
    input.assigned_resource === undefined || input.assigned_resource === null
      ? undefined
      : await findRecord(scope.db, { path: "assigned_resource", text: input.assigned_resource });
  return {
    ...(organization?.kind === "organization" ? { organization: withoutKind(organization) } : {}),
    ...(input.contact === undefined ? {} : { contact: asPerson(contact) }),
    ...(input.device === undefined
      ? {}
      : { device: device?.kind === "device" ? withoutKind(device) : undefined }),
    ...(input.assigned_resource === undefined ? {} : { assignedResource: asPerson(resource) }),
  };
}

type RecordQuestion =
  | { readonly path: "organization" | "assigned_resource"; readonly text: string }
  | { readonly path: "contact" | "device"; readonly text: string; readonly organizationId: string };

/** An id wins over a name. Contacts and devices of another organization are not found. */
async function findRecord(db: Queryable, question: RecordQuestion): Promise<LoadedRecord> {
  const kind = question.path === "assigned_resource" ? "resource" : question.path;
  const byId = recordKey({ kind, by: "id", id: question.text.trim() });
  const byName = recordKey(nameAddress(question));
  const records = await loadRecords(db, [byId, byName]);
  const found = records.get(byId) ?? records.get(byName);
  const isOutside =
    "organizationId" in question && found !== undefined && found.organizationId !== question.organizationId;
  if (found !== undefined && !isOutside) return found;
  const noun = kind === "resource" ? "resource" : kind;
  const means = kind === "contact" || kind === "resource" ? "name, mail address or id" : "name or id";
  const where = "organizationId" in question ? " of the ticket's organization" : "";
  throw new UnknownReference(
    question.path,
    `there is no ${noun}${where} with the ${means} "${question.text}"`,
  );
}

function nameAddress(question: RecordQuestion): RecordAddress {
  const name = question.text;
  if ("organizationId" in question)
    return { kind: question.path, by: "name", organizationId: question.organizationId, name };
  return { kind: question.path === "organization" ? "organization" : "resource", by: "name", name };
}

function withoutKind(record: Extract<LoadedRecord, { kind: "organization" | "device" }>): {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly udf: Readonly<Record<string, FieldValue>>;
} {
  const { id, name, tags, udf } = record;
  return { id, name, tags, udf };
}

function asPerson(
  record: LoadedRecord | undefined,
): { readonly id: string; readonly name: string; readonly email: string | undefined } | undefined {
  if (record === undefined || record.kind === "organization" || record.kind === "device") return undefined;
  return { id: record.id, name: record.name, email: record.email };
}

/* ---------- user-defined fields ---------- */

function resolveUdf(
  values: Readonly<Record<string, FieldValue | null>>,
  ir: RuleSetIr,
): Readonly<Record<string, FieldValue>> {
  const resolved: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(values)) {
    const folded = foldName(name);
    const udf = ir.udfs.find((one) => one.scope === "ticket" && foldName(one.name) === folded);
    if (udf === undefined) throw new UnknownReference(`udf.${name}`, `no ticket field "${name}" is declared`);
    Object.defineProperty(resolved, udf.name, {
      value: value === null || value === undefined ? undefined : toUdfValue(udf, value),
      enumerable: true,
    });
  }
  return resolved;
}

function toUdfValue(udf: UdfIr, value: Exclude<FieldValue, undefined>): FieldValue {
  const wrong = (): never => {
    throw new UnknownReference(
      `udf.${udf.name}`,
      `"${udf.name}" is a ${udf.type} field and cannot hold ${JSON.stringify(value)}`,
    );
  };
  switch (udf.type) {
    case "text":
      return typeof value === "object" ? wrong() : String(value);
    case "number": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      return typeof number === "number" && Number.isFinite(number) ? number : wrong();
    }
    case "boolean":
      return typeof value === "boolean" ? value : wrong();
    case "date":
      return readInstant(value) ?? wrong();
    default:
      return unreachable(udf.type);
  }
}
