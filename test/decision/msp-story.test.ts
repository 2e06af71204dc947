/** The examples' service desk from its text to its effects: what an admin reads in the rules is what happens. */
import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../src/domain/index.ts";
import type { Alert } from "../../src/domain/index.ts";
import { rulesFromCorpus } from "./compiled-rules.ts";
import { STAFF, storyOf } from "./desk-story.ts";

const AT = Date.UTC(2026, 10, 22, 23, 5);
const rules = rulesFromCorpus("msp.rules");
const outage: Partial<Alert> = { severity: "critical", alertId: "8932" };
const at = (name: string): Alert["organization"] => ({ asked: name, id: `or_${name}`, name, tags: [] });

describe("the example's rules", () => {
  it("open a ticket with the mapped priority and tell the NOC", async () => {
    const story = storyOf(rules);
    const result = await story.receive(AT, outage);
    expect(result).toMatchObject({ outcome: "ticket_created", warnings: [] });
    expect(story.ticket(1)).toMatchObject({
      category: "RMM Alert",
      priority: "Critical",
      queue: "Monitoring",
      dueAt: AT + 4 * HOUR,
      udf: { "Datto RMM Alert ID": "8932" },
    });
    expect(story.desk.notifications).toMatchObject([
      {
        to: "noc@msp.example",
        subject: `[${story.ticket(1).number}] Device SRV-B lost power`,
        body: "Acme: Device SRV-B lost power\nPriority Critical, queue Monitoring.\nDevice: none\n",
      },
    ]);
  });

  it("leave alerts alone that nobody asked for", async () => {
    const story = storyOf(rules);
    for (const parts of [
      { ...outage, severity: "info" },
      { ...outage, source: "Unknown" },
      { ...outage, title: "TEST only" },
      { ...outage, device: { asked: "L", id: "dv_1", name: "L", tags: ["lab"] } },
      { ...outage, title: "Print spooler stopped" },
    ]) {
      expect((await story.receive(AT, parts)).outcome).toBe("unmatched");
    }
  });

  it("take the category's priority for a severity that is not in the table", async () => {
    const story = storyOf(rules);
    await story.receive(AT, { severity: "minor" });
    expect(story.ticket(1).priority).toBe("Medium");
  });

  it("raise a VIP's priority in the cascade, by rule", async () => {
    const story = storyOf(rules);
    const result = await story.receive(AT, { severity: "major", organization: at("Globex") });
    expect(story.ticket(1)).toMatchObject({ priority: "Critical", tags: ["vip"] });
    expect(result.firings.map(({ rule, on }) => `${on}: ${rule}`)).toEqual([
      "alert received: Ticket for a new alert",
      "ticket created: VIP customers first",
    ]);
  });

  it("make the third repeat urgent", async () => {
    const story = storyOf(rules);
    for (let n = 0; n < 4; n += 1) await story.receive(AT + n * 1000, { severity: "major" });
    expect(story.ticket(1).priority).toBe("Critical");
    expect(story.desk.notifications.at(-1)?.body).toBe(
      `${story.ticket(1).number} repeated 3 times since 2026-11-22 23:05 UTC`,
    );
  });

  it("keep one ticket per drive, whatever the percentage says", async () => {
    const story = storyOf(rules);
    const disk = (title: string): Partial<Alert> => ({ title, severity: "major" });
    await story.receive(AT, disk("Disk C: is 91 % full"));
    expect(story.ticket(1).title).toBe("Disk C: on unknown device is filling up");
    expect((await story.receive(AT + HOUR, disk("Disk C: is 97 % full"))).outcome).toBe("note_added");
    expect((await story.receive(AT + HOUR, disk("Disk D: is 91 % full"))).outcome).toBe("ticket_created");
  });

  it("open one ticket per customer when a site is down, and none from later rules", async () => {
    const story = storyOf(rules);
    const down: Partial<Alert> = { title: "Site down", severity: "critical" };
    expect((await story.receive(AT, down)).outcome).toBe("ticket_created");
    expect(await story.receive(AT + MINUTE, down)).toMatchObject({
      outcome: "suppressed",
      why: expect.stringContaining('rule "Site down: one ticket per customer" (msp.rules:') as string,
    });
    expect((await story.receive(AT + MINUTE, { ...down, organization: at("Globex") })).outcome).toBe(
      "ticket_created",
    );
    expect(story.desk.tickets.size).toBe(2);
  });

  it("close what has cleared and tell Datto in the same decision", async () => {
    const story = storyOf(rules);
    await story.receive(AT, outage);
    const result = await story.receive(AT + MINUTE, { ...outage, status: "resolved" });
    expect(result.outcome).toBe("resolved");
    expect(story.ticket(1).status).toBe("Complete");
    expect(story.notes(1)).toEqual(["Cleared by Datto RMM at 2026-11-22 23:06 UTC"]);
    expect(story.desk.deliveries).toMatchObject([
      {
        state: "pending",
        request: {
          method: "POST",
          url: "https://rmm.example.com/api/v2/alert/8932/resolve",
          body: JSON.stringify({ ticket: story.ticket(1).number, status: "resolved" }),
          auth: { kind: "basic", user: { secret: "datto_user" }, password: { secret: "datto_password" } },
        },
      },
    ]);
  });

  it("skip the callout for a ticket without an alert id, and note a failed one", async () => {
    const story = storyOf(rules);
    await story.receive(AT, { severity: "major" });
    await story.set(AT + 1, "tk_1", { status: "Complete" }, STAFF);
    expect(story.desk.deliveries).toMatchObject([{ state: "skipped" }]);
    await story.decide({
      kind: "callout-finished",
      deliveryId: "dl_1",
      ticketId: "tk_1",
      succeeded: false,
      callout: { name: "Datto close", attempts: 11, lastStatus: 503, lastError: "HTTP 503" },
      at: AT + HOUR,
    });
    expect(story.notes(1)).toEqual(["Datto was not told after 11 attempts: HTTP 503"]);
    expect(story.desk.notifications.map(({ to }) => to).slice(-2)).toEqual([
      "integrations@msp.example",
      "https://chat.msp.example/hooks/integrations",
    ]);
  });
});
