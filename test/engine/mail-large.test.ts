/** Large mail is read beside the others: they are answered and decided meanwhile, and a message that takes too much is refused alone. */
import { afterEach, describe, expect, inject, test } from "vitest";
import type { MailReceipt } from "../../src/mail/index.ts";
import { insertMails, mailLane, messageKey } from "../../src/store/index.ts";
import { addCustomers, openMailDesk, PASSWORD, rawMail, START, type MailDesk } from "./mail-desk.ts";

const desks: MailDesk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

async function openDesk(options?: Parameters<typeof openMailDesk>[1]): Promise<MailDesk> {
  const desk = await openMailDesk(inject("postgresUrl"), options);
  desks.push(desk);
  await addCustomers(desk);
  return desk;
}

const MEGABYTE = 2 ** 20;

/** Quoted-printable with a token below, which must be decoded, masked, encoded anew and searched again. */
function hostileMail(megabytes: number, from = "monitor@xyz.example"): Buffer {
  const line = "The disk =C3=BC of the server is nearly full, please look at it =\r\n".repeat(8);
  return rawMail({
    from,
    subject: "Large",
    headers: { "Content-Transfer-Encoding": "quoted-printable", "Content-Type": "text/plain; charset=utf-8" },
    text: `${line.repeat(Math.ceil((megabytes * MEGABYTE) / line.length))}\n<Autotask><ID name=3D"a"/><PW name=3D"${PASSWORD.replaceAll("=", "=3D")}"/></Autotask>`,
  });
}

async function receive(
  desk: MailDesk,
  raw: Buffer,
  { from = "monitor@xyz.example", mailbox = "support@msp.example" } = {},
): Promise<MailReceipt> {
  const room = desk.mailroom;
  const envelope = {
    mailbox,
    envelopeFrom: from,
    envelopeTo: [mailbox],
    peer: "127.0.0.1",
    receivedAt: START,
  };
  return await room.receive({ ...envelope, raw });
}

const small = (i: number): Buffer => rawMail({ from: `s${i}@acme.example`, subject: `Small ${i}` });

describe("while a message of many megabytes is read", () => {
  test("mails that came after it are answered before it, and its password is masked", async () => {
    const desk = await openDesk();
    const answered: string[] = [];
    const large = receive(desk, hostileMail(16)).then((receipt) => {
      answered.push("large");
      return receipt;
    });
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await receive(desk, small(i), { from: `s${i}@acme.example` });
        answered.push("small");
      }),
    );
    const receipt = await large;
    expect(receipt).toMatchObject({ kind: "stored", again: false });
    expect(answered).toEqual([...Array.from({ length: 20 }, () => "small"), "large"]);
    const [row] = await desk.rows<{ leaks: boolean; masked: boolean }>(
      `select position($1::bytea in raw) > 0 as leaks, position('***'::bytea in raw) > 0 as masked
        from mail_raw where mail_id = (select id from mails where subject = 'Large')`,
      Buffer.from(PASSWORD.slice(0, 12)),
    );
    expect(row).toEqual({ leaks: false, masked: true });
    await desk.idle();
    expect(await desk.count("mails", "state = 'processed'")).toBe(21);
    expect(desk.failures).toEqual([]);
  });

  test("mails of other senders are decided before it", async () => {
    const desk = await openDesk({ readerLimits: { threadsMax: 1 } });
    await receive(desk, hostileMail(4));
    // The only thread has something else to do first.
    const another = receive(desk, hostileMail(12, "other@xyz.example"), { from: "other@xyz.example" });
    // Of the same sender, so behind it.
    await receive(desk, rawMail({ from: "monitor@xyz.example", subject: "Behind" }));
    await Promise.all(
      Array.from(
        { length: 20 },
        async (_, i) => await receive(desk, small(i), { from: `s${i}@acme.example` }),
      ),
    );
    await another;
    await desk.idle();
    const tickets = await desk.rows<{ title: string }>("select title from tickets order by number");
    expect(tickets.slice(0, 20).every(({ title }) => title.startsWith("Small"))).toBe(true);
    expect(
      tickets
        .slice(20)
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual(["Behind", "Large", "Large"]);
    const ofSender = await desk.rows<{ title: string }>(
      "select t.title from tickets t join mails m on m.ticket_id = t.id where m.envelope_from = 'monitor@xyz.example' order by t.number",
    );
    expect(ofSender.map(({ title }) => title)).toEqual(["Large", "Behind"]);
  });
});

describe("a message that takes longer to read than one may", () => {
  test("is not taken, and those behind it are", async () => {
    const desk = await openDesk({ readerLimits: { asideBytesMin: MEGABYTE, msMax: 1, threadsMax: 1 } });
    const answers = [receive(desk, hostileMail(2)), receive(desk, hostileMail(2)), receive(desk, small(1))];
    expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual([
      "unreadable",
      "unreadable",
      "stored",
    ]);
    expect(await desk.count("mails", "true")).toBe(1);
    expect(desk.failures.map(String)).toEqual(
      Array.from(
        { length: 2 },
        () => "MailUnreadable: the message could not be read: it took longer than 0.001 s",
      ),
    );
  });

  test("is failed with the reason when it is stored already, and can be tried again", async () => {
    const desk = await openDesk({ readerLimits: { asideBytesMin: MEGABYTE, msMax: 1, threadsMax: 1 } });
    const raw = hostileMail(2);
    await desk.store.transaction(async (transaction) => {
      await insertMails(transaction, [
        {
          id: "ml_large",
          mailbox: "support@msp.example",
          messageId: "large",
          messageKey: messageKey("large", raw),
          lane: mailLane("support@msp.example", "monitor@xyz.example"),
          receivedAt: START,
          envelopeFrom: "monitor@xyz.example",
          envelopeTo: ["support@msp.example"],
          peer: "127.0.0.1",
          sender: "monitor@xyz.example",
          subject: "Large",
          tokenAccepted: undefined,
          tokenHash: undefined,
          raw,
        },
      ]);
    });
    await receive(desk, small(1));
    await desk.idle();
    const outcome = await desk.rows("select state, reason from mails where id = 'ml_large'");
    expect(outcome).toEqual([
      { state: "failed", reason: "the message could not be read: it took longer than 0.001 s" },
    ]);
    expect(await desk.mailroom.retry("ml_large", START)).toEqual({ kind: "queued" });
    await desk.idle();
    expect(await desk.rows("select state, reason from mails where id = 'ml_large'")).toEqual(outcome);
  });

  test("is not taken when it takes too much memory, and the process lives", async () => {
    const desk = await openDesk({ readerLimits: { memoryMib: 8, threadsMax: 1 } });
    const lines = Buffer.from(
      `From: a@acme.example\r\nSubject: Lines\r\n\r\n${"> a\n".repeat(2 * MEGABYTE)}`,
    );
    expect(await receive(desk, lines)).toEqual({ kind: "unreadable" });
    expect(desk.failures.map(String)).toEqual([
      "MailUnreadable: the message could not be read: it took too much memory",
    ]);
    expect(await receive(desk, small(1))).toMatchObject({ kind: "stored" });
  });
});

describe("an attachment above 10 MiB", () => {
  test("is told, and nothing is stored", async () => {
    const desk = await openDesk();
    const raw = rawMail({
      headers: { "Content-Type": "application/pdf; name=a.pdf", "Content-Transfer-Encoding": "base64" },
      text: "QUJD".repeat(4 * MEGABYTE),
    });
    expect(await receive(desk, raw)).toEqual({ kind: "attachment-too-large" });
    expect(await desk.count("mails", "true")).toBe(0);
  });
});
