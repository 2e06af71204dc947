import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTransport } from "nodemailer";
import { openStore } from "../../src/store/index.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const RULES = `
values ticket.status = "New", "In Progress", "Waiting", "Complete"
partner "XYZ Monitoring Application"

category "Mail Alert"
  queue = "Monitoring"
  priority = "Medium"
  due in 4 hours
end

template "mail taken"
  subject "[{ticket.number}] {mail.subject}"
  body "We have your mail as {ticket.number}."
end
template "mail refused"
  subject "Not taken: {mail.subject}"
  body "We do not know you."
end

mailbox "alerts@msp.example"
  token password secret "ates_password"
  duplicates by alert id, ticket id, ticket number
    open     -> add note
    complete -> create ticket
  end
  ticket
    category = "Mail Alert"
    priority = "High"
  end
end

mailbox "support@msp.example"
  note
    visibility = "public"
  end
  reply success with template "mail taken"
  reply failure with template "mail refused"
end

callout "XYZ close"
  post "https://rmm.example/close"
  body json
    alert = ticket.udf."XYZ Monitoring Application Alert ID"
  end
  only when ticket.udf."XYZ Monitoring Application Alert ID" is not empty
  notify "noc" on failure
end
recipient "noc"
  email "noc@msp.example"
end
rule "Tell the source"
  when ticket completed
  then
    run callout "XYZ close"
end
rule "From the boss"
  when ticket created by contact
  if mail.from is "anna@acme.example" and mail.authenticated is false
  then
    add tag "boss"
end
rule "Urgent subject"
  when ticket created
  if mail.subject contains "URGENT"
  then
    add tag "urgent"
end
`;

const PASSWORD = "zzZ3zZ/2Z1ZzzZZZ0zoZ9z==";

const token = (more = "", password = PASSWORD): string => `<Autotask>
<ID name="acmemsp.com"/>
<PW name="${password}"/>
<CustomerID source="XYZ Monitoring Application" name="100"/>
<DeviceID source="XYZ Monitoring Application" name="123"/>
<AlertID source="XYZ Monitoring Application" name="8932"/>
${more}</Autotask>`;

let server: TestServer;
let made = 0;

const message = (body: string, headers: Readonly<Record<string, string>> = {}): string => {
  made += 1;
  const all = {
    From: "XYZ Monitor <monitor@xyz.example>",
    To: "alerts@msp.example",
    Subject: "Disk C: of FS-1 is full",
    "Message-ID": `<${made}@xyz.example>`,
    ...headers,
  };
  return `${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\r\n")}\r\n\r\n${body.replaceAll("\n", "\r\n")}\r\n`;
};

const post = async (mailbox: string, raw: string) =>
  await server.call("POST", `/api/v1/mail/${mailbox}`, {
    key: server.adminKey,
    raw,
    headers: { "content-type": "message/rfc822" },
  });

/** Through a real socket, as a monitoring product would. */
const sendBySmtp = async (
  raw: string,
  from = "monitor@xyz.example",
  to = "alerts@msp.example",
): Promise<void> => {
  const transport = createTransport({ host: "127.0.0.1", port: server.smtpPort, ignoreTLS: true });
  await transport.sendMail({ envelope: { from, to }, raw });
  transport.close();
};

/** The newest mail, once it is decided. */
const newest = async () =>
  await decided((await server.admin("GET", "/api/v1/mail?limit=1")).json.items[0].id);

const decided = async (id: string) => {
  for (;;) {
    const { json } = await server.admin("GET", `/api/v1/mail/${id}`);
    if (json.state !== "received") return json;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const take = async (mailbox: string, raw: string) => {
  const posted = await post(mailbox, raw);
  expect(posted.status).toBe(201);
  return await decided(posted.json.id);
};

const ticketOf = async (number: string) => (await server.admin("GET", `/api/v1/tickets/${number}`)).json;

beforeAll(async () => {
  server = await startTestServer({ rules: RULES, env: { TOCSIN_SECRET_ATES_PASSWORD: PASSWORD } });
  const acme = await server.admin("POST", "/api/v1/organizations", {
    name: "Acme",
    external: [{ source: "XYZ Monitoring Application", id: "100" }],
    domains: ["acme.example"],
  });
  expect(acme.status).toBe(201);
  await server.admin("POST", "/api/v1/devices", {
    name: "FS-1",
    organization: "Acme",
    external: [{ source: "XYZ Monitoring Application", id: "123" }],
  });
  await server.admin("POST", "/api/v1/contacts", {
    first_name: "Anna",
    last_name: "Arendt",
    emails: ["Anna@acme.example"],
    organization: "Acme",
  });
  await server.admin("POST", "/api/v1/resources", {
    name: "Rita",
    email: "rita@msp.example",
    roles: ["Support"],
  });
});

afterAll(async () => await server.close());

describe("the seed's sample token", () => {
  test("fills the fields, attaches organization and device, notes the repeat, and opens a new ticket after Complete", async () => {
    await sendBySmtp(
      message(`Disk C: is full\n\n${token('<TicketID source="XYZ Monitoring Application" name="T-7"/>\n')}`),
    );
    const first = await newest();
    expect(first).toMatchObject({ state: "processed", object: "ticket" });
    const ticket = await ticketOf(first.ticket);
    expect(ticket).toMatchObject({
      title: "Disk C: of FS-1 is full",
      description: "Disk C: is full",
      organization: { name: "Acme" },
      device: { name: "FS-1" },
      priority: "High",
      queue: "Monitoring",
      source: "XYZ Monitoring Application",
      created_by: { kind: "system", name: "Tocsin" },
      udf: {
        "XYZ Monitoring Application Alert ID": "8932",
        "XYZ Monitoring Application Ticket ID": "T-7",
      },
    });
    await sendBySmtp(message(`Still full\n\n${token()}`));
    const second = await newest();
    expect(second).toMatchObject({ state: "processed", object: "ticket note", ticket: first.ticket });
    expect((await ticketOf(first.ticket)).notes).toMatchObject([
      { visibility: "internal", by: { kind: "system" }, text: "Disk C: of FS-1 is full\n\nStill full" },
    ]);
    await server.admin("PATCH", `/api/v1/tickets/${first.ticket}`, { status: "Complete" });
    const deliveries = await server.admin("GET", `/api/v1/deliveries?ticket=${first.ticket}`);
    expect(deliveries.json.items).toMatchObject([{ callout: "XYZ close", state: "pending" }]);
    // The round trip: what the monitoring product is told carries its own id of the alert.
    const store = openStore({ databaseUrl: server.databaseUrl, connectionsMax: 1 });
    const [delivery] = await store.query<{ request: { readonly body: string } }>({
      text: "select request from deliveries",
    });
    await store.close();
    expect(JSON.parse(delivery!.request.body)).toEqual({ alert: "8932" });
    await sendBySmtp(message(`Full again\n\n${token()}`));
    const third = await newest();
    expect(third).toMatchObject({ state: "processed", object: "ticket" });
    expect(third.ticket).not.toBe(first.ticket);
  });

  test("keeps the password nowhere", async () => {
    const taken = await take("alerts@msp.example", message(`Text\n\n${token()}`));
    const raw = await server.call("GET", `/api/v1/mail/${taken.id}/raw`, { key: server.adminKey });
    expect(raw.status).toBe(200);
    expect(raw.text).toContain("<AlertID");
    expect(raw.text).not.toContain(PASSWORD);
  });

  test("fails without the password, and is decided again once it is mended", async () => {
    const wrong = await take("alerts@msp.example", message(`Text\n\n${token("", "not it")}`));
    expect(wrong).toMatchObject({ state: "failed", reason: "the token's password is missing or wrong" });
    const none = await take("alerts@msp.example", message("no token at all"));
    expect(none).toMatchObject({ state: "failed", reason: "the mail carries no token" });
    const retried = await server.admin("POST", `/api/v1/mail/${wrong.id}/retry`);
    expect(retried.status).toBe(202);
    expect(await decided(wrong.id)).toMatchObject({ state: "failed" });
  });
});

describe("people's mail", () => {
  test("opens a ticket of the contact's organization by contact, and rules read the mail", async () => {
    const taken = await take(
      "support@msp.example",
      message("Please help.\n", { From: "Anna Arendt <anna@acme.example>", Subject: "Printer" }),
    );
    const ticket = await ticketOf(taken.ticket);
    expect(ticket).toMatchObject({
      title: "Printer",
      description: "Please help.",
      organization: { name: "Acme" },
      contact: { name: "Anna Arendt" },
      created_by: { kind: "contact", name: "Anna Arendt" },
      source: "Email",
      tags: ["boss"],
    });
    const notes = await server.admin("GET", `/api/v1/notifications?ticket=${taken.ticket}`);
    expect(notes.json.items).toMatchObject([
      { to: "anna@acme.example", subject: `[${taken.ticket}] Printer` },
    ]);
    const answer = await take(
      "support@msp.example",
      message("It works again.\n", {
        From: "Anna Arendt <anna@acme.example>",
        Subject: `Re: [${taken.ticket}] Printer`,
      }),
    );
    expect(answer).toMatchObject({ object: "ticket note", ticket: taken.ticket });
    // The mailbox says public; nobody vouches for the sender.
    expect((await ticketOf(taken.ticket)).notes).toMatchObject([
      { visibility: "internal", by: { kind: "contact", name: "Anna Arendt" }, text: "It works again." },
    ]);
    const time = await take(
      "support@msp.example",
      message("#T=1.5 #R=support #S=Waiting\nReplaced the toner.", {
        From: "rita@msp.example",
        Subject: `${taken.ticket}`,
      }),
    );
    expect(time).toMatchObject({ object: "ticket time entry", ticket: taken.ticket });
    const after = await ticketOf(taken.ticket);
    expect(after.time_entries).toMatchObject([
      { hours: 1.5, role: "Support", text: "Replaced the toner.", by: { kind: "staff", name: "Rita" } },
    ]);
    expect(after.status).toBe("New");
  });

  test("refuses a stranger, tells him once, and says why", async () => {
    const stranger = { From: "x@nobody.example", Subject: "Hello" };
    const first = await take("support@msp.example", message("?", stranger));
    expect(first).toMatchObject({ state: "failed" });
    const explained = await server.admin("GET", `/api/v1/mail/${first.id}/explain`);
    expect(explained.json).toMatchObject({
      attributed: { how: "nobody" },
      notice: "failure told to x@nobody.example",
    });
    const second = await take("support@msp.example", message("?", { ...stranger, Subject: "Hello 2" }));
    const again = await server.admin("GET", `/api/v1/mail/${second.id}/explain`);
    expect(again.json.notice).toContain("a short while ago");
  });

  test("tells which rule nearly fired for it, and by which value", async () => {
    const { id } = await take(
      "support@msp.example",
      message("Please look.", { From: "anna@acme.example", Subject: "Whenever you can" }),
    );
    const explained = await server.admin("GET", `/api/v1/mail/${id}/explain`);
    expect(explained.json.rules.at(-1)).toMatchObject({
      rule: "Urgent subject",
      result: "not_fired",
      conditions: [{ text: 'mail.subject contains "URGENT"', result: false, actual: "Whenever you can" }],
      nearest: { changes: [{ path: "mail.subject", from: "Whenever you can" }] },
    });
    const { json } = await server.admin("GET", `/api/v1/mail/${id}/explain?limit=0`);
    expect(json.rules.every(({ result }: { result: string }) => result === "fired")).toBe(true);
  });

  test("takes the same Message-ID once", async () => {
    const raw = message("Once.", { From: "anna@acme.example", Subject: "Once" });
    const first = await post("support@msp.example", raw);
    const second = await post("support@msp.example", raw);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toMatchObject({ id: first.json.id, again: true });
  });

  test("ignores the third of one subject in five minutes", async () => {
    const one = { From: "anna@acme.example", Subject: "Again and again" };
    const states = [];
    for (let i = 0; i < 3; i++) states.push((await take("support@msp.example", message("x", one))).state);
    expect(states).toEqual(["processed", "processed", "ignored"]);
  });
});

describe("the door for messages over HTTP", () => {
  test("knows its mailboxes, its roles and what is too large", async () => {
    expect((await post("nobody@msp.example", message("x"))).status).toBe(404);
    expect(
      (await post("support+printer@msp.example", message("x", { From: "anna@acme.example" }))).status,
    ).toBe(201);
    expect((await post("support@msp.example", "")).json).toMatchObject({ code: "invalid_body" });
    const part = `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=x\r\nContent-Transfer-Encoding: base64\r\n\r\n${"AAAA".repeat(3_600_000)}\r\n--b--`;
    const large = message(part, { "Content-Type": "multipart/mixed; boundary=b" });
    expect((await post("support@msp.example", large)).json).toMatchObject({ code: "body_too_large" });
    const reader = await server.keyOf("read");
    const sender = await server.keyOf("ingest", { integration: "Datto RMM" });
    const raw = message("x", { From: "anna@acme.example" });
    const as = async (key: string) =>
      (await server.call("POST", "/api/v1/mail/support@msp.example", { key, raw })).status;
    expect([await as(reader), await as(sender)]).toEqual([403, 403]);
    const [newestOne] = (await server.admin("GET", "/api/v1/mail?state=processed&limit=1")).json.items;
    expect((await server.call("GET", `/api/v1/mail/${newestOne.id}/raw`, { key: reader })).status).toBe(403);
    expect((await server.call("GET", `/api/v1/mail/${newestOne.id}`, { key: reader })).status).toBe(200);
    expect((await server.admin("POST", `/api/v1/mail/${newestOne.id}/retry`)).json).toMatchObject({
      code: "wrong_state",
    });
    expect((await server.admin("POST", "/api/v1/mail/ml_none/retry")).json).toMatchObject({
      code: "not_found",
    });
    const metrics = await server.call("GET", "/metrics", { key: reader });
    expect(metrics.text).toMatch(/^tocsin_mail_total\{state="processed"\} [1-9]/mu);
  });
});
