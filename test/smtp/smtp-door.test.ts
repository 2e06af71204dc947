/** The SMTP door over real sockets: who may send what, and what each step is answered. */
import { createTransport } from "nodemailer";
import { afterEach, describe, expect, it } from "vitest";
import { MAIL_BYTES_MAX } from "../../src/domain/index.ts";
import { Client, doors, MESSAGE, openDoor } from "./door.ts";

afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

describe("a message for a mailbox", () => {
  it("is stored with its envelope and its very bytes before 250 is said", async () => {
    const { port, received } = await openDoor({ clock: () => 1_000_000 });
    const client = await Client.open(port);
    expect(await client.beginData("Alerts+probe@MSP.example")).toBe("354 End data with <CR><LF>.<CR><LF>");
    client.write(`${MESSAGE}..stuffed\r\n.\r\n`);
    expect(await client.reply()).toBe("250 2.6.0 Stored");
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      mailbox: "alerts@msp.example",
      envelopeFrom: "anna@acme.example",
      envelopeTo: ["Alerts+probe@MSP.example"],
      peer: "127.0.0.1",
      receivedAt: 1_000_000,
    });
    expect(Buffer.from(received[0]!.raw).toString("latin1")).toBe(`${MESSAGE}.stuffed\r\n`);
  });

  it("is not answered before the receiver has stored it", async () => {
    let store: () => void = () => undefined;
    const { port } = await openDoor({
      receive: () =>
        new Promise((resolve) => {
          store = () => resolve({ kind: "stored", id: "1", again: false });
        }),
    });
    const client = await Client.open(port);
    await client.beginData();
    client.write(`${MESSAGE}.\r\n`);
    let answered = false;
    const answer = client.reply().then((text) => {
      answered = true;
      return text;
    });
    const other = await Client.open(port);
    await other.say("EHLO other.example");
    expect(answered).toBe(false);
    store();
    expect(await answer).toContain("250");
  });

  it("from nobody keeps the empty sender of a bounce", async () => {
    const { port, received } = await openDoor();
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    expect(await client.say("MAIL FROM:<>")).toContain("250");
    await client.say("RCPT TO:<alerts@msp.example>");
    await client.say("DATA");
    client.write(`${MESSAGE}.\r\n`);
    await client.reply();
    expect(received[0]!.envelopeFrom).toBe("");
  });

  it("goes to each of several mailboxes once, however many of their addresses are named", async () => {
    const { port, received } = await openDoor();
    const transport = createTransport({ host: "127.0.0.1", port, ignoreTLS: true });
    const info = await transport.sendMail({
      envelope: {
        from: "anna@acme.example",
        to: ["alerts@msp.example", "alerts+a@msp.example", "support@msp.example"],
      },
      raw: MESSAGE,
    });
    expect(info.rejected).toEqual([]);
    expect(received.map((mail) => [mail.mailbox, mail.envelopeTo])).toEqual([
      ["alerts@msp.example", ["alerts@msp.example", "alerts+a@msp.example"]],
      ["support@msp.example", ["support@msp.example"]],
    ]);
  });

  it("may be followed by others in one session, also pipelined", async () => {
    const { port, received } = await openDoor();
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    for (let n = 0; n < 3; n++) {
      client.write("MAIL FROM:<a@acme.example>\r\nRCPT TO:<alerts@msp.example>\r\nDATA\r\n");
      for (let reply = 0; reply < 3; reply++) await client.reply();
      client.write(`Subject: ${n}\r\n\r\n${n}\r\n.\r\n`);
      expect(await client.reply()).toContain("250");
    }
    expect(received.map((mail) => Buffer.from(mail.raw).toString("latin1").slice(9, 10))).toEqual([
      "0",
      "1",
      "2",
    ]);
  });
});

describe("a message that cannot be stored now", () => {
  it("is answered 451, so that the sender keeps it", async () => {
    const { port } = await openDoor({ receive: () => Promise.resolve({ kind: "unavailable" }) });
    const client = await Client.open(port);
    await client.beginData();
    client.write(`${MESSAGE}.\r\n`);
    expect(await client.reply()).toMatch(/^451 4\.3\.0 /u);
  });

  it("is answered 451 when the receiver fails, and the log tells no text", async () => {
    const { port, logged } = await openDoor({ receive: () => Promise.reject(new Error("broken")) });
    const client = await Client.open(port);
    await client.beginData();
    client.write(`${MESSAGE}.\r\n`);
    expect(await client.reply()).toMatch(/^451 4\.3\.0 /u);
    expect(logged.join("\n")).not.toMatch(/Printer|on fire|anna/u);
  });

  it("is answered 451 as a whole when only one of its mailboxes is unavailable", async () => {
    const { port } = await openDoor({
      receive: (mail) =>
        Promise.resolve(
          mail.mailbox === "support@msp.example"
            ? { kind: "unavailable" }
            : { kind: "stored", id: "1", again: false },
        ),
    });
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    await client.say("MAIL FROM:<a@acme.example>");
    await client.say("RCPT TO:<alerts@msp.example>");
    await client.say("RCPT TO:<support@msp.example>");
    await client.say("DATA");
    client.write(`${MESSAGE}.\r\n`);
    expect(await client.reply()).toMatch(/^451 4\.3\.0 /u);
  });

  it("is 550 when its mailbox has gone while the data came", async () => {
    const { port } = await openDoor({ receive: () => Promise.resolve({ kind: "no-mailbox" }) });
    const client = await Client.open(port);
    await client.beginData();
    client.write(`${MESSAGE}.\r\n`);
    expect(await client.reply()).toMatch(/^550 5\.1\.1 /u);
  });
});

describe("nobody else's mail is taken", () => {
  it.each([
    ["an address that is no mailbox", "RCPT TO:<nobody@msp.example>", /^550 5\.1\.1 /u],
    ["an inactive mailbox", "RCPT TO:<old@msp.example>", /^550 5\.2\.1 /u],
    ["a foreign address", "RCPT TO:<victim@elsewhere.example>", /^550 5\.1\.1 /u],
    ["a percent route", "RCPT TO:<victim%elsewhere.example@msp.example>", /^550 5\.1\.1 /u],
    ["a source route", "RCPT TO:<@msp.example:victim@elsewhere.example>", /^55|^501/u],
    ["a quoted foreign address", 'RCPT TO:<"victim@elsewhere.example"@msp.example>', /^55|^501/u],
    ["a bang path", "RCPT TO:<elsewhere!victim@msp.example>", /^550 5\.1\.1 /u],
    ["no domain", "RCPT TO:<postmaster>", /^55|^501/u],
  ])("%s is refused at RCPT", async (_, command, reply) => {
    const { port, received } = await openDoor();
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    await client.say("MAIL FROM:<a@acme.example>");
    expect(await client.say(command)).toMatch(reply);
    expect(await client.say("DATA")).toMatch(/^503 /u);
    expect(received).toEqual([]);
  });

  it("offers no AUTH, no STARTTLS without a certificate, and announces SIZE", async () => {
    const { port } = await openDoor();
    const client = await Client.open(port);
    const reply = await client.say("EHLO client.example");
    expect(reply).toContain(`SIZE ${MAIL_BYTES_MAX}`);
    expect(reply).not.toMatch(/AUTH|STARTTLS|CHUNKING/u);
    expect(await client.say("AUTH PLAIN AGEAYg==")).toMatch(/^500 /u);
    expect(await client.say("STARTTLS")).toMatch(/^500 /u);
    expect(await client.say("XCLIENT ADDR=10.0.0.1")).toMatch(/^500 /u);
  });

  it("puts no line of its own into a reply that a client chose the words of", async () => {
    const { port } = await openDoor();
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    await client.say("MAIL FROM:<a@acme.example>");
    expect(await client.say("RCPT TO:<x\r250 ok@msp.example>")).not.toMatch(/\r|\n/u);
  });
});

describe("sizes", () => {
  it("refuses at MAIL what says that it is too large", async () => {
    const { port } = await openDoor();
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    expect(await client.say(`MAIL FROM:<a@acme.example> SIZE=${MAIL_BYTES_MAX + 1}`)).toMatch(
      /^552 5\.3\.4 /u,
    );
    expect(await client.say(`MAIL FROM:<a@acme.example> SIZE=${MAIL_BYTES_MAX}`)).toMatch(/^250 /u);
  });

  it("refuses after DATA what is too large without saying so, and goes on", async () => {
    const { port, received } = await openDoor();
    const client = await Client.open(port);
    await client.beginData();
    client.write("Subject: large\r\n\r\n");
    const line = Buffer.from(`${"x".repeat(998)}\r\n`.repeat(1049));
    for (let at = 0; at < 31; at++) client.write(line);
    client.write(".\r\n");
    expect(await client.reply()).toMatch(/^552 5\.3\.4 /u);
    expect(await client.say("NOOP")).toMatch(/^250 /u);
    expect(received).toEqual([]);
  });

  it("hangs up on what does not end", async () => {
    const { port } = await openDoor({ limits: { drainedBytesMax: 32 * 1024 * 1024 } });
    const client = await Client.open(port);
    await client.beginData();
    const line = Buffer.from(`${"x".repeat(998)}\r\n`.repeat(1049));
    for (let at = 0; at < 33; at++) client.write(line);
    expect(await client.reply()).toMatch(/^552 5\.3\.4 /u);
    client.end();
  });

  it("refuses after DATA an attachment above 10 MiB in a mail below 30 (IEP-19), and takes one of 10 MiB", async () => {
    const { port, received } = await openDoor();
    const send = async (bytes: number): Promise<string> => {
      const client = await Client.open(port);
      await client.beginData();
      client.write(
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee.\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n',
      );
      client.write(Buffer.alloc(bytes).toString("base64").replace(/.{76}/gu, "$&\r\n"));
      client.write("\r\n--b--\r\n.\r\n");
      return await client.reply();
    };
    expect(await send(10 * 1024 * 1024 + 1)).toMatch(/^552 5\.3\.4 /u);
    expect(await send(10 * 1024 * 1024)).toMatch(/^250 /u);
    expect(received).toHaveLength(1);
  });

  it("asks to come again when too much is under way in the whole process", async () => {
    const { port } = await openDoor({ limits: { bytesUnderWayMax: 1000 } });
    const client = await Client.open(port);
    await client.beginData();
    client.write(`${MESSAGE}${"x".repeat(900)}\r\n${"x".repeat(900)}\r\n.\r\n`);
    expect(await client.reply()).toMatch(/^452 4\.3\.1 /u);
    await client.say("MAIL FROM:<a@acme.example>");
    await client.say("RCPT TO:<alerts@msp.example>");
    await client.say("DATA");
    client.write(`${MESSAGE}.\r\n`);
    expect(await client.reply()).toMatch(/^250 /u);
  });

  it("hangs up on a command line without an end", async () => {
    const { port } = await openDoor();
    const client = await Client.open(port);
    client.write(`EHLO ${"x".repeat(5000)}`);
    expect(await client.reply()).toMatch(/^421 /u);
    expect(await client.closed()).toBe(true);
  });
});

describe("limits", () => {
  it("answers 421 above TOCSIN_SMTP_CONNECTIONS, and takes a connection again when one has gone", async () => {
    const { port, door } = await openDoor({ settings: { connections: 2 } });
    const first = await Client.open(port);
    await Client.open(port);
    expect(await Client.raw(port).reply()).toMatch(/^421 /u);
    first.end();
    await expect.poll(() => door.counters().connections).toBe(1);
    expect(await Client.raw(port).reply()).toMatch(/^220 /u);
  });

  it("answers 450 above TOCSIN_SMTP_RATE until the minute is over", async () => {
    let now = 0;
    const { port } = await openDoor({ settings: { ratePerMinute: 2 }, clock: () => now });
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    const begin = async (): Promise<string> => {
      const reply = await client.say("MAIL FROM:<a@acme.example>");
      await client.say("RSET");
      return reply;
    };
    expect(await begin()).toMatch(/^250 /u);
    expect(await begin()).toMatch(/^250 /u);
    expect(await begin()).toMatch(/^450 4\.7\.1 /u);
    now = 60_000;
    expect(await begin()).toMatch(/^250 /u);
  });

  it("takes at most a hundred recipients of one message", async () => {
    const { port } = await openDoor();
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    await client.say("MAIL FROM:<a@acme.example>");
    for (let n = 0; n < 100; n++) {
      expect(await client.say(`RCPT TO:<alerts+${n}@msp.example>`)).toMatch(/^250 /u);
    }
    expect(await client.say("RCPT TO:<alerts+100@msp.example>")).toMatch(/^452 4\.5\.3 /u);
  });

  it("hangs up on a client that only says NOOP", async () => {
    const { port } = await openDoor({ limits: { repliesPerMessageMax: 20 } });
    const client = await Client.open(port);
    client.write("NOOP\r\n".repeat(10_000));
    let last = "";
    for (let reply = await client.reply(); reply !== ""; reply = await client.reply()) last = reply;
    expect(last).toMatch(/^421 4\.7\.0 /u);
  });

  it("hangs up on a client that guesses addresses", async () => {
    const { port } = await openDoor({ limits: { errorsPerMessageMax: 5 } });
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    await client.say("MAIL FROM:<a@acme.example>");
    for (let n = 0; n < 5; n++) expect(await client.say(`RCPT TO:<guess${n}@msp.example>`)).toMatch(/^550 /u);
    expect(await client.say("RCPT TO:<guess5@msp.example>")).toMatch(/^421 /u);
    expect(await client.closed()).toBe(true);
  });

  it("does not count against a client that sends message after message", async () => {
    const { port, received } = await openDoor({ limits: { repliesPerMessageMax: 8 } });
    const transport = createTransport({
      host: "127.0.0.1",
      port,
      pool: true,
      maxConnections: 1,
      ignoreTLS: true,
    });
    for (let n = 0; n < 10; n++)
      await transport.sendMail({
        envelope: { from: "a@acme.example", to: "alerts@msp.example" },
        raw: MESSAGE,
      });
    transport.close();
    expect(received).toHaveLength(10);
  });

  it("hangs up on who is idle", async () => {
    const { port } = await openDoor({ limits: { idleMs: 300 } });
    const client = await Client.open(port);
    expect(await client.reply()).toMatch(/^421 /u);
  });

  it("hangs up on who sends a byte now and then and never a message", async () => {
    let now = 0;
    const { port } = await openDoor({ limits: { messageMsMax: 60_000 }, clock: () => now });
    const client = await Client.open(port);
    await client.beginData();
    const drip = setInterval(() => client.write("x"), 20);
    now = 60_001;
    expect(await client.reply()).toMatch(/^421 4\.4\.2 /u);
    clearInterval(drip);
  });

  it("asks a session of an hour to begin anew", async () => {
    let now = 0;
    const { port } = await openDoor({
      limits: { messageMsMax: 1e9, sessionMsMax: 3_600_000 },
      clock: () => now,
    });
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    now = 3_600_001;
    expect(await client.say("MAIL FROM:<a@acme.example>")).toMatch(/^421 4\.7\.0 /u);
  });

  it("speaks to nobody who talks before the greeting", async () => {
    const { port, received } = await openDoor();
    const client = Client.raw(port);
    client.write("EHLO client.example\r\nMAIL FROM:<a@acme.example>\r\n");
    expect(await client.reply()).toMatch(/^421 /u);
    expect(received).toEqual([]);
  });
});

describe("closing", () => {
  it("finishes the message that is being received, and hangs up on idle clients", async () => {
    const { port, door, received } = await openDoor({ limits: { closeMsMax: 3000 } });
    const idle = await Client.open(port);
    await idle.say("EHLO client.example");
    const busy = await Client.open(port);
    await busy.beginData();
    busy.write("Subject: half");
    const closing = door.close();
    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /u);
    idle.end();
    busy.write("way\r\n\r\n.\r\n");
    expect(await busy.reply()).toMatch(/^250 /u);
    expect(await busy.reply()).toMatch(/^421 /u);
    busy.end();
    await closing;
    doors.splice(0);
    expect(received).toHaveLength(1);
  });

  it("forgets a message whose sender went away in the middle", async () => {
    const { port, door, received } = await openDoor();
    const client = await Client.open(port);
    await client.beginData();
    client.write(MESSAGE);
    client.end();
    await expect.poll(() => door.counters().connections).toBe(0);
    expect(received).toEqual([]);
  });
});
