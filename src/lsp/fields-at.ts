/** Which paths can be read at a place of a rule file, with what is known about them. Pure. */
import { rootsAtHand, type Declarations } from "../checker/index.ts";
import { inWhole } from "../diagnostics/index.ts";
import { FIELDS, FIELD_FAMILIES, type Field, type FieldRoot, type FieldType } from "../domain/index.ts";
import type { Declaration } from "../../grammar/ast.ts";

export interface KnownPath {
  readonly path: string;
  readonly type: string;
  readonly documentation: string;
  readonly mayBeMissing: boolean;
  readonly writable: boolean;
  readonly root: FieldRoot;
}

/** Every fixed path, those of declared fields, and `alert.fields.`. */
export function allPaths(declarations: Declarations): readonly KnownPath[] {
  const fixed = [...FIELDS.values()].map(known);
  const own = [...declarations.udfs.values()].map(({ scope, name, type, partner }) => {
    const prefix = scope === "ticket" ? "ticket.udf" : `ticket.${scope}.udf`;
    const family = FIELD_FAMILIES.find((one) => one.prefix === prefix);
    const field = family?.field(name, type === "date" ? "time" : type);
    const by = partner === undefined ? "" : `, brought by partner \`${partner}\``;
    return field === undefined ? [] : [{ ...known(field), documentation: `${field.documentation}${by}` }];
  });
  const open = FIELD_FAMILIES.filter(({ prefix }) => !prefix.endsWith(".udf")).map((family) => ({
    path: `${family.prefix}.`,
    type: "any",
    documentation: family.documentation,
    mayBeMissing: true,
    writable: false,
    root: family.root,
  }));
  return [...fixed, ...own.flat(), ...open];
}

const typeWords: Readonly<Record<FieldType, string>> = {
  text: "text",
  number: "number",
  boolean: "true or false",
  time: "time",
  list: "list",
  entity: "record",
};

function known({ path, type, documentation, mayBeMissing, writable, root }: Field): KnownPath {
  return {
    path,
    type: typeWords[type],
    documentation,
    mayBeMissing: mayBeMissing && type !== "list",
    writable,
    root,
  };
}

/** Undefined: everything, since nobody knows where it will be read. */
export function rootsAt(
  declaration: Declaration | undefined,
  offset: number,
): ReadonlySet<FieldRoot> | undefined {
  if (declaration?.kind === "callout") return new Set(["ticket", "rule"]);
  if (declaration?.kind !== "rule" || declaration.events.length === 0) return undefined;
  const roots = new Set(rootsAtHand(declaration.events).keys());
  const opened = declaration.actions.some(
    ({ kind, span }) => kind === "create ticket" && inWhole(span).start < offset,
  );
  if (opened) roots.add("ticket");
  return roots;
}
