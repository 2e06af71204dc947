/**
 * A server of our own over a database of our own, spoken to by `fetch`. Every answer is held against the route table:
 * a status, a problem code or a member that the documentation does not know fails the test that met it.
 */
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { pino } from "pino";
import { expect, inject } from "vitest";
import { ROUTES } from "../../src/api/index.ts";
import { loadConfig, type Config } from "../../src/config/index.ts";
import { startServer, type RunningServer, type ServerSettings } from "../../src/server/index.ts";
import { migrate, openStore } from "../../src/store/index.ts";
import { checkAnswer } from "./check-answer.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

export interface Ask {
  readonly key?: string | undefined;
  readonly body?: unknown;
  /** As it is, instead of `body`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly url: string;
  readonly smtpPort: number;
  readonly databaseUrl: string;
  readonly config: Config;
  readonly adminKey: string;
  call(method: string, path: string, ask?: Ask): Promise<Answered>;
  /** With the admin key. */
  admin(method: string, path: string, body?: unknown): Promise<Answered>;
  keyOf(role: string, more?: Readonly<Record<string, unknown>>): Promise<string>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A rule for every alert, a partner, a field and a callout: enough for the door. */
export const TEST_RULES = `
values ticket.queue = "Monitoring", "Level I"

partner "Datto RMM"
udf ticket "Site code" text
udf ticket "Warranty" date
udf organization "Since" date
udf organization "Contract" text
udf organization "Seats" number
udf device "Rack" text

category "RMM Alert"
  queue = "Monitoring"
  priority = "Medium"
end

callout "Datto close"
  post "https://rmm.example/close"
  only when ticket.udf."Datto RMM Alert ID" is not empty
  notify "noc" on failure
end

recipient "noc"
  email "noc@msp.example"
end

rule "Ignore tests"
  order 1
  when alert received
  if alert.title starts with "TEST" and alert.source is "Test"
  then
    suppress alert
end

rule "Ticket for an alert"
  when alert received
  if alert.source is not "Quiet"
  then
    create ticket
      title = alert.title
      category = "RMM Alert"
end

rule "Tell the source"
  when ticket completed
  then
    run callout "Datto close"
end
`;

export async function createDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = new URL(inject("postgresUrl"));
  const name = `t_${randomBytes(8).toString("hex")}`;
  const store = openStore({ databaseUrl: server.href, connectionsMax: 1 });
  await store.query({ text: `create database ${name}` });
  server.pathname = `/${name}`;
  await migrate(server.href);
  return {
    url: server.href,
    drop: async () => {
      await store.query({ text: `drop database ${name} with (force)` });
      await store.close();
    },
  };
}

export async function startTestServer(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly rules?: string | undefined;
    readonly settings?: ServerSettings;
    /** A port that leads to Postgres. */
    readonly through?: number;
  } = {},
): Promise<TestServer> {
  const database = await createDatabase();
  const databaseUrl = new URL(database.url);
  if (options.through !== undefined) databaseUrl.host = `127.0.0.1:${options.through}`;
  const adminKey = `tocsin_test_${randomBytes(16).toString("hex")}`;
  const config = loadConfig({
    env: {
      DATABASE_URL: databaseUrl.href,
      TOCSIN_API_KEY: adminKey,
      TOCSIN_HTTP_PORT: "0",
      TOCSIN_SMTP_PORT: "0",
      TOCSIN_DATA_DIR: tmpdir(),
      // Nobody listens there: the API must work with Temporal away.
      TEMPORAL_ADDRESS: "127.0.0.1:9",
      TOCSIN_TEMPORAL_UI_URL: "http://127.0.0.1:8233",
      ...options.env,
    },
  });
  const logger = pino({ level: process.env["TEST_LOG"] ?? "silent" });
  let server: RunningServer = await startServer(config, logger, options.settings);
  const call = async (method: string, path: string, ask: Ask = {}): Promise<Answered> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(ask.key === undefined ? {} : { authorization: `Bearer ${ask.key}` }),
        ...(ask.body === undefined ? {} : { "content-type": "application/json" }),
        ...ask.headers,
      },
      ...(ask.raw !== undefined
        ? { body: ask.raw as string }
        : ask.body === undefined
          ? {}
          : { body: JSON.stringify(ask.body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    const answered = {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
    checkAnswer(ROUTES, method, path, answered);
    return answered;
  };
  const admin: TestServer["admin"] = async (method, path, body) =>
    await call(method, path, { key: adminKey, body });
  if (options.rules !== undefined) {
    const published = await admin("POST", "/api/v1/rule-sets", {
      files: [{ path: "test.rules", text: options.rules }],
    });
    expect(published.json).toMatchObject({ active: true });
  }
  return {
    get url() {
      return server.url;
    },
    get smtpPort() {
      return Number(server.smtp.slice(server.smtp.lastIndexOf(":") + 1));
    },
    databaseUrl: database.url,
    config,
    adminKey,
    call,
    admin,
    keyOf: async (role, more = {}) => {
      const made = await admin("POST", "/api/v1/keys", { name: `${role} key`, role, ...more });
      return made.json.key as string;
    },
    restart: async () => {
      await server.close();
      server = await startServer(config, logger, options.settings);
    },
    close: async () => {
      await server.close();
      await database.drop();
    },
  };
}
