/** A database of its own with tickets to call about, real workers on task queues of their own, and sinks to be called. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import {
  buildCalloutSender,
  buildEgressPolicy,
  buildGuardedDispatcher,
  buildHostTurns,
  buildSecrets,
} from "../../src/callouts/index.ts";
import { loadConfig, type Config } from "../../src/config/index.ts";
import type { CalloutRequest, DeliverySchedule } from "../../src/decision/index.ts";
import { openDispatch, type Dispatch } from "../../src/dispatch/index.ts";
import type { Engine } from "../../src/engine/index.ts";
import { buildNoticeSender } from "../../src/notify/index.ts";
import { migrate, openStore, type Store } from "../../src/store/index.ts";
import { runWorkers, type RunningWorkers } from "../../src/worker/run-workers.ts";
import { taskQueues } from "../../workflows/ids.ts";
import type { ActivityDependencies } from "../../activities/index.ts";

export const silent = pino({ level: process.env["TEST_LOG"] ?? "silent" });

export interface Desk {
  readonly store: Store;
  readonly config: Config;
  readonly prefix: string;
  readonly finished: FinishedCallout[];
  addTicket(facts?: { windowMs?: number }): Promise<{ readonly id: string; readonly number: string }>;
  addDelivery(facts: DeliveryFacts): Promise<string>;
  addNotice(facts: { channel: "email" | "webhook"; to: string; ticketId?: string }): Promise<string>;
  delivery(id: string): Promise<DeliveryState>;
  notice(id: string): Promise<{ state: string; attempt_count: number; errors: (string | null)[] }>;
  openDispatch(overrides?: Partial<Config>): Promise<Dispatch>;
  runWorkers(overrides?: { readonly graceMs?: number; readonly address?: string }): RunningWorkers;
  activities(): ActivityDependencies;
  close(): Promise<void>;
}

export type FinishedCallout = Parameters<Engine["calloutFinished"]>[0];

export interface DeliveryFacts {
  readonly ticketId: string;
  readonly request: Partial<CalloutRequest> & { readonly url: string };
  readonly schedule?: Partial<DeliverySchedule>;
  readonly callout?: string;
  /** Attempt 1 was begun by somebody, and nobody heard of it again. */
  readonly hasOpenAttempt?: boolean;
}

export interface DeliveryState {
  readonly state: string;
  readonly reason: string | null;
  readonly attempt_count: number;
  readonly attempts: {
    n: number;
    at: number;
    status: number | null;
    error: string | null;
    response_start: string | null;
    succeeded: boolean | null;
  }[];
}

const RULE = { name: "Tell the monitoring product", file: "test.rules", line: 1 };

/** Where the test run's servers are: `inject` of vitest in tests, servers of its own in the script that records histories. */
export interface Services {
  readonly postgresUrl: string;
  readonly temporalAddress: string;
}

export async function openDesk(
  services: Services,
  options: { readonly env?: Record<string, string>; readonly smtpUrl?: string } = {},
): Promise<Desk> {
  const prefix = `t${randomUUID().slice(0, 8)}`;
  const databaseUrl = await createDatabase(services.postgresUrl, prefix);
  const store = openStore({ databaseUrl, timeoutMs: 10_000 });
  const config = loadConfig({
    env: {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: services.temporalAddress,
      TOCSIN_EGRESS_ALLOW: "127.0.0.1,localhost",
      ...(options.smtpUrl === undefined ? {} : { TOCSIN_SMTP_URL: options.smtpUrl }),
      ...options.env,
    },
  });
  const finished: FinishedCallout[] = [];
  const opened: Dispatch[] = [];
  const running: RunningWorkers[] = [];
  let count = 0;
  const desk: Desk = {
    store,
    config,
    prefix,
    finished,
    async addTicket(facts = {}) {
      count += 1;
      const id = `tk_${prefix}${count}`;
      const number = `T20261122.${String(1000 + count)}${Math.floor(Math.random() * 1e9)}`;
      const { windowMs } = facts;
      await store.query({
        text: `insert into tickets (id, number, title, status, priority, source, organization_id, created_at, created_by,
            last_human_activity_at, dedup_key, window_ends_at)
          values ($1, $2, 'Disk full on *SRV-B*', 'New', 'High', 'Datto RMM', 'og_1', now(), '{"kind":"system","name":"Tocsin"}', now(),
            case when $3::int is not null then '\\x01'::bytea end, now() + $3::int * interval '1 millisecond')`,
        values: [id, number, windowMs ?? null],
      });
      if (windowMs !== undefined) await outbox(store, 2, "start-window", `dedup:${number}`, windowMs);
      return { id, number };
    },
    async addDelivery({ ticketId, request, schedule, callout, hasOpenAttempt }) {
      count += 1;
      const id = `dl_${prefix}${count}`;
      await store.query({
        text: `insert into deliveries (id, callout, ticket_id, rule, created_at, state, request, schedule, notify_on_failure)
          values ($1, $2, $3, $4, now(), 'pending', $5, $6, '{integrations}')`,
        values: [
          id,
          callout ?? "Datto close",
          ticketId,
          JSON.stringify(RULE),
          JSON.stringify({
            method: "POST",
            headers: [],
            auth: { kind: "none" },
            signWith: [],
            body: "{}",
            ...request,
          }),
          JSON.stringify({
            retryEveryMs: 50,
            resends: 10,
            timeoutMs: 1000,
            successStatuses: [],
            retryOn4xx: true,
            honourRetryAfter: false,
            ...schedule,
          }),
        ],
      });
      if (hasOpenAttempt === true) {
        await store.query({
          text: "insert into delivery_attempts (delivery_id, n, at) values ($1, 1, now())",
          values: [id],
        });
      }
      await outbox(store, 0, "start-callout", `callout:${id}`);
      return id;
    },
    async addNotice({ channel, to, ticketId }) {
      count += 1;
      const id = `nt_${prefix}${count}`;
      await store.query({
        text: `insert into notifications (id, recipient, channel, destination, subject, body, ticket_id, created_at)
          values ($1, 'noc', $2, $3, 'Disk full', 'Look at it.', $4, now())`,
        values: [id, channel, to, ticketId ?? null],
      });
      await outbox(store, 1, "start-notification", `notify:${id}`);
      return id;
    },
    async delivery(id) {
      const [row] = await store.query<DeliveryState>({
        text: `select state, reason, attempt_count,
            coalesce((select json_agg(json_build_object('n', n, 'at', extract(epoch from at) * 1000, 'status', status, 'error', error,
              'response_start', response_start, 'succeeded', succeeded) order by n) from delivery_attempts where delivery_id = d.id), '[]') as attempts
          from deliveries d where id = $1`,
        values: [id],
      });
      return row!;
    },
    async notice(id) {
      const [row] = await store.query<{ state: string; attempt_count: number; errors: (string | null)[] }>({
        text: `select state, attempt_count,
          coalesce((select json_agg(error order by n) from notification_attempts where notification_id = x.id), '[]') as errors
          from notifications x where id = $1`,
        values: [id],
      });
      return row!;
    },
    async openDispatch(overrides = {}) {
      const dispatch = await openDispatch({
        config: { ...config, ...overrides },
        store,
        logger: silent,
        taskQueuePrefix: prefix,
        notices: { retryEveryMs: 50, resends: 3 },
      });
      opened.push(dispatch);
      return dispatch;
    },
    activities() {
      const secrets = buildSecrets(config.secrets);
      const exchanger = {
        dispatcher: buildGuardedDispatcher({ policy: buildEgressPolicy(config.egressAllow) }),
      };
      return {
        db: store,
        engine: recordingEngine(store, finished),
        callouts: buildCalloutSender(exchanger, secrets),
        notices: buildNoticeSender({ ...config, exchanger, mask: (text) => secrets.mask(text) }),
        hosts: buildHostTurns(),
        now: Date.now,
      };
    },
    runWorkers(overrides = {}) {
      const workers = runWorkers({
        temporal: {
          ...config.temporal,
          ...(overrides.address === undefined ? {} : { address: overrides.address }),
        },
        queues: taskQueues(prefix),
        activities: desk.activities(),
        logger: silent,
        ...(overrides.graceMs === undefined ? {} : { graceMs: overrides.graceMs }),
      });
      running.push(workers);
      return workers;
    },
    async close() {
      await Promise.all(running.map((workers) => workers.close()));
      await Promise.all(opened.map((dispatch) => dispatch.close()));
      await store.close();
    },
  };
  return desk;
}

/** Remembers in the database that the rules ran, as the engine does in its transaction. */
function recordingEngine(store: Store, finished: FinishedCallout[]): ActivityDependencies["engine"] {
  return {
    ...timesNotAsked(),
    settleCallout: () => Promise.resolve(),
    async calloutStanding(name) {
      const [row] = await store.query<{ active: boolean }>({
        text: "select active from callout_switches where callout = $1",
        values: [name],
      });
      return row?.active === false ? { kind: "stopped", why: "the callout became inactive" } : SENDS;
    },
    async calloutFinished(delivery) {
      const rows = await store.query({
        text: "update deliveries set event_decided_at = now() where id = $1 and event_decided_at is null returning id",
        values: [delivery.deliveryId],
      });
      if (rows.length > 0) finished.push(delivery);
    },
  };
}

/** As with no rule set in force. */
export const SENDS = { kind: "active", declarationHash: undefined, pauseAfter: undefined } as const;

/** For tests about callouts and notices alone. */
export function timesNotAsked(): Omit<
  ActivityDependencies["engine"],
  "calloutFinished" | "settleCallout" | "calloutStanding"
> {
  const notAsked = (): Promise<never> => Promise.reject(new Error("no time comes in this test"));
  return {
    holdDue: notAsked,
    dropHold: notAsked,
    absenceDue: notAsked,
    maintenanceEnded: notAsked,
    lookAtTicket: notAsked,
    runSchedule: notAsked,
    rearmTickets: notAsked,
  };
}

async function outbox(
  store: Store,
  lane: number,
  kind: string,
  workflowId: string,
  expiresInMs?: number,
): Promise<void> {
  await store.query({
    text: `with told as (select pg_notify('tocsin_outbox', ''))
      insert into outbox (lane, kind, workflow_id, payload, expires_at)
      select $1, $2, $3, '{}', now() + $4::int * interval '1 millisecond' from told`,
    values: [lane, kind, workflowId, expiresInMs ?? null],
  });
}

async function createDatabase(postgresUrl: string, name: string): Promise<string> {
  const admin = openStore({ databaseUrl: postgresUrl });
  await admin.query({ text: `create database ${name}` });
  const nth = await nextDesk(admin);
  await admin.close();
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  await numberApart(url.href, nth * TICKETS_OF_A_DESK);
  return url.href;
}

/** More than any test opens; four digits are enough for forty desks. */
const TICKETS_OF_A_DESK = 250;

/** Counted by the Postgres that all processes of a run share. */
async function nextDesk(admin: Store): Promise<number> {
  return await admin.transaction(async (transaction) => {
    await transaction.query({ text: "select pg_advisory_xact_lock(8420)::text" });
    await transaction.query({ text: "create sequence if not exists desks minvalue 0" });
    const [row] = await transaction.query<{ nth: number | string }>({
      text: "select nextval('desks') as nth",
    });
    return Number(row?.nth);
  });
}

/**
 * Workflows are named after tickets and after the times that rules were put in force, and all databases of a run share one
 * Temporal: were the numbers of two equal, the clock of one ticket would be taken for the other's, and never fire.
 */
async function numberApart(databaseUrl: string, first: number): Promise<void> {
  const store = openStore({ databaseUrl, connectionsMax: 1 });
  await store.query({
    text: `insert into ticket_counters (day, last)
      select (now() at time zone 'UTC')::date + later, $1::integer from generate_series(0, 1) as later`,
    values: [first],
  });
  await store.query({ text: `alter table active_rule_set alter column activation set default ${first + 1}` });
  await store.close();
}

export interface SinkRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Sink {
  readonly url: string;
  readonly port: number;
  readonly requests: SinkRequest[];
  close(): Promise<void>;
}

/** What to answer the nth request with; `hang` never answers. */
export type SinkAnswer =
  number | "hang" | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

export async function openSink(answer: (n: number, request: SinkRequest) => SinkAnswer): Promise<Sink> {
  const requests: SinkRequest[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const entry = { at: Date.now(), method, path: url, headers, body };
      requests.push(entry);
      const answered = answer(requests.length, entry);
      if (answered === "hang") return;
      const { status, headers: sent } =
        typeof answered === "number" ? { status: answered, headers: {} } : answered;
      response
        .writeHead(status, sent)
        .end(
          `answer ${requests.length}${headers.authorization === undefined ? "" : ` to ${headers.authorization}`}`,
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function until(
  holds: () => Promise<boolean> | boolean,
  what: string,
  ms = 40_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
