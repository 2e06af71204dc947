import { expect, test } from "vitest";
import type { ExprIr } from "../../src/compiler/index.ts";
import { NO_BINDINGS, evaluateExpr, renderText } from "../../src/matcher/index.ts";
import type { EvaluationContext } from "../../src/matcher/index.ts";
import { AT, alertOf, constant, path, snapshotOf } from "./build-ir.ts";

const context = (parts: Partial<EvaluationContext> = {}): EvaluationContext => ({
  snapshot: snapshotOf({ alert: alertOf({ tags: ["a", "b"], fields: { load: 93.5, up: false } }) }),
  bindings: new Map([["drive", "C:"]]),
  now: AT,
  zone: undefined,
  ...parts,
});

const text = (...parts: readonly (string | ExprIr)[]): ExprIr => ({ kind: "text", parts });

test("texts are filled in; what is missing reads `-` and is told", () => {
  const name: ExprIr = { kind: "first", of: [path("alert.device.name"), path("alert.fields.host")] };
  expect(
    renderText(
      text("Disk ", { kind: "binding", name: "drive" }, " on ", name, " at ", path("alert.fields.load")),
      context(),
    ),
  ).toEqual({
    text: "Disk C: on - at 93.5",
    missing: ["alert.device.name or alert.fields.host"],
  });
});

test("`or` gives the first that is not missing, an empty text is not", () => {
  const first: ExprIr = { kind: "first", of: [path("alert.device.name"), constant(""), constant("none")] };
  expect(renderText(first, context())).toEqual({ text: "", missing: [] });
});

test("times read in the zone of the set's only calendar, else in UTC, which is said", () => {
  const at = text(path("alert.received_at"));
  expect(renderText(at, context()).text).toBe("2026-11-22 22:05 UTC");
  expect(renderText(at, context({ zone: "Europe/Berlin" })).text).toBe("2026-11-22 23:05");
  const chosen: ExprIr = { kind: "first", of: [path("alert.occurred_at"), path("alert.received_at")] };
  expect(renderText(chosen, context({ zone: "Asia/Kathmandu" })).text).toBe("2026-11-23 03:50");
  const midnight = context({
    snapshot: snapshotOf({ alert: alertOf({ receivedAt: Date.UTC(2026, 0, 1) }) }),
    zone: "Etc/UTC",
  });
  expect(renderText(at, midnight).text).toBe("2026-01-01 00:00");
});

test("lists are joined, booleans are words", () => {
  expect(renderText(text(path("alert.tags"), " ", path("alert.fields.up")), context()).text).toBe(
    "a, b false",
  );
});

test("a duration is a time where one is wanted, else milliseconds", () => {
  const hour: ExprIr = { kind: "duration", ms: 3_600_000 };
  expect(evaluateExpr(hour, context(), "time")).toBe(AT + 3_600_000);
  expect(evaluateExpr(hour, context())).toBe(3_600_000);
});

test("the category's default stands also inside a lookup", () => {
  const lookup: ExprIr = {
    kind: "lookup",
    index: path("alert.severity"),
    table: { name: "priority_for", entries: new Map(), otherwise: { kind: "category-default" } },
  };
  expect(evaluateExpr(lookup, context({ categoryDefault: "Medium" }))).toBe("Medium");
  expect(evaluateExpr(lookup, context())).toBeUndefined();
});

test("`rule.name` is the rule that acts", () => {
  expect(
    renderText(text(path("rule.name")), context({ ruleName: "A filling disk", bindings: NO_BINDINGS })).text,
  ).toBe("A filling disk");
});
