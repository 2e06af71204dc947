/** `every ...` as Temporal Schedules: those of the set in force and no others, each time once, paused ones left paused. */
import type { ScheduleHandle } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";
import { openClockDesk, type ClockDesk } from "./clock-desk.ts";

let at: ClockDesk;
beforeAll(async () => {
  at = await openClockDesk(services());
}, 60_000);
afterAll(async () => {
  await at?.publish(`rule "no time" when alert received then stop end`);
  await until(async () => (await keys()).length === 0, "Temporal forgets them");
  await at?.close();
});

const rule = (name: string, every: string, title = "weekly check"): string =>
  `rule "${name}" when every ${every} then create ticket title = "${title}" end\n`;

async function keys(): Promise<readonly { key: string; told: boolean }[]> {
  return await at.desk.store.query({
    text: "select key, told_hash is not distinct from hash as told from rule_schedules order by key",
  });
}

async function scheduleOf(name: string): Promise<ScheduleHandle> {
  const told = async (): Promise<string | undefined> => {
    const [row] = await at.desk.store.query<{ key: string }>({
      text: "select key from rule_schedules where rule = $1 and told_hash = hash and wanted",
      values: [name],
    });
    return row?.key;
  };
  await until(async () => (await told()) !== undefined, "Temporal was told");
  return at.client.schedule.getHandle(`schedule:${await told()}`);
}

const titles = async (title: string): Promise<number> => {
  const [row] = await at.desk.store.query<{ n: number }>({
    text: "select count(*) as n from tickets where title = $1",
    values: [title],
  });
  return row?.n ?? 0;
};

describe("rules on a schedule", () => {
  it("are made, changed and deleted with the rule set; pausing in the UI stays", async () => {
    await at.publish(rule("checks", 'monday, friday at 07:30 zone "Europe/Berlin"'));
    const handle = await scheduleOf("checks");
    const first = await handle.describe();
    expect(first.spec.timezone ?? "Europe/Berlin").toBe("Europe/Berlin");
    expect(first.policies).toMatchObject({ overlap: "SKIP", catchupWindow: 3_600_000 });
    expect(first.scheduleId).toMatch(/^schedule:[0-9a-f]{32}$/u);
    const [next] = first.info.nextActionTimes;
    expect([1, 5]).toContain(next!.getUTCDay());
    await handle.pause("not this week");
    await at.publish(rule("checks", 'tuesday at 09:00 zone "Europe/Berlin"'));
    await until(
      async () => (await handle.describe()).info.nextActionTimes[0]?.getUTCDay() === 2,
      "it is changed",
    );
    expect((await handle.describe()).state).toMatchObject({ paused: true, note: "not this week" });
    await at.publish(rule("checks", "tuesday at 09:00").replace("rule", "inactive rule"));
    await until(
      async () =>
        await handle.describe().then(
          () => false,
          () => true,
        ),
      "it is deleted",
    );
    // Temporal is told first, the row goes after: a crash between them must not leave a schedule that nobody knows.
    await until(async () => (await keys()).length === 0, "its row goes");
  });

  it("leave out the days that the calendar closes", async () => {
    const today = new Date();
    const day = (offset: number): string =>
      new Date(today.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
    await at.publish(`
calendar "office"
  zone "UTC"
  monday to sunday 0:00 to 0:00
  closed ${day(0)} to ${day(40)}
end
${rule("office", 'day at 08:00 in "office"')}`);
    const { info } = await (await scheduleOf("office")).describe();
    expect(info.nextActionTimes[0]?.toISOString()).toBe(`${day(41)}T08:00:00.000Z`);
  });

  it("run when somebody triggers them in the UI, once for each time", async () => {
    await at.publish(rule("by hand", "sunday at 03:00", "by hand"));
    const handle = await scheduleOf("by hand");
    await handle.trigger();
    await until(async () => (await titles("by hand")) === 1, "it runs");
    const { info } = await handle.describe();
    const [recent] = info.recentActions as unknown as { action: { workflow: { workflowId: string } } }[];
    const result = await at.client.workflow.getHandle(recent!.action.workflow.workflowId).result();
    expect(result).toMatchObject({ outcome: "ran", tickets: [expect.stringMatching(/^T\d{8}\.\d{4}$/u)] });
  });

  it("come back when Temporal has lost one", async () => {
    await at.publish(rule("lost", "sunday at 04:00"));
    const handle = await scheduleOf("lost");
    await handle.delete();
    const dispatch = await at.desk.openDispatch();
    await dispatch.reconcile();
    expect((await handle.describe()).scheduleId).toBe(handle.scheduleId);
  });

  it("have one each where a rule joins several, in their own zones", async () => {
    await at.publish(
      rule("both", 'monday at 08:00 zone "Europe/Berlin" or every monday at 08:00 zone "Asia/Tokyo"'),
    );
    await scheduleOf("both");
    await until(async () => (await keys()).every(({ told }) => told), "both are told");
    const hours = await Promise.all(
      (await keys()).map(async ({ key }) => {
        const { info } = await at.client.schedule.getHandle(`schedule:${key}`).describe();
        return info.nextActionTimes[0]!.getUTCHours();
      }),
    );
    const [berlin, tokyo] = hours.sort((a, b) => a - b);
    expect([6, 7]).toContain(berlin);
    expect(tokyo).toBe(23);
  });
});
