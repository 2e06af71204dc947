/** A delivery with TOCSIN_TEMPORAL_CODEC_KEY: the whole way, and nothing of it readable in Temporal without the key. */
import { randomBytes } from "node:crypto";
import { Client, Connection } from "@temporalio/client";
import { expect, it } from "vitest";
import { openDesk, openSink, until } from "./desk.ts";
import { services } from "./services.ts";

it("hides arguments, results, summaries and details from whoever has no key", async () => {
  const env = { TOCSIN_TEMPORAL_CODEC_KEY: randomBytes(32).toString("base64") };
  const desk = await openDesk(services(), { env });
  const dispatch = await desk.openDispatch();
  const relay = dispatch.startRelay();
  await desk.runWorkers().polling;
  const sink = await openSink((n) => (n === 1 ? 503 : 200));
  const ticket = await desk.addTicket();
  const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url } });
  await until(async () => (await desk.delivery(id)).state === "succeeded", "it is delivered");
  const connection = await Connection.connect({ address: services().temporalAddress });
  const { events } = await new Client({ connection }).workflow.getHandle(`callout:${id}`).fetchHistory();
  const payloads = events!.flatMap(payloadTexts).join("\n");
  expect(payloads).not.toMatch(/deliveryId|attempt 1 of 11|Disk full|HTTP 503/u);
  await connection.close();
  await relay.close();
  await desk.close();
  await sink.close();
});

function payloadTexts(value: unknown): readonly string[] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString("utf8")];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(payloadTexts) : [];
}
