/** A server and a worker over a real Postgres and Temporal, called over HTTP: what the tests of tickets' clocks and schedules start from. */
import { Client, Connection } from "@temporalio/client";
import pino from "pino";
import { startServer, type RunningServer } from "../../src/server/index.ts";
import { startWorker, type RunningWorker } from "../../src/worker/index.ts";
import { openDesk, until, type Desk, type Services } from "../workflows/desk.ts";

const KEY = "admin-key-of-this-test";
export const logger = pino({ level: process.env["TEST_LOG"] ?? "silent" });

export interface ShownTicket {
  readonly number: string;
  readonly status: string;
  readonly priority: string;
  readonly queue: string | null;
  readonly title: string;
  readonly organization: { readonly name: string };
  readonly created_at: string;
  readonly deadlines: readonly { readonly rule: string; readonly clock: string; readonly at: string }[];
  readonly notes: readonly { readonly at: string; readonly text: string }[];
  readonly history: readonly { readonly at: string; readonly field: string; readonly to: unknown }[];
}

export interface ClockDesk {
  readonly desk: Desk;
  readonly client: Client;
  /** The answer's JSON; undefined where it has no body. Throws where the server refuses. */
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  publish(text: string): Promise<number>;
  activate(number: number): Promise<void>;
  open(fields?: object): Promise<string>;
  set(number: string, fields: object): Promise<void>;
  note(number: string, text: string): Promise<void>;
  ticket(number: string): Promise<ShownTicket>;
  notes(number: string): Promise<readonly string[]>;
  /** Rows of the outbox that ever told the ticket's clock. */
  told(number: string): Promise<number>;
  /** `RUNNING`, `COMPLETED`, ...; undefined: it was never started. */
  clock(number: string): Promise<string | undefined>;
  /** The workflow of the newest thing that waits, once it runs. */
  waiting(kind: "hold" | "absence" | "maintenance"): Promise<string>;
  addWorker(): Promise<RunningWorker>;
  close(): Promise<void>;
}

export async function openClockDesk(
  services: Services,
  options: { readonly withoutWorker?: boolean } = {},
): Promise<ClockDesk> {
  const desk = await openDesk(services, {
    env: { TOCSIN_API_KEY: KEY, TOCSIN_HTTP_PORT: "0", TOCSIN_SMTP_PORT: "0" },
  });
  const server: RunningServer = await startServer(desk.config, logger);
  const workers: RunningWorker[] = [];
  const addWorker = async (): Promise<RunningWorker> => {
    const worker = await startWorker(desk.config, logger, { taskQueuePrefix: desk.prefix });
    workers.push(worker);
    return worker;
  };
  if (options.withoutWorker !== true) await addWorker();
  const connection = await Connection.connect({ address: services.temporalAddress });
  const client = new Client({ connection });
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (response.status === 204 ? undefined : await response.json()) as Answer;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  /** Undefined: it was never started. */
  const statusOf = async (workflowId: string): Promise<string | undefined> =>
    await client.workflow
      .getHandle(workflowId)
      .describe()
      .then(
        ({ status }) => status.name,
        () => undefined,
      );
  const ticket = async (number: string): Promise<ShownTicket> => await call("GET", `/tickets/${number}`);
  return {
    desk,
    client,
    call,
    publish: async (text) => {
      const files = [{ path: "clocks.rules", text }];
      return (await call<{ number: number }>("POST", "/rule-sets", { files })).number;
    },
    activate: async (number) => {
      await call("POST", `/rule-sets/${number}/activate`);
    },
    open: async (fields = {}) =>
      (await call<ShownTicket>("POST", "/tickets", { title: "Disk full", ...fields })).number,
    set: async (number, fields) => {
      await call("PATCH", `/tickets/${number}`, fields);
    },
    note: async (number, text) => {
      await call("POST", `/tickets/${number}/notes`, { text });
    },
    ticket,
    notes: async (number) => (await ticket(number)).notes.map(({ text }) => text),
    told: async (number) => {
      const [row] = await desk.store.query<{ n: number }>({
        text: "select count(*) as n from outbox where workflow_id = $1",
        values: [`ticket:${number}`],
      });
      return row?.n ?? 0;
    },
    clock: async (number) => await statusOf(`ticket:${number}`),
    waiting: async (kind) => {
      const path = `/waiting?kind=${kind}&limit=1`;
      const { items } = await call<{ items: { workflow_id: string }[] }>("GET", path);
      const id = items[0]?.workflow_id ?? "";
      await until(async () => (await statusOf(id)) === "RUNNING", `${id} runs`);
      return id;
    },
    addWorker,
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close().catch(() => undefined)));
      await server.close();
      await connection.close();
      await desk.close();
    },
  };
}

export async function pass(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
