/** Postgres stops and comes back while mail arrives over SMTP: senders hear 451 and keep what was not stored; nothing is lost or doubled. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migrate, openStore, type Store } from "../../src/store/index.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/supervisor/index.ts";
import { startTestServer, type TestServer } from "../api/test-server.ts";
import { Client } from "../smtp/door.ts";

const MAILBOX = "support@msp.example";
const RULES = `mailbox "${MAILBOX}"\n  organization fallback "My Own MSP"\nend\n`;
const dataDir = mkdtempSync(join(tmpdir(), "tocsin-mail-away-"));
let postgres: EmbeddedPostgres;
let server: TestServer;
let store: Store;

beforeAll(async () => {
  chmodSync(dataDir, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir, port: 0, durability: "none" });
  await migrate(postgres.url);
  server = await startTestServer({
    rules: RULES,
    env: { DATABASE_URL: postgres.url, TOCSIN_SMTP_RATE: "0" },
  });
  store = openStore({ databaseUrl: postgres.url });
});
afterAll(async () => {
  await store?.close();
  await server?.close();
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const head = (name: string): string =>
  `From: ${name}@acme.example\r\nTo: ${MAILBOX}\r\nSubject: ${name}\r\nMessage-ID: <${name}@acme.example>\r\n\r\n`;

async function greet(): Promise<Client> {
  const client = await Client.open(server.smtpPort);
  await client.say("EHLO mx.acme.example");
  return client;
}

async function beginData(client: Client, name: string): Promise<string> {
  await client.say(`MAIL FROM:<${name}@acme.example>`);
  await client.say(`RCPT TO:<${MAILBOX}>`);
  return await client.say("DATA");
}

/** As a mail server does: keeps the message until it hears 250. Answers what it heard instead. */
async function sendUntilTaken(name: string): Promise<readonly string[]> {
  const heard: string[] = [];
  let client = await greet();
  for (;;) {
    const ready = await beginData(client, name);
    if (ready.startsWith("354")) {
      client.write(`${head(name)}Text\r\n.\r\n`);
      const reply = await client.reply();
      if (reply.startsWith("250")) {
        client.end();
        return heard;
      }
      heard.push(reply);
    }
    await sleep(20);
    if ((await client.say("RSET")) === "") client = await greet();
  }
}

it("a sender in the middle of DATA hears 451 on a connection that goes on, and everything is stored once when Postgres is back", async () => {
  const halfway = await greet();
  expect(await beginData(halfway, "halfway")).toMatch(/^354 /u);
  halfway.write(`${head("halfway")}The first half`);
  const names = Array.from({ length: 60 }, (_, i) => `m${i}`);
  const first = names.slice(0, 20);
  const senders = first.map(sendUntilTaken);
  await senders[0];

  const { port } = postgres;
  const stopped = postgres.stop();
  senders.push(...names.slice(20).map(sendUntilTaken));
  await stopped;
  halfway.write(" and the second\r\n.\r\n");
  expect(await halfway.reply()).toMatch(/^451 4\.3\.0 /u);
  expect(await halfway.say("NOOP")).toMatch(/^250 /u);

  postgres = await startEmbeddedPostgres({ dataDir, port, durability: "none" });
  const heard = await Promise.all(senders);
  // 421: so many refusals in one session that the door hangs up.
  for (const reply of heard.flat()) expect(reply).toMatch(/^(?:451 4\.3\.0|421 4\.7\.0) /u);
  for (;;) {
    expect(await beginData(halfway, "halfway")).toMatch(/^354 /u);
    halfway.write(`${head("halfway")}The first half and the second\r\n.\r\n`);
    const reply = await halfway.reply();
    if (reply.startsWith("250")) break;
    expect(reply).toMatch(/^451 4\.3\.0 /u);
  }
  halfway.end();

  const all = [...names, "halfway"].toSorted();
  const subjects = async (query: string): Promise<readonly string[]> =>
    (await store.query<{ subject: string }>({ text: query })).map(({ subject }) => subject).toSorted();
  await expect
    .poll(async () => await subjects("select subject from mails where state = 'processed'"), {
      timeout: 40_000,
    })
    .toEqual(all);
  expect(await subjects("select subject from mails")).toEqual(all);
  expect(await subjects("select title as subject from tickets")).toEqual(all);
}, 120_000);
