/** Samples on what a rule test has no step for: the event is made by hand, and the rule must hold. */
import { describe, expect, it } from "vitest";
import { fieldSamples } from "../../scripts/docs/field-page.ts";
import { sectionsOf } from "../../scripts/docs/page-samples.ts";
import type { Actor, Instant, Snapshot, Ticket, TriggerKind } from "../../src/domain/index.ts";
import { checkedSample, readDoc, runnable } from "./run-samples.ts";

const at: Instant = Date.parse("2026-01-05T09:00:00Z");
const staff: Actor = { kind: "staff", name: "Kim" };

const ticket: Ticket = {
  id: "tk_1",
  number: "T20260105.0001",
  title: "Backup of SRV-B failed",
  description: "",
  resolution: "",
  status: "New",
  priority: "Medium",
  queue: "Monitoring",
  category: "RMM Alert",
  type: undefined,
  source: "E-mail",
  externalId: undefined,
  organization: { id: "og_1", name: "Acme", tags: [], udf: {} },
  contact: undefined,
  device: undefined,
  assignedResource: undefined,
  tags: [],
  udf: {},
  dueAt: undefined,
  createdAt: at,
  createdBy: { kind: "contact", name: "Backup" },
  completedAt: undefined,
  lastHumanActivityAt: at,
  touchedByHuman: false,
  noteCount: 0,
  repeatCount: 0,
  dedupKey: undefined,
  windowEndsAt: undefined,
  version: 1,
};

const event = (kind: TriggerKind, more: Partial<Snapshot>): Snapshot => ({
  kind,
  at,
  alert: undefined,
  ticket,
  repeat: undefined,
  actor: staff,
  changes: [],
  note: undefined,
  entry: undefined,
  callout: undefined,
  mail: undefined,
  ...more,
});

const sample = (name: string) => fieldSamples.find((one) => one.name === name)!;

/** Rules that the index finds and json-rules-engine confirms. */
async function firing(rules: string, snapshot: Snapshot): Promise<readonly string[]> {
  const set = runnable(checkedSample({ rules, tests: "" }));
  const names: string[] = [];
  for (const { rule } of set.match(snapshot)) {
    if ((await set.confirm(rule, snapshot)).holds) names.push(rule.name);
  }
  return names;
}

describe("samples on time entries", () => {
  const entry = {
    ...(JSON.parse(sample("time-entry").instead!.text) as { hours: number; role: string; text: string }),
    at,
    by: staff,
  };

  it("fire for the call that the page shows", async () => {
    expect(await firing(sample("time-entry").rules, event("time-entry-added", { entry }))).toEqual([
      "A long visit",
    ]);
  });

  it("do not fire for a short visit", async () => {
    const short = { ...entry, hours: 1 };
    expect(await firing(sample("time-entry").rules, event("time-entry-added", { entry: short }))).toEqual([]);
  });

  it("fire on the page of events", async () => {
    const sections = sectionsOf(readDoc("docs/reference/events.md"));
    const { rules } = sections.find(({ title }) => title === "time entry added")!;
    expect(await firing(rules, event("time-entry-added", { entry }))).toEqual(["A long visit"]);
  });
});
