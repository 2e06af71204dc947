/** Looks up paths and bare words: a field of the catalogue, a list, a name that `like` took. Knows no operators. */
import { spanText, type Span } from "../diagnostics/index.ts";
import {
  exactText,
  FIELD_FAMILIES,
  FIELDS,
  pathSegment,
  type Field,
  type FieldFamily,
  type FieldRoot,
  type FieldType,
} from "../domain/index.ts";
import type { Name, PathNode, UdfScope, UdfType } from "../../grammar/ast.ts";
import type { Declarations, PathMeaning } from "./checked-rules.ts";
import type { Checking, Place } from "./checking.ts";
import { suggest } from "./suggest.ts";

export type FieldLookup =
  | { readonly kind: "found"; readonly field: Field; readonly untyped: boolean }
  | { readonly kind: "unknown udf"; readonly scope: UdfScope; readonly name: string }
  | { readonly kind: "unknown" };

const udfTypes: Record<UdfType, FieldType> = {
  text: "text",
  number: "number",
  date: "time",
  boolean: "boolean",
};
const udfScopes: Readonly<Record<string, UdfScope>> = {
  "ticket.udf": "ticket",
  "ticket.organization.udf": "organization",
  "ticket.device.udf": "device",
};
const familyFields = new WeakMap<Declarations, Map<string, Field>>();
const lookups = new WeakMap<Declarations, Map<string, FieldLookup>>();

/** Paths that a set writes ten thousand times are looked up once; beyond so many different ones each time. */
const LOOKUPS_KEPT_MAX = 1000;

/** Plain segments without case, since case of words does not matter; quoted ones exactly, trimmed and NFC. */
export function findField(declarations: Declarations, segments: readonly Name[]): FieldLookup {
  let written = "";
  for (const { text, quoted } of segments) {
    if (quoted) return lookUpField(declarations, segments);
    written += `.${text}`;
  }
  let known = lookups.get(declarations);
  if (known === undefined) lookups.set(declarations, (known = new Map()));
  const found = known.get(written) ?? lookUpField(declarations, segments);
  if (known.size < LOOKUPS_KEPT_MAX) known.set(written, found);
  return found;
}

function lookUpField(declarations: Declarations, segments: readonly Name[]): FieldLookup {
  const words = segments.map((s) => (s.quoted ? pathSegment(exactText(s.text)) : s.text.toLowerCase()));
  const field = FIELDS.get(words.join("."));
  if (field !== undefined) return { kind: "found", field, untyped: false };
  const last = segments.at(-1);
  const prefix = words.slice(0, -1).join(".");
  const family = FIELD_FAMILIES.find((f) => f.prefix === prefix);
  if (family === undefined || last === undefined) return { kind: "unknown" };
  const name = exactText(last.text);
  const scope = udfScopes[prefix];
  if (scope === undefined)
    return {
      kind: "found",
      field: familyField(declarations, family, name, "text"),
      untyped: prefix === "alert.fields",
    };
  const udf = declarations.udfs.get(`${scope} ${name}`);
  if (udf === undefined) return { kind: "unknown udf", scope, name };
  return {
    kind: "found",
    field: familyField(declarations, family, name, udfTypes[udf.type]),
    untyped: false,
  };
}

/** One Field per name, so that equal paths are one object for the matcher. */
function familyField(declarations: Declarations, family: FieldFamily, name: string, type: FieldType): Field {
  const fields = familyFields.get(declarations) ?? new Map<string, Field>();
  familyFields.set(declarations, fields);
  const key = `${family.prefix} ${name}`;
  const known = fields.get(key) ?? family.field(name, type);
  fields.set(key, known);
  return known;
}

/** The meaning of a path where a value is wanted; undefined when it was reported. */
export function resolvePath(
  checking: Checking,
  place: Place,
  path: PathNode,
  filled: boolean,
): PathMeaning | undefined {
  const [only, ...more] = path.segments;
  const bare = only !== undefined && more.length === 0 && !only.quoted;
  const meaning = bare ? resolveWord(checking, place, only) : resolveField(checking, path);
  if (meaning === undefined) return undefined;
  checking.meanings.set(path, meaning);
  if (meaning.kind === "field" && !requireRoot(checking, place, path, meaning.field, filled))
    return undefined;
  return meaning;
}

function resolveWord(checking: Checking, place: Place, name: Name): PathMeaning | undefined {
  const { declarations, report, used } = checking;
  const text = exactText(name.text);
  if (place.bound.has(text)) return { kind: "binding", name: text };
  const list = declarations.lists.get(text);
  if (list !== undefined) {
    used.add(list);
    return { kind: "list", list };
  }
  const loose = place.scope.loose.get(text);
  if (loose !== undefined) {
    report.add("R1206", name.span, `\`${text}\` may have no value here`, {
      labels: [{ span: loose.span, text: loose.why }],
      help: "a name that `like` takes is usable where the `like` surely held",
    });
    return undefined;
  }
  const later = place.scope.taken.get(text);
  if (later !== undefined) {
    report.add("R1206", name.span, `\`${text}\` is used before \`like\` takes it`, {
      labels: [{ span: later, text: "taken here" }],
    });
    return undefined;
  }
  reportUnknownWord(checking, place, name);
  return undefined;
}

function reportUnknownWord(checking: Checking, place: Place, name: Name): void {
  const { declarations, report, used } = checking;
  const text = exactText(name.text);
  const definition = declarations.defines.get(text);
  if (definition !== undefined) {
    used.add(definition);
    report.add("R1303", name.span, `\`${text}\` is a definition, which holds or not; it has no value`);
    return;
  }
  const lookup = declarations.lookups.get(text);
  if (lookup !== undefined) {
    used.add(lookup);
    report.add("R1303", name.span, `the lookup \`${text}\` needs what to look up`, {
      help: `write \`${text}[alert.severity]\``,
    });
    return;
  }
  if (isRoot(text.toLowerCase())) {
    report.add("R1203", name.span, `\`${text}\` alone is no value`, {
      help: `write which field: \`${[...FIELDS.keys()].find((f) => f.startsWith(`${text.toLowerCase()}.`)) ?? text}\``,
    });
    return;
  }
  const near = suggest(text, [...declarations.lists.keys(), ...place.bound.keys()]);
  if (near !== undefined) {
    const list = declarations.lists.get(near.text);
    if (list !== undefined) used.add(list);
    report.add("R1201", name.span, `unknown name \`${text}\``, {
      help: `did you mean \`${near.text}\`?`,
      fixes: [replace(name.span, near.text, near.sure)],
    });
    return;
  }
  if (reportNoValue(checking, name) || reportFieldAlone(checking, place, name) || reportHours(checking, name))
    return;
  report.add("R1107", name.span, `\`${text}\` is not a name of this rule set`, {
    help: `for a text write \`"${text}"\``,
    fixes: [replace(name.span, `"${text}"`, false)],
  });
}

/** `is null`, `is not none`: other languages' word for a missing value. */
function reportNoValue({ report }: Checking, { text, span }: Name): boolean {
  if (!/^(?:null|none|nil|undefined|nothing|blank|missing)$/i.test(text)) return false;
  if (!/\bis\s+(?:not\s+)?$/i.test(span.source.text.slice(Math.max(0, span.start - 20), span.start)))
    return false;
  report.add("R1105", span, `\`${text}\` is written \`empty\` here`, {
    help: "write `is empty` or `is not empty`",
    fixes: [replace(span, "empty", true)],
  });
  return true;
}

/** `if time between 8:00 and 18:00`, `is weekend`: hours and days are a calendar's. */
function reportHours({ report }: Checking, { text, span }: Name): boolean {
  if (
    !/^(?:time|hour|now|today|weekday|weekends?|day|night|current_time|business_hours|working_hours)$/i.test(
      text,
    )
  )
    return false;
  report.add("R1203", span, `hours and days are told by a calendar, not by \`${text}\``, {
    help: 'declare a `calendar "business hours"` and write `during "business hours"` or `outside "business hours"`',
  });
  return true;
}

const comparing =
  /^\s*(?:[=<>!]|(?:is|in|not|contains|starts|ends|matches|like|at|more|less|between|does|changed)\b)/i;

/** `if source is "Datto RMM"`: the field without its root, on the left of a comparison. */
function reportFieldAlone({ report }: Checking, place: Place, { text, span }: Name): boolean {
  if (!comparing.test(span.source.text.slice(span.end, span.end + 20))) return false;
  const pathsOf = (roots: Iterable<string>): readonly string[] =>
    [...roots].map((root) => `${root}.${text.toLowerCase()}`).filter((path) => FIELDS.has(path));
  const [near, ...more] = pathsOf(place.roots?.keys() ?? []);
  const [elsewhere] = pathsOf(["alert", "ticket"]);
  if (near === undefined && elsewhere === undefined) return false;
  const others = more.map((path) => ` or \`${path}\``).join("");
  report.add("R1203", span, `\`${text}\` alone is no field`, {
    note: "a field begins with what it belongs to",
    help:
      near === undefined
        ? `there is \`${elsewhere ?? ""}\`, which this event does not bring`
        : `did you mean \`${near}\`${others}?`,
    fixes: near === undefined ? [] : [near, ...more].map((path) => replace(span, path, more.length === 0)),
  });
  return true;
}

/** A field of the catalogue; reports one that does not exist. */
export function resolveField(checking: Checking, path: PathNode): PathMeaning | undefined {
  const found = findField(checking.declarations, path.segments);
  if (found.kind === "found") return { kind: "field", field: found.field, untyped: found.untyped };
  if (found.kind === "unknown udf") reportUnknownUdf(checking, path.segments, found.scope, found.name);
  else reportUnknownField(checking, path.span, path.segments.map((s) => s.text).join("."));
  return undefined;
}

export function reportUnknownUdf(
  checking: Checking,
  segments: readonly Name[],
  scope: UdfScope,
  name: string,
): void {
  const span = segments.at(-1)?.span;
  if (span === undefined) return;
  const names = [...checking.declarations.udfs.values()].filter((u) => u.scope === scope).map((u) => u.name);
  const near = suggest(name, names);
  checking.report.add("R1203", span, `unknown user-defined field \`${name}\``, {
    note: `no \`udf\` or \`partner\` declares this field of ${scope === "organization" ? "an" : "a"} ${scope}`,
    help:
      near === undefined ? `declare it: \`udf ${scope} "${name}" text\`` : `did you mean \`"${near.text}"\`?`,
    fixes: near === undefined ? [] : [replace(span, `"${near.text}"`, near.sure)],
  });
}

const roots: ReadonlySet<string> = new Set<FieldRoot>([
  "alert",
  "ticket",
  "repeat",
  "actor",
  "note",
  "entry",
  "callout",
  "mail",
  "rule",
]);

function isRoot(word: string): boolean {
  return roots.has(word);
}

/** What people call it elsewhere. */
const otherNames: Readonly<Record<string, string>> = {
  "alert.name": "alert.title",
  "alert.subject": "alert.title",
  "alert.message": "alert.title",
  "alert.summary": "alert.title",
  "alert.priority": "alert.severity",
  "alert.level": "alert.severity",
  "alert.customer": "alert.organization.name",
  "alert.company": "alert.organization.name",
  "alert.client": "alert.organization.name",
  "alert.host": "alert.device.name",
  "alert.hostname": "alert.device.name",
  "alert.id": "alert.alert_id",
  "ticket.id": "ticket.number",
  "ticket.subject": "ticket.title",
  "ticket.assignee": "ticket.assigned_resource.name",
  "ticket.customer": "ticket.organization.name",
  "ticket.company": "ticket.organization.name",
  "ticket.due": "ticket.due_at",
};

export function reportUnknownField(checking: Pick<Checking, "report">, span: Span, written: string): void {
  const typed = written.toLowerCase();
  const root = typed.split(".")[0] ?? "";
  const candidates = [...FIELDS.keys()].filter((path) => !isRoot(root) || path.startsWith(`${root}.`));
  const alias = otherNames[typed];
  const near = alias === undefined ? suggest(typed, candidates) : { text: alias, sure: false };
  const article = /^[aeiou]/.test(root) ? "an" : "a";
  checking.report.add("R1203", span, `unknown field \`${spanText(span)}\``, {
    note: isRoot(root) ? `${article} ${root} has no field of this name` : "no path begins like this",
    help: near === undefined ? fieldHelp(typed, root) : `did you mean \`${near.text}\`?`,
    fixes: near === undefined ? [] : [replace(span, near.text, near.sure)],
  });
}

function fieldHelp(typed: string, root: string): string {
  if (typed.startsWith("alert.fields.")) return 'a name with dots is quoted: `alert.fields."disk.free"`';
  if (root === "alert") return "what a source sent beside is read as `alert.fields.NAME`";
  if (root === "ticket") return 'a user-defined field is read as `ticket.udf."NAME"`';
  return `paths begin with ${[...roots].map((r) => `\`${r}\``).join(", ")}`;
}

/** False when the root is not at hand; told once per rule and root. */
export function requireRoot(
  checking: Checking,
  place: Place,
  path: PathNode,
  field: Field,
  filled: boolean,
): boolean {
  if (field.root === "rule" && filled) return true;
  if (place.roots === undefined) {
    place.reads?.paths.push({ path, field });
    return true;
  }
  if (place.roots.has(field.root)) return true;
  if (place.scope.complained.has(field.root)) return false;
  place.scope.complained.add(field.root);
  checking.report.add("R1205", path.span, `\`${field.path}\` cannot be read here`, {
    help: place.whyMissing(field.root),
  });
  return false;
}

export function replace(
  span: Span,
  newText: string,
  safe: boolean,
): { title: string; edits: { span: Span; newText: string }[]; safe: boolean } {
  return { title: `write \`${newText}\``, edits: [{ span, newText }], safe };
}
