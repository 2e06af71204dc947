/** STARTTLS and its certificate: offered when configured, renewed without a restart, mistakes told at the start. */
import { copyFileSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type PeerCertificate } from "node:tls";
import { connect } from "node:net";
import { createTransport } from "nodemailer";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/config/index.ts";
import { createSmtpDoor } from "../../src/smtp/index.ts";
import { Client, doors, MESSAGE, openDoor } from "./door.ts";

const FILES = join(import.meta.dirname, "certificate");
const tls = { certPath: join(FILES, "first.pem"), keyPath: join(FILES, "first-key.pem") };

afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

describe("STARTTLS", () => {
  it("is offered with a certificate, and a message comes over it", async () => {
    const { port, received, logged } = await openDoor({ settings: { tls } });
    const transport = createTransport({
      host: "127.0.0.1",
      port,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
    });
    await transport.sendMail({
      envelope: { from: "a@acme.example", to: "alerts@msp.example" },
      raw: MESSAGE,
    });
    expect(received).toHaveLength(1);
    expect(logged.join()).toContain('"tls":true');
  });

  it("runs no command that was sent in plain text before the handshake", async () => {
    const { port, received } = await openDoor({ settings: { tls } });
    const client = await Client.open(port);
    await client.say("EHLO client.example");
    client.write("STARTTLS\r\nMAIL FROM:<a@acme.example>\r\nRCPT TO:<alerts@msp.example>\r\nDATA\r\n");
    expect(await client.reply()).toMatch(/^220 /u);
    client.end();
    expect(received).toEqual([]);
  });

  it("shows the renewed certificate to the next client", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-smtp-"));
    const own = { certPath: join(folder, "cert.pem"), keyPath: join(folder, "key.pem") };
    const put = (name: string, at: number): void => {
      copyFileSync(join(FILES, `${name}.pem`), own.certPath);
      copyFileSync(join(FILES, `${name}-key.pem`), own.keyPath);
      utimesSync(own.certPath, at, at);
    };
    put("first", 1000);
    const { port, logged } = await openDoor({ settings: { tls: own }, limits: { certificateCheckMs: 20 } });
    expect((await shownCertificate(port)).subject.CN).toBe("first.msp.example");
    writeFileSync(own.certPath, "half written");
    await expect.poll(() => logged.join()).toContain("the one before stays");
    expect((await shownCertificate(port)).subject.CN).toBe("first.msp.example");
    put("second", 2000);
    await expect.poll(async () => (await shownCertificate(port)).subject.CN).toBe("second.msp.example");
  });
});

describe("a certificate that cannot be used", () => {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-smtp-"));
  const garbage = join(folder, "garbage.pem");
  writeFileSync(garbage, "no pem");
  it.each([
    ["missing", { ...tls, certPath: join(folder, "none.pem") }, "TOCSIN_SMTP_TLS_CERT", "does not exist"],
    ["no PEM", { ...tls, certPath: garbage }, "TOCSIN_SMTP_TLS_CERT", "holds no certificate"],
    ["with a key that is none", { ...tls, keyPath: garbage }, "TOCSIN_SMTP_TLS_KEY", "holds no private key"],
    [
      "with another's key",
      { ...tls, keyPath: join(FILES, "second-key.pem") },
      "TOCSIN_SMTP_TLS_KEY",
      "is not the key of",
    ],
  ])("%s is a sentence that names the setting", (_, paths, setting, words) => {
    const open = (): unknown =>
      createSmtpDoor({
        receiver: {
          mailboxOf: () => ({ state: "unknown", mailbox: undefined }),
          receive: () => Promise.reject(new Error()),
        },
        settings: { host: "127.0.0.1", port: 0, connections: 0, ratePerMinute: 0, tls: paths },
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        clock: () => 0,
      });
    expect(open).toThrow(ConfigError);
    expect(open).toThrow(
      expect.objectContaining({ setting, message: expect.stringContaining(words) as string }),
    );
  });

  it("a taken port is a sentence that names the setting", async () => {
    const { port } = await openDoor();
    await expect(openDoor({ settings: { port } })).rejects.toThrow(/TOCSIN_SMTP_PORT/u);
    doors.pop();
  });
});

async function shownCertificate(port: number): Promise<PeerCertificate> {
  const socket = connect(port, "127.0.0.1");
  const lines = (text: string): Promise<void> =>
    new Promise((resolve) => {
      socket.once("data", () => resolve());
      if (text !== "") socket.write(text);
    });
  await lines("");
  await lines("EHLO client.example\r\n");
  await lines("STARTTLS\r\n");
  return await new Promise((resolve, reject) => {
    const secure = connectTls({ socket, rejectUnauthorized: false }, () => {
      resolve(secure.getPeerCertificate());
      secure.destroy();
    });
    secure.on("error", reject);
  });
}
