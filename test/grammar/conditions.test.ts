/** Conditions: every operator and accepted spelling gives the tree that the page names. */
import { describe, expect, it } from "vitest";
import { spanText } from "../../src/diagnostics/index.ts";
import { conditionOf, parse, shape } from "./reading.ts";

/** `left [not] operator [exactly] [any] right` */
function told(text: string): string {
  const condition = conditionOf(text);
  if (condition?.kind !== "comparison") return JSON.stringify(shape(condition));
  const { left, negated, operator, exactly, quantifier, right } = condition;
  const values = right.map((value) =>
    value.kind === "list" ? JSON.stringify(shape(value.items)) : shape(value),
  );
  return [
    shape(left),
    negated ? "not" : "",
    operator,
    exactly ? "exactly" : "",
    quantifier ?? "",
    values.join(", "),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

const A = String.raw`["\"a\"","\"b\""]`;

describe("comparisons", () => {
  it.each([
    ['alert.title is "x"', 'alert.title is "x"'],
    ['alert.title IS NOT "x"', 'alert.title not is "x"'],
    ['alert.title is exactly "x"', 'alert.title is exactly "x"'],
    ['alert.source in ["a", "b"]', `alert.source in ${A}`],
    ['alert.source in ["a", "b",]', `alert.source in ${A}`],
    ['alert.source in ("a", "b")', `alert.source in ${A}`],
    ['alert.source is in ("a", "b")', `alert.source in ${A}`],
    ['alert.source is not in ["a", "b"]', `alert.source not in ${A}`],
    ['alert.source not in ["a", "b"]', `alert.source not in ${A}`],
    ['alert.source is one of ("a", "b")', `alert.source in ${A}`],
    ['alert.source is any of ("a", "b")', `alert.source in ${A}`],
    ['alert.source is none of ("a", "b")', `alert.source not in ${A}`],
    ["alert.source is any of sources", "alert.source in sources"],
    ["alert.source in sources", "alert.source in sources"],
    ['"lab" in alert.device.tags', '"lab" in alert.device.tags'],
    ['alert.title like "Disk {d} *"', 'alert.title like "Disk {d} *"'],
    ['alert.title is like "x*"', 'alert.title like "x*"'],
    ['alert.title not like "x*"', 'alert.title not like "x*"'],
    ['alert.title is not like "x*"', 'alert.title not like "x*"'],
    ['alert.title contains any of ("a", "b")', 'alert.title contains any "a", "b"'],
    ['alert.title contains any of ["a", "b"]', 'alert.title contains any "a", "b"'],
    ['alert.title contains all of ("a", "b")', 'alert.title contains all "a", "b"'],
    ['alert.title contains none of ("a", "b")', 'alert.title contains none "a", "b"'],
    ["alert.title contains any of words", "alert.title contains any words"],
    ['alert.title does not contain "x"', 'alert.title not contains "x"'],
    ['alert.title does not start with "x"', 'alert.title not starts with "x"'],
    ['alert.title does not end with "x"', 'alert.title not ends with "x"'],
    ["alert.title does not match '^x'", 'alert.title not matches "^x"'],
    ['alert.title starts with "x"', 'alert.title starts with "x"'],
    ['alert.title ends with exactly "x"', 'alert.title ends with exactly "x"'],
    ["alert.title matches exactly '\\d'", 'alert.title matches exactly "\\\\d"'],
    ['alert.severity at least "minor"', 'alert.severity at least "minor"'],
    ['alert.severity is at least "minor"', 'alert.severity at least "minor"'],
    ['alert.severity is not at most "minor"', 'alert.severity not at most "minor"'],
    ["ticket.note_count more than 3", "ticket.note_count more than 3"],
    ["ticket.note_count is less than 3", "ticket.note_count less than 3"],
    ["ticket.note_count > 3", "ticket.note_count more than 3"],
    ["ticket.note_count >= 3", "ticket.note_count at least 3"],
    ["ticket.note_count < -3", "ticket.note_count less than -3"],
    ["ticket.note_count <= 3.5", "ticket.note_count at most 3.5"],
    [
      'priority_for[alert.severity] is "High"',
      '{"kind":"lookup","table":"priority_for","index":"alert.severity"} is "High"',
    ],
    ["alert.fields.a is alert.fields.b", "alert.fields.a is alert.fields.b"],
    ['alert.status is "firing"', 'alert.status is "firing"'],
  ])("reads %s", (text, expected) => {
    expect(
      told(text).replace(
        "[object Object]",
        '{"kind":"lookup","table":"priority_for","index":"alert.severity"}',
      ),
    ).toBe(expected);
  });

  it("takes values joined by `or` in brackets on both sides", () => {
    expect(
      shape(conditionOf('(alert.device.name or alert.title) contains ("a" or alert.source)')),
    ).toMatchObject({
      left: { kind: "fallback", of: ["alert.device.name", "alert.title"] },
      right: [{ kind: "fallback", of: ['"a"', "alert.source"] }],
    });
  });
});

describe("other tests", () => {
  it.each([
    ["ticket.queue is empty", { kind: "empty", left: "ticket.queue" }],
    ["ticket.queue is not empty", { kind: "empty", left: "ticket.queue", negated: true }],
    ["ticket.note_count between 1 and 3", { kind: "between", left: "ticket.note_count", low: 1, high: 3 }],
    [
      "ticket.note_count is not between 1 and 3",
      { kind: "between", left: "ticket.note_count", low: 1, high: 3, negated: true },
    ],
    ["ticket.queue changed", { kind: "changed", left: "ticket.queue" }],
    [
      'ticket.queue changed from "a" to "b"',
      { kind: "changed", left: "ticket.queue", from: ['"a"'], to: ['"b"'] },
    ],
    ['ticket.queue changed to "b"', { kind: "changed", left: "ticket.queue", to: ['"b"'] }],
    ["ticket.queue not changed", { kind: "changed", left: "ticket.queue", negated: true }],
    ['during "office"', { kind: "calendar", inside: true, calendar: '"office"' }],
    ['outside "office"', { kind: "calendar", calendar: '"office"' }],
    [
      'ticket.created_at outside "office"',
      { kind: "calendar", left: "ticket.created_at", calendar: '"office"' },
    ],
    ["lab_device", { kind: "name", name: "lab_device" }],
    ["not lab_device", { kind: "not", of: { kind: "name", name: "lab_device" } }],
    [
      "more than 20 alerts in 5 minutes per alert.organization",
      { kind: "count", comparator: "more than", count: 20, within: "300000 ms", per: ["alert.organization"] },
    ],
    [
      "at least 2 alerts within 1 hour 30 minutes per (alert.organization, alert.device)",
      {
        kind: "count",
        comparator: "at least",
        count: 2,
        within: "5400000 ms",
        per: ["alert.organization", "alert.device"],
      },
    ],
  ])("reads %s", (text, expected) => {
    expect(shape(conditionOf(text))).toEqual(expected);
  });
});

describe("joined conditions", () => {
  const name = (text: string) => ({ kind: "name", name: text });

  it("keeps a chain flat and `not` closest", () => {
    expect(shape(conditionOf("a and not b and c"))).toEqual({
      kind: "group",
      quantifier: "all",
      written: "infix",
      of: [name("a"), { kind: "not", of: name("b") }, name("c")],
    });
  });

  it("lets `not` end behind the brackets of what it negates, since its text is shown to people", () => {
    const shown = (text: string): string | undefined => {
      const condition = conditionOf(text);
      return condition && spanText(condition.span);
    };
    for (const text of [
      'not (alert.title contains "x")',
      'not not (alert.title is "x" or alert.title is "y")',
    ])
      expect(shown(text)).toBe(text);
  });

  it("reads any, all and none of conditions, with a comma at the end", () => {
    expect(shape(conditionOf('none of (a, alert.title is "x",)'))).toMatchObject({
      quantifier: "none",
      written: "of",
      of: [name("a"), { kind: "comparison" }],
    });
  });

  it("keeps `and` and `or` side by side for the editor, and offers both bracketings", () => {
    const { file, diagnostics } = parse("define d as a or b and c or d");
    const [define] = file.declarations;
    expect(define?.kind === "define" && define.condition).toMatchObject({
      kind: "mixed",
      joiners: ["or", "and", "or"],
    });
    const [found] = diagnostics;
    expect(found?.code).toBe("R1106");
    const texts = found?.fixes.map((fix) =>
      fix.edits
        .toSorted((x, y) => y.span.start - x.span.start || y.span.end - x.span.end)
        .reduce(
          (text, { span, newText }) => text.slice(0, span.start) + newText + text.slice(span.end),
          file.source.text,
        ),
    );
    expect(texts).toEqual(["define d as a or (b and c) or d", "define d as (a or b) and (c or d)"]);
    expect(found?.fixes.some((fix) => fix.safe)).toBe(false);
  });
});
