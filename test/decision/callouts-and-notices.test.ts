/** `run callout` and `notify`: what is built at the trigger, what is skipped or fails at once, who is told. */
import { describe, expect, it } from "vitest";
import type { CalloutBodyIr, CalloutIr, RecipientIr, RuleSetIr } from "../../src/compiler/index.ts";
import { emptyDesk } from "../../src/decision/index.ts";
import type { NewDelivery } from "../../src/decision/index.ts";
import { SECOND } from "../../src/domain/index.ts";
import { testOf } from "../matcher/build-ir.ts";
import {
  callAction,
  constant,
  createTicket,
  noteAction,
  notifyAction,
  on,
  origin,
  path,
  rulesOf,
  setField,
  STAFF,
  storyOf,
  text,
  type Story,
} from "./desk-story.ts";

const AT = Date.UTC(2026, 10, 22, 23, 5);
const recipients: ReadonlyMap<string, RecipientIr> = new Map([
  ["noc", { name: "noc", emails: ["a@msp.example", "b@msp.example"], webhooks: ["https://chat.example/x"] }],
]);

/** `ticket.udf."X"` as the field family names it. */
const udf = (name: string) => path(`ticket.udf.${name}`);

function calloutOf(parts: Partial<CalloutIr> = {}): CalloutIr {
  return {
    name: "Datto close",
    file: "a.rules",
    line: 1,
    active: true,
    method: "POST",
    url: text("https://rmm.example/alert/", udf("Alert"), "/resolve"),
    urlText: "...",
    auth: { kind: "none" },
    headers: [],
    body: { kind: "none" },
    onlyWhen: undefined,
    retryEveryMs: 60 * SECOND,
    resends: 10,
    timeoutMs: 15 * SECOND,
    successStatuses: [],
    retryOn4xx: true,
    honourRetryAfter: false,
    signWith: [],
    pauseAfterFailures: undefined,
    notify: { recipients: ["noc"], on: "failure" },
    hash: "h",
    ...parts,
  };
}

async function called(
  parts: Partial<CalloutIr> = {},
  set: {
    readonly desk?: ReturnType<typeof emptyDesk>;
    readonly alertId?: string;
    readonly rules?: Parameters<typeof rulesOf>[0];
  } = {},
): Promise<Story & { readonly delivery: NewDelivery }> {
  const callout = calloutOf(parts);
  const ir: Partial<RuleSetIr> = { callouts: new Map([[callout.name, callout]]), recipients };
  const rules = rulesOf(
    [
      on("alert-received", [
        createTicket({ fields: { "udf.Alert": path("alert.alert_id") } }),
        callAction(callout.name),
      ]),
      ...(set.rules ?? []),
    ],
    ir,
  );
  const story = storyOf(rules, set.desk);
  await story.receive(AT, { alertId: set.alertId ?? "8932", tags: ["a", "b & c"] });
  return { ...story, delivery: story.desk.deliveries[0]! };
}

const fields = (kind: "json" | "form" | "xml", root = "request"): CalloutBodyIr => ({
  kind,
  root,
  fields: [
    { name: "ticket", value: path("ticket.number") },
    { name: "title", value: text("<", path("ticket.title"), ">") },
    { name: "tags", value: path("ticket.tags") },
    { name: "at", value: path("ticket.created_at", "time") },
    { name: "count", value: path("ticket.note_count", "number") },
    { name: "device", value: path("ticket.device.name") },
  ],
});

describe("a callout's request", () => {
  it("is built at the trigger with values percent-encoded in the address", async () => {
    const { delivery, desk } = await called({}, { alertId: "a/b c?ä" });
    expect(delivery).toMatchObject({
      callout: "Datto close",
      ticketId: "tk_1",
      rule: { name: "rule 0", file: "a.rules", line: 1 },
      state: "pending",
      reason: undefined,
      schedule: { retryEveryMs: 60_000, resends: 10, timeoutMs: 15_000 },
      notifyOnFailure: ["noc"],
    });
    expect(delivery.request?.url).toBe("https://rmm.example/alert/a%2Fb%20c%3F%C3%A4/resolve");
    expect(delivery.request).toMatchObject({ method: "POST", headers: [], body: undefined });
    expect(desk.notifications).toEqual([]);
  });

  it("sends JSON with numbers, lists, times and null for what is missing", async () => {
    const { delivery } = await called({ body: fields("json") });
    expect(delivery.request?.headers).toEqual([{ name: "content-type", value: "application/json" }]);
    expect(JSON.parse(delivery.request?.body ?? "")).toEqual({
      ticket: "T19700101.0001",
      title: "<Device SRV-B lost power>",
      tags: ["a", "b & c"],
      at: "2026-11-22T23:05:00.000Z",
      count: 0,
      device: null,
    });
  });

  it("sends XML with the five characters escaped and lists as repeated elements", async () => {
    const { delivery } = await called({ body: fields("xml", "alert") });
    expect(delivery.request?.headers[0]?.value).toBe("application/xml");
    expect(delivery.request?.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><alert><ticket>T19700101.0001</ticket>' +
        "<title>&lt;Device SRV-B lost power&gt;</title><tags>a</tags><tags>b &amp; c</tags>" +
        "<at>2026-11-22T23:05:00.000Z</at><count>0</count><device></device></alert>",
    );
  });

  it("sends a form", async () => {
    const { delivery } = await called({ body: fields("form") });
    expect(delivery.request?.headers[0]?.value).toBe("application/x-www-form-urlencoded");
    expect(delivery.request?.body).toContain("tags=a&tags=b+%26+c");
  });

  it("sends fields of a get as query parameters, behind those that are typed", async () => {
    const body: CalloutBodyIr = {
      kind: "json",
      root: "request",
      fields: [{ name: "t", value: path("ticket.title") }],
    };
    const { delivery } = await called({ method: "GET", url: text("https://rmm.example/x?a=1#f"), body });
    expect(delivery.request).toMatchObject({
      url: "https://rmm.example/x?a=1&t=Device%20SRV-B%20lost%20power#f",
      body: undefined,
      headers: [],
    });
  });

  it("sends text, with the admin's own content type when there is one", async () => {
    const { delivery } = await called({
      body: { kind: "text", text: text("done: ", path("ticket.number")) },
      headers: [{ name: "Content-Type", value: text("text/csv") }],
    });
    expect(delivery.request?.headers).toEqual([{ name: "Content-Type", value: "text/csv" }]);
    expect(delivery.request?.body).toBe("done: T19700101.0001");
  });

  it("keeps line breaks of a value out of headers", async () => {
    const { delivery } = await called(
      { headers: [{ name: "X-Alert", value: text(udf("Alert")) }] },
      { alertId: "1\r\nX-Admin: yes" },
    );
    expect(delivery.request?.headers).toEqual([{ name: "X-Alert", value: "1 X-Admin: yes" }]);
  });

  it("names secrets and never holds them", async () => {
    const { delivery } = await called({
      auth: { kind: "basic", user: constant("tocsin"), password: { kind: "secret", name: "pw" } },
      signWith: ["new", "old"],
    });
    expect(delivery.request?.auth).toEqual({ kind: "basic", user: "tocsin", password: { secret: "pw" } });
    expect(delivery.request?.signWith).toEqual(["new", "old"]);
  });

  it("fails at once when a value is missing in the address, tells and raises callout failed", async () => {
    const { delivery, desk, notes } = await called(
      { url: text("https://rmm.example/", path("ticket.device.name")) },
      { rules: [on("callout-failed", [noteAction(text(path("callout.last_error")))])] },
    );
    const reason = "ticket.device.name has no value in the address";
    expect(delivery).toMatchObject({ state: "failed", reason, request: undefined });
    expect(notes(1)).toEqual([reason]);
    expect(desk.notifications).toHaveLength(3);
    expect(desk.notifications[0]?.subject).toBe('[T19700101.0001] callout "Datto close" failed');
  });
});

describe("a callout that is not made", () => {
  it("is recorded as skipped when inactive, also when an admin switched it off", async () => {
    expect((await called({ active: false })).delivery).toMatchObject({
      state: "skipped",
      reason: "the callout is inactive",
      // For a replay, when the callout is on again.
      request: { method: "POST" },
    });
    const desk = emptyDesk();
    desk.calloutActive.set("Datto close", false);
    expect((await called({}, { desk })).delivery.state).toBe("skipped");
    desk.calloutActive.set("Datto close", true);
  });

  it("is made when an admin switched on what is declared inactive", async () => {
    const desk = emptyDesk();
    desk.calloutActive.set("Datto close", true);
    expect((await called({ active: false }, { desk })).delivery.state).toBe("pending");
  });

  it("is skipped when only when does not hold (CO-3), and nobody is told", async () => {
    const onlyWhen = {
      ...testOf(path("ticket.queue"), "equals", ["A"]),
      origin: origin('ticket.queue is "A"'),
    };
    const story = await called({ onlyWhen, notify: { recipients: ["noc"], on: "every call" } });
    expect(story.delivery).toMatchObject({
      state: "skipped",
      reason: 'only when ticket.queue is "A": does not hold',
    });
    expect(story.desk.notifications).toEqual([]);
    expect(story.desk.firings[0]?.outcomes[1]).toMatchObject({ kind: "skipped" });
  });
});

describe("who is told of a callout", () => {
  it("on every call: at the trigger, by every way of the recipient", async () => {
    const { desk } = await called({ notify: { recipients: ["noc"], on: "every call" } });
    expect(desk.notifications.map(({ channel, to }) => `${channel} ${to}`)).toEqual([
      "email a@msp.example",
      "email b@msp.example",
      "webhook https://chat.example/x",
    ]);
    expect(desk.notifications[2]).toMatchObject({
      recipient: "noc",
      subject: '[T19700101.0001] callout "Datto close" called',
      body: 'Rule "rule 0" called "Datto close" for T19700101.0001 Device SRV-B lost power.',
      rule: "rule 0",
      callout: "Datto close",
    });
  });

  const finished = (succeeded: boolean) =>
    ({
      kind: "callout-finished",
      deliveryId: "de_1",
      ticketId: "tk_1",
      succeeded,
      callout: { name: "Datto close", attempts: 11, lastStatus: 503, lastError: undefined },
      at: AT + SECOND,
    }) as const;

  it("on failure: once, with ticket, attempts and last error, before the rules run", async () => {
    const story = await called(
      {},
      { rules: [on("callout-failed", [noteAction(text(path("callout.last_error")))])] },
    );
    await story.decide(finished(false));
    expect(story.desk.notifications).toHaveLength(3);
    expect(story.desk.notifications[0]).toMatchObject({
      subject: '[T19700101.0001] callout "Datto close" failed',
      callout: "Datto close",
      rule: undefined,
    });
    expect(story.desk.notifications[0]?.body).toContain("Attempts: 11\nLast error: HTTP 503");
    expect(story.notes(1)).toEqual(["HTTP 503"]);
  });

  it("nobody on success, but its rules run", async () => {
    const story = await called(
      {},
      { rules: [on("callout-succeeded", [setField("queue", constant("Done"))])] },
    );
    await story.decide(finished(true));
    expect(story.desk.notifications).toEqual([]);
    expect(story.ticket(1).queue).toBe("Done");
    expect(story.effects.findLast(({ kind }) => kind === "change-ticket")).toMatchObject({
      by: { kind: "rule" },
    });
  });
});

describe("notify", () => {
  const templates: RuleSetIr["templates"] = new Map([
    [
      "new ticket",
      {
        name: "new ticket",
        subject: text("[", path("ticket.number"), "] ", path("ticket.title")),
        body: text("Device: ", path("ticket.device.name")),
      },
    ],
  ]);

  it("renders the template, writes a dash for a missing value and says so", async () => {
    const rules = rulesOf(
      [on("alert-received", [createTicket(), notifyAction({ recipients: ["noc"], template: "new ticket" })])],
      { templates, recipients },
    );
    const story = storyOf(rules);
    const result = await story.receive(AT, { title: "lost\r\nBcc: x@y" });
    expect(story.desk.notifications).toHaveLength(3);
    expect(story.desk.notifications[0]).toMatchObject({
      subject: "[T19700101.0001] lost Bcc: x@y",
      body: "Device: -",
      ticketId: "tk_1",
      rule: "rule 0",
    });
    expect(result.warnings[0]).toContain(
      'ticket.device.name has no value: written "-" in template "new ticket"',
    );
  });

  it("has a subject and body of its own without a template", async () => {
    const rules = rulesOf([on("alert-received", [notifyAction({ recipients: ["noc"] })])], { recipients });
    const story = storyOf(rules);
    await story.receive(AT, { description: "UPS on battery" });
    expect(story.desk.notifications[0]).toMatchObject({
      subject: "Datto RMM: Device SRV-B lost power",
      body: "Acme: Device SRV-B lost power\nUPS on battery\nRule: rule 0",
      ticketId: undefined,
    });
  });

  it("reaches the people of the ticket by e-mail, and says who can't be reached", async () => {
    const rules = rulesOf([
      on("alert-received", [createTicket()]),
      on("ticket-edited", [notifyAction({ people: ["assigned_resource", "contact"], text: text("look") })]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    const assignedResource = { id: "rs_1", name: "Anna", email: "anna@msp.example" };
    await story.set(AT + 1, "tk_1", { assignedResource }, STAFF);
    expect(story.desk.notifications).toMatchObject([
      { recipient: "Anna", channel: "email", to: "anna@msp.example" },
    ]);
    expect(story.desk.firings.at(-1)?.outcomes).toEqual([
      { kind: "skipped", action: "notify", reason: "the ticket has no contact" },
    ]);
  });
});
