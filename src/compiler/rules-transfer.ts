/**
 * A rule set as plain data and back, so that a thread may compile it for another: fields of the catalogue hold functions,
 * which no thread can hand on, and travel as their paths. Knows nothing of threads.
 */
import { FIELDS, FIELD_FAMILIES, type Field, type FieldType } from "../domain/index.ts";
import type { RuleSetIr } from "./rule-ir.ts";

/** `RuleSetIr` without functions; only `unpackRules` knows what is in it. */
export interface PackedRules {
  readonly kind: "packed rules";
  readonly set: unknown;
}

/** Stands where a field of the catalogue stood. */
interface PackedField {
  readonly fieldPath: string;
  readonly fieldType: FieldType;
}

/** A copy; what is one object stays one object. */
export function packRules(ir: RuleSetIr): PackedRules {
  const copies = new Map<object, unknown>();
  const pack = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    let copy = copies.get(value);
    if (copy === undefined) copies.set(value, (copy = copyOf(value, pack)));
    return copy;
  };
  return { kind: "packed rules", set: pack(ir) };
}

function copyOf(value: object, pack: (value: unknown) => unknown): unknown {
  if (isField(value)) return { fieldPath: value.path, fieldType: value.type } satisfies PackedField;
  if (Array.isArray(value)) return value.map(pack);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, pack(one)]));
  if (value instanceof Set) return new Set(value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one)]));
}

function isField(value: object): value is Field {
  return "read" in value && typeof value.read === "function";
}

/** The set again; takes the packed one over and changes it in place. Equal paths give one field. */
export function unpackRules({ set }: PackedRules): RuleSetIr {
  const fields = new Map<string, Field>();
  const seen = new Set<object>();
  const unpack = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if ("fieldPath" in value) return fieldOf(value as PackedField, fields);
    if (seen.has(value)) return value;
    seen.add(value);
    if (value instanceof Map) for (const [key, one] of value) value.set(key, unpack(one));
    else if (!(value instanceof Set)) unpackEntries(value as Record<string, unknown>, unpack);
    return value;
  };
  return unpack(set) as RuleSetIr;
}

/** Of an object or an array. */
function unpackEntries(record: Record<string, unknown>, unpack: (value: unknown) => unknown): void {
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (typeof value === "object" && value !== null) record[key] = unpack(value);
  }
}

function fieldOf({ fieldPath, fieldType }: PackedField, known: Map<string, Field>): Field {
  const fixed = FIELDS.get(fieldPath);
  if (fixed !== undefined) return fixed;
  const key = `${fieldType} ${fieldPath}`;
  let field = known.get(key);
  if (field === undefined) known.set(key, (field = familyField(fieldPath, fieldType)));
  return field;
}

function familyField(path: string, type: FieldType): Field {
  for (const family of FIELD_FAMILIES) {
    if (!path.startsWith(`${family.prefix}.`)) continue;
    const segment = path.slice(family.prefix.length + 1);
    const name = segment.startsWith('"') ? segment.slice(1, -1).replace(/\\(.)/gsu, "$1") : segment;
    const field = family.field(name, type);
    if (field.path === path) return field;
  }
  throw new Error(`no field ${path}`);
}
