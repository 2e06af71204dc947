/** Mail through a real SMTP socket and `tocsin send --mail` into a real Postgres: the seed's own token and its repeat. */
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../api/test-server.ts";

const SOURCE = "XYZ Monitoring Application";
const PASSWORD = "zzZ3zZ/2Z1ZzzZZZ0zoZ9z==";
const RULES = `partner "${SOURCE}"

mailbox "alerts@msp.example"
  token password secret "ates_password"
  duplicates by alert id
    open     -> add note
    complete -> create ticket
  end
end

inactive mailbox "old@msp.example"
end
`;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ rules: RULES, env: { TOCSIN_SECRET_ATES_PASSWORD: PASSWORD } });
  await server.admin("POST", "/api/v1/organizations", {
    name: "Acme",
    external: [{ source: SOURCE, id: "100" }],
  });
  await server.admin("POST", "/api/v1/devices", {
    name: "SRV-B",
    organization: "Acme",
    external: [{ source: SOURCE, id: "123" }],
  });
});

afterAll(async () => {
  await server.close();
});

/** The sample of the seed (003), in a mail of its own. */
function alertMail(messageId: string): string {
  return [
    "From: Monitoring <rmm@xyz.example>",
    "To: alerts@msp.example",
    "Subject: Disk full on SRV-B",
    `Message-ID: <${messageId}@xyz.example>`,
    "",
    "Disk C is full.",
    "",
    "<Autotask>",
    '<ID name="acmemsp.com"/>',
    `<PW name="${PASSWORD}"/>`,
    `<CustomerID source="${SOURCE}" name="100"/>`,
    `<DeviceID source="${SOURCE}" name="123"/>`,
    `<AlertID source="${SOURCE}" name="8932"/>`,
    "</Autotask>",
    "",
  ].join("\r\n");
}

async function send(raw: string, to = "alerts@msp.example"): Promise<string> {
  const transport = createTransport({ host: "127.0.0.1", port: server.smtpPort, ignoreTLS: true });
  const { response } = await transport.sendMail({ envelope: { from: "rmm@xyz.example", to }, raw });
  return response;
}

const mails = async (): Promise<{ id: string; state: string; ticket?: string }[]> =>
  (await server.admin("GET", "/api/v1/mail")).json.items as { id: string; state: string; ticket?: string }[];

describe("a mail with the token of the seed", () => {
  it("becomes a ticket of the organization and the device, its repeat a note, and shows its password nowhere", async () => {
    expect(await send(alertMail("1"))).toBe("250 2.6.0 Stored");
    await expect.poll(async () => (await mails()).map(({ state }) => state)).toEqual(["processed"]);
    const [mail] = await mails();
    const { json: ticket } = await server.admin("GET", `/api/v1/tickets/${mail!.ticket ?? ""}`);
    expect(ticket).toMatchObject({
      title: "Disk full on SRV-B",
      description: "Disk C is full.",
      organization: { name: "Acme" },
      device: { name: "SRV-B" },
      udf: { [`${SOURCE} Alert ID`]: "8932" },
    });
    expect(await send(alertMail("2"))).toBe("250 2.6.0 Stored");
    await expect
      .poll(async () => (await mails()).map(({ state }) => state))
      .toEqual(["processed", "processed"]);
    expect((await mails()).map((one) => one.ticket)).toEqual([mail!.ticket, mail!.ticket]);
    const { text: raw } = await server.admin("GET", `/api/v1/mail/${mail!.id}/raw`);
    expect(raw).toContain('<PW name="***"/>');
    expect(raw).not.toContain(PASSWORD);
  });

  it("that the sender sends again, having heard no answer, changes nothing", async () => {
    const before = (await mails()).length;
    expect(await send(alertMail("2"))).toBe("250 2.6.0 Stored");
    expect((await mails()).length).toBe(before);
  });
});

describe("a recipient", () => {
  it("must be a declared, active mailbox", async () => {
    await expect(send(alertMail("3"), "nobody@msp.example")).rejects.toThrow(/550 5\.1\.1/u);
    await expect(send(alertMail("3"), "old@msp.example")).rejects.toThrow(/550 5\.2\.1/u);
  });
});

describe("/metrics", () => {
  it("tells what the door took and refused", async () => {
    const { text } = await server.admin("GET", "/metrics");
    expect(text).toMatch(/^tocsin_smtp_taken_total [1-9]/mu);
    expect(text).toContain('tocsin_smtp_refused_total{reply="550 5.1.1"} 1');
  });
});

describe("tocsin send --mail", () => {
  it("hands a file to the mailbox that its To names, or that is said", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "tocsin-send-")), "alert.eml");
    const run = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(import.meta.dirname, "../../src/cli/main.ts"), "send", "--mail", file, "--json", ...args],
        { env: { ...process.env, TOCSIN_URL: server.url, TOCSIN_API_KEY: server.adminKey } },
      );
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    writeFileSync(file, alertMail("4"));
    expect(await run()).toMatchObject({ again: false });
    expect(await run("--mailbox", "alerts@msp.example")).toMatchObject({ again: true });
    await expect(run("--mailbox", "nobody@msp.example")).rejects.toMatchObject({ code: 1 });
  });
});
