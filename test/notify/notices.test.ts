/** Notices by a real SMTP server and a real webhook receiver. */
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { buildEgressPolicy, buildGuardedDispatcher } from "../../src/callouts/index.ts";
import { buildNoticeSender, composeMail, type Notice, type NoticeOutcome } from "../../src/notify/index.ts";
import { openReceiver, type Receiver } from "../callouts/receiver.ts";

const notice: Notice = {
  id: "nt_1",
  recipient: "noc",
  to: "noc@msp.example",
  subject: "[T20261122.0001] Gerät ausgefallen",
  body: "Look at it.\n.\nAn end? hunter2",
  createdAt: Date.parse("2026-11-22T23:05:00Z"),
  ticket: { number: "T20261122.0001", title: "Gerät ausgefallen" },
  rule: "New ticket",
  callout: undefined,
};

interface Mailbox {
  readonly url: string;
  readonly mails: { readonly from: string; readonly to: string[]; readonly text: string }[];
  close(): Promise<void>;
}

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
});

async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Mailbox["mails"] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString("utf8"),
        });
        done();
      });
    },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailbox = {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
  open.push(mailbox);
  return mailbox;
}

async function receiver(...args: Parameters<typeof openReceiver>): Promise<Receiver> {
  const opened = await openReceiver(...args);
  open.push(opened);
  return opened;
}

async function send(
  one: Notice,
  options: { channel?: "email" | "webhook"; smtpUrl?: string; allow?: readonly string[]; timeoutMs?: number },
): Promise<NoticeOutcome> {
  const dispatcher = buildGuardedDispatcher({ policy: buildEgressPolicy(options.allow ?? ["127.0.0.1"]) });
  const sender = buildNoticeSender({
    smtpUrl: options.smtpUrl,
    mailFrom: "Tocsin <tocsin@msp.example>",
    exchanger: { dispatcher },
    mask: (text) => text.replaceAll("hunter2", "***"),
  });
  try {
    return await sender.send({
      channel: options.channel ?? "email",
      notice: one,
      timeoutMs: options.timeoutMs ?? 2000,
      at: Date.now(),
      signal: new AbortController().signal,
    });
  } finally {
    await dispatcher.destroy();
  }
}

describe("an e-mail notice", () => {
  it("arrives, says that no machine should answer, and shows no secret", async () => {
    const mailbox = await openMailbox();
    expect(await send(notice, { smtpUrl: mailbox.url })).toEqual({ kind: "sent" });
    const [mail] = mailbox.mails;
    expect(mail).toMatchObject({ from: "tocsin@msp.example", to: ["noc@msp.example"] });
    expect(mail!.text).toContain("Auto-Submitted: auto-generated");
    expect(mail!.text).toContain("Date: Sun, 22 Nov 2026 23:05:00 +0000");
    expect(mail!.text).toContain("An end? ***");
    expect(mail!.text).not.toContain("hunter2");
  });

  it("has the same Message-ID on every attempt, another than any other notice", async () => {
    const mailbox = await openMailbox();
    await send(notice, { smtpUrl: mailbox.url });
    await send(notice, { smtpUrl: mailbox.url });
    await send({ ...notice, id: "nt_2" }, { smtpUrl: mailbox.url });
    const [first, second, third] = mailbox.mails.map(({ text }) => /^Message-ID: (.*)$/imu.exec(text)?.[1]);
    expect(first).toMatch(/^<tocsin\.nt_1@msp\.example>/u);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("cannot be broken out of by a title or an address", async () => {
    const mailbox = await openMailbox();
    const subject = "a\r\nBcc: victim@example.com\r\n\r\nbody\u2028x";
    expect(await send({ ...notice, subject }, { smtpUrl: mailbox.url })).toEqual({ kind: "sent" });
    expect(mailbox.mails[0]).toMatchObject({ to: ["noc@msp.example"] });
    expect(mailbox.mails[0]!.text).not.toMatch(/^Bcc:/imu);
    for (const to of [
      "a@b.example, c@d.example",
      "a@b.example\r\nRCPT TO:<x@y.example>",
      "<a@b.example>",
      "a b@c.d",
      "x",
    ]) {
      expect(composeMail({ ...notice, to }, "tocsin@localhost")).toBe("the address is not an e-mail address");
    }
  });

  it("has no transport without TOCSIN_SMTP_URL", async () => {
    expect(await send(notice, {})).toEqual({ kind: "no-transport" });
  });

  it("that the server refuses, or nobody takes, has failed and may be tried again", async () => {
    const refusing = await openMailbox({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error("no such user here"), { responseCode: 550 })),
    });
    expect(await send(notice, { smtpUrl: refusing.url })).toEqual({
      kind: "failed",
      error: "the mail server answered 550",
      retry: true,
    });
    expect(await send(notice, { smtpUrl: "smtp://127.0.0.1:9" })).toMatchObject({
      kind: "failed",
      retry: true,
    });
    const hanging = await openMailbox({ onConnect: () => undefined });
    expect(await send(notice, { smtpUrl: hanging.url, timeoutMs: 300 })).toMatchObject({
      kind: "failed",
      retry: true,
    });
  });
});

describe("a webhook notice", () => {
  it("is posted as tocsin.notification", async () => {
    const sink = await receiver((_, response) => response.end());
    const to = `http://127.0.0.1:${sink.port}/hooks/noc`;
    expect(await send({ ...notice, to }, { channel: "webhook" })).toEqual({ kind: "sent" });
    const [request] = sink.requests;
    expect(request).toMatchObject({ method: "POST", url: "/hooks/noc" });
    expect(request!.headers).toMatchObject({ "content-type": "application/json", "webhook-id": "nt_1" });
    expect(JSON.parse(request!.body)).toEqual({
      type: "tocsin.notification",
      at: "2026-11-22T23:05:00.000Z",
      recipient: "noc",
      subject: notice.subject,
      text: "Look at it.\n.\nAn end? ***",
      ticket: notice.ticket,
      rule: "New ticket",
    });
  });

  it("goes through the egress guard, and fails by what is answered", async () => {
    const sink = await receiver((_, response) => response.writeHead(500).end());
    const to = `http://127.0.0.1:${sink.port}/`;
    expect(await send({ ...notice, to }, { channel: "webhook" })).toEqual({
      kind: "failed",
      error: "HTTP 500",
      retry: true,
    });
    expect(await send({ ...notice, to }, { channel: "webhook", allow: [] })).toMatchObject({
      kind: "failed",
      retry: false,
    });
    expect(sink.requests).toHaveLength(1);
  });
});

describe("a notice that answers a mail", () => {
  const reply = {
    inReplyTo: "a1@customer.example",
    references: ["first@customer.example", "bad id@x\r\nBcc: all@x.example", "a1@customer.example"],
    replyTo: "support@msp.example",
  };

  it("joins the mail's thread, says that a machine answered, and is known again by its id", async () => {
    const mailbox = await openMailbox();
    await send({ ...notice, id: "nt_01m0zs3k2a0000001x7k2p9qab", reply }, { smtpUrl: mailbox.url });
    const { text } = mailbox.mails[0]!;
    expect(text).toMatch(/^In-Reply-To: <a1@customer\.example>$/imu);
    expect(text).toMatch(/^References: <first@customer\.example>\s+<a1@customer\.example>$/imu);
    expect(text).toMatch(/^Reply-To: support@msp\.example$/imu);
    expect(text).toMatch(/^Message-ID: <tocsin\.nt_01m0zs3k2a0000001x7k2p9qab@msp\.example>$/imu);
    expect(text).toContain("Auto-Submitted: auto-replied");
    expect(text).toContain("X-Loop: tocsin");
    expect(text).not.toContain("Bcc");
  });
});
