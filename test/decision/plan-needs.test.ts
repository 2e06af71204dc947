/** What a batch will touch, told before anything is loaded, and what the decision asks for when something is left. */
import { describe, expect, it } from "vitest";
import { decide, emptyDesk, identityOf, onceKey, planNeeds, viewOf } from "../../src/decision/index.ts";
import type { DeskEvent, DeskView } from "../../src/decision/index.ts";
import { rulesFromCorpus, rulesFromText } from "./compiled-rules.ts";
import { alertEvent, alertOf, STAFF, storyOf } from "./desk-story.ts";

const AT = Date.UTC(2026, 10, 22, 23, 5);
const rules = rulesFromCorpus("msp.rules");

const blank: DeskView = {
  ...viewOf(emptyDesk(), AT, 0),
  tickets: new Map(),
  ticketByDedupKey: new Map(),
  ticketByIdentity: new Map(),
  onceByKey: new Map(),
  alertByTicket: new Map(),
  records: new Map(),
};

describe("the plan of a batch", () => {
  it("names one key, one new ticket and the customer's record for a storm of equal alerts", () => {
    const storm = Array.from({ length: 50 }, () => alertEvent(AT, { severity: "major" }));
    const needs = planNeeds(storm, rules, blank);
    expect(needs.dedupKeys.size).toBe(1);
    expect(needs.newTickets).toBe(1);
    expect([...needs.records]).toEqual(["organization:#or_1"]);
    expect(needs.tickets.size + needs.identities.size + needs.onceKeys.size).toBe(0);
  });

  it("asks for nothing for alerts that no rule wants", () => {
    const needs = planNeeds([alertEvent(AT, { severity: "info" })], rules, blank);
    expect([...needs.dedupKeys, ...needs.records, ...needs.identities]).toEqual([]);
    expect(needs.newTickets).toBe(0);
  });

  it("names the once key of rule and organization", () => {
    const needs = planNeeds([alertEvent(AT, { title: "Site down" })], rules, blank);
    expect([...needs.onceKeys]).toEqual([onceKey("Site down: one ticket per customer", "#or_1")]);
  });

  it("names the identity of a resolved alert", () => {
    const needs = planNeeds([alertEvent(AT, { status: "resolved", alertId: "1" })], rules, blank);
    expect([...needs.identities]).toEqual([identityOf(alertOf({ alertId: "1" }))]);
  });

  it("names ticket and latest alert of a change", () => {
    const change: DeskEvent = { kind: "ticket-changed", ticketId: "tk_7", fields: {}, by: STAFF, at: AT };
    const needs = planNeeds([change], rules, blank);
    expect([...needs.tickets, ...needs.alertsOfTickets]).toEqual(["tk_7", "tk_7"]);
  });

  it("names the records that a rule further down names", () => {
    const assigning = rulesFromText(`rule "Assign"
  when ticket created
  then
    set ticket.assigned_resource = "Anna"
end`);
    expect([...planNeeds([alertEvent(AT)], assigning, blank).records]).toEqual(["resource:anna"]);
  });

  it("counts no new ticket for what the loaded view shows to be a repeat", async () => {
    const story = storyOf(rules);
    await story.receive(AT, { severity: "major" });
    const repeat = [alertEvent(AT + 1000, { severity: "major" })];
    const late = [alertEvent(AT + 301_000, { severity: "major" })];
    const view = { ...viewOf(story.desk, AT, 0), records: new Map() };
    expect(planNeeds(repeat, rules, view).newTickets).toBe(0);
    expect(planNeeds(late, rules, view).newTickets).toBe(1);
  });
});

describe("a decision that lacks something", () => {
  it("says what, and gives no effects", async () => {
    const decision = await decide({ view: blank, events: [alertEvent(AT, { severity: "major" })], rules });
    expect(decision).toMatchObject({ kind: "needs", needs: { newTickets: 1 } });
    expect(decision.kind === "needs" && decision.needs.dedupKeys.size).toBe(1);
  });

  it("asks for a ticket that the key leads to", async () => {
    const story = storyOf(rules);
    await story.receive(AT, { severity: "major" });
    const view: DeskView = { ...viewOf(story.desk, AT, 1), tickets: new Map() };
    const decision = await decide({ view, events: [alertEvent(AT, { severity: "major" })], rules });
    expect(decision.kind === "needs" && [...decision.needs.tickets]).toEqual(["tk_1"]);
  });
});
