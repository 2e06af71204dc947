/**
 * The reference shows the whole language: every field, event, condition, action, declaration line and test statement has
 * a sample, and every section of a page is about something that exists. The tables below are complete by their types:
 * a kind that somebody adds to the tree does not compile here before it is written up.
 */
import { describe, expect, it } from "vitest";
import { parseRuleFile } from "../../grammar/index.ts";
import { exampleOf, fieldSamples } from "../../scripts/docs/field-page.ts";
import { sectionsOf } from "../../scripts/docs/page-samples.ts";
import { SourceText } from "../../src/diagnostics/index.ts";
import { FIELD_FAMILIES, FIELDS } from "../../src/domain/index.ts";
import type {
  ActionNode,
  CalendarDeclaration,
  CalloutAuthNode,
  CalloutBodyNode,
  CalloutDeclaration,
  CalloutMethod,
  CategoryDeclaration,
  ComparisonOperator,
  Condition,
  CreateTicketNode,
  Declaration,
  DuplicateBehaviour,
  EventNode,
  Expectation,
  LookupDeclaration,
  MailboxDeclaration,
  MaintenanceDeclaration,
  RecipientDeclaration,
  RuleNode,
  TemplateDeclaration,
  TestStep,
  UdfScope,
  UdfType,
} from "../../grammar/ast.ts";
import { readDoc } from "./run-samples.ts";

type Tree = Readonly<Record<string, unknown>>;

/** Every node of the samples of a section. */
function nodesOf(rules: string, tests: string): readonly Tree[] {
  const files = [
    parseRuleFile(new SourceText("a.rules", rules)).file,
    parseRuleFile(new SourceText("a.test.rules", tests)).file,
  ];
  return files.flatMap(({ declarations }) => [...walk(declarations)]);
}

function* walk(tree: unknown): Generator<Tree> {
  if (typeof tree !== "object" || tree === null) return;
  if (!Array.isArray(tree)) yield tree as Tree;
  for (const [name, part] of Object.entries(tree)) if (name !== "span") yield* walk(part);
}

const sectionsOfPage = (name: string) => sectionsOf(readDoc(`docs/reference/${name}.md`));

/** Kinds of a tree, each with the section that shows it. */
function showsEach(page: string, sections: Readonly<Record<string, string>>, kinds: (one: Tree) => unknown) {
  const written = sectionsOfPage(page);
  const missing = Object.entries(sections).filter(([kind, title]) => {
    const section = written.find((one) => one.title === title);
    return section === undefined || !nodesOf(section.rules, section.tests).some((one) => kinds(one) === kind);
  });
  expect(missing).toEqual([]);
}

const events: Readonly<Record<EventNode["kind"], string>> = {
  "alert received": "alert received",
  "alert repeats": "alert repeats",
  "alert resolved": "alert resolved",
  "alert still firing": "alert still firing",
  "no alert": "no alert",
  "ticket created": "ticket created",
  "ticket edited": "ticket edited",
  "ticket completed": "ticket completed",
  "ticket reopened": "ticket reopened",
  "field changes": "field changes",
  "note added": "note added",
  "time entry added": "time entry added",
  "ticket idle": "ticket idle",
  "ticket open": "ticket open",
  "ticket due": "ticket due",
  "ticket overdue": "ticket overdue",
  "callout succeeded": "callout succeeded",
  "callout failed": "callout failed",
  every: "every",
};

/** `mixed` is a mistake that the parser reports. */
const conditions: Readonly<Record<Exclude<Condition["kind"], "mixed" | "comparison">, string>> = {
  group: "group",
  not: "not",
  empty: "empty",
  between: "between",
  changed: "changed",
  calendar: "calendar",
  count: "count",
  name: "name",
};

const operators: Readonly<Record<ComparisonOperator, string>> = {
  is: "is",
  in: "in",
  like: "like",
  contains: "contains",
  "starts with": "starts with",
  "ends with": "ends with",
  matches: "matches",
  "at least": "at least",
  "at most": "at most",
  "more than": "more than",
  "less than": "less than",
};

const actions: Readonly<Record<ActionNode["kind"], string>> = {
  "create ticket": "create ticket",
  "add note": "add note",
  set: "set",
  "complete ticket": "complete ticket",
  "add tag": "add tag",
  "remove tag": "remove tag",
  "run callout": "run callout",
  notify: "notify",
  "suppress alert": "suppress alert",
  stop: "stop",
};
const declarations: Readonly<Record<Declaration["kind"], string>> = {
  rule: "rule",
  list: "list",
  lookup: "lookup",
  values: "values",
  define: "define",
  calendar: "calendar",
  category: "category",
  recipient: "recipient",
  template: "template",
  callout: "callout",
  partner: "partner",
  udf: "udf",
  mailbox: "mailbox",
  maintenance: "maintenance",
  test: "test",
};

type LineOf<D> = Exclude<keyof D, "kind" | "span" | "doc" | "name" | "keywordSpan" | "address">;

const lines: {
  readonly rule: Record<LineOf<RuleNode>, true>;
  readonly lookup: Record<LineOf<LookupDeclaration>, true>;
  readonly calendar: Record<LineOf<CalendarDeclaration>, true>;
  readonly category: Record<LineOf<CategoryDeclaration>, true>;
  readonly recipient: Record<LineOf<RecipientDeclaration>, true>;
  readonly template: Record<LineOf<TemplateDeclaration>, true>;
  readonly callout: Record<LineOf<CalloutDeclaration>, true>;
  readonly mailbox: Record<LineOf<MailboxDeclaration>, true>;
  readonly maintenance: Record<LineOf<MaintenanceDeclaration>, true>;
} = {
  rule: {
    inactive: true,
    order: true,
    organizations: true,
    events: true,
    condition: true,
    exceptions: true,
    actions: true,
  },
  lookup: { entries: true, otherwise: true },
  calendar: { zone: true, hours: true, closed: true },
  category: { fields: true, dueIn: true },
  recipient: { emails: true, webhooks: true },
  template: { subject: true, body: true },
  callout: {
    inactive: true,
    method: true,
    url: true,
    auth: true,
    headers: true,
    body: true,
    onlyWhen: true,
    retry: true,
    timeout: true,
    success: true,
    noRetryOn4xx: true,
    honourRetryAfter: true,
    sign: true,
    pauseAfter: true,
    notify: true,
  },
  mailbox: {
    inactive: true,
    tokenPassword: true,
    organizationFallback: true,
    duplicates: true,
    defaults: true,
    tagFrom: true,
    trustSender: true,
    replySuccess: true,
    replyFailure: true,
  },
  maintenance: { scopes: true, zone: true, times: true },
};

const createTicketLines: Readonly<Record<LineOf<CreateTicketNode>, true>> = {
  fields: true,
  dueIn: true,
  dedup: true,
  onRepeatNote: true,
  oncePer: true,
};

const choices: {
  readonly "callout method": Record<Exclude<CalloutMethod, "patch" | "delete">, true>;
  readonly auth: Record<CalloutAuthNode["kind"], true>;
  readonly body: Record<CalloutBodyNode["kind"], true>;
  readonly scope: Record<UdfScope, true>;
  readonly type: Record<UdfType, true>;
} = {
  "callout method": { get: true, post: true, put: true },
  auth: { none: true, basic: true, bearer: true, header: true },
  body: { json: true, form: true, xml: true, text: true },
  scope: { ticket: true, organization: true, device: true },
  type: { text: true, number: true, date: true, boolean: true },
};

/** `drop` and `create ticket` of a mailbox are words of its table. */
const duplicates: readonly DuplicateBehaviour["kind"][] = ["add note", "reopen"];

const steps: Readonly<Record<Exclude<TestStep["kind"], "expect">, string>> = {
  "given organization": "given",
  "given device": "given",
  "given contact": "given",
  "given secret": "given",
  "given callout": "given",
  "given ticket": "given",
  wait: "steps",
  "receive alert": "steps",
  "receive same alert": "steps",
  "receive mail": "mail",
  "set ticket": "steps",
  "add note": "steps",
};

const expectations: Readonly<Record<Expectation["kind"], string>> = {
  "ticket created": "expect tickets",
  "ticket completed": "expect tickets",
  "ticket field": "expect tickets",
  "ticket count": "expect tickets",
  note: "expect notes and notices",
  notify: "expect notes and notices",
  callout: "expect callouts",
  alert: "expect alerts and rules",
  rule: "expect alerts and rules",
  nothing: "expect alerts and rules",
};

const isWritten = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

describe("the reference", () => {
  it("shows every field of the catalogue in a sample that is run, and no other", () => {
    const wanted = [...FIELDS.keys(), ...FIELD_FAMILIES.map(({ prefix }) => prefix)].sort();
    expect([...exampleOf(fieldSamples).keys()].sort()).toEqual(wanted);
  });

  it("shows every event under its name, and has no section for anything else", () => {
    showsEach("events", events, ({ kind }) => kind);
    expect(sectionsOfPage("events").map(({ title }) => title)).toEqual(Object.values(events));
  });

  it("shows every condition and every comparison, and has no section for anything else", () => {
    showsEach("conditions", conditions, ({ kind }) => kind);
    showsEach("conditions", operators, ({ operator }) => operator);
    const titles = sectionsOfPage("conditions").map(({ title }) => title);
    expect(titles.sort()).toEqual([...Object.values(conditions), ...Object.values(operators)].sort());
  });

  it("shows every action, and every line of `create ticket`", () => {
    showsEach("actions", actions, ({ kind }) => kind);
    const nodes = sectionsOfPage("actions").flatMap(({ rules }) => nodesOf(rules, ""));
    const opened = nodes.filter(({ kind }) => kind === "create ticket");
    const missing = Object.keys(createTicketLines).filter(
      (line) => !opened.some((one) => isWritten(one[line])),
    );
    expect(missing).toEqual([]);
  });

  it("shows every declaration, and has no section for anything else", () => {
    showsEach("declarations", declarations, ({ kind }) => kind);
    const titles = sectionsOfPage("declarations").map(({ title }) => title);
    expect(titles.sort()).toEqual(Object.values(declarations).sort());
  });

  it.each(Object.entries(lines))("shows every line of a %s", (kind, wanted) => {
    const section = sectionsOfPage("declarations").find(({ title }) => title === kind)!;
    const nodes = nodesOf(section.rules, section.tests).filter((one) => one["kind"] === kind);
    const missing = Object.keys(wanted).filter((line) => !nodes.some((one) => isWritten(one[line])));
    expect(missing).toEqual([]);
  });

  it("shows every method, way of signing in, body, and kind of field", () => {
    const nodes = sectionsOfPage("declarations").flatMap(({ rules }) => nodesOf(rules, ""));
    const words = new Set(nodes.flatMap((one) => Object.values(one)));
    const missing = Object.values(choices).flatMap((of) =>
      Object.keys(of).filter((word) => !words.has(word)),
    );
    expect(missing).toEqual([]);
    expect(duplicates.filter((word) => !words.has(word))).toEqual([]);
  });

  it("shows every statement of a test", () => {
    showsEach("tests", steps, ({ kind }) => kind);
    showsEach("tests", expectations, ({ kind }) => kind);
  });
});
