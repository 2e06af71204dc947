/** Field lines of `given ticket` and `set ticket` as the fields of a ticket: words as declared, records by name. */
import type { RuleSetIr } from "../compiler/index.ts";
import type { CheckedRules } from "../checker/index.ts";
import type { TicketFields } from "../decision/index.ts";
import { foldText } from "../domain/index.ts";
import type { Field, FieldValue } from "../domain/index.ts";
import type { FieldLine } from "../../grammar/ast.ts";
import type { TestRecords } from "./test-records.ts";
import { literalOf } from "./test-time.ts";
import type { TestTime } from "./test-time.ts";

interface Reading {
  readonly ir: RuleSetIr;
  readonly meanings: CheckedRules["meanings"];
  readonly records: TestRecords;
  readonly time: TestTime;
  /** Whose devices and contacts are meant, unless a line names another. */
  readonly organizationId: string;
}

export function readTicketFields(lines: readonly FieldLine[], reading: Reading): TicketFields {
  const written = lines.flatMap(({ path, value }) => {
    const meaning = reading.meanings.get(path);
    if (value === undefined || meaning?.kind !== "field") return [];
    return [{ field: meaning.field, value: literalOf(value, reading.time, meaning.field.type) }];
  });
  const named = written.find(({ field }) => field.path === "ticket.organization")?.value;
  const organization = named === undefined ? undefined : reading.records.organization(String(named));
  const organizationId = organization?.id ?? reading.organizationId;
  const udf: Record<string, FieldValue> = {};
  let fields: TicketFields = {};
  for (const { field, value } of written) {
    const name = field.apiName ?? "";
    if (name.startsWith("udf.")) Object.defineProperty(udf, name.slice(4), { value, enumerable: true });
    else fields = { ...fields, ...oneField(field, value, { ...reading, organizationId }) };
  }
  return { ...fields, ...(Object.keys(udf).length === 0 ? {} : { udf }) };
}

function oneField(field: Field, value: FieldValue, { ir, records, organizationId }: Reading): TicketFields {
  const text = value === undefined || value === "" ? undefined : String(value);
  switch (field.apiName) {
    case "organization":
      return { organization: records.organization(text ?? "") ?? records.own };
    case "device":
      return { device: text === undefined ? undefined : records.device(organizationId, text) };
    case "contact":
      return { contact: text === undefined ? undefined : records.contactOf(organizationId, text) };
    case "assigned_resource":
      return { assignedResource: text === undefined ? undefined : records.resource(text) };
    case "due_at":
      return { dueAt: typeof value === "number" ? value : undefined };
    case "external_id":
      return { externalId: text };
    case "title":
      return { title: text };
    case "description":
    case "resolution":
      return { [field.apiName]: text ?? "" };
    case "category":
      return { category: declaredWord([...ir.categories.keys()], text) };
    case "status":
    case "priority":
    case "queue":
    case "type":
    case "source":
      return { [field.apiName]: declaredWord(ir.values.get(field.path)?.words ?? [], text) };
    default:
      return {};
  }
}

/** Case is mended, as for every call (contract.md 3). */
function declaredWord(words: readonly string[], text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const folded = foldText(text.trim());
  return words.find((word) => foldText(word) === folded) ?? text;
}
