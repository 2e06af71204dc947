import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { RuleSetIr, UdfIr } from "../../src/compiler/index.ts";
import type { RunnableRules } from "../../src/decision/index.ts";
import {
  callAction,
  complete,
  constant,
  createTicket,
  noteAction,
  notifyAction,
  on,
  rulesOf,
  setField,
} from "../decision/desk-story.ts";
import { at, change, fiveMinutes, incoming, openDesk, STAFF, type RunningDesk } from "./running-desk.ts";

let desk: RunningDesk;
let acme: string;
let globex: string;
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"));
  acme = await desk.addOrganization("Acme");
  globex = await desk.addOrganization("Globex");
  await desk.addDevice(acme, "SRV-B");
  await desk.rows(
    `insert into resources (id, name, name_key, email, email_key) values ('rs_1', 'Anna Ray', 'anna ray', 'anna@msp.example', 'anna@msp.example')`,
  );
});
beforeEach(() => desk.use(declared()));
afterAll(async () => {
  await desk?.close();
});

const udf = (name: string, type: UdfIr["type"]): UdfIr => ({
  scope: "ticket",
  name,
  type,
  partner: undefined,
});
const values: RuleSetIr["values"] = new Map(
  [
    ["ticket.status", ["New", "In Progress", "Complete"]],
    ["ticket.priority", ["Low", "Medium", "High"]],
    ["ticket.queue", ["Monitoring", "Level II"]],
  ].map(([name, words]) => [
    name as string,
    { path: name as string, words: words as string[], ranks: undefined },
  ]),
);
const recipients: RuleSetIr["recipients"] = new Map([
  ["noc", { name: "noc", emails: ["noc@msp.example"], webhooks: [] }],
]);
const callout: RuleSetIr["callouts"] = new Map([
  [
    "Datto close",
    {
      name: "Datto close",
      file: "callouts.rules",
      line: 1,
      active: true,
      method: "POST",
      url: constant("https://rmm.example.com/close"),
      urlText: "https://rmm.example.com/close",
      auth: { kind: "none" },
      headers: [],
      body: { kind: "none" },
      onlyWhen: undefined,
      retryEveryMs: 60_000,
      resends: 10,
      timeoutMs: 15_000,
      successStatuses: [],
      retryOn4xx: true,
      honourRetryAfter: false,
      signWith: [],
      pauseAfterFailures: undefined,
      notify: { recipients: ["noc"], on: "failure" },
      hash: "one",
    } as unknown as NonNullable<ReturnType<RuleSetIr["callouts"]["get"]>>,
  ],
]);

function declared(rules: Parameters<typeof rulesOf>[0] = []): RunnableRules {
  return rulesOf(rules, {
    values,
    recipients,
    callouts: callout,
    udfs: [udf("Site code", "text"), udf("Seats", "number"), udf("Until", "date")],
  });
}

async function open(input: Parameters<RunningDesk["engine"]["openTicket"]>[0] = {}): Promise<string> {
  const outcome = await desk.engine.openTicket(
    { title: "By hand", organization: "Acme", ...input },
    STAFF,
    at("10:00"),
  );
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
  return outcome.number;
}

async function ticket(number: string): Promise<Record<string, unknown>> {
  const [row] = await desk.rows<Record<string, unknown>>("select * from tickets where number = $1", number);
  return row!;
}

describe("a ticket opened by hand", () => {
  it("takes declared words in any case, records by name or id, and has no dedup window", async () => {
    const number = await open({
      priority: "HIGH",
      queue: "level ii",
      device: "srv-b",
      assigned_resource: "Anna Ray",
      organization: acme,
    });
    expect(await ticket(number)).toMatchObject({
      priority: "High",
      queue: "Level II",
      status: "New",
      organization_id: acme,
      assigned_resource_id: "rs_1",
      dedup_key: null,
      window_ends_at: null,
      created_by: STAFF,
      version: 1,
    });
    expect((await ticket(number))["device_id"]).toMatch(/^dv_/u);
    expect(await open()).not.toBe(number);
  });

  it.each([
    ["priority", { priority: "Urgent" }],
    ["queue", { queue: "Nowhere" }],
    ["category", { category: "Nothing" }],
    ["organization", { organization: "Nobody" }],
    ["device", { organization: "Globex", device: "SRV-B" }],
    ["assigned_resource", { assigned_resource: "rs_9" }],
    ["udf.Colour", { udf: { Colour: "red" } }],
    ["udf.Seats", { udf: { Seats: "many" } }],
  ])("is refused with the path %s when it does not exist", async (path, input) => {
    const before = await desk.count("tickets");
    const outcome = await desk.engine.openTicket(
      { title: "By hand", organization: "Acme", ...input },
      STAFF,
      at("10:00"),
    );
    expect(outcome).toMatchObject({ kind: "unknown-reference", path });
    expect(await desk.count("tickets")).toBe(before);
  });
});

describe("a change", () => {
  it("raises the version, writes history with who did it, and clears what is null", async () => {
    const number = await open({ queue: "Monitoring", udf: { "Site code": "B1", Seats: "4" } });
    const done = await change(
      desk.engine,
      number,
      { queue: null, udf: { "Site code": null, Until: "2026-12-01" }, organization: "Globex" },
      at("10:01"),
    );
    expect(done.version).toBe(2);
    expect(await ticket(number)).toMatchObject({
      queue: null,
      organization_id: globex,
      udf: { Seats: 4, Until: Date.parse("2026-12-01") },
      touched_by_human: true,
    });
    const history = await desk.rows<{ field: string; actor: unknown }>(
      "select field, actor from ticket_history where ticket_id = (select id from tickets where number = $1) order by field",
      number,
    );
    expect(history.map(({ field }) => field)).toEqual([
      "organization",
      "queue",
      "udf.Site code",
      "udf.Until",
    ]);
    expect(history[0]!.actor).toEqual(STAFF);
  });

  it("keeps the version when nothing differs, and refuses another version than the one asked for", async () => {
    const number = await open({ queue: "Monitoring" });
    expect((await change(desk.engine, number, { queue: "monitoring" }, at("10:01"))).version).toBe(1);
    expect(await desk.engine.changeTicket(number, { queue: null }, STAFF, at("10:01"), 7)).toEqual({
      kind: "version-conflict",
      version: 1,
    });
    expect(await desk.engine.changeTicket("T20000101.0001", {}, STAFF, at("10:01"), undefined)).toEqual({
      kind: "not-found",
    });
  });

  it("runs the rules and their cascade in the same transaction", async () => {
    desk.use(
      declared([
        on("ticket-edited", [setField("priority", constant("High"))], { name: "Raise" }),
        on(
          "ticket-completed",
          [noteAction("closed"), callAction("Datto close"), notifyAction({ recipients: ["noc"] })],
          { name: "Tell" },
        ),
      ]),
    );
    const number = await open();
    await change(desk.engine, number, { status: "Complete" }, at("10:05"));
    expect(await ticket(number)).toMatchObject({
      status: "Complete",
      priority: "High",
      completed_at: at("10:05"),
      note_count: 1,
    });
    const id = (await ticket(number))["id"];
    expect(
      await desk.rows("select rule, depth from firings where ticket_id = $1 order by rule", id),
    ).toMatchObject([{ rule: "Raise" }, { rule: "Tell", depth: 0 }]);
    expect(
      await desk.rows(
        `select o.lane, o.kind from outbox o where payload->>'deliveryId' in (select id from deliveries where ticket_id = $1)
          or payload->>'notificationId' in (select id from notifications where ticket_id = $1) order by lane`,
        id,
      ),
    ).toEqual([
      { lane: 0, kind: "start-callout" },
      { lane: 1, kind: "start-notification" },
    ]);
  });

  it("tells a dedup window that its ticket was completed, and starts none that is over", async () => {
    desk.use(fiveMinutes());
    const { ticket: number } = await desk.engine.ingest(incoming(at("23:05"), { title: "window" }));
    await desk.engine.ingest(incoming(at("22:00"), { title: "window long over" }));
    await change(desk.engine, number!, { status: "Complete" }, at("23:06"));
    const rows = await desk.rows(
      "select kind, workflow_id, expires_at from outbox where lane = 4 order by id",
    );
    expect(rows).toEqual([
      { kind: "start-window", workflow_id: `dedup:${number}`, expires_at: at("23:10") },
      { kind: "ticket-completed", workflow_id: `dedup:${number}`, expires_at: null },
    ]);
  });
});

describe("notes and time entries", () => {
  it("are kept, do not change the version, and run their rules", async () => {
    desk.use(declared([on("note-added", [setField("queue", constant("Level II"))], { name: "Escalate" })]));
    const number = await open();
    const note = { at: at("10:02"), by: STAFF, visibility: "public" as const, text: "Hello" };
    expect(await desk.engine.addNote(number, note)).toMatchObject({ kind: "done", version: 2 });
    const entry = { at: at("10:03"), by: STAFF, hours: 0.5, role: "Support", text: undefined };
    expect(await desk.engine.addTimeEntry(number, entry)).toMatchObject({ kind: "done", version: 2 });
    expect(await ticket(number)).toMatchObject({
      queue: "Level II",
      note_count: 1,
      last_human_activity_at: at("10:03"),
    });
    expect(await desk.engine.addNote("T20000101.0001", note)).toEqual({ kind: "not-found" });
  });
});

describe("the end of a callout", () => {
  it("runs its rules once, however often it is told", async () => {
    desk.use(
      declared([
        on("ticket-completed", [callAction("Datto close")], { name: "Call" }),
        on("callout-failed", [noteAction("could not tell Datto")], { name: "Failed" }),
      ]),
    );
    const number = await open();
    await change(desk.engine, number, { status: "Complete" }, at("10:05"));
    const id = (await ticket(number))["id"];
    const [delivery] = await desk.rows<{ id: string }>("select id from deliveries where ticket_id = $1", id);
    const finished = {
      deliveryId: delivery!.id,
      succeeded: false,
      callout: { name: "Datto close", attempts: 11, lastStatus: 503, lastError: "HTTP 503" },
      at: at("10:20"),
    };
    await desk.engine.calloutFinished(finished);
    expect(await desk.count("ticket_notes", "text = 'could not tell Datto'")).toBe(0);
    await desk.rows(
      "update deliveries set state = 'failed', reason = 'HTTP 503', finished_at = now() where id = $1",
      delivery!.id,
    );
    await Promise.all([1, 2, 3].map(async () => await desk.engine.calloutFinished(finished)));
    expect(await desk.count("ticket_notes", "text = 'could not tell Datto'")).toBe(1);
    expect(await desk.count("notifications", `ticket_id = '${String(id)}'`)).toBe(1);
  });

  it("is not waited for by a callout that an admin switched off; the switch holds until its text changes", async () => {
    await desk.rows(
      "insert into callout_switches (callout, active, declaration_hash, switched_by) values ('Datto close', false, 'one', 'Anna')",
    );
    desk.use(declared([on("ticket-completed", [callAction("Datto close")], { name: "Call" })]));
    const number = await open();
    await change(desk.engine, number, { status: "Complete" }, at("10:05"));
    const id = (await ticket(number))["id"];
    expect(await desk.rows("select state from deliveries where ticket_id = $1", id)).toEqual([
      { state: "skipped" },
    ]);
    await desk.rows("update callout_switches set declaration_hash = 'another text'");
    const next = await open();
    await change(desk.engine, next, { status: "Complete" }, at("10:05"));
    expect(
      await desk.rows(
        "select state from deliveries where ticket_id = (select id from tickets where number = $1)",
        next,
      ),
    ).toEqual([{ state: "pending" }]);
  });
});

describe("an alert that was resolved", () => {
  it("completes the newest open ticket of its identity, opened or noted by it", async () => {
    desk.use(
      declared([
        on("alert-received", [createTicket()], { name: "Open" }),
        on("alert-resolved", [complete(true)], { name: "Close" }),
      ]),
    );
    const alert = { title: "to be resolved", alertId: "A-1" };
    const opened = await desk.engine.ingest(incoming(at("23:05"), alert));
    await desk.engine.ingest(incoming(at("23:06"), alert));
    const resolved = await desk.engine.ingest(
      incoming(at("23:20"), { ...alert, title: "cleared", status: "resolved" }),
    );
    expect(resolved).toMatchObject({ outcome: "resolved", ticket: opened.ticket });
    expect(await ticket(opened.ticket!)).toMatchObject({ status: "Complete", completed_at: at("23:20") });
    const again = await desk.engine.ingest(incoming(at("23:21"), { ...alert, status: "resolved" }));
    expect(again.outcome).toBe("resolved");
    expect(again.ticket).toBeUndefined();
  });
});

describe("once per", () => {
  it("opens one ticket an organization and time, also when two engines race", async () => {
    const once = createTicket({ oncePer: { ms: 30 * 60_000 }, dedup: { kind: "none" } });
    desk.use(declared([on("alert-received", [once], { name: "Once" })]));
    const second = await desk.addEngine();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        (i % 2 === 0 ? desk.engine : second).ingest(
          incoming(at("09:00"), { title: `once ${i}`, organization: i % 3 === 0 ? "Globex" : "Acme" }),
        ),
      ),
    );
    expect(answers.filter(({ outcome }) => outcome === "ticket_created")).toHaveLength(2);
    const later = await desk.engine.ingest(incoming(at("09:30:01"), { title: "once later" }));
    expect(later.outcome).toBe("ticket_created");
  });
});
