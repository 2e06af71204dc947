/**
 * What people press in the Temporal UI and what comes of it: *Request Cancellation*, *Terminate* and *Reset* of every type of
 * workflow, each through the calls that the UI makes. docs/temporal-ui.md says the same in words.
 */
import { randomUUID } from "node:crypto";
import type { WorkflowHandle } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dispatch } from "../../src/dispatch/index.ts";
import { openSink, until, type Sink } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";
import { openClockDesk, type ClockDesk } from "../worker/clock-desk.ts";

type Press = "cancel" | "terminate" | "reset";

let at: ClockDesk;
let dispatch: Dispatch;
let sink: Sink;
/** What the receiver answers now. */
let status = 500;

const rules = (url: string): string => `
recipient "noc"
  webhook "${url}/chat"
end
recipient "deaf"
  webhook "${url}/deaf"
end
callout "tell"
  post "${url}/tell/{ticket.title}"
  retry every 10 minutes up to 5 times
  notify "noc" on failure
end
callout "once"
  post "${url}/once"
  retry every 1 second up to 0 times
end
rule "Tell" when ticket completed if ticket.queue is "tell" then run callout "tell" end
rule "Once" when ticket completed if ticket.queue is "once" then run callout "once" end
rule "It failed" when callout "tell" failed then add note "told: failed" end
rule "Notify" when ticket completed if ticket.queue is "deaf" then notify "deaf" text "deaf" end
rule "Clock" when ticket open for 1 hour if ticket.queue is "clock" then add note "open" end
rule "Hold" when alert still firing after 1 hour if alert.source is "Hold" then create ticket title = "held {alert.title}" end
rule "Silence" when no alert for 1 hour per alert.device if alert.source is "Silence" then create ticket title = "silent {alert.device.name or "?"}" end
rule "Repeats" when alert received if alert.source is "Repeats" then create ticket end
rule "Maintained" when alert received if alert.source starts with "Patched" then create ticket title = "after {alert.title}" end
`;

beforeAll(async () => {
  sink = await openSink((_n, { path }) => (path === "/chat" ? 200 : status));
  at = await openClockDesk(services());
  dispatch = await at.desk.openDispatch();
  await at.publish(rules(sink.url));
}, 90_000);
afterAll(async () => {
  await at?.close();
  await sink?.close();
});

const rows = async <Row = Record<string, unknown>>(
  text: string,
  ...values: string[]
): Promise<readonly Row[]> => await at.desk.store.query<Row & Record<string, unknown>>({ text, values });

async function statusOf(workflowId: string): Promise<string | undefined> {
  return await at.client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      (told) => told.status.name,
      () => undefined,
    );
}

async function runs(workflowId: string): Promise<void> {
  await until(async () => (await statusOf(workflowId)) === "RUNNING", `${workflowId} runs`);
}

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle["fetchHistory"]>>["events"]>;
type EventId = Events[number]["eventId"];

/** As the UI does it: to the end of the first workflow task, signals sent again. */
async function reset(workflowId: string): Promise<void> {
  const { runId } = await at.client.workflow.getHandle(workflowId).describe();
  const find = async (): Promise<EventId> => {
    const { events } = await at.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const done = events?.find(
      ({ workflowTaskCompletedEventAttributes: it }) => it !== null && it !== undefined,
    );
    return done?.eventId;
  };
  let first: EventId;
  await until(async () => {
    first = await find();
    return first !== undefined && first !== null;
  }, "its first workflow task is done");
  await at.client.workflowService.resetWorkflowExecution({
    namespace: "default",
    workflowExecution: { workflowId, runId },
    reason: "by hand",
    requestId: randomUUID(),
    ...(first === undefined || first === null ? {} : { workflowTaskFinishEventId: first }),
  });
}

async function press(which: Press, workflowId: string): Promise<void> {
  const handle = at.client.workflow.getHandle(workflowId);
  if (which === "reset") return await reset(workflowId);
  if (which === "terminate") await handle.terminate("by hand");
  else await handle.cancel();
  await until(async () => (await statusOf(workflowId)) !== "RUNNING", `${workflowId} ends`);
}

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly attempts: readonly { readonly n: number }[];
}

/** A delivery of the callout whose first attempt failed and that waits. */
async function waitingDelivery(title: string): Promise<{ readonly id: string; readonly ticket: string }> {
  status = 500;
  const ticket = await at.open({ title, queue: "tell" });
  await at.set(ticket, { status: "Complete" });
  let id = "";
  await until(async () => {
    const { items } = await at.call<{ items: Shown[] }>("GET", `/deliveries?ticket=${ticket}`);
    id = items[0]?.id ?? "";
    return items[0]?.state === "waiting";
  }, "it waits");
  return { id, ticket };
}

const delivery = async (id: string): Promise<Shown> => await at.call<Shown>("GET", `/deliveries/${id}`);
const sentTo = (path: string): number => sink.requests.filter((request) => request.path === path).length;
const ticketsCalled = async (title: string): Promise<number> =>
  (await rows("select id from tickets where title = $1", title)).length;

const subject = (workflowId: string): string => workflowId.slice(workflowId.indexOf(":") + 1);

describe.each(["cancel", "terminate"] as const)("%s of", (which) => {
  it("a callout gives it up: once, with its rules and its notice, and no further request", async () => {
    const { id, ticket } = await waitingDelivery(which);
    await press(which, `callout:${id}`);
    if (which === "terminate") await dispatch.reconcile();
    await until(async () => (await delivery(id)).state === "given_up", "it is given up");
    await until(async () => (await at.notes(ticket)).length > 0, "the rules on its failure run");
    await dispatch.reconcile();
    await until(
      () => sink.requests.filter(({ path, body }) => path === "/chat" && body.includes(ticket)).length === 1,
      "its notice goes out",
    );
    expect(await at.notes(ticket)).toEqual(["told: failed"]);
    expect(sentTo(`/tell/${which}`)).toBe(1);
  });

  it("a clock, a hold, a silence or an end of maintenance forgets nothing: each is done once after its time", async () => {
    const name = `${which}-1`;
    const ticket = await at.open({ queue: "clock" });
    await at.call("POST", "/alerts", { source: "Hold", title: name });
    const hold = await at.waiting("hold");
    await at.call("POST", "/alerts", { source: "Silence", title: `done ${name}`, device: name });
    const absence = await at.waiting("absence");
    const [from, to] = [-60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    await at.call("POST", "/maintenance", { name, sources: [`Patched ${name}`], from, to });
    await at.call("POST", "/alerts", { source: `Patched ${name}`, title: name });
    const maintenance = await at.waiting("maintenance");
    await runs(`ticket:${ticket}`);
    for (const id of [hold, absence, maintenance, `ticket:${ticket}`]) await press(which, id);

    // Its time was three minutes ago.
    const late = "now() - interval '3 minutes'";
    await rows(`update holds set due_at = ${late} where id = $1`, subject(hold));
    await rows(
      `update absences set due_at = ${late}, last_seen_at = ${late} - interval '1 hour' where id = $1`,
      subject(absence),
    );
    await rows(`update maintenance_ends set until_at = ${late} where id = $1`, subject(maintenance));
    await rows(`update maintenance_windows set to_at = ${late} where name = $1 and from_at < ${late}`, name);
    await rows(
      `update maintenance_windows set from_at = ${late} - interval '1 hour', to_at = ${late} where name = $1`,
      name,
    );
    await rows(`update tickets set created_at = created_at - interval '2 hours' where number = $1`, ticket);
    await rows(
      `update ticket_clocks set due_at = ${late} where ticket_id = (select id from tickets where number = $1)`,
      ticket,
    );
    await dispatch.reconcile();
    await dispatch.reconcile();
    const done = async (): Promise<readonly number[]> => [
      await ticketsCalled(`held ${name}`),
      await ticketsCalled(`silent ${name}`),
      await ticketsCalled(`after ${name}`),
      (await at.notes(ticket)).length,
    ];
    await until(async () => (await done()).every((n) => n > 0), "all of it is done");
    expect(await done()).toEqual([1, 1, 1, 1]);
  }, 90_000);

  it("a window ends its page only: an equal alert still becomes a note, and the window is not started again", async () => {
    const alert = { source: "Repeats", title: `repeats ${which}` };
    const { ticket } = await at.call<{ ticket: string }>("POST", "/alerts", alert);
    await runs(`dedup:${ticket}`);
    await press(which, `dedup:${ticket}`);
    await dispatch.reconcile();
    expect(await at.call("POST", "/alerts", alert)).toMatchObject({ outcome: "note_added", ticket });
    expect(await statusOf(`dedup:${ticket}`)).not.toBe("RUNNING");
  });

  it("a bulk replay stops it; what is left is found when it is asked for again, and nothing twice", async () => {
    status = 500;
    const since = new Date().toISOString();
    for (let i = 0; i < 4; i += 1) await at.set(await at.open({ queue: "once" }), { status: "Complete" });
    const failed = async (): Promise<number> =>
      (
        await rows(
          "select id from deliveries where callout = 'once' and state = 'failed' and created_at >= $1::timestamptz",
          since,
        )
      ).length;
    await until(async () => (await failed()) === 4, "all four failed");
    status = 200;
    const asked = { callout: "once", since, per_second: 1 };
    const ask = async (): Promise<{ workflow_id: string; matching: number }> =>
      await at.call("POST", "/deliveries/replay", asked);
    const { workflow_id: id } = await ask();
    await runs(id);
    await press(which, id);
    await dispatch.reconcile();
    const rest = await ask();
    expect(rest.matching).toBeGreaterThan(0);
    await until(async () => (await statusOf(rest.workflow_id)) === "COMPLETED", "the rest is replayed");
    expect(await ask()).toMatchObject({ matching: 0 });
    const replays = await rows<{ n: number }>(
      `select count(*)::int as n from deliveries where callout = 'once' and replay_of is not null
        and created_at >= $1::timestamptz group by replay_of`,
      since,
    );
    expect(replays.map(({ n }) => n)).toEqual([1, 1, 1, 1]);
  }, 90_000);
});

async function waitingNotice(): Promise<string> {
  status = 500;
  const ticket = await at.open({ queue: "deaf" });
  await at.set(ticket, { status: "Complete" });
  let id = "";
  await until(async () => {
    const found = await rows<{ id: string }>(
      `select n.id from notifications n join tickets t on t.id = n.ticket_id
        join notification_attempts a on a.notification_id = n.id where t.number = $1 and a.error is not null`,
      ticket,
    );
    id = found[0]?.id ?? "";
    return id !== "";
  }, "its first attempt failed");
  return id;
}

describe("a notice", () => {
  it("that is cancelled ends as failed, given up by hand, and is not begun again", async () => {
    const id = await waitingNotice();
    const sent = sentTo("/deaf");
    await press("cancel", `notify:${id}`);
    await dispatch.reconcile();
    expect(await rows("select state, reason from notifications where id = $1", id)).toEqual([
      { state: "failed", reason: "given up by hand" },
    ]);
    expect(sentTo("/deaf")).toBe(sent);
  });

  it("that is terminated goes on with the attempts that it had", async () => {
    const id = await waitingNotice();
    await press("terminate", `notify:${id}`);
    await dispatch.reconcile();
    await runs(`notify:${id}`);
    status = 200;
    await until(
      async () =>
        (await at.client.workflow.getHandle(`notify:${id}`).query<{ state: string }>("state")).state ===
        "waiting",
      "it waits",
    );
    await at.client.workflow.getHandle(`notify:${id}`).signal("retryNow");
    await until(async () => (await at.desk.notice(id)).state === "sent", "it is sent");
    const { errors } = await at.desk.notice(id);
    expect(errors.at(-1)).toBeNull();
    expect(errors.slice(0, -1)).not.toContain(null);
  });
});

describe("reset of", () => {
  it("a callout makes no request of before again: it waits for the next attempt, which has the next number", async () => {
    const { id } = await waitingDelivery("reset-waiting");
    await at.call("POST", `/deliveries/${id}/retry-now`);
    await until(async () => (await delivery(id)).attempts.length === 2, "the second attempt failed");
    await until(async () => (await delivery(id)).state === "waiting", "it waits");
    await reset(`callout:${id}`);
    const progress = async (): Promise<{ state: string; attempt: number }> =>
      await at.client.workflow.getHandle(`callout:${id}`).query("state");
    await until(async () => {
      const { state, attempt } = await progress();
      return state === "waiting" && attempt === 2;
    }, "it waits as before");
    expect(sentTo("/tell/reset-waiting")).toBe(2);
    status = 200;
    await at.call("POST", `/deliveries/${id}/retry-now`);
    await until(async () => (await delivery(id)).state === "succeeded", "the third succeeds");
    expect((await delivery(id)).attempts.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(sentTo("/tell/reset-waiting")).toBe(3);
  });

  it("a callout that has ended sends nothing and runs no rule again", async () => {
    const { id, ticket } = await waitingDelivery("reset-ended");
    await at.call("POST", `/deliveries/${id}/give-up`);
    await until(async () => (await statusOf(`callout:${id}`)) === "COMPLETED", "it is given up");
    await until(async () => (await at.notes(ticket)).length === 1, "the rules on its failure run");
    status = 200;
    await reset(`callout:${id}`);
    await until(async () => (await statusOf(`callout:${id}`)) === "COMPLETED", "it ends again");
    expect((await delivery(id)).state).toBe("given_up");
    expect(await at.notes(ticket)).toEqual(["told: failed"]);
    expect(sentTo("/tell/reset-ended")).toBe(1);
  });

  it("a clock, a hold, a silence and an end of maintenance that are over does nothing a second time", async () => {
    const name = "reset-1";
    await at.call("POST", "/alerts", { source: "Hold", title: name });
    const hold = await at.waiting("hold");
    await at.client.workflow.getHandle(hold).signal("releaseNow");
    await until(async () => (await ticketsCalled(`held ${name}`)) === 1, "it is released");
    const [from, to] = [-60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const window = { name, sources: [`Patched ${name}`], from, to };
    const { id } = await at.call<{ id: string }>("POST", "/maintenance", window);
    await at.call("POST", "/alerts", { source: `Patched ${name}`, title: name });
    const maintenance = await at.waiting("maintenance");
    await at.call("DELETE", `/maintenance/${id}`);
    await until(async () => (await ticketsCalled(`after ${name}`)) === 1, "it is decided");
    await at.call("POST", "/alerts", { source: "Silence", title: `done ${name}`, device: name });
    const absence = await at.waiting("absence");
    await rows("update absences set due_at = now() - interval '1 second' where id = $1", subject(absence));
    await at.client.workflow.getHandle(absence).signal("changed");
    await until(async () => (await ticketsCalled(`silent ${name}`)) === 1, "it is told");
    const ticket = await at.open({ queue: "clock" });
    await runs(`ticket:${ticket}`);
    await rows("update tickets set created_at = created_at - interval '2 hours' where number = $1", ticket);
    await at.client.workflow.getHandle(`ticket:${ticket}`).signal("lookAgain");
    await until(async () => (await at.notes(ticket)).length === 1, "it fires");

    const all = [hold, maintenance, absence, `ticket:${ticket}`];
    for (const workflowId of all) {
      await until(async () => (await statusOf(workflowId)) === "COMPLETED", `${workflowId} has ended`);
      await reset(workflowId);
      await until(async () => (await statusOf(workflowId)) === "COMPLETED", `${workflowId} has ended again`);
    }
    expect(await ticketsCalled(`held ${name}`)).toBe(1);
    expect(await ticketsCalled(`after ${name}`)).toBe(1);
    expect(await ticketsCalled(`silent ${name}`)).toBe(1);
    expect(await at.notes(ticket)).toEqual(["open"]);
  }, 90_000);

  it("a window shows it anew until its end, and decides nothing", async () => {
    const alert = { source: "Repeats", title: "repeats reset" };
    const { ticket } = await at.call<{ ticket: string }>("POST", "/alerts", alert);
    await runs(`dedup:${ticket}`);
    await reset(`dedup:${ticket}`);
    await runs(`dedup:${ticket}`);
    expect(await at.call("POST", "/alerts", alert)).toMatchObject({ outcome: "note_added", ticket });
  });
});

describe("terminate, before a worker came, of", () => {
  let alone: ClockDesk;
  let before: Dispatch;
  beforeAll(async () => {
    alone = await openClockDesk(services(), { withoutWorker: true });
    before = await alone.desk.openDispatch();
    before.startRelay();
  }, 60_000);
  afterAll(async () => {
    await alone?.close();
  });

  it("a rearm leaves no ticket with the time of before; of a run of a schedule, the next run goes on", async () => {
    const text = (span: string): string => `
rule "open" when ticket open for ${span} then add note "open" end
rule "check" when every sunday at 03:00 then create ticket title = "check" end`;
    await alone.publish(text("2 hours"));
    const number = await alone.open();
    await until(async () => (await alone.clock(number)) === "RUNNING", "its clock is started");
    await alone.publish(text("3 seconds"));
    const [told] = await alone.desk.store.query<{ workflow_id: string }>({
      text: "select workflow_id from outbox where kind = 'rearm-tickets' order by id desc limit 1",
    });
    const rearm = alone.client.workflow.getHandle(told?.workflow_id ?? "");
    const isThere = async (): Promise<boolean> =>
      await rearm.describe().then(
        ({ status: its }) => its.name === "RUNNING",
        () => false,
      );
    await until(isThere, "the rearm is started");
    await rearm.terminate("by hand");
    const key = async (): Promise<string | undefined> =>
      (
        await alone.desk.store.query<{ key: string }>({
          text: "select key from rule_schedules where told_hash = hash",
        })
      )[0]?.key;
    await until(async () => (await key()) !== undefined, "the schedule is told");
    const schedule = alone.client.schedule.getHandle(`schedule:${await key()}`);
    const started = async (): Promise<readonly string[]> => {
      const { info } = await schedule.describe();
      const recent = info.recentActions as unknown as { action: { workflow: { workflowId: string } } }[];
      return recent.map(({ action }) => action.workflow.workflowId);
    };
    await schedule.trigger();
    await until(async () => (await started()).length === 1, "a run is started");
    await alone.client.workflow.getHandle((await started())[0] ?? "").terminate("by hand");
    await schedule.trigger();

    await alone.addWorker();
    await until(
      async () => (await alone.notes(number)).length === 1,
      "the clock fires by the new rule",
      60_000,
    );
    const checks = async (): Promise<number> =>
      (await alone.desk.store.query({ text: "select id from tickets where title = 'check'" })).length;
    await until(async () => (await checks()) === 1, "the next run runs");
  }, 120_000);
});
