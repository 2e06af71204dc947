/**
 * What a source sent beside the known members, as the flat map of values that rules read (`alert.fields.NAME`).
 * An object inside is spread by dotted names, `host.name`; `null` is a missing value; an object in a list becomes its JSON.
 */
import { ALERT_FIELDS_MAX, type FieldValue } from "../domain/index.ts";
import { isCleanText, mendText } from "./mend-text.ts";

export class FieldsInMaking {
  readonly values: Record<string, FieldValue> = {};
  count = 0;
  readonly #warnings: string[];
  #fullTold = false;
  #mendTold = false;

  constructor(warnings: string[]) {
    this.#warnings = warnings;
  }

  addAll(members: Readonly<Record<string, unknown>>, prefix: string): void {
    for (const name in members) {
      if (this.#fullTold) return;
      this.add(prefix + name, members[name]);
    }
  }

  /** A name that is there already keeps its first value: explicit `fields` win over unknown members. */
  add(name: string, value: unknown): void {
    if (value === null || value === undefined) return;
    if (typeof value === "object" && !Array.isArray(value)) {
      this.addAll(value as Readonly<Record<string, unknown>>, `${name}.`);
      return;
    }
    const key = this.#mended(name);
    if (Object.hasOwn(this.values, key)) return;
    if (this.count >= ALERT_FIELDS_MAX) {
      if (!this.#fullTold) this.#warnings.push(`only the first ${ALERT_FIELDS_MAX} fields were kept`);
      this.#fullTold = true;
      this.count = ALERT_FIELDS_MAX + 1;
      return;
    }
    this.count++;
    const kept = Array.isArray(value)
      ? value.flatMap((element) => this.#element(element))
      : this.#scalar(value);
    if (key === "__proto__") Object.defineProperty(this.values, key, { value: kept, enumerable: true });
    else this.values[key] = kept;
  }

  #element(element: unknown): (string | number | boolean)[] {
    if (element === null) return [];
    if (typeof element === "object") return [this.#mended(JSON.stringify(element))];
    return [this.#scalar(element)];
  }

  #scalar(value: unknown): string | number | boolean {
    if (typeof value === "string") return this.#mended(value);
    if (typeof value === "boolean") return value;
    // A number beyond what a double holds was read as Infinity, which neither JSON nor Postgres can keep.
    return typeof value === "number" && Number.isFinite(value) ? value : String(value);
  }

  #mended(text: string): string {
    if (isCleanText(text)) return text;
    if (!this.#mendTold) this.#warnings.push("control characters in `fields` were replaced by U+FFFD");
    this.#mendTold = true;
    return mendText(text);
  }
}
