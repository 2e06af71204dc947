/** A server, workers and a receiver, spoken to over HTTP as an admin does: on a real Postgres, a real Temporal and real sockets. */
import { startServer } from "../../src/server/index.ts";
import type { Store } from "../../src/store/index.ts";
import { startWorker } from "../../src/worker/index.ts";
import { openDesk, openSink, silent, until, type SinkAnswer, type SinkRequest } from "./desk.ts";
import { services } from "./services.ts";

export const KEY = "admin-key-of-this-test";

export interface DeliveryJson {
  readonly id: string;
  readonly state: string;
  readonly callout: string;
  readonly reason?: string;
  readonly next_attempt_at?: string;
  readonly attempts: readonly { readonly n: number; readonly status?: number; readonly error?: string }[];
  readonly replay_of?: string;
  readonly requested_by?: { readonly name: string };
  readonly test?: true;
  readonly workflow_id: string;
}

export interface CalloutJson {
  readonly name: string;
  readonly active: boolean;
  readonly declared_active: boolean;
  readonly switched?: {
    readonly active: boolean;
    readonly by: { readonly name: string };
    readonly at: string;
  };
  readonly paused?: { readonly since: string; readonly next_try_at: string };
}

export type Answered<Json = object> = Json & {
  readonly http: number;
  readonly code?: string;
  readonly detail?: string;
};

export interface Steering {
  readonly store: Store;
  readonly url: string;
  readonly sinkUrl: string;
  readonly requests: readonly SinkRequest[];
  /** By the start of the path, the latest said; 200 where nothing was. */
  answer(path: string, answer: SinkAnswer): void;
  call<Json = object>(method: string, path: string, body?: unknown, key?: string): Promise<Answered<Json>>;
  /** Throws where the set is refused. */
  publish(text: string): Promise<number>;
  ticket(title: string): Promise<string>;
  /** Completes a new ticket of this title, so that the rule on its title's first word calls; the newest delivery of it. */
  triggered(title: string): Promise<string>;
  delivery(id: string): Promise<DeliveryJson>;
  becomes(id: string, state: string): Promise<DeliveryJson>;
  /** Waits until it says that its callout is paused. */
  pauses(id: string): Promise<DeliveryJson>;
  callout(name: string): Promise<CalloutJson | undefined>;
  sentTo(path: string): number;
  close(): Promise<void>;
}

/** `callouts`: names and the lines of each behind its URL, which is the name's and the ticket's title's. */
export function rulesOf(sinkUrl: string, callouts: Readonly<Record<string, string>>, more = ""): string {
  const declared = Object.entries(callouts).map(
    ([name, lines]) => `
${lines.startsWith("inactive") ? "inactive " : ""}callout "${name}"
  post "${sinkUrl}/${name}/{ticket.title}"
  body json
    number = ticket.number
  end
  ${lines.replace(/^inactive/u, "")}
  notify "noc" on failure
end

rule "Tell ${name}"
  when ticket completed
  if ticket.title starts with "${name} "
  then run callout "${name}"
end
`,
  );
  return `recipient "noc"\n  webhook "${sinkUrl}/chat"\nend\n${declared.join("")}${more}`;
}

export async function openSteering(
  options: { readonly workers?: number; readonly env?: Record<string, string> } = {},
): Promise<Steering> {
  const desk = await openDesk(services(), {
    env: { TOCSIN_API_KEY: KEY, TOCSIN_HTTP_PORT: "0", TOCSIN_SMTP_PORT: "0", ...options.env },
  });
  const server = await startServer(desk.config, silent, { taskQueuePrefix: desk.prefix });
  const workers = await Promise.all(
    Array.from(
      { length: options.workers ?? 1 },
      async () => await startWorker(desk.config, silent, { taskQueuePrefix: desk.prefix }),
    ),
  );
  const answers: [string, SinkAnswer][] = [];
  const sink = await openSink(
    (_n, { path }) => answers.findLast(([start]) => path.startsWith(start))?.[1] ?? 200,
  );
  const steering: Steering = {
    store: desk.store,
    url: server.url,
    sinkUrl: sink.url,
    requests: sink.requests,
    answer: (path, answer) => void answers.push([path, answer]),
    async call<Json = object>(method: string, path: string, body?: unknown, key = KEY) {
      const response = await fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        ...(text === "" ? {} : (JSON.parse(text) as object)),
        http: response.status,
      } as Answered<Json>;
    },
    async publish(text) {
      const files = [{ path: "test.rules", text }];
      const published = await steering.call<{ number: number }>("POST", "/rule-sets", { files });
      if (published.http !== 201) throw new Error(JSON.stringify(published));
      return published.number;
    },
    async ticket(title) {
      return (await steering.call<{ number: string }>("POST", "/tickets", { title })).number;
    },
    async triggered(title) {
      const number = await steering.ticket(title);
      await steering.call("PATCH", `/tickets/${number}`, { status: "Complete" });
      const { items } = await steering.call<{ items: DeliveryJson[] }>("GET", `/deliveries?ticket=${number}`);
      const id = items[0]?.id;
      if (id === undefined) throw new Error(`no rule called for ${title}`);
      return id;
    },
    delivery: async (id) => await steering.call<DeliveryJson>("GET", `/deliveries/${id}`),
    async becomes(id, state) {
      await until(async () => (await steering.delivery(id)).state === state, `${id} is ${state}`);
      return await steering.delivery(id);
    },
    async pauses(id) {
      await until(
        async () => (await steering.delivery(id)).reason?.includes("paused") === true,
        `${id} waits while its callout is paused`,
      );
      return await steering.delivery(id);
    },
    async callout(name) {
      const { items } = await steering.call<{ items: CalloutJson[] }>("GET", "/callouts");
      return items.find((one) => one.name === name);
    },
    sentTo: (path) => sink.requests.filter((request) => request.path.startsWith(path)).length,
    async close() {
      for (const worker of workers) await worker.close();
      await server.close();
      await sink.close();
      await desk.close();
    },
  };
  return steering;
}
