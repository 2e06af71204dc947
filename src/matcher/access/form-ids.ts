/** The value ids that satisfy an equality form, worked out once: choosing, laying out and verifying all ask. */
import type { Form } from "./atoms.ts";
import type { FieldTable } from "./event-fields.ts";

type EqualityForm = Extract<Form, { kind: "among" | "element" }>;

const known = new WeakMap<EqualityForm, readonly number[]>();

/** Only when all rules are lowered: before that the ids of a field still grow. */
export function idsOf(table: FieldTable, form: EqualityForm): readonly number[] {
  let found = known.get(form);
  if (found === undefined) {
    const { ids } = table.at(form.field);
    const [first, ...others] = form.constants.map((constant) => ids.idsEqualTo(constant));
    found = others.length === 0 ? (first ?? []) : [...new Set([...(first ?? []), ...others.flat()])];
    known.set(form, found);
  }
  return found;
}
