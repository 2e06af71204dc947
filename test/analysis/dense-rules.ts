/** Rules and alerts over so few values that contradictions, tautologies and coverings happen by chance. */
import fc from "fast-check";
import type { Alert, Snapshot } from "../../src/domain/index.ts";

const severity = fc.constantFrom("info", "warning", "minor", "major", "critical");
const word = fc.constantFrom("disk", "Disk C", "c", "disk c full", "k c", "x");
const source = fc.constantFrom("A", "a", "B", "C");
const number = fc.constantFrom(1, 5, 5.5, 10);
const list = (of: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(of, { minLength: 1, maxLength: 3 }).map((words) => `[${words.map((w) => `"${w}"`).join(", ")}]`);

const test: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom("at least", "at most", "more than", "less than", "is", "is not"), severity)
    .map(([operator, value]) => `alert.severity ${operator} "${value}"`),
  fc
    .tuple(fc.constantFrom("in", "not in"), list(severity))
    .map(([operator, values]) => `alert.severity ${operator} ${values}`),
  fc
    .tuple(fc.constantFrom("is", "is not", "is exactly"), source)
    .map(([operator, value]) => `alert.source ${operator} "${value}"`),
  fc
    .tuple(fc.constantFrom("in", "not in"), list(source))
    .map(([operator, values]) => `alert.source ${operator} ${values}`),
  fc
    .tuple(
      fc.constantFrom("alert.title", "alert.device.name", "alert.fields.note"),
      fc.constantFrom(
        "is",
        "is not",
        "contains",
        "does not contain",
        "starts with",
        "ends with",
        "does not start with",
        "contains exactly",
        "matches",
      ),
      word,
    )
    .map(([path, operator, value]) => `${path} ${operator} "${value}"`),
  fc
    .tuple(
      fc.constantFrom("alert.title", "alert.device.name"),
      fc.constantFrom("disk*", "*c", "*c*", "disk*full"),
    )
    .map(([path, pattern]) => `${path} like "${pattern}"`),
  fc
    .tuple(fc.constantFrom("at least", "at most", "more than", "less than", "is", "is not"), number)
    .map(([operator, value]) => `alert.fields.value ${operator} ${value}`),
  fc
    .tuple(number, number)
    .map(([low, high]) => `alert.fields.value between ${Math.min(low, high)} and ${Math.max(low, high)}`),
  fc
    .tuple(
      fc.constantFrom(
        "alert.title",
        "alert.device.name",
        "alert.tags",
        "alert.fields.note",
        "alert.severity",
      ),
      fc.constantFrom("is empty", "is not empty"),
    )
    .map(([path, operator]) => `${path} ${operator}`),
  fc
    .tuple(fc.constantFrom("contains", "does not contain"), fc.constantFrom("lab", "VIP"))
    .map(([operator, value]) => `alert.tags ${operator} "${value}"`),
  fc.constantFrom(
    "alert.organization.mapped is true",
    "alert.organization.mapped is false",
    "alert.organization.mapped is not true",
    'alert.status is "firing"',
    'alert.status is "resolved"',
    'alert.fields.value is "5"',
    'alert.fields.value is "5.0"',
  ),
);

export const denseCondition: fc.Arbitrary<string> = fc.letrec<{ one: string }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    test,
    fc
      .tuple(fc.constantFrom(" and ", " or "), fc.array(tie("one"), { minLength: 2, maxLength: 3 }))
      .map(([join, parts]) => `(${parts.join(join)})`),
    tie("one").map((part) => `not (${part})`),
  ),
})).one;

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const freeText = fc.oneof(
  fc.constantFrom("", " ", "disk", "DISK C", "c", "disk c full", "Disk Full", "x", "c disk", "5", "zz"),
  fc.array(fc.constantFrom("disk", " ", "C", "k", "full"), { maxLength: 4 }).map((parts) => parts.join("")),
);

export const denseAlert: fc.Arbitrary<Snapshot> = fc
  .record({
    source: fc.constantFrom("A", "a", "b", "C", "other"),
    title: freeText,
    severity: optional(fc.oneof(severity, fc.constantFrom("MAJOR", "odd", ""))),
    device: optional(freeText),
    tags: fc.array(fc.constantFrom("lab", "vip", "Lab", "x"), { maxLength: 2 }),
    note: optional(fc.oneof(freeText, fc.array(freeText, { maxLength: 2 }), fc.constantFrom(5, true))),
    value: optional(
      fc.oneof(
        fc.constantFrom(0, 1, 3, 5, 5.2, 5.5, 7, 10, 11),
        fc.constantFrom("5", "5.0", " 5", "x"),
        fc.constant([5, 1]),
      ),
    ),
    mapped: fc.boolean(),
  })
  .map(({ source: from, title, severity: how, device, tags, note, value, mapped }): Snapshot => {
    const alert: Alert = {
      id: "al_1",
      receivedAt: 0,
      source: from,
      title,
      description: undefined,
      severity: how,
      status: "firing",
      alertId: undefined,
      ticketId: undefined,
      deliveryId: undefined,
      customerId: undefined,
      deviceId: undefined,
      occurredAt: undefined,
      tags,
      fields: { note, value },
      organization: { asked: undefined, id: mapped ? "1" : undefined, name: "Acme", tags: [] },
      device: { asked: undefined, id: undefined, name: device, tags: [] },
    };
    return {
      kind: "alert-received",
      at: 0,
      alert,
      ticket: undefined,
      repeat: undefined,
      actor: undefined,
      changes: [],
      note: undefined,
      entry: undefined,
      callout: undefined,
      mail: undefined,
    };
  });
