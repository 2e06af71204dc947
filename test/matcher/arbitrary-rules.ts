/** Random rules and snapshots over every operator, for the law that all matchers say the same. Small pools, so that things meet. */
import fc from "fast-check";
import type { Calendar } from "../../src/calendar/index.ts";
import type { ConditionIr, ExprIr, RuleIr, RuleSetIr, TriggerIr } from "../../src/compiler/index.ts";
import { foldName, foldText } from "../../src/domain/index.ts";
import type { Alert, FieldChange, FieldValue, Snapshot, Ticket } from "../../src/domain/index.ts";
import {
  AT,
  alertOf,
  all,
  always,
  any,
  constant,
  like,
  likePattern,
  not,
  path,
  ruleOf,
  ruleSetOf,
  snapshotOf,
  testOf,
  origin,
  ticketOf,
  trigger,
} from "./build-ir.ts";

const texts = [
  "Acme",
  "ACME",
  "acme ",
  "Globex",
  "caf\u00e9",
  "CAFE\u0301",
  "cafe",
  "fe",
  "stra\u00dfe",
  "STRASSE",
  "\u212aelvin",
  "kelvin",
  "\u0130",
  "\u017ftar",
  "Star",
  "5",
  "5.0",
  " 5 ",
  "05",
  "-1",
  "true",
  "FALSE",
  "",
  "  ",
  "info",
  "Minor",
  "major",
  "error",
  "critical",
  "Disk C: is full",
  "DISK D: on SRV-B is full",
  "disk is full",
  "TEST ping",
  "a\ud83d\ude00b",
  "\ud83d\ude00",
  "\ud83d",
  "x\ude00",
  "\ufb01le",
  "file",
  "\u0149a",
  "o\u0308\u0304x",
  "\u022bX",
  "-0",
  "5.000",
  "99999999999999999999",
  "__proto__",
  "constructor",
  "lab",
  "New",
  "Complete",
  "aaaa",
  "aab",
];
const numbers = [0, -0, 5, 5.5, 5.000000000000001, -1, 100, 1e20, AT, AT + 3_600_000];

/** Mostly a few words that meet often, sometimes the odd ones. */
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "Acme",
      "ACME",
      "5",
      "info",
      "minor",
      "critical",
      "Disk C: is full",
      "disk D: is full on acme",
      "lab",
    ),
  },
  fc.constantFrom(...texts),
);
const scalar = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 2, arbitrary: fc.constantFrom(...numbers) },
  fc.boolean(),
);
const list = fc.array(scalar, { maxLength: 3 });
const anyValue: fc.Arbitrary<FieldValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  list,
  fc.constant(undefined),
);
const maybeText = fc.option(text, { nil: undefined });

const alertPaths = [
  "alert.title",
  "alert.source",
  "alert.severity",
  "alert.organization.name",
  "alert.organization",
  "alert.organization.mapped",
  "alert.device.name",
  "alert.tags",
  "alert.received_at",
  "alert.fields.a",
  "alert.fields.b",
  "alert.fields.__proto__",
];
const ticketPaths = [
  "ticket.status",
  "ticket.queue",
  "ticket.title",
  "ticket.note_count",
  "ticket.due_at",
  "ticket.tags",
  "ticket.udf.x",
  "ticket.created_by.kind",
  "actor.kind",
  "callout.attempts",
];
const field = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom("alert.title", "alert.source", "alert.severity") },
    { weight: 4, arbitrary: fc.constantFrom(...alertPaths) },
    fc.constantFrom(...ticketPaths),
  )
  .map((name) => path(name));

const ranks: ReadonlyMap<string, number> = new Map([
  ["info", 0],
  ["minor", 1],
  ["major", 2],
  ["error", 2],
  ["critical", 3],
]);
const rankWord = fc.constantFrom("info", "MINOR", "major", "Error", "critical", "unheard");

const lookup: fc.Arbitrary<ExprIr> = fc
  .record({
    index: field,
    entries: fc.array(fc.tuple(text, scalar), { maxLength: 4 }),
    otherwise: fc.option(scalar, { nil: undefined }),
  })
  .map(({ index, entries, otherwise }) => ({
    kind: "lookup",
    index,
    table: {
      name: "table",
      entries: new Map(entries.map(([word, value]) => [foldText(word), constant(value)])),
      otherwise: otherwise === undefined ? undefined : constant(otherwise),
    },
  }));
const first: fc.Arbitrary<ExprIr> = fc
  .array(fc.oneof(field, scalar.map(constant)), { minLength: 1, maxLength: 3 })
  .map((of) => ({ kind: "first", of }));
/** Read anywhere, also where no `like` before it took it or a later one took it anew: the law holds there too. */
const binding = fc.constantFrom("drive", "x", "y").map((name): ExprIr => ({ kind: "binding", name }));
const left = fc.oneof({ weight: 16, arbitrary: field }, { weight: 2, arbitrary: lookup }, first, binding);
const right = fc.oneof(
  { weight: 24, arbitrary: scalar.map(constant) },
  { weight: 2, arbitrary: field },
  lookup,
  binding,
  binding.map((name): ExprIr => ({ kind: "text", parts: ["disk ", name] })),
  list.map((values): ExprIr => ({ kind: "list", of: values.map(constant) })),
  list.map(constant),
  fc.constantFrom(0, 3_600_000).map((ms): ExprIr => ({ kind: "duration", ms })),
);
const rights = fc.array(right, { minLength: 1, maxLength: 3 });

const patterns = [
  "^disk",
  "full$",
  "c:|d:",
  "(a+)+$",
  "TEST",
  "\\d",
  "sta?r",
  "[ac]*me",
  "",
  "\u00e9",
  "k",
  "(?:srv|acme)-?b",
  "\\bdisk\\s+[cd]:",
  "is f\\w+l$",
  "[^a]cme",
  "acm{1}e",
  "d.?is?k*",
  "\u017ftar|full",
  "disk (c|d): .* ?full",
];
const likes = [
  "{drive} is full",
  "{drive} * is full",
  "disk {x}",
  "{y}:",
  "disk {drive} is full",
  "Disk {drive} on * is full",
  "*full",
  "a{x}b",
  "{x}",
  "*",
  "TEST*",
  "{x}\u00e9",
  "*5*",
  "a{x}{y}",
];

const valueTest = fc
  .record({
    operator: fc.constantFrom("equals", "equals", "contains", "starts-with", "ends-with"),
    left,
    rights,
    exactly: fc.boolean(),
  })
  .map(({ operator, left: side, rights: asked, exactly }) =>
    testOf(side, operator as "equals", asked, { exactly }),
  );
const regexTest = fc
  .record({
    left,
    patterns: fc.array(fc.constantFrom(...patterns), { minLength: 1, maxLength: 2 }),
    exactly: fc.boolean(),
  })
  .map(({ left: side, patterns: asked, exactly }) => testOf(side, "matches", asked, { exactly }));
const likeTest = fc
  .record({
    left: fc.oneof({ weight: 2, arbitrary: fc.constant(path("alert.title")) }, left),
    pattern: fc.constantFrom(...likes),
    exactly: fc.boolean(),
  })
  .map(({ left: side, pattern, exactly }) =>
    testOf(side, "like", [pattern], { exactly, pattern: likePattern(pattern) }),
  );
const orderOperator = fc.constantFrom("at-least", "at-most", "more-than", "less-than");
const orderTest = fc
  .record({
    operator: orderOperator,
    left,
    right: fc.oneof(fc.constantFrom(...numbers).map(constant), right),
  })
  .map((of) => testOf(of.left, of.operator as "at-least", [of.right]));
const rankTest = fc
  .record({
    operator: orderOperator,
    left: fc.oneof(fc.constant(path("alert.severity")), field),
    right: fc.oneof(rankWord.map(constant), field),
  })
  .map((of) => testOf(of.left, of.operator as "at-least", [of.right], { ranks }));
const betweenTest = fc.oneof(
  fc
    .record({ left, low: fc.constantFrom(...numbers), high: fc.constantFrom(...numbers) })
    .map((of) => testOf(of.left, "between", [of.low, of.high])),
  fc
    .record({ left: field, low: rankWord, high: rankWord })
    .map((of) => testOf(of.left, "between", [of.low, of.high], { ranks })),
);
const emptyTest = left.map((side) => testOf(side, "empty", []));
const changeSide = fc.array(fc.oneof({ weight: 4, arbitrary: text.map(constant) }, field), { maxLength: 2 });
const change = fc.record({
  apiName: fc.constantFrom("status", "queue", "udf.x"),
  from: changeSide,
  to: changeSide,
});
const changedTest = change.map((asked) => testOf("ticket.status", "changed", [], { change: asked }));

/** Open at the moment of the snapshots, an hour later, or not at all. */
const calendars: readonly Calendar[] = [
  { name: "sunday night", zone: "UTC", hours: new Map([[7, [{ from: 79_200, to: 82_000 }]]]), closed: [] },
  { name: "monday", zone: "Europe/Berlin", hours: new Map([[1, [{ from: 0, to: 86_400 }]]]), closed: [] },
  {
    name: "closed",
    zone: "UTC",
    hours: new Map([[7, [{ from: 0, to: 86_400 }]]]),
    closed: [{ from: { year: 2026, month: 11, day: 22 }, to: { year: 2026, month: 11, day: 22 } }],
  },
];
const calendarTest = fc
  .record({
    inside: fc.boolean(),
    calendar: fc.constantFrom(...calendars),
    at: fc.oneof(
      fc.constantFrom(undefined, path("alert.received_at"), path("ticket.due_at"), path("alert.title")),
      left,
    ),
  })
  .map((of): ConditionIr => ({ kind: "calendar", ...of, origin: origin("during") }));
const countKeys = ["alerts in 300000 ms", "alerts in 300000 ms per alert.organization"];
const countTest = fc
  .record({
    comparator: fc.constantFrom("more-than" as const, "at-least" as const),
    count: fc.constantFrom(1, 2, 20),
    key: fc.constantFrom(...countKeys),
  })
  .map((of): ConditionIr => ({ kind: "count", withinMs: 300_000, per: [], ...of, origin: origin("count") }));

const test: fc.Arbitrary<ConditionIr> = fc.oneof(
  calendarTest,
  countTest,
  { weight: 8, arbitrary: valueTest },
  regexTest,
  { weight: 2, arbitrary: likeTest },
  { weight: 2, arbitrary: orderTest },
  rankTest,
  betweenTest,
  emptyTest,
  changedTest,
);

/** A name is bound in every branch before it is read, as the checker demands. */
const boundTest: fc.Arbitrary<ConditionIr> = fc
  .record({
    guard: test,
    inner: fc.constantFrom("c:", "D:", "x", "1"),
    side: fc.boolean(),
    second: fc.constantFrom("disk {drive} on", "* {drive} *", "{drive}"),
  })
  .map(({ guard, inner, side, second }) => {
    const source = side
      ? like("alert.title", "disk {drive} is full")
      : any(all(guard, like("alert.title", "disk {drive} on * is full")), like("alert.title", second));
    return all(source, testOf({ kind: "binding", name: "drive" }, "equals", [inner]));
  });

const { condition } = fc.letrec<{ condition: ConditionIr }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: "condition", depthSize: "max" },
    { weight: 8, arbitrary: test },
    { weight: 2, arbitrary: boundTest },
    {
      weight: 4,
      arbitrary: fc
        .array(tie("condition"), { minLength: 1, maxLength: 4, size: "max" })
        .map((of) => all(...of)),
    },
    {
      weight: 4,
      arbitrary: fc.array(tie("condition"), { maxLength: 4, size: "max" }).map((of) => any(...of)),
    },
    { weight: 2, arbitrary: tie("condition").map(not) },
    { weight: 1, arbitrary: fc.constant(always) },
  ),
}));

const kinds = [
  "alert-received",
  "alert-received",
  "alert-repeats",
  "ticket-edited",
  "ticket-changed",
  "callout-failed",
  "ticket-idle",
  "no-alert",
] as const;

const timers: Partial<Record<TriggerIr["kind"], NonNullable<TriggerIr["timer"]>>> = {
  "ticket-idle": { kind: "clock", ms: 1000, calendar: undefined },
  "no-alert": { kind: "silence", ms: 1000, per: [] },
};
const anyTrigger: fc.Arbitrary<TriggerIr> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    by: fc.subarray(["staff", "contact", "rule"] as const, { maxLength: 2 }),
    change,
    narrow: fc.boolean(),
    callout: fc.constantFrom("Close", undefined),
  })
  .map(({ kind, by, change: asked, narrow, callout }) =>
    trigger(kind, {
      ...(timers[kind] === undefined ? {} : { timer: timers[kind] }),
      by: kind === "ticket-edited" && narrow ? by : [],
      change: kind === "ticket-changed" ? asked : undefined,
      callout: kind === "callout-failed" ? callout : undefined,
    }),
  );

const organizations = fc.option(
  fc.subarray(["Acme", "globex", "CAFE\u0301"].map(foldName), { minLength: 1 }),
  { nil: undefined },
);

export function arbitraryRuleSet(maxRules: number): fc.Arbitrary<RuleSetIr> {
  const rule = fc.record({
    triggers: fc.oneof(
      { weight: 4, arbitrary: fc.constant([trigger("alert-received")]) },
      fc.array(anyTrigger, { minLength: 1, maxLength: 3 }),
    ),
    condition,
    exceptions: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(test, { maxLength: 2 })),
    organizations: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, organizations),
    active: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  });
  return fc.array(rule, { minLength: 1, maxLength: maxRules, size: "max" }).map((rules) =>
    ruleSetOf(
      rules.map(({ organizations: names, ...of }, index): RuleIr =>
        ruleOf(index, of.condition, {
          ...of,
          organizations: names === undefined ? undefined : new Set(names),
        }),
      ),
    ),
  );
}

const alert: fc.Arbitrary<Alert> = fc
  .record({
    title: text,
    source: text,
    severity: fc.oneof(rankWord, maybeText),
    organization: text,
    mapped: fc.boolean(),
    device: maybeText,
    tags: fc.array(text, { maxLength: 3 }),
    a: anyValue,
    b: anyValue,
    proto: anyValue,
  })
  .map((of) =>
    alertOf({
      title: of.title,
      source: of.source,
      severity: of.severity,
      organization: {
        asked: of.organization,
        id: of.mapped ? "or_1" : undefined,
        name: of.organization,
        tags: [],
      },
      device: { asked: of.device, id: undefined, name: of.device, tags: [] },
      tags: of.tags,
      fields: Object.fromEntries(
        Object.entries({ a: of.a, b: of.b, ["__proto__"]: of.proto }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
    }),
  );

const ticket: fc.Arbitrary<Ticket> = fc
  .record({
    title: text,
    status: text,
    queue: maybeText,
    noteCount: fc.constantFrom(0, 5),
    dueAt: fc.option(fc.constantFrom(AT, AT + 3_600_000), { nil: undefined }),
    tags: fc.array(text, { maxLength: 2 }),
    x: scalar,
    organization: text,
  })
  .map(({ x, organization, ...of }) =>
    ticketOf({ ...of, udf: { x }, organization: { id: "or_1", name: organization, tags: [], udf: {} } }),
  );

const changes: fc.Arbitrary<readonly FieldChange[]> = fc.array(
  fc.record({ field: fc.constantFrom("status", "queue", "udf.x"), from: anyValue, to: anyValue }),
  { maxLength: 2 },
);

export const arbitrarySnapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    alert,
    ticket,
    changes,
    actor: fc.constantFrom("staff", "contact", "rule", undefined),
    callout: fc.constantFrom("Close", "Other"),
    attempts: fc.constantFrom(1, 5),
    bare: fc.boolean(),
    dueRule: fc.constantFrom(undefined, "rule 0", "rule 1"),
    counts: fc.constantFrom(undefined, [1, 2], [2, 20], [21, 1]),
    receivedAt: fc.constantFrom(AT, AT + 3_600_000),
  })
  .map((of) => {
    const isAlert = of.kind === "alert-received";
    return snapshotOf({
      kind: of.kind,
      alert: isAlert || of.bare ? { ...of.alert, receivedAt: of.receivedAt } : undefined,
      ...(timers[of.kind] === undefined ? {} : { dueRule: of.dueRule }),
      ...(of.counts === undefined
        ? {}
        : { counts: new Map(countKeys.map((key, at) => [key, of.counts?.[at] ?? 0])) }),
      ticket: isAlert ? undefined : of.ticket,
      changes: of.kind.startsWith("ticket") ? of.changes : [],
      actor: of.actor === undefined ? undefined : { kind: of.actor as "staff", name: "Anna" },
      callout:
        of.kind === "callout-failed"
          ? { name: of.callout, attempts: of.attempts, lastStatus: 503, lastError: "HTTP 503" }
          : undefined,
    });
  });
