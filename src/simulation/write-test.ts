/**
 * A rule test written from an alert that was stored: names and addresses of the customer replaced, words that the rules
 * name kept, since the rules would not hold without. Knows neither the server nor the running of tests.
 */
import { foldText } from "../domain/index.ts";

export interface RecordedAlert {
  /** RFC 3339. */
  readonly receivedAt: string;
  /** Text, number, boolean or list, by the name that a test gives it; `fields.NAME` for what the source sent beside. */
  readonly members: readonly (readonly [name: string, value: unknown])[];
  readonly organization:
    { readonly name: string; readonly mapped: boolean; readonly tags: readonly string[] } | undefined;
  readonly device: { readonly name: string; readonly tags: readonly string[] } | undefined;
  readonly outcome: string;
  /** Names of the rules that fired. */
  readonly fired: readonly string[];
  /** When the ticket was opened of which the alert is a repeat. */
  readonly repeatOf: string | undefined;
}

export function writeTest(recorded: RecordedAlert, ruleTexts: readonly string[]): string {
  const replace = replacer(recorded, ruleTexts);
  const { organization, device } = recorded;
  const lines = ['zone "UTC"', ...givens(recorded, replace)];
  const fields = [
    ...(organization === undefined ? [] : [["organization", organization.name] as const]),
    ...(device === undefined ? [] : [["device", device.name] as const]),
    ...recorded.members,
  ].map(([name, value]) => `  ${fieldName(name)} = ${literal(value, replace)}`);
  const moment = momentWords(recorded.receivedAt);
  const first = recorded.repeatOf === undefined ? moment : momentWords(recorded.repeatOf);
  lines.push(`at ${first} receive alert`, ...fields, "end");
  if (recorded.repeatOf !== undefined) lines.push(`at ${moment} receive same alert`);
  lines.push(...expectations(recorded));
  const name = literal(`as recorded: ${titleOf(recorded)}`, replace);
  return [`test ${name}`, ...lines.map((line) => `  ${line}`), "end", ""].join("\n");
}

function givens({ organization, device }: RecordedAlert, replace: Replace): readonly string[] {
  const given: string[] = [];
  const tagsOf = (tags: readonly string[]): string =>
    tags.length === 0 ? "" : ` tags ${tags.map((tag) => quoted(tag)).join(", ")}`;
  if (organization?.mapped === false)
    given.push(`given unmapped organization ${literal(organization.name, replace)}`);
  else if (organization !== undefined && organization.tags.length > 0) {
    given.push(`given organization ${literal(organization.name, replace)}${tagsOf(organization.tags)}`);
  }
  if (device !== undefined && device.tags.length > 0) {
    const of = organization === undefined ? "" : ` of ${literal(organization.name, replace)}`;
    given.push(`given device ${literal(device.name, replace)}${of}${tagsOf(device.tags)}`);
  }
  return given;
}

function expectations({ outcome, fired, repeatOf }: RecordedAlert): readonly string[] {
  const rules = [...new Set(fired)].map((rule) => `expect rule ${quoted(rule)} fired`);
  if (outcome === "ticket_created") return ["expect ticket 1 created", ...rules];
  if (outcome === "note_added") return repeatOf === undefined ? rules : ["expect note on ticket 1", ...rules];
  return [`expect alert ${outcome}`, ...rules];
}

function titleOf({ members }: RecordedAlert): string {
  const title = members.find(([name]) => name === "title")?.[1];
  return typeof title === "string" ? title.replaceAll(/\s+/g, " ") : "an alert";
}

/* ---------- names and addresses ---------- */

type Replace = (text: string) => string;

const ADDRESSES: readonly { readonly form: RegExp; readonly as: (n: number) => string }[] = [
  {
    form: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu,
    as: (n) => `person${n}@customer.example`,
  },
  { form: /\b(?:\d{1,3}\.){3}\d{1,3}\b/g, as: (n) => `192.0.2.${n}` },
  { form: /(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi, as: (n) => `2001:db8::${n}` },
  {
    form: /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi,
    as: (n) => `00-00-5e-00-53-${String(n).padStart(2, "0")}`,
  },
  { form: /\b(?:[a-z0-9-]+\.)+(?:[a-z]{2,})\b/gi, as: (n) => `host${n}.customer.example` },
];

/** The same name becomes the same in every text. What a rule file says is the admin's own word and stays. */
function replacer({ organization, device }: RecordedAlert, ruleTexts: readonly string[]): Replace {
  const said = foldText(ruleTexts.join("\n"));
  const stays = (text: string): boolean => wordsOf([foldText(text)]).test(said);
  const names = new Map<string, string>();
  const give = (name: string | undefined, as: string): void => {
    if (name !== undefined && name.trim() !== "" && !stays(name)) names.set(name, as);
  };
  give(organization?.name, "Customer");
  give(device?.name, "DEVICE-1");
  const known = new Map<string, string>();
  const address = (found: string, as: (n: number) => string): string => {
    if (stays(found) || found.endsWith("customer.example") || found.startsWith("192.0.2.")) return found;
    const before = known.get(foldText(found));
    if (before !== undefined) return before;
    const made = as(known.size + 1);
    known.set(foldText(found), made);
    return made;
  };
  const form = names.size === 0 ? undefined : wordsOf([...names.keys()]);
  const byFold = new Map([...names].map(([name, as]) => [foldText(name), as]));
  return (text) => {
    const named =
      form === undefined ? text : text.replace(form, (found) => byFold.get(foldText(found)) ?? found);
    return ADDRESSES.reduce(
      (whole, { form: one, as }) => whole.replace(one, (found) => address(found, as)),
      named,
    );
  };
}

/** The names where they stand as words of their own. */
function wordsOf(names: readonly string[]): RegExp {
  const escaped = names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

/* ---------- as the language writes it ---------- */

function fieldName(name: string): string {
  const inside = "fields.";
  return name.startsWith(inside) ? `${inside}${quoted(name.slice(inside.length))}` : name;
}

function literal(value: unknown, replace: Replace): string {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => literal(item, replace)).join(", ")}]`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return quoted(replace(String(value)));
}

function quoted(text: string): string {
  const escaped = text
    .replaceAll(/[\\"{*]/g, (character) => `\\${character}`)
    .replaceAll(/\r\n|[\r\n\u0085\u2028\u2029]/g, "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** `2026-11-22 23:05:12`, in UTC. */
function momentWords(rfc3339: string): string {
  return new Date(rfc3339).toISOString().slice(0, 19).replace("T", " ");
}
