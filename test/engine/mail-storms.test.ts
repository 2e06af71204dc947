import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { addCustomers, openMailDesk, tokenText, type MailDesk } from "./mail-desk.ts";

let desk: MailDesk;
beforeAll(async () => {
  desk = await openMailDesk(inject("postgresUrl"));
  await addCustomers(desk);
});
afterAll(async () => await desk.close());

describe("mails at once", () => {
  test("a hundred with one alert id, from many senders to two servers, are one ticket", async () => {
    const other = await desk.addEngine();
    const text = tokenText('<CustomerID source="XYZ" name="100"/><AlertID source="XYZ" name="8932"/>');
    await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        await desk.send({ from: `m${i % 20}@xyz.example`, text }, i % 2 === 0 ? desk.mailroom : other);
      }),
    );
    await desk.idle();
    expect(await desk.rows("select repeat_count, note_count from tickets")).toEqual([
      { repeat_count: 99, note_count: 99 },
    ]);
    expect(await desk.rows("select object, count(*) as n from mails group by 1 order by 1")).toEqual([
      { object: "ticket", n: 1 },
      { object: "ticket note", n: 99 },
    ]);
    expect(desk.failures).toEqual([]);
  });

  test("of one sender are decided in the order in which they were taken", async () => {
    await desk.rows("delete from mails");
    for (let i = 0; i < 60; i++)
      await desk.send({
        mailbox: "support@msp.example",
        from: "anna@acme.example",
        subject: `Mail ${String(i).padStart(2, "0")}`,
      });
    await desk.idle();
    const tickets = await desk.rows<{ title: string }>(
      "select title from tickets where title like 'Mail %' order by number",
    );
    expect(tickets.map(({ title }) => title)).toEqual(
      Array.from({ length: 60 }, (_, i) => `Mail ${String(i).padStart(2, "0")}`),
    );
  });

  test("with one Message-ID, ten times to two servers, are one mail and one ticket", async () => {
    const other = await desk.addEngine();
    const mail = {
      mailbox: "support@msp.example",
      from: "anna@acme.example",
      subject: "Sent ten times",
      headers: { "Message-ID": "<ten@acme.example>" },
    };
    const ids = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => await desk.send(mail, i % 2 === 0 ? desk.mailroom : other)),
    );
    await desk.idle();
    expect(new Set(ids).size).toBe(1);
    expect(await desk.count("mails", "message_id = 'ten@acme.example'")).toBe(1);
    expect(
      await desk.count("mail_raw", "mail_id in (select id from mails where message_id = 'ten@acme.example')"),
    ).toBe(1);
    expect(await desk.count("tickets", "title = 'Sent ten times'")).toBe(1);
  });

  test("a new contact is made once", async () => {
    const text = tokenText(
      '<Customer name="Globex"/><Email name="new@globex.example"/><Contact name="Nina Neu"/>',
    );
    await Promise.all(
      Array.from({ length: 10 }, async (_, i) => await desk.send({ from: `n${i}@xyz.example`, text })),
    );
    await desk.idle();
    expect(
      await desk.rows("select first_name, last_name from contacts where emails = '{new@globex.example}'"),
    ).toEqual([{ first_name: "Nina", last_name: "Neu" }]);
  });
});

describe("a process that died over a mail", () => {
  test("leaves it to another, which decides it once the lease has run out", async () => {
    const id = await desk.send({
      mailbox: "support@msp.example",
      from: "olga@acme.example",
      subject: "Left behind",
    });
    await desk.idle();
    await desk.rows("delete from tickets where title = 'Left behind'");
    // As the dead process left it: claimed, begun once, undecided.
    await desk.rows(
      "update mails set state = 'received', decided_at = null, object = null, ticket_id = null, attempts = 1, next_at = received_at + interval '15 seconds' where id = $1",
      id,
    );
    const early = await desk.addEngine();
    await early.idle();
    expect(await desk.count("mails", "state = 'received'")).toBe(1);
    desk.advance(16_000);
    await desk.addEngine();
    await desk.idle();
    expect(await desk.count("tickets", "title = 'Left behind'")).toBe(1);
  });
});

describe("a mail that fails by a mistake of ours", () => {
  test("is given up after its tries with the reason, holds up its own sender only, and is decided again on demand", async () => {
    // The table refuses one title: what a bug of ours would look like.
    await desk.rows("alter table tickets add constraint poison check (title <> 'Poison')");
    const poison = await desk.send({
      mailbox: "support@msp.example",
      from: "anna@acme.example",
      subject: "Poison",
    });
    const behind = await desk.send({
      mailbox: "support@msp.example",
      from: "anna@acme.example",
      subject: "Behind",
    });
    const beside = await desk.send({
      mailbox: "support@msp.example",
      from: "gus@globex.example",
      subject: "Beside",
    });
    await desk.mailroom.idle();
    const state = async (id: string) =>
      (await desk.rows("select state, reason from mails where id = $1", id))[0];
    expect(await state(beside)).toMatchObject({ state: "processed" });
    expect(await state(behind)).toMatchObject({ state: "received" });
    for (let i = 0; i < 3; i++) {
      desk.advance(20_000);
      await desk.send({ mailbox: "support@msp.example", from: "gus@globex.example", subject: `Wake ${i}` });
      await desk.mailroom.idle();
    }
    expect(await state(poison)).toEqual({
      state: "failed",
      reason: "a mistake of ours: it is in the server's log",
    });
    expect(await state(behind)).toMatchObject({ state: "processed" });
    await desk.rows("alter table tickets drop constraint poison");
    expect(await desk.mailroom.retry(poison, Date.now())).toEqual({ kind: "queued" });
    desk.advance(1e12);
    await desk.idle();
    expect(await state(poison)).toMatchObject({ state: "processed" });
    expect(await desk.mailroom.retry(poison, Date.now())).toEqual({
      kind: "wrong-state",
      state: "processed",
    });
  });
});
