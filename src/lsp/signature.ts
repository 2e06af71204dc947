/** How an action's sentence goes on, with the part at hand marked. Pure. */
import type { SignatureHelp } from "vscode-languageserver";
import { assistAt, type PlainToken } from "../../grammar/index.ts";
import type { Look } from "./look.ts";

interface Form {
  /** Small words that begin the sentence. */
  readonly opens: string;
  readonly parts: readonly string[];
  readonly documentation: string;
  /** The part at hand, from the tokens behind the opening words. */
  readonly active: (rest: readonly PlainToken[]) => number;
}

const has = (rest: readonly PlainToken[], word: string): boolean =>
  rest.some(({ image, kind }) => kind !== "text" && image.toLowerCase() === word);
const hasText = (rest: readonly PlainToken[]): boolean => rest.some(({ kind }) => kind === "text");

const forms: readonly Form[] = [
  {
    opens: "create ticket",
    parts: [
      "FIELD = VALUE",
      "due in DURATION",
      "dedup within DURATION by PATH, ...",
      'on repeat note "TEXT"',
      "once per DURATION",
    ],
    documentation: "One line each, in any order. What is left out comes from the alert and the category.",
    active: (rest) => {
      const line = rest.slice(rest.findLastIndex(({ firstOnLine }) => firstOnLine));
      const word = line[0]?.image.toLowerCase() ?? "";
      const at = ["", "due", "dedup", "on", "once"].indexOf(word);
      return Math.max(0, at);
    },
  },
  {
    opens: "add note",
    parts: ['"TEXT"', "[internal|public]"],
    documentation: "On the ticket at hand; internal unless said. `{path}` is filled in.",
    active: (rest) => (hasText(rest) ? 1 : 0),
  },
  {
    opens: "add tag",
    parts: ['"TAG"', ', "TAG" ...'],
    documentation: "Tags on the ticket at hand.",
    active: (rest) => (hasText(rest) ? 1 : 0),
  },
  {
    opens: "remove tag",
    parts: ['"TAG"', ', "TAG" ...'],
    documentation: "Tags on the ticket at hand.",
    active: (rest) => (hasText(rest) ? 1 : 0),
  },
  {
    opens: "set",
    parts: ["ticket.FIELD", "=", "VALUE"],
    documentation: "One field each; a missing value empties the field.",
    active: (rest) => (has(rest, "=") || has(rest, "to") ? 2 : rest.length > 2 ? 1 : 0),
  },
  {
    opens: "complete ticket",
    parts: ["[if untouched]"],
    documentation: "Untouched: no note, time entry or change by staff or a contact.",
    active: () => 0,
  },
  {
    opens: "run callout",
    parts: ['"CALLOUT"'],
    documentation: "Starts its durable delivery.",
    active: () => 0,
  },
  {
    opens: "notify",
    parts: ['"RECIPIENT", ...|ticket.assigned_resource', '[with template "TEMPLATE"|text "TEXT"]'],
    documentation: "By every way that the recipient lists.",
    active: (rest) =>
      has(rest, "with") || has(rest, "text") || (rest.length > 0 && rest.at(-1)?.image !== ",") ? 1 : 0,
  },
];

const openers = new Set(forms.map(({ opens }) => opens.split(" ")[0]));

export function signatureAt(look: Look, offset: number): SignatureHelp | undefined {
  const { before, at, inComment } = assistAt(look.file.source, offset);
  if (inComment) return undefined;
  const tokens = at === undefined ? before : [...before, at];
  const start = tokens.findLastIndex(
    ({ kind, image }, i) =>
      kind === "reserved" && openers.has(image.toLowerCase()) && isAction(tokens, i, look.file.source.text),
  );
  const opener = tokens[start];
  if (opener === undefined) return undefined;
  const words = tokens.slice(start, start + 2).map(({ image }) => image.toLowerCase());
  const form =
    forms.find(({ opens }) => opens === words.join(" ")) ?? forms.find(({ opens }) => opens === words[0]);
  if (form === undefined) return undefined;
  const rest = tokens.slice(start + form.opens.split(" ").length);
  // The sentence is over where another clause or declaration has begun.
  if (rest.some(({ kind, image }) => kind === "reserved" && over.has(image.toLowerCase()))) return undefined;
  return {
    signatures: [
      {
        label: `${form.opens} ${form.parts.join(" ")}`,
        documentation: form.documentation,
        parameters: parametersOf(form),
      },
    ],
    activeSignature: 0,
    activeParameter: Math.min(form.active(rest), form.parts.length - 1),
  };
}

const over: ReadonlySet<string> = new Set([
  "end",
  "when",
  "except",
  "then",
  "rule",
  "test",
  "stop",
  "suppress",
]);

/** `ticket created`, `note added` begin with other words; `set` and `add` also stand in tests, which have no such help. */
function isAction(tokens: readonly PlainToken[], at: number, text: string): boolean {
  const head = tokens[0]?.image.toLowerCase();
  if (head === "test") return false;
  return tokens.slice(0, at).some(({ type }) => type === "Then") || text.length === 0;
}

/** Places in the label, since one part may be found in another. */
function parametersOf({ opens, parts }: Form): { label: [number, number] }[] {
  let at = opens.length + 1;
  return parts.map((part) => {
    const label: [number, number] = [at, at + part.length];
    at += part.length + 1;
    return { label };
  });
}
