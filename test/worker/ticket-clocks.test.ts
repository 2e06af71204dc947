/** Clocks of tickets and schedules as they run: a server and a worker over a real Postgres and Temporal, with short times. */
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type RunningServer } from "../../src/server/index.ts";
import { startWorker, type RunningWorker } from "../../src/worker/index.ts";
import { openDesk, until, type Desk } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";

const KEY = "admin-key-of-this-test";
const logger = pino({ level: process.env["TEST_LOG"] ?? "silent" });

let desk: Desk;
let server: RunningServer;
let worker: RunningWorker;

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${KEY}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

interface Shown {
  readonly number: string;
  readonly status: string;
  readonly priority: string;
  readonly notes: readonly { readonly at: string; readonly text: string }[];
  readonly history: readonly { readonly at: string; readonly field: string; readonly to: unknown }[];
}

const ticket = async (number: string): Promise<Shown> => await call<Shown>("GET", `/tickets/${number}`);
const publish = async (text: string): Promise<void> => {
  await call("POST", "/rule-sets", { files: [{ path: "clocks.rules", text }] });
};
const open = async (fields: object = {}): Promise<string> => {
  const { number } = await call<Shown>("POST", "/tickets", { title: "Disk full", ...fields });
  return number;
};
const notes = async (number: string): Promise<readonly string[]> =>
  (await ticket(number)).notes.map(({ text }) => text);

beforeAll(async () => {
  desk = await openDesk(services(), { env: { TOCSIN_API_KEY: KEY, TOCSIN_HTTP_PORT: "0" } });
  server = await startServer(desk.config, logger);
  worker = await startWorker(desk.config, logger, { taskQueuePrefix: desk.prefix });
}, 60_000);
afterAll(async () => {
  await worker?.close();
  await server?.close();
  await desk?.close();
});

describe("the clock of a ticket", () => {
  it("fires after so long without a person, once a silence, and again after the next act", async () => {
    await publish(`rule "nobody" when ticket idle for 2 seconds then add note "idle" end`);
    const number = await open();
    await until(async () => (await notes(number)).includes("idle"), "the first silence is told");
    expect(await notes(number)).toEqual(["idle"]);
    await call("POST", `/tickets/${number}/notes`, { text: "I look at it" });
    await until(async () => (await notes(number)).length === 3, "the second silence is told");
    expect(await notes(number)).toEqual(["idle", "I look at it", "idle"]);
  });
});
