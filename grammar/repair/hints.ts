/** What could stand at a fault, in the admin's words. */
import type { TokenType } from "chevrotain";
import { T } from "../tokens.ts";
import type { Scene } from "./trial.ts";

/** Innermost production first; a place where a list of single words would say less than a sentence. */
const hints: ReadonlyMap<string, string> = new Map([
  [
    "createTicket",
    "a line of `create ticket` is `field = value`, `due in`, `dedup`, `no dedup`, `on repeat note` or `once per`",
  ],
  [
    "action",
    "actions are `create ticket`, `add note`, `set`, `complete ticket`, `add tag`, `remove tag`, `run callout`, `notify`, `suppress alert` and `stop`",
  ],
  [
    "thenClause",
    "actions are `create ticket`, `add note`, `set`, `complete ticket`, `add tag`, `remove tag`, `run callout`, `notify`, `suppress alert` and `stop`",
  ],
  [
    "event",
    'events are such as `alert received`, `ticket created`, `ticket.status changes to "Complete"`, `note added`, `callout failed`',
  ],
  [
    "alertEvent",
    "write `alert received`, `alert repeats`, `alert resolved` or `alert still firing after 2 minutes`",
  ],
  ["ticketEvent", "write `ticket created`, `edited`, `completed` or `reopened`"],
  ["condition", 'a condition is such as `alert.source is "Datto RMM"`, joined by `and` or `or`'],
  ["operand", 'a condition is such as `alert.source is "Datto RMM"`, joined by `and` or `or`'],
  ["rule", "a rule has the clauses `order`, `for organization`, `when`, `if`, `except when` and `then`"],
  ["clause", "a rule has the clauses `order`, `for organization`, `when`, `if`, `except when` and `then`"],
  [
    "calloutDeclaration",
    "a callout has lines such as `post`, `auth`, `header`, `body`, `only when`, `retry`, `timeout`, `success is` and `notify`",
  ],
  [
    "calloutLine",
    "a callout has lines such as `post`, `auth`, `header`, `body`, `only when`, `retry`, `timeout`, `success is` and `notify`",
  ],
  [
    "mailboxDeclaration",
    "a mailbox has lines such as `token password`, `organization fallback`, `duplicates by`, `ticket`, `note`, `tag from`, `reply success`",
  ],
  [
    "mailboxLine",
    "a mailbox has lines such as `token password`, `organization fallback`, `duplicates by`, `ticket`, `note`, `tag from`, `reply success`",
  ],
  [
    "calendarDeclaration",
    "a calendar has the lines `zone`, days with hours such as `monday to friday 08:00 to 18:00`, and `closed`",
  ],
  ["categoryDeclaration", 'a category has lines such as `queue = "Monitoring"` and `due in 4 hours`'],
  ["recipientDeclaration", "a recipient has the lines `email` and `webhook`"],
  ["templateDeclaration", "a template has the lines `subject` and `body`"],
  ["lookupDeclaration", 'a lookup has lines such as `"critical" -> "High"` and `otherwise -> "Low"`'],
  ["maintenanceDeclaration", "a maintenance has the lines `for`, `zone`, `every` and `from`"],
  ["bodyLine", "a line here is a name, `=` and a value"],
  ["mailDefaults", "a line here is a name, `=` and a value"],
  ["receiveAlert", "a line here is a name, `=` and a value"],
  [
    "test",
    "a test has lines that begin with `given`, `at`, `after`, `receive`, `set`, `add note` and `expect`",
  ],
  [
    "testLine",
    "a test has lines that begin with `given`, `at`, `after`, `receive`, `set`, `add note` and `expect`",
  ],
  [
    "expectation",
    'expected can be `ticket 1 created`, `note on ticket 1`, `notify "..."`, `callout "..." sent 2 times`, `alert suppressed`, `rule "..." fired`, `no ticket` and `nothing`',
  ],
  [
    "declaration",
    "a file has declarations such as `rule`, `list`, `lookup`, `category`, `recipient`, `template` and `callout`",
  ],
]);

const listedMax = 6;

/** Between the parts of a rule the last one that was begun is what the author is at. */
const ruleHints: ReadonlyMap<TokenType, string> = new Map([
  [T.When, "behind the event stand `if` with a condition, or `then` with actions"],
  [T.If, "conditions are joined by `and` or `or`; behind them stands `then` with actions"],
  [T.Then, hints.get("action") ?? ""],
]);

export function hintFor({ fault, tokens }: Scene): string | undefined {
  const labels = [...new Set(fault.expected.flatMap((name) => labelOf(name) ?? []))];
  const production = fault.productions.at(-1) ?? "";
  if (production === "rule" && tokens[fault.at]?.tokenType !== T.Rule) {
    const begun = tokens.slice(0, fault.at).findLast((token) => ruleHints.has(token.tokenType));
    const ruleHint = begun === undefined ? undefined : ruleHints.get(begun.tokenType);
    if (ruleHint !== undefined) return ruleHint;
  }
  const hint = hints.get(production) ?? hints.get(fault.productions.at(-2) ?? "");
  const isOnlyEnd = fault.expected.length === 1 && fault.expected[0] === "End";
  if (hint !== undefined && (isOnlyEnd || labels.length === 0 || labels.length > listedMax)) return hint;
  if (labels.length === 0 || labels.length > listedMax) return hint;
  return labels.length === 1 ? `here stands ${labels.join("")}` : `here can stand ${labels.join(", ")}`;
}

const labels: ReadonlyMap<string, string> = new Map(
  Object.values(T).map((type) => [type.name, type.LABEL ?? type.name] as const),
);

function labelOf(name: string): string | undefined {
  return labels.get(name);
}
