import { expect, test } from "vitest";
import type { RuleIr, TriggerIr } from "../../src/compiler/index.ts";
import type { Snapshot } from "../../src/domain/index.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import { alertOf, always, constant, ruleOf, ruleSetOf, snapshotOf, ticketOf, trigger } from "./build-ir.ts";

async function fires(
  triggers: readonly TriggerIr[],
  snapshot: Snapshot,
  parts: Partial<RuleIr> = {},
): Promise<boolean> {
  const rule = ruleOf(0, always, { triggers, ...parts });
  const rules = buildRunnableRules(ruleSetOf([rule]));
  const found = rules.match(snapshot).length === 1;
  expect((await rules.confirm(rule, snapshot)).holds).toBe(found);
  return found;
}

const edited = snapshotOf({
  kind: "ticket-edited",
  ticket: ticketOf(),
  actor: { kind: "contact", name: "Anna" },
});

test("a rule fires on its own events only, once when two of them meet", async () => {
  expect(await fires([trigger("alert-received")], snapshotOf())).toBe(true);
  expect(await fires([trigger("alert-repeats")], snapshotOf())).toBe(false);
  expect(await fires([trigger("alert-received"), trigger("alert-received")], snapshotOf())).toBe(true);
});

test("`by` narrows the actor", async () => {
  expect(await fires([trigger("ticket-edited", { by: ["staff", "contact"] })], edited)).toBe(true);
  expect(await fires([trigger("ticket-edited", { by: ["rule"] })], edited)).toBe(false);
  expect(await fires([trigger("ticket-edited", { by: ["rule"] })], { ...edited, actor: undefined })).toBe(
    false,
  );
});

test("a field change looks at its field, from and to", async () => {
  const changed = snapshotOf({
    kind: "ticket-changed",
    ticket: ticketOf(),
    changes: [
      { field: "queue", from: undefined, to: "Level I" },
      { field: "status", from: "New", to: "complete" },
    ],
  });
  const change = (apiName: string, from: readonly string[], to: readonly string[]): TriggerIr =>
    trigger("ticket-changed", { change: { apiName, from: from.map(constant), to: to.map(constant) } });
  expect(await fires([change("status", [], ["Complete", "Waiting"])], changed)).toBe(true);
  expect(await fires([change("status", ["waiting"], ["Complete"])], changed)).toBe(false);
  expect(await fires([change("status", ["NEW"], [])], changed)).toBe(true);
  expect(await fires([change("priority", [], [])], changed)).toBe(false);
  expect(await fires([change("queue", ["New"], [])], changed)).toBe(false);
});

test("a callout event may name its callout", async () => {
  const failed = snapshotOf({
    kind: "callout-failed",
    ticket: ticketOf(),
    callout: { name: "Datto close", attempts: 11, lastStatus: 503, lastError: "HTTP 503" },
  });
  expect(await fires([trigger("callout-failed", { callout: "Datto close" })], failed)).toBe(true);
  expect(await fires([trigger("callout-failed", { callout: "Other" })], failed)).toBe(false);
});

test("`for organization` reads the alert's customer, else the ticket's, without case", async () => {
  const organizations = new Set(["acme", "caf\u00e9"]);
  const of = (name: string): Snapshot =>
    snapshotOf({ alert: alertOf({ organization: { asked: name, id: undefined, name, tags: [] } }) });
  expect(await fires([trigger("alert-received")], of(" ACME "), { organizations })).toBe(true);
  expect(await fires([trigger("alert-received")], of("Cafe\u0301"), { organizations })).toBe(true);
  expect(await fires([trigger("alert-received")], of("Globex"), { organizations })).toBe(false);
  expect(await fires([trigger("ticket-edited")], { ...edited, alert: undefined }, { organizations })).toBe(
    true,
  );
});

test("an inactive rule never fires", async () => {
  expect(await fires([trigger("alert-received")], snapshotOf(), { active: false })).toBe(false);
});
