/**
 * User-defined fields of organizations and devices: declared ones only, of their type; those of a partner are the
 * record's `external` of that partner (contract.md 3: two views of one value).
 */
import { foldName, readInstant, toRfc3339, type FieldValue } from "../domain/index.ts";
import type { External, UdfRow } from "../store/desk/index.ts";
import { invalidBody, Problem } from "./problem.ts";

type Scope = "organization" | "device";
interface WithFields {
  readonly external: readonly External[];
  readonly udf: Readonly<Record<string, unknown>>;
}

/** What `udf` shows: active fields with a value. */
export function shownUdf(
  row: WithFields,
  scope: Scope,
  udfs: readonly UdfRow[],
): Readonly<Record<string, unknown>> {
  const shown: [string, unknown][] = [];
  for (const udf of udfs) {
    if (udf.scope !== scope || !udf.active) continue;
    const value =
      udf.partner === null ? ownValue(row.udf, udf.name) : externalOf(row.external, udf.partner)?.id;
    if (value === undefined || value === null) continue;
    shown.push([udf.name, udf.type === "date" && typeof value === "number" ? toRfc3339(value) : value]);
  }
  return Object.fromEntries(shown);
}

/** Throws: Problem `unknown_reference`, `invalid_body`. */
export function withUdf<Row extends WithFields>(
  row: Row,
  given: Readonly<Record<string, FieldValue | null>> | undefined,
  scope: Scope,
  udfs: readonly UdfRow[],
): Row {
  if (given === undefined) return row;
  let { external } = row;
  const values = new Map(Object.entries(row.udf));
  for (const [name, value] of Object.entries(given)) {
    const udf = udfs.find(
      (one) => one.scope === scope && one.active && foldName(one.name) === foldName(name),
    );
    if (udf === undefined) {
      const message = `no rule file declares this field for ${scope}s`;
      throw new Problem("unknown_reference", `\`udf.${name}\`: ${message}`, {
        errors: [{ path: `udf.${name}`, message }],
      });
    }
    const isEmpty =
      value === null || value === undefined || (typeof value === "string" && value.trim() === "");
    if (udf.partner !== null)
      external = withExternal(external, udf.partner, isEmpty ? undefined : String(value));
    else if (isEmpty) values.delete(udf.name);
    else values.set(udf.name, checkedValue(udf, value));
  }
  return { ...row, external, udf: Object.fromEntries(values) };
}

function withExternal(
  external: readonly External[],
  source: string,
  id: string | undefined,
): readonly External[] {
  const others = external.filter((one) => foldName(one.source) !== foldName(source));
  return id === undefined ? others : [...others, { source, id: id.trim() }];
}

function externalOf(external: readonly External[], source: string): External | undefined {
  return external.find((one) => foldName(one.source) === foldName(source));
}

function checkedValue(udf: UdfRow, value: FieldValue): FieldValue {
  const wrong = (message: string): Problem => invalidBody([{ path: `udf.${udf.name}`, message }]);
  switch (udf.type) {
    case "text":
      if (typeof value === "string") return value;
      throw wrong("must be a text");
    case "number":
      if (typeof value === "number") return value;
      throw wrong("must be a number");
    case "boolean":
      if (typeof value === "boolean") return value;
      throw wrong("must be true or false");
    case "date": {
      const at = readInstant(value);
      if (at !== undefined) return at;
      throw wrong("must be a date, as 2026-11-22, or a time");
    }
  }
}

function ownValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
