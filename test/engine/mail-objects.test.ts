import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import {
  MAIL_RULES,
  PASSWORD,
  addCustomers,
  openMailDesk,
  tokenText,
  type MailDesk,
  type SentMail,
} from "./mail-desk.ts";

const RULES = `
values ticket.type = "Hardware", "Software"
partner "XYZ"
category "Mail"
  queue = "Support"
  priority = "Low"
end
mailbox "alerts@msp.example"
  token password secret "ates_password"
  ticket
    category = "Mail"
    priority = "High"
    due in 2 hours
  end
end
mailbox "support@msp.example"
  duplicates by ticket number
    complete -> reopen as "In Progress"
  end
  note
    visibility = "public"
  end
  task time entry
    role = "Level I"
  end
  tag from title, description
end
mailbox "trusting@msp.example"
  trust sender
  organization fallback "Globex"
  duplicates by ticket number
    complete -> reopen as "In Progress"
  end
  note
    visibility = "public"
  end
end
mailbox "dropping@msp.example"
  duplicates by ticket number
    open -> drop
  end
end
`;

let desk: MailDesk;
beforeAll(async () => {
  desk = await openMailDesk(inject("postgresUrl"), { rules: RULES });
  await addCustomers(desk);
  await desk.rows("update organizations set tags = '{printer,\"Active Directory\"}' where id = 'og_globex'");
});
// IEP-21 counts mails of five minutes.
beforeEach(() => desk.advance(600_000));
afterAll(async () => await desk.close());

interface Row {
  readonly state: string;
  readonly reason: string | null;
  readonly object: string | null;
  readonly number: string | null;
  readonly title: string;
  readonly description: string;
  readonly organization: string;
  readonly contact: string | null;
  readonly device: string | null;
  readonly status: string;
  readonly priority: string;
  readonly type: string | null;
  readonly udf: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly ticket_id: string;
  readonly explanation: { readonly messages: readonly string[] };
  readonly created_by: { readonly kind: string; readonly name: string };
}

const take = async (mail: SentMail): Promise<Row> => {
  const id = await desk.send(mail);
  await desk.idle();
  const [row] = await desk.rows<Row>(
    `select m.state, m.reason, m.object, m.explanation, t.id as ticket_id, t.number, t.title, t.description, o.name as organization,
      c.name as contact, d.name as device, t.status, t.priority, t.type, t.udf, t.tags, t.created_by from mails m left join tickets t on t.id = m.ticket_id
      left join organizations o on o.id = t.organization_id left join contacts c on c.id = t.contact_id
      left join devices d on d.id = t.device_id where m.id = $1`,
    id,
  );
  if (row === undefined) throw new Error("the mail is not there");
  return row;
};

const takeToken = async (elements: string, mail: SentMail = {}): Promise<Row> =>
  await take({ text: tokenText(elements), ...mail });

const notesOf = async (ticketId: string) =>
  await desk.rows<{ text: string; visibility: string; actor: { kind: string; name: string } }>(
    "select text, visibility, actor from ticket_notes where ticket_id = $1 order by id",
    ticketId,
  );

describe("a token", () => {
  const source = 'source="XYZ"';

  test.each([
    [
      "the organization of its customer id",
      `<CustomerID ${source} name="100"/>`,
      { organization: "Acme", contact: null },
      [],
    ],
    ["the organization of that name", '<Customer name="globex"/>', { organization: "Globex" }, []],
    [
      "the own organization when no organization has the name",
      '<Customer name="Initech"/>',
      { organization: "My Own MSP" },
      ['Look-up failure: there is no organization with the name "Initech".'],
    ],
    [
      "the organization and contact of its address",
      '<Email name="anna@acme.example"/>',
      { organization: "Acme", contact: "Anna Arendt" },
      [],
    ],
    [
      "the own organization when its address means two",
      '<Email name="shared@office.example"/>',
      { organization: "My Own MSP", contact: null },
      ["belongs to contacts of several organizations: Acme, Globex"],
    ],
    [
      "no contact when the organization has none of the address",
      '<Customer name="Acme"/><Email name="nobody@acme.example"/>',
      { organization: "Acme", contact: null },
      ["The address nobody@acme.example has no match among the contacts of Acme."],
    ],
    [
      "a new contact when it names one",
      '<Customer name="Acme"/><Email name="fresh@acme.example"/><Contact name="Frieda Frisch"/>',
      { organization: "Acme", contact: "Frieda Frisch" },
      ["was created"],
    ],
    [
      "the device of its organization",
      `<CustomerID ${source} name="100"/><DeviceID ${source} name="123"/>`,
      { device: "FS-1" },
      [],
    ],
    [
      "no device of another organization",
      `<CustomerID ${source} name="200"/><DeviceID ${source} name="123"/>`,
      { organization: "Globex", device: null },
      ["belongs to another organization"],
    ],
    [
      "no device when none has the id",
      `<CustomerID ${source} name="100"/><DeviceID ${source} name="9"/>`,
      { device: null },
      ['No device has 9 as "XYZ Device ID"'],
    ],
    [
      "the own organization when it names none",
      `<AlertID ${source} name="77"/>`,
      { organization: "My Own MSP", udf: { "XYZ Alert ID": "77" } },
      ["names no customer"],
    ],
    [
      "its fields only of declared partners",
      '<CustomerID source="XYZ" name="100"/><AlertID source="Other" name="5"/>',
      { udf: {} },
      ['AlertID 5 of "Other" was not kept'],
    ],
    [
      "its sub-issue as type",
      `<CustomerID ${source} name="100"/><SubIssue name="hardware"/>`,
      { type: "Hardware" },
      [],
    ],
  ] as const)("gives the ticket %s", async (_what, elements, expected, messages) => {
    const row = await takeToken(elements);
    expect(row).toMatchObject({
      state: "processed",
      object: "ticket",
      ...expected,
      created_by: { kind: "system", name: "Tocsin" },
    });
    for (const message of messages) expect(row.description).toContain(message);
    if (messages.length === 0) expect(row.description).toBe("Disk is full");
    expect(row.description).not.toContain(PASSWORD);
  });

  test("takes defaults in order: token, mailbox, category", async () => {
    expect(await takeToken(`<CustomerID ${source} name="100"/>`)).toMatchObject({
      priority: "High",
      status: "New",
    });
    const [row] = await desk.rows<{ queue: string; due: number }>(
      "select queue, extract(epoch from due_at - created_at)::int as due from tickets order by id desc limit 1",
    );
    expect(row).toEqual({ queue: "Support", due: 7200 });
  });

  test("without a subject makes a title with the time", async () => {
    expect((await takeToken(`<CustomerID ${source} name="100"/>`, { subject: "" })).title).toMatch(
      /^New Ticket - 2026-11-22 \d\d:\d\d UTC$/,
    );
  });

  test("finds its ticket by ticket id where it has no alert id, and by number", async () => {
    const first = await takeToken(`<CustomerID ${source} name="100"/><TicketID ${source} name="T1"/>`);
    expect(
      await takeToken(`<CustomerID ${source} name="100"/><TicketID ${source} name="T1"/>`),
    ).toMatchObject({ object: "ticket note", number: first.number });
    expect(
      await takeToken(`<CustomerID ${source} name="100"/><TicketNumber>${first.number}</TicketNumber>`),
    ).toMatchObject({ object: "ticket note", number: first.number });
    // DUP-2: another organization's ticket is never one.
    const other = await takeToken(`<CustomerID ${source} name="200"/><TicketID ${source} name="T1"/>`);
    expect(other).toMatchObject({ object: "ticket", organization: "Globex" });
    const named = await takeToken(
      `<CustomerID ${source} name="200"/><TicketNumber>${first.number}</TicketNumber>`,
    );
    expect(named).toMatchObject({ object: "ticket", organization: "Globex" });
    expect(named.explanation.messages.join()).toContain("which belongs to another organization");
  });

  test("in a mail that a machine marked is an alert; one that bounces or answers is not", async () => {
    const elements = `<CustomerID ${source} name="100"/>`;
    expect(
      await takeToken(elements, { headers: { "Auto-Submitted": "auto-generated", Precedence: "bulk" } }),
    ).toMatchObject({ state: "processed" });
    expect(await takeToken(elements, { headers: { "Auto-Submitted": "auto-replied" } })).toMatchObject({
      state: "ignored",
    });
  });
});

describe("a person's mail", () => {
  const support = (from: string, subject: string, more: SentMail = {}): SentMail => ({
    mailbox: "support@msp.example",
    from,
    subject,
    ...more,
  });

  test.each([
    [
      "a resource",
      "rita@msp.example",
      { organization: "My Own MSP", created_by: { kind: "staff", name: "Rita" } },
    ],
    [
      "a contact",
      "ANNA@acme.example",
      { organization: "Acme", contact: "Anna Arendt", created_by: { kind: "contact", name: "Anna Arendt" } },
    ],
    [
      "a device's address",
      "fs-1@acme.example",
      { organization: "Acme", device: "FS-1", created_by: { kind: "integration", name: "FS-1" } },
    ],
    [
      "a domain",
      "someone@globex.example",
      {
        organization: "Globex",
        contact: null,
        created_by: { kind: "contact", name: "someone@globex.example" },
      },
    ],
    ["an address of two customers", "shared@office.example", { organization: "My Own MSP", contact: null }],
  ])("is attributed by %s", async (how, from, expected) => {
    expect(await take(support(from, `From ${how}`))).toMatchObject({
      state: "processed",
      object: "ticket",
      ...expected,
    });
  });

  test("of nobody fails, or falls to the mailbox's organization", async () => {
    expect(await take(support("x@gmail.com", "?"))).toMatchObject({ state: "failed" });
    expect(await take({ ...support("x@gmail.com", "?"), mailbox: "trusting@msp.example" })).toMatchObject({
      organization: "Globex",
    });
  });

  test("of an inactive contact fails with the reason", async () => {
    await desk.rows("update contacts set active = false where id = 'ct_olga'");
    expect(await take(support("olga@acme.example", "Hello"))).toMatchObject({
      state: "failed",
      reason: "the contact Olga Ott is inactive",
    });
    await desk.rows("update contacts set active = true where id = 'ct_olga'");
  });

  test("that is private, or written by a machine, is ignored", async () => {
    expect(
      await take(support("anna@acme.example", "P", { headers: { Sensitivity: "Private" } })),
    ).toMatchObject({ state: "ignored", reason: "private" });
    expect(
      await take(support("anna@acme.example", "Away", { headers: { "Auto-Submitted": "auto-replied" } })),
    ).toMatchObject({ state: "ignored", reason: "auto-reply: Auto-Submitted: auto-replied" });
  });

  test("gets the tags that exist and that it names", async () => {
    expect(
      (
        await take(
          support("gus@globex.example", "The PRINTER is away", {
            text: "and active directory too, printers not",
          }),
        )
      ).tags,
    ).toEqual(["Active Directory", "printer"]);
  });

  test("with a number is a note where its sender may, and says who is unverified", async () => {
    const { number, ticket_id: id } = await take(support("anna@acme.example", "Monitor"));
    expect(
      await take(support("anna@acme.example", `Re: ${number}`, { text: "More\n\n> quoted" })),
    ).toMatchObject({ object: "ticket note", number });
    expect(await take(support("stranger@gmail.com", `Re: [${number}]`, { text: "Me too" }))).toMatchObject({
      object: "ticket note",
      number,
    });
    expect(await take(support("gus@globex.example", `Re: ${number}`))).toMatchObject({
      object: "ticket",
      organization: "Globex",
    });
    const notes = await notesOf(id);
    expect(notes).toMatchObject([
      { visibility: "internal", actor: { kind: "contact", name: "Anna Arendt" }, text: "More" },
      { visibility: "internal", actor: { kind: "contact", name: "stranger@gmail.com" } },
    ]);
    expect(notes[1]!.text).toContain("Unverified: from stranger@gmail.com");
  });

  test("that answers another by its references is a note too", async () => {
    const first = await take(
      support("anna@acme.example", "Mouse", { headers: { "Message-ID": "<mouse@acme.example>" } }),
    );
    const answer = await take(
      support("anna@acme.example", "Re: Mouse", { headers: { "In-Reply-To": "<mouse@acme.example>" } }),
    );
    expect(answer).toMatchObject({ object: "ticket note", number: first.number });
  });

  test("reopens and shows publicly only where somebody vouches for its sender", async () => {
    const passed = { "Authentication-Results": "mx.msp.example; dmarc=pass header.from=acme.example" };
    const { number, ticket_id: id } = await take(support("anna@acme.example", "Keyboard"));
    await desk.rows("update tickets set status = 'Complete', completed_at = created_at where id = $1", id);
    const refused = await take(support("anna@acme.example", `Re: ${number}`));
    expect(refused).toMatchObject({ object: "ticket note", status: "Complete" });
    expect((await notesOf(id)).map(({ visibility }) => visibility)).toEqual(["internal", "internal"]);
    expect(await take(support("anna@acme.example", `Re: ${number}!`, { headers: passed }))).toMatchObject({
      status: "In Progress",
    });
    expect((await notesOf(id)).at(-1)).toMatchObject({ visibility: "public" });
    await desk.rows("update tickets set status = 'Complete', completed_at = created_at where id = $1", id);
    expect(
      await take({ ...support("anna@acme.example", `Re: ${number}?`), mailbox: "trusting@msp.example" }),
    ).toMatchObject({ status: "In Progress" });
  });

  test("is dropped and counted where the mailbox says so", async () => {
    const { number, ticket_id: id } = await take(support("anna@acme.example", "Cable"));
    const dropped = await take({
      ...support("anna@acme.example", `Re: ${number}`),
      mailbox: "dropping@msp.example",
    });
    expect(dropped).toMatchObject({ state: "ignored", reason: `duplicate of ${number}` });
    expect(await desk.rows("select repeat_count, note_count from tickets where id = $1", id)).toEqual([
      { repeat_count: 1, note_count: 0 },
    ]);
  });

  test("books time of a resource, with a status where it is vouched for", async () => {
    const { number, ticket_id: id } = await take(support("anna@acme.example", "Toner"));
    const line = "#T=1,5 #R=level i #S=In Progress\nReplaced it.";
    expect(await take(support("rita@msp.example", number!, { text: line }))).toMatchObject({
      object: "ticket time entry",
      status: "New",
    });
    expect((await notesOf(id)).at(-1)!.text).toBe(
      "The status was not changed to In Progress: the sender of the mail is not authenticated.",
    );
    expect(
      await take({
        ...support("rita@msp.example", number!, { text: line }),
        mailbox: "trusting@msp.example",
      }),
    ).toMatchObject({ object: "ticket time entry", status: "In Progress" });
    expect(await take(support("anna@acme.example", `${number} mine`, { text: line }))).toMatchObject({
      object: "ticket note",
    });
    expect(
      await take(support("rita@msp.example", `${number} other`, { text: "#T=1 #R=Boss\nx" })),
    ).toMatchObject({ object: "ticket note" });
    expect(
      await take(support("rita@msp.example", `${number} text`, { text: "#S=Waiting\nx" })),
    ).toMatchObject({ object: "ticket note" });
    expect(
      await desk.rows("select hours, role, text from ticket_time_entries where ticket_id = $1", id),
    ).toEqual([
      { hours: 1.5, role: "Level I", text: "Replaced it." },
      { hours: 1.5, role: "Level I", text: "Replaced it." },
    ]);
  });

  test("about a project or a task is a note or time there", async () => {
    const by = '{"kind":"staff","name":"x"}';
    await desk.rows(
      `insert into projects (id, number, name, status, organization_id, created_at, created_by) values ('pj_1', 'P20261122.0001', 'Move', 'New', 'og_acme', now(), '${by}')`,
    );
    await desk.rows(
      `insert into tasks (id, project_id, number, title, status, created_at, created_by) values ('ts_1', 'pj_1', 'P20261122.0001.0001', 'Rack', 'New', now(), '${by}')`,
    );
    expect(await take(support("anna@acme.example", "About P20261122.0001"))).toMatchObject({
      object: "project note",
    });
    expect(await take(support("anna@acme.example", "About P20261122.0001.0001"))).toMatchObject({
      object: "task note",
    });
    expect(
      await take({
        ...support("rita@msp.example", "P20261122.0001.0001", { text: "#T=2 #S=Complete" }),
        mailbox: "trusting@msp.example",
      }),
    ).toMatchObject({ object: "task time entry" });
    expect(await take(support("gus@globex.example", "About P20261122.0001"))).toMatchObject({
      object: "ticket",
    });
    expect(
      await desk.rows("select project_id, task_id, visibility from work_notes order by id"),
    ).toMatchObject([{ project_id: "pj_1" }, { task_id: "ts_1" }]);
    expect(await desk.rows("select hours, role from work_time_entries")).toEqual([
      { hours: 2, role: "Support" },
    ]);
    expect(await desk.rows("select status from tasks")).toEqual([{ status: "Complete" }]);
  });
});

describe("the basic edition", () => {
  test("makes tickets only, but for a number that its duplicates catch", async () => {
    const basic = await openMailDesk(inject("postgresUrl"), {
      edition: "basic",
      rules: MAIL_RULES.replace(
        'mailbox "support@msp.example"',
        'mailbox "support@msp.example"\n  duplicates by alert id\n  end',
      ),
    });
    try {
      await addCustomers(basic);
      const send = async (subject: string) => {
        const id = await basic.send({ mailbox: "support@msp.example", from: "anna@acme.example", subject });
        await basic.idle();
        return (
          await basic.rows<{ object: string; number: string }>(
            "select m.object, t.number from mails m join tickets t on t.id = m.ticket_id where m.id = $1",
            id,
          )
        )[0];
      };
      const first = await send("One");
      expect(await send(`Re: ${first!.number}`)).toMatchObject({ object: "ticket" });
    } finally {
      await basic.close();
    }
  });
});

describe("the basic edition on a set of the advanced one", () => {
  test("takes mail for the token mailbox only, until one other is left active", async () => {
    const basic = await openMailDesk(inject("postgresUrl"), { edition: "basic", rules: RULES });
    try {
      expect(basic.mailroom.mailboxOf("alerts@msp.example").state).toBe("active");
      expect(basic.mailroom.mailboxOf("Support+x@MSP.example").state).toBe("inactive");
      expect(basic.mailroom.mailboxOf("nobody@msp.example").state).toBe("unknown");
    } finally {
      await basic.close();
    }
  });
});

describe("a password that was refused", () => {
  test("is accepted on a retry once the secret was mended, without having been kept", async () => {
    let secret: string | undefined = "another";
    const mended = await openMailDesk(inject("postgresUrl"), { secret: () => secret });
    try {
      await addCustomers(mended);
      const id = await mended.send({ text: tokenText('<Customer name="Acme"/>') });
      await mended.idle();
      const state = async () => (await mended.rows("select state, reason from mails where id = $1", id))[0];
      expect(await state()).toEqual({ state: "failed", reason: "the token's password is missing or wrong" });
      const [kept] = await mended.rows<{ text: string }>(
        "select m::text || encode(r.raw, 'escape') as text from mails m join mail_raw r on r.mail_id = m.id",
      );
      expect(kept!.text).not.toContain(PASSWORD);
      await mended.mailroom.retry(id, 0);
      await mended.idle();
      expect(await state()).toMatchObject({ state: "failed" });
      secret = PASSWORD;
      await mended.mailroom.retry(id, 0);
      await mended.idle();
      expect(await state()).toEqual({ state: "processed", reason: null });
    } finally {
      await mended.close();
    }
  });
});
