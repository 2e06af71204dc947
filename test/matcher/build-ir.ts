/** Builds rule IR and snapshots by hand for the matcher's tests: the rooms that read text are not needed here. */
import type {
  ConditionIr,
  ExprIr,
  LikePattern,
  Origin,
  RuleIr,
  RuleSetIr,
  TestIr,
  TestOperator,
  TriggerIr,
} from "../../src/compiler/index.ts";
import { FIELDS, FIELD_FAMILIES } from "../../src/domain/index.ts";
import type { Alert, Field, FieldType, FieldValue, Snapshot, Ticket } from "../../src/domain/index.ts";

export const origin = (text: string): Origin => ({ file: "a.rules", line: 1, column: 1, text });

export const constant = (value: FieldValue): ExprIr => ({ kind: "const", value });

export const path = (name: string, type: FieldType = "text"): ExprIr => ({
  kind: "field",
  field: fieldOf(name, type),
});

export function fieldOf(name: string, type: FieldType = "text"): Field {
  const fixed = FIELDS.get(name);
  if (fixed !== undefined) return fixed;
  for (const family of FIELD_FAMILIES) {
    if (name.startsWith(`${family.prefix}.`)) return family.field(name.slice(family.prefix.length + 1), type);
  }
  throw new Error(`no field ${name}`);
}

type TestParts = Partial<Pick<TestIr, "exactly" | "ranks" | "pattern" | "change" | "origin">>;

export function testOf(
  left: ExprIr | string,
  operator: TestOperator,
  right: readonly (ExprIr | FieldValue)[],
  parts: TestParts = {},
): TestIr {
  const leftExpr = typeof left === "string" ? path(left) : left;
  return {
    kind: "test",
    operator,
    left: leftExpr,
    right: right.map((value) => (isExpr(value) ? value : constant(value))),
    exactly: false,
    ranks: undefined,
    pattern: undefined,
    change: undefined,
    origin: origin(`${typeof left === "string" ? left : left.kind} ${operator}`),
    ...parts,
  };
}

function isExpr(value: ExprIr | FieldValue): value is ExprIr {
  return typeof value === "object" && !Array.isArray(value);
}

export const all = (...of: readonly ConditionIr[]): ConditionIr => ({
  kind: "all",
  of,
  origin: origin("all"),
});
export const any = (...of: readonly ConditionIr[]): ConditionIr => ({
  kind: "any",
  of,
  origin: origin("any"),
});
export const not = (of: ConditionIr): ConditionIr => ({
  kind: "not",
  of,
  origin: origin(`not ${of.origin.text}`),
});
export const always: ConditionIr = { kind: "always", origin: origin("always") };

/** `Disk {drive} on *` as pieces; `\{` and `\*` are not needed in tests. */
export function likePattern(text: string): LikePattern {
  const pieces = [...text.matchAll(/\{(\w+)\}|\*|[^{*]+/g)].map(([whole, name]) => {
    if (name !== undefined) return { kind: "hole", name } as const;
    return whole === "*" ? ({ kind: "star" } as const) : ({ kind: "literal", text: whole } as const);
  });
  return { pieces };
}

export const like = (left: string, pattern: string, exactly = false): TestIr =>
  testOf(left, "like", [pattern], { pattern: likePattern(pattern), exactly });

export const trigger = (kind: TriggerIr["kind"], parts: Partial<TriggerIr> = {}): TriggerIr => ({
  kind,
  by: [],
  change: undefined,
  callout: undefined,
  ...parts,
});

export function ruleOf(index: number, condition: ConditionIr, parts: Partial<RuleIr> = {}): RuleIr {
  return {
    index,
    name: `rule ${index}`,
    documentation: undefined,
    file: "a.rules",
    line: index + 1,
    active: true,
    order: 100,
    organizations: undefined,
    triggers: [trigger("alert-received")],
    condition,
    exceptions: [],
    actions: [],
    hash: `hash ${index}`,
    ...parts,
  };
}

export function ruleSetOf(rules: readonly RuleIr[], zone?: string): RuleSetIr {
  return {
    rules,
    categories: new Map(),
    recipients: new Map(),
    templates: new Map(),
    callouts: new Map(),
    partners: new Map(),
    udfs: [],
    values: new Map(),
    calendars: new Map(),
    maintenance: [],
    zone,
    secrets: [],
  };
}

export const AT = Date.UTC(2026, 10, 22, 22, 5);

export function alertOf(parts: Partial<Alert> = {}): Alert {
  return {
    id: "al_1",
    receivedAt: AT,
    source: "Datto RMM",
    title: "Device SRV-B lost power",
    description: undefined,
    severity: undefined,
    status: "firing",
    alertId: undefined,
    ticketId: undefined,
    deliveryId: undefined,
    customerId: undefined,
    deviceId: undefined,
    occurredAt: undefined,
    tags: [],
    fields: {},
    organization: { asked: "Acme", id: "or_1", name: "Acme", tags: [] },
    device: { asked: undefined, id: undefined, name: undefined, tags: [] },
    ...parts,
  };
}

export function ticketOf(parts: Partial<Ticket> = {}): Ticket {
  return {
    id: "tk_1",
    number: "T20261122.0001",
    title: "Device SRV-B lost power",
    description: "",
    resolution: "",
    status: "New",
    priority: "Medium",
    queue: undefined,
    category: undefined,
    type: undefined,
    source: "Datto RMM",
    externalId: undefined,
    organization: { id: "or_1", name: "Acme", tags: [], udf: {} },
    contact: undefined,
    device: undefined,
    assignedResource: undefined,
    tags: [],
    udf: {},
    dueAt: undefined,
    createdAt: AT,
    createdBy: { kind: "system", name: "Tocsin" },
    completedAt: undefined,
    lastHumanActivityAt: AT,
    touchedByHuman: false,
    noteCount: 0,
    repeatCount: 0,
    dedupKey: undefined,
    windowEndsAt: undefined,
    version: 1,
    ...parts,
  };
}

export function snapshotOf(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    kind: "alert-received",
    at: AT,
    alert: alertOf(),
    ticket: undefined,
    repeat: undefined,
    actor: undefined,
    changes: [],
    note: undefined,
    entry: undefined,
    callout: undefined,
    mail: undefined,
    ...parts,
  };
}
