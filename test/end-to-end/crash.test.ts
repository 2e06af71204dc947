/**
 * kill -9 of the whole tree while a sender keeps sending. What was acknowledged is there, no dedup key has a second
 * ticket, no delivery has more requests than its callout allows. `TOCSIN_CRASH_KILLS=10` kills more often.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { startHttpSink, type HttpSink } from "./http-sink.ts";
import { RunningTocsin } from "./running-tocsin.ts";

const KILLS = Number(process.env["TOCSIN_CRASH_KILLS"] ?? 3);
const RESENDS = 3;
const TITLES = 40;
const INTERVAL_MS = 20;

const rules = (sinkPort: number): string => `
recipient "integrations"
  email "integrations@msp.example"
end

callout "Told"
  post "http://127.0.0.1:${sinkPort}/told"
  body json
    ticket = ticket.number
  end
  timeout 2 seconds
  retry every 1 second up to ${RESENDS} times
  notify "integrations" on failure
end

rule "Ticket for a new alert"
  when alert received
  then
    create ticket
      title = alert.title
      dedup within 1 hour by alert.title
    run callout "Told"
end
`;

interface Sent {
  readonly delivery_id: string;
  readonly title: string;
  acknowledged: boolean;
}

describe("a machine that dies in the middle", () => {
  let sink: HttpSink;
  let tocsin: RunningTocsin;

  beforeAll(async () => {
    sink = await startHttpSink(() => 500);
    tocsin = await RunningTocsin.prepare({ "crash.rules": rules(sink.port) });
    await tocsin.start();
  }, 180_000);

  afterAll(async () => {
    await tocsin?.dispose();
    await sink?.close();
  }, 60_000);

  it(`loses no acknowledged alert and doubles nothing over ${KILLS} kills`, async () => {
    const sent: Sent[] = [];
    let sending = true;
    const send = async (alert: Sent): Promise<void> => {
      const { status } = await tocsin.request("POST", "/api/v1/alerts", {
        source: "Crash",
        title: alert.title,
        delivery_id: alert.delivery_id,
      });
      if (status === 200) alert.acknowledged = true;
    };
    const sender = (async () => {
      while (sending) {
        const alert: Sent = {
          delivery_id: `d${sent.length}`,
          title: `alert ${sent.length % TITLES}`,
          acknowledged: false,
        };
        sent.push(alert);
        void send(alert);
        await sleep(INTERVAL_MS);
      }
    })();
    for (let kill = 1; kill <= KILLS; kill++) {
      await sleep(1_500 + Math.random() * 2_500);
      await tocsin.crash();
      await tocsin.start();
    }
    await sleep(1_000);
    sending = false;
    await sender;
    for (let round = 0; round < 5 && sent.some((alert) => !alert.acknowledged); round++) {
      for (const alert of sent.filter((one) => !one.acknowledged)) await send(alert);
    }
    expect(sent.filter((alert) => !alert.acknowledged)).toEqual([]);

    await tocsin.waitFor(
      "every delivery ends",
      async () => {
        const deliveries = await all(tocsin, "/api/v1/deliveries?limit=500");
        return deliveries.length === TITLES && deliveries.every((delivery) => delivery["state"] === "failed");
      },
      120_000,
    );
    const alerts = await all(tocsin, "/api/v1/alerts?limit=500");
    expect(alerts.map((alert) => alert["delivery_id"]).sort()).toEqual(
      sent.map((alert) => alert.delivery_id).sort(),
    );
    const tickets = await all(tocsin, "/api/v1/tickets?limit=500");
    expect(tickets.map((ticket) => ticket["title"]).sort()).toEqual(
      [...new Set(sent.map((alert) => alert.title))].sort(),
    );
    const requests = Map.groupBy(sink.requests, (request) => String(request.headers["webhook-id"]));
    expect([...requests.values()].filter((group) => group.length > 1 + RESENDS)).toEqual([]);
    // Every attempt counts and is on record, the ones that a kill cut off included.
    const deliveries = await all(tocsin, "/api/v1/deliveries?limit=500");
    const odd = deliveries.filter((delivery) => (delivery["attempts"] as unknown[]).length !== 1 + RESENDS);
    expect(odd).toEqual([]);
  }, 600_000);
});

async function all(tocsin: RunningTocsin, path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { body } = await tocsin.request(
      "GET",
      cursor === "" ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    items.push(...body.items);
    cursor = body.next;
  }
  return items;
}
