/** Settings: defaults as the contract prints them, and one sentence for each way of being wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unreadableEntries } from "../../src/callouts/egress-policy.ts";
import { ConfigError, loadConfig, SETTINGS, toFlag } from "../../src/config/index.ts";

const cwd = "/srv/msp";

function wrong(env: Record<string, string>): string {
  try {
    loadConfig({ env, cwd });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "taken";
}

describe("settings", () => {
  it("has the defaults of the contract", () => {
    expect(loadConfig({ env: {}, cwd })).toMatchObject({
      rulesDir: "/srv/msp/rules",
      rulesAreOurs: false,
      dataDir: "/srv/msp/.tocsin",
      host: "127.0.0.1",
      httpPort: 8420,
      smtpPort: 2525,
      postgresPort: 54329,
      temporalPort: 7233,
      temporalUiPort: 8233,
      databaseUrl: undefined,
      temporal: { address: undefined, namespace: "default", tls: undefined },
      url: "http://127.0.0.1:8420",
      ownOrganization: "My Own MSP",
      egressAllow: [],
      mailFrom: "tocsin@localhost",
      mailEdition: "advanced",
      ratePerKey: 10_000,
      smtpConnections: 200,
      smtpRate: 6_000,
      metricsOpen: false,
      notesPerWindow: 100,
      retentionAlertsMs: 90 * 86_400_000,
      retentionRawMailMs: 30 * 86_400_000,
    });
  });

  it("takes a flag before the environment, and an empty variable as one that is not set", () => {
    const env = { TOCSIN_HTTP_PORT: "9000", TOCSIN_SMTP_PORT: "" };
    const config = loadConfig({ env, flags: { TOCSIN_HTTP_PORT: "9001" }, cwd });
    expect(config.httpPort).toBe(9001);
    expect(config.smtpPort).toBe(2525);
  });

  it("reads secrets from the file and, before it, from variables; names without case", () => {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-config-"));
    try {
      const file = join(folder, "secrets.json");
      writeFileSync(file, JSON.stringify({ datto_token: "from file", other: "kept" }));
      const { secrets } = loadConfig({
        env: { TOCSIN_SECRETS_FILE: file, TOCSIN_SECRET_DATTO_TOKEN: "from variable" },
        cwd,
      });
      expect([...secrets]).toEqual([
        ["DATTO_TOKEN", "from variable"],
        ["OTHER", "kept"],
      ]);
      writeFileSync(file, "{ 'hunter2'");
      expect(wrong({ TOCSIN_SECRETS_FILE: file })).toBe(
        `TOCSIN_SECRETS_FILE ${file} is not JSON: it must be one object of names and texts.`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("knows TLS to Temporal by any of its parts, and an API key implies it", () => {
    expect(loadConfig({ env: { TEMPORAL_API_KEY: "k" }, cwd }).temporal.tls).toEqual({});
    expect(loadConfig({ env: { TEMPORAL_TLS_SERVER_NAME: "t.example" }, cwd }).temporal.tls).toEqual({
      serverName: "t.example",
    });
    expect(
      loadConfig({ env: { TEMPORAL_API_KEY: "k", TEMPORAL_TLS: "false" }, cwd }).temporal.tls,
    ).toBeUndefined();
  });

  it.each<readonly [env: object, sentence: string]>([
    [
      { TOCSIN_HTTP_PORT: "http" },
      'TOCSIN_HTTP_PORT is "http", but it must be a port, 0 to 65535 (0 picks a free one).',
    ],
    [
      { TOCSIN_POSTGRES_PORT: "65536" },
      'TOCSIN_POSTGRES_PORT is "65536", but it must be a port, 0 to 65535 (0 picks a free one).',
    ],
    [
      { DATABASE_URL: "mysql://u:hunter2@h/d" },
      "DATABASE_URL begins with mysql://, but it must be a URL that begins with postgres:// or postgresql://.",
    ],
    [
      { DATABASE_URL: "hunter2" },
      "DATABASE_URL is not a URL: it must be a URL that begins with postgres:// or postgresql://.",
    ],
    [
      { TEMPORAL_ADDRESS: "http://h:1" },
      'TEMPORAL_ADDRESS is "http://h:1", but it must be a host and a port, such as temporal.example.com:7233.',
    ],
    [
      { TOCSIN_RETENTION_ALERTS: "a year" },
      'TOCSIN_RETENTION_ALERTS is "a year", but it must be a number of days, such as 90 or 90 days.',
    ],
    [{ TOCSIN_MAIL_EDITION: "pro" }, 'TOCSIN_MAIL_EDITION is "pro", but it must be advanced or basic.'],
    [{ TOCSIN_METRICS_OPEN: "maybe" }, 'TOCSIN_METRICS_OPEN is "maybe", but it must be true or false.'],
    [
      { TOCSIN_SMTP_TLS_CERT: "c.pem" },
      "TOCSIN_SMTP_TLS_KEY is missing: a certificate and its key are given together.",
    ],
    [
      { TOCSIN_API_KEY: "my key" },
      "TOCSIN_API_KEY must be 8 to 200 visible ASCII characters without a space.",
    ],
    ...["10.0.0.0/99", "a b", "rmm.example:http", "10.0.0.300", "https://rmm.example", "[::1", "h:70000"].map(
      (entry) =>
        [
          { TOCSIN_EGRESS_ALLOW: `rmm.example, ${entry}` },
          `TOCSIN_EGRESS_ALLOW is ${JSON.stringify(entry)}, but it must be a host, host:port, address or network, such as rmm.corp.example, 10.1.2.3:8443 or 10.0.0.0/8 (several with commas).`,
        ] as const,
    ),
    ...["nonsense", "a@b@c", "x <y>", "a@b\r\nBcc: c@d", "<a@b> x", "a@b, c@d"].map(
      (text) =>
        [
          { TOCSIN_MAIL_FROM: text },
          `TOCSIN_MAIL_FROM is ${JSON.stringify(text)}, but it must be a mail address, such as tocsin@msp.example or NOC <noc@msp.example>.`,
        ] as const,
    ),
    [{ TOCSIN_SECRETS_FILE: "/not/there" }, "TOCSIN_SECRETS_FILE /not/there cannot be read."],
  ])("says in one sentence what is wrong with %j", (env, sentence) => {
    expect(wrong(env as unknown as Record<string, string>)).toBe(sentence);
  });

  it("takes every form of an egress entry that the guard reads, and no other", () => {
    const forms = [
      "rmm.corp.example",
      "rmm",
      "rmm.example:8443",
      "10.1.2.3",
      "10.1.2.3:80",
      "::1",
      "[::1]:80",
    ];
    const entries = [...forms, "10.0.0.0/8", "fd00::/8", "müller.example", "_x.example", "localhost"];
    const { egressAllow } = loadConfig({ env: { TOCSIN_EGRESS_ALLOW: entries.join(", ") }, cwd });
    expect(egressAllow).toEqual(entries);
    expect(unreadableEntries(egressAllow)).toEqual([]);
  });

  it.each([
    "tocsin@localhost",
    "NOC <noc@msp.example>",
    '"Tocsin, NOC" <noc@msp.example>',
    "müller@msp.example",
  ])("takes %s as a sender", (text) => {
    expect(loadConfig({ env: { TOCSIN_MAIL_FROM: text }, cwd }).mailFrom).toBe(text);
  });

  it("has a flag of its own for each setting", () => {
    const flags = SETTINGS.map(({ name }) => toFlag(name));
    expect(new Set(flags).size).toBe(SETTINGS.length);
    expect(flags).toContain("--http-port");
  });
});
