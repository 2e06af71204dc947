/**
 * kill -9 of the whole tree while ten connections send mail; the sender sends again what got no 250. Nothing is lost, nothing is
 * doubled, all is decided in the end. `TOCSIN_CRASH_MAILS=2000` sends more.
 */
import { randomInt } from "node:crypto";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { RunningTocsin } from "./running-tocsin.ts";

const MAILS = Number(process.env["TOCSIN_CRASH_MAILS"] ?? 200);
const KILLS = 2;
const CONNECTIONS = 10;
const AGAIN_MS = 250;
const MAILBOX = "support@msp.example";
const RULES = `mailbox "${MAILBOX}"\n  organization fallback "My Own MSP"\nend\n`;

const subjectOf = (n: number): string => `Mail ${String(n).padStart(5, "0")}`;

/** Sends until nothing is left; what has no 250 goes back to the end of the queue. */
class Sender {
  readonly #port: number;
  readonly #queue: number[];
  acknowledged = 0;
  sentAgain = 0;

  constructor(port: number, mails: number) {
    this.#port = port;
    this.#queue = Array.from({ length: mails }, (_, n) => n);
  }

  async run(): Promise<void> {
    const connection = async (): Promise<void> => {
      for (;;) {
        const left = await this.#session().catch(() => true);
        if (!left) break;
        await sleep(AGAIN_MS);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  }

  /** True: there may be more. */
  async #session(): Promise<boolean> {
    if (this.#queue.length === 0) return false;
    const socket = connect(this.#port, "127.0.0.1");
    const reply = repliesOf(socket);
    try {
      await reply();
      await say(socket, reply, "EHLO sender.example\r\n", "250");
      for (let n = this.#queue.shift(); n !== undefined; n = this.#queue.shift()) {
        try {
          await say(socket, reply, `MAIL FROM:<anna${n % 50}@acme.example>\r\n`, "250");
          await say(socket, reply, `RCPT TO:<${MAILBOX}>\r\n`, "250");
          await say(socket, reply, "DATA\r\n", "354");
          await say(socket, reply, messageOf(n), "250");
          this.acknowledged += 1;
        } catch (error) {
          this.#queue.push(n);
          this.sentAgain += 1;
          throw error;
        }
      }
      return false;
    } finally {
      socket.destroy();
    }
  }
}

function messageOf(n: number): string {
  return [
    `From: Anna <anna${n % 50}@acme.example>`,
    `To: ${MAILBOX}`,
    `Subject: ${subjectOf(n)}`,
    `Message-ID: <crash.${n}@acme.example>`,
    "",
    "The printer does not print.",
    ".",
    "",
  ].join("\r\n");
}

async function say(
  socket: Socket,
  reply: () => Promise<string>,
  text: string,
  wanted: string,
): Promise<void> {
  socket.write(text);
  const answer = await reply();
  if (!answer.startsWith(wanted)) throw new Error(answer);
}

/** Replies in order; rejects once the connection is gone. */
function repliesOf(socket: Socket): () => Promise<string> {
  let text = "";
  let isGone = false;
  let wake: (() => void) | undefined;
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
    wake?.();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isGone = true;
    wake?.();
  });
  return async () => {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/u.exec(text);
      if (match !== null) {
        text = text.slice(match[0].length);
        return match[0];
      }
      if (isGone) throw new Error("the connection is gone");
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

describe("a machine that dies while mail comes in", () => {
  const smtpPort = randomInt(15_000, 32_000);
  let tocsin: RunningTocsin;

  beforeAll(async () => {
    tocsin = await RunningTocsin.prepare(
      { "mail.rules": RULES },
      { TOCSIN_SMTP_PORT: String(smtpPort), TOCSIN_SMTP_RATE: "0" },
    );
    await tocsin.start();
  }, 180_000);

  afterAll(async () => await tocsin?.dispose(), 60_000);

  it(`loses none of ${MAILS} mails, doubles none and decides all over ${KILLS} kills`, async () => {
    const sender = new Sender(smtpPort, MAILS);
    const sending = sender.run();
    for (let kill = 1; kill <= KILLS; kill++) {
      const mark = Math.floor((MAILS * kill) / (KILLS + 1));
      await tocsin.waitFor("enough mail", async () => sender.acknowledged >= mark, 120_000);
      await tocsin.crash();
      await tocsin.start();
    }
    await sending;
    expect(sender.sentAgain).toBeGreaterThan(0);

    await tocsin.waitFor(
      "every mail is decided",
      async () => {
        const { body } = await tocsin.request("GET", "/api/v1/mail?state=received&limit=1");
        return body?.items?.length === 0;
      },
      120_000,
    );
    const subjects = Array.from({ length: MAILS }, (_, n) => subjectOf(n));
    const mails = await all(tocsin, "/api/v1/mail?limit=500");
    expect(mails.filter(({ state }) => state !== "processed")).toEqual([]);
    expect(mails.map(({ subject }) => subject).sort()).toEqual(subjects);
    const tickets = await all(tocsin, "/api/v1/tickets?limit=500");
    expect(tickets.map(({ title }) => title).sort()).toEqual(subjects);
  }, 900_000);
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
