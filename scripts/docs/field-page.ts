/**
 * docs/reference/fields.md: every path of the field catalogue with an example of it from a sample that the tests run.
 * The catalogue says what there is, the samples how it is written; neither is typed twice.
 *
 *   catalogue ──> rows                       samples/ticket.rules ──checker──> which place reads which field
 *        └─────────── joined by path ────────────────┘
 */
import { readFileSync } from "node:fs";
import { checkFiles } from "../../src/checker/index.ts";
import { spanText } from "../../src/diagnostics/index.ts";
import { FIELD_FAMILIES, FIELDS, type Field, type FieldRoot } from "../../src/domain/index.ts";
import type { PathNode } from "../../grammar/ast.ts";

const folder = new URL("samples/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");

export interface FieldSample {
  readonly name: string;
  readonly roots: readonly FieldRoot[];
  readonly rules: string;
  /** Empty where a rule test has no step for the event: see `instead`. */
  readonly tests: string;
  readonly instead?: { readonly title: string; readonly info: string; readonly text: string };
}

export const fieldSamples: readonly FieldSample[] = [
  { name: "alert", roots: ["alert"], ...both("alert") },
  { name: "ticket", roots: ["ticket"], ...both("ticket") },
  {
    name: "moments",
    roots: ["repeat", "actor", "note", "callout", "rule"],
    ...both("moments"),
  },
  {
    name: "time-entry",
    roots: ["entry"],
    rules: read("time-entry.rules"),
    tests: "",
    instead: {
      title: "The rule fires for this call to `POST /api/v1/tickets/{number}/time-entries`:",
      info: "json",
      text: read("time-entry.json"),
    },
  },
  { name: "mail", roots: ["mail"], ...both("mail") },
];

/** What the samples name and do not declare; the same for all pages of docs/reference. */
export const surroundings = {
  path: "sample-set.rules",
  text: readFileSync(new URL("../../docs/reference/sample-set.rules", import.meta.url), "utf8"),
} as const;

function both(name: string): { rules: string; tests: string } {
  return { rules: read(`${name}.rules`), tests: read(`${name}.test.rules`) };
}

/** Where a sample reads or writes each field: catalogue path, or the prefix of a family, -> the shortest such text. */
export function exampleOf(samples: readonly FieldSample[]): ReadonlyMap<string, string> {
  const examples = new Map<string, string>();
  for (const { rules } of samples) {
    const { checked } = checkFiles([surroundings, { path: "sample.rules", text: rules }]);
    if (checked === undefined) continue;
    const mine = checked.files.filter(({ source }) => source.path === "sample.rules");
    for (const { node, around } of placesOf(mine.flatMap(({ declarations }) => declarations))) {
      const meaning = checked.meanings.get(node);
      if (meaning?.kind !== "field") continue;
      const path = catalogued(meaning.field.path);
      const known = examples.get(path);
      if (known === undefined || around.length < known.length) examples.set(path, around);
    }
  }
  return examples;
}

/** The row of the catalogue that a path belongs to. */
export function catalogued(path: string): string {
  return FIELD_FAMILIES.find(({ prefix }) => path.startsWith(`${prefix}.`))?.prefix ?? path;
}

interface Place {
  readonly node: PathNode;
  /** What a reader should see of it: the comparison, the line, the action. */
  readonly around: string;
}

/** Kinds of nodes that read well alone. A field line and a retry have no kind: they are known by their parts. */
const readable = new Set([
  "comparison",
  "empty",
  "between",
  "changed",
  "calendar",
  "add note",
  "set",
  "notify",
]);

function* placesOf(tree: unknown, around = ""): Generator<Place> {
  if (typeof tree !== "object" || tree === null) return;
  if (Array.isArray(tree)) {
    for (const one of tree) yield* placesOf(one, around);
    return;
  }
  const node = tree as Record<string, unknown>;
  const kind = node["kind"];
  const isLine = kind === undefined && "path" in node && "value" in node;
  const isKey = kind === "dedup";
  const shown = (typeof kind === "string" && readable.has(kind)) || isLine || isKey ? textOf(node) : around;
  if (kind === "path" && shown !== "") yield { node: tree as PathNode, around: shown };
  for (const [name, part] of Object.entries(node)) if (name !== "span") yield* placesOf(part, shown);
}

function textOf(node: Record<string, unknown>): string {
  return spanText(node["span"] as Parameters<typeof spanText>[0]).replace(/\s+/g, " ");
}

const rootTexts: Readonly<Record<FieldRoot, string>> = {
  alert: "At hand in alert events, and in rules on a ticket that an alert made: the latest one.",
  ticket:
    "At hand in ticket, note and callout events, on `alert repeats`, and after `create ticket` in the same rule. On `alert resolved` it may be missing: its actions are then skipped and say so.",
  repeat: "At hand on `alert repeats`, in its templates and in `on repeat note`.",
  actor: "At hand in ticket, note and time entry events: who did it.",
  note: "At hand on `note added`.",
  entry: "At hand on `time entry added`.",
  callout: "At hand in callout events and in the notices of a callout.",
  mail: "At hand for tickets that a mail made.",
  rule: "In texts only.",
};

/** The text of docs/reference/fields.md. */
export function fieldPage(): string {
  const examples = exampleOf(fieldSamples);
  return [
    "<!-- Made by scripts/generate-docs.ts from the field catalogue and scripts/docs/samples. Change those. -->",
    "",
    "# Fields",
    "",
    "Everything that a rule may read. **Missing** says whether it can lack a value: then every comparison is false, every negative form (`is not`, `not in`) true,",
    'and a text shows `-` unless you write `{path or "other"}`. **Written** marks what `create ticket` and `set` may write.',
    "A path that ends at a record (`alert.device`, type entity) means its identity; lists are never missing, only empty.",
    "The examples are parts of the samples below them, which run. What those name and do not declare is in [sample-set.rules](sample-set.rules).",
    "",
    `What a path begins with: ${roots()
      .map((root) => `[\`${root}\`](#${root})`)
      .join(", ")}.`,
    ...roots().flatMap((root) => rootSection(root, examples)),
    "",
    "# Samples",
    ...fieldSamples.flatMap(sampleSection),
    "",
  ].join("\n");
}

function roots(): readonly FieldRoot[] {
  return [...new Set([...FIELDS.values()].map(({ root }) => root))];
}

function rootSection(root: FieldRoot, examples: ReadonlyMap<string, string>): readonly string[] {
  const fields = [...FIELDS.values()].filter((one) => one.root === root);
  const families = FIELD_FAMILIES.filter((one) => one.root === root);
  return [
    "",
    `## ${root}`,
    "",
    rootTexts[root],
    "",
    "| Path | Type | Meaning | Missing | Written | Example |",
    "|---|---|---|---|---|---|",
    ...fields.map((one) => fieldRow(one, examples.get(one.path))),
    ...families.map(
      ({ prefix, documentation, writable }) =>
        `| ${code(`${prefix}.${prefix === "alert.fields" ? "NAME" : '"NAME"'}`)} | ${prefix === "alert.fields" ? "as sent" : prefix === "mail.header" ? "text" : "as declared"} | ${documentation} | may be | ${writable ? "yes" : ""} | ${code(examples.get(prefix) ?? "")} |`,
    ),
  ];
}

function fieldRow({ path, type, documentation, mayBeMissing, writable }: Field, example = ""): string {
  const missing = type === "list" ? "empty" : mayBeMissing ? "may be" : "never";
  return `| ${code(path)} | ${type} | ${documentation} | ${missing} | ${writable ? "yes" : ""} | ${code(example)} |`;
}

const code = (text: string): string => (text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``);

function sampleSection({ name, rules, tests, instead }: FieldSample): readonly string[] {
  const beside =
    instead === undefined
      ? ["```rules file=sample.test.rules", tests.trimEnd(), "```"]
      : [instead.title, "", `\`\`\`${instead.info}`, instead.text.trimEnd(), "```"];
  return ["", `## Sample: ${name}`, "", "```rules", rules.trimEnd(), "```", "", ...beside];
}
