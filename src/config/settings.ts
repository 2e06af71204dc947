/**
 * The catalogue of settings: name, flag, default, unit and meaning, once, for loading, `--help`, `doctor` and the README.
 * Knows nothing of what the settings are used for.
 * Source: contract.md 1.
 */
export interface Setting {
  /** The environment variable. */
  readonly name: SettingName;
  /** What stands for the value in `--help`. */
  readonly placeholder: string;
  /** As a person would type it; absent: not set. */
  readonly byDefault?: string;
  readonly meaning: string;
  /** A secret is never shown by `doctor` or in a log. */
  readonly isSecret?: true;
}

export type SettingName = (typeof SETTING_NAMES)[number];

const SETTING_NAMES = [
  "TOCSIN_RULES",
  "TOCSIN_DATA_DIR",
  "TOCSIN_HOST",
  "TOCSIN_HTTP_PORT",
  "TOCSIN_SMTP_PORT",
  "TOCSIN_POSTGRES_PORT",
  "TOCSIN_TEMPORAL_PORT",
  "TOCSIN_TEMPORAL_UI_PORT",
  "TOCSIN_TEMPORAL_UI_URL",
  "DATABASE_URL",
  "TEMPORAL_ADDRESS",
  "TEMPORAL_NAMESPACE",
  "TEMPORAL_API_KEY",
  "TEMPORAL_TLS",
  "TEMPORAL_TLS_CLIENT_CERT_PATH",
  "TEMPORAL_TLS_CLIENT_KEY_PATH",
  "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
  "TEMPORAL_TLS_SERVER_NAME",
  "TOCSIN_URL",
  "TOCSIN_API_KEY",
  "TOCSIN_OWN_ORGANIZATION",
  "TOCSIN_EGRESS_ALLOW",
  "TOCSIN_SECRETS_FILE",
  "TOCSIN_SMTP_URL",
  "TOCSIN_MAIL_FROM",
  "TOCSIN_MAIL_EDITION",
  "TOCSIN_RATE_PER_KEY",
  "TOCSIN_SMTP_CONNECTIONS",
  "TOCSIN_SMTP_RATE",
  "TOCSIN_METRICS_OPEN",
  "TOCSIN_SMTP_TLS_CERT",
  "TOCSIN_SMTP_TLS_KEY",
  "TOCSIN_TRUSTED_AUTHSERV",
  "TOCSIN_NOTES_PER_WINDOW",
  "TOCSIN_RETENTION_ALERTS",
  "TOCSIN_RETENTION_RAW_MAIL",
  "TEMPORAL_CLI_PATH",
  "TOCSIN_TEMPORAL_CODEC_KEY",
] as const;

export const SETTINGS: readonly Setting[] = [
  { name: "TOCSIN_RULES", placeholder: "FOLDER", byDefault: "rules", meaning: "folder of rule files" },
  {
    name: "TOCSIN_DATA_DIR",
    placeholder: "FOLDER",
    byDefault: ".tocsin",
    meaning: "embedded Postgres, Temporal's file, first key, logs",
  },
  {
    name: "TOCSIN_HOST",
    placeholder: "ADDRESS",
    byDefault: "127.0.0.1",
    meaning: "address of the product's doors",
  },
  { name: "TOCSIN_HTTP_PORT", placeholder: "PORT", byDefault: "8420", meaning: "HTTP; 0 picks a free port" },
  { name: "TOCSIN_SMTP_PORT", placeholder: "PORT", byDefault: "2525", meaning: "SMTP; 0 picks a free port" },
  {
    name: "TOCSIN_POSTGRES_PORT",
    placeholder: "PORT",
    byDefault: "54329",
    meaning: "embedded Postgres, on 127.0.0.1 only; 0 picks a free port",
  },
  {
    name: "TOCSIN_TEMPORAL_PORT",
    placeholder: "PORT",
    byDefault: "7233",
    meaning: "embedded Temporal, on 127.0.0.1 only; 0 picks a free port",
  },
  {
    name: "TOCSIN_TEMPORAL_UI_PORT",
    placeholder: "PORT",
    byDefault: "8233",
    meaning: "UI of the embedded Temporal, on 127.0.0.1 only; 0 picks a free port",
  },
  {
    name: "TOCSIN_TEMPORAL_UI_URL",
    placeholder: "URL",
    meaning: "where the Temporal UI is, for links to workflows; default: the embedded one",
  },
  {
    name: "DATABASE_URL",
    placeholder: "URL",
    meaning: "a PostgreSQL server instead of the embedded one",
    isSecret: true,
  },
  {
    name: "TEMPORAL_ADDRESS",
    placeholder: "HOST:PORT",
    meaning: "a Temporal server instead of the embedded one",
  },
  { name: "TEMPORAL_NAMESPACE", placeholder: "NAME", byDefault: "default", meaning: "Temporal namespace" },
  {
    name: "TEMPORAL_API_KEY",
    placeholder: "KEY",
    meaning: "key of the Temporal server; implies TLS",
    isSecret: true,
  },
  { name: "TEMPORAL_TLS", placeholder: "true|false", meaning: "TLS to the Temporal server" },
  {
    name: "TEMPORAL_TLS_CLIENT_CERT_PATH",
    placeholder: "FILE",
    meaning: "client certificate for the Temporal server",
  },
  { name: "TEMPORAL_TLS_CLIENT_KEY_PATH", placeholder: "FILE", meaning: "key of that client certificate" },
  {
    name: "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
    placeholder: "FILE",
    meaning: "authority that signed the Temporal server's certificate",
  },
  {
    name: "TEMPORAL_TLS_SERVER_NAME",
    placeholder: "HOST",
    meaning: "name that the Temporal server's certificate must have",
  },
  {
    name: "TOCSIN_URL",
    placeholder: "URL",
    byDefault: "http://127.0.0.1:8420",
    meaning: "the server that publish, send and explain talk to",
  },
  {
    name: "TOCSIN_API_KEY",
    placeholder: "KEY",
    meaning:
      "the first admin key, and the key of publish, send and explain; default: generated, in admin.key of the data folder",
    isSecret: true,
  },
  {
    name: "TOCSIN_OWN_ORGANIZATION",
    placeholder: "NAME",
    byDefault: "My Own MSP",
    meaning: "the organization that takes what cannot be attributed",
  },
  {
    name: "TOCSIN_EGRESS_ALLOW",
    placeholder: "LIST",
    byDefault: "",
    meaning:
      "comma-separated hosts, host:port, addresses or networks that callouts and webhooks may reach although loopback, private or link-local",
  },
  {
    name: "TOCSIN_SECRETS_FILE",
    placeholder: "FILE",
    meaning: "JSON object with the values of secrets; TOCSIN_SECRET_<NAME> wins",
  },
  {
    name: "TOCSIN_SMTP_URL",
    placeholder: "URL",
    meaning: "smtp://... for notices; without it they are kept and listed",
    isSecret: true,
  },
  {
    name: "TOCSIN_MAIL_FROM",
    placeholder: "ADDRESS",
    byDefault: "tocsin@localhost",
    meaning: "sender of notices",
  },
  {
    name: "TOCSIN_MAIL_EDITION",
    placeholder: "advanced|basic",
    byDefault: "advanced",
    meaning: "how much mail may do",
  },
  {
    name: "TOCSIN_RATE_PER_KEY",
    placeholder: "N",
    byDefault: "10000",
    meaning: "requests a second per key, then 429; 0 is off",
  },
  {
    name: "TOCSIN_SMTP_CONNECTIONS",
    placeholder: "N",
    byDefault: "200",
    meaning: "SMTP connections at once, then 421; 0 is off",
  },
  {
    name: "TOCSIN_SMTP_RATE",
    placeholder: "N",
    byDefault: "6000",
    meaning: "messages a minute per peer, then 450; 0 is off",
  },
  {
    name: "TOCSIN_METRICS_OPEN",
    placeholder: "true|false",
    byDefault: "false",
    meaning: "/metrics without a key",
  },
  { name: "TOCSIN_SMTP_TLS_CERT", placeholder: "FILE", meaning: "certificate for STARTTLS" },
  { name: "TOCSIN_SMTP_TLS_KEY", placeholder: "FILE", meaning: "key for STARTTLS" },
  {
    name: "TOCSIN_TRUSTED_AUTHSERV",
    placeholder: "HOST",
    meaning: "host whose Authentication-Results are believed",
  },
  {
    name: "TOCSIN_NOTES_PER_WINDOW",
    placeholder: "N",
    byDefault: "100",
    meaning: "notes of repeats in one dedup window before one counts the rest",
  },
  {
    name: "TOCSIN_RETENTION_ALERTS",
    placeholder: "DAYS",
    byDefault: "90 days",
    meaning: "how long alerts and their firings are kept",
  },
  {
    name: "TOCSIN_RETENTION_RAW_MAIL",
    placeholder: "DAYS",
    byDefault: "30 days",
    meaning: "how long raw mail is kept",
  },
  {
    name: "TEMPORAL_CLI_PATH",
    placeholder: "FILE",
    meaning: "the Temporal CLI to use; default: found or fetched",
  },
  {
    name: "TOCSIN_TEMPORAL_CODEC_KEY",
    placeholder: "KEY",
    meaning: "32 bytes as base64 or hex; encrypts what Temporal stores",
    isSecret: true,
  },
];

/** `TOCSIN_HTTP_PORT` is `--http-port`, `DATABASE_URL` is `--database-url`. */
export function toFlag(name: SettingName): string {
  return `--${name
    .replace(/^TOCSIN_/u, "")
    .toLowerCase()
    .replaceAll("_", "-")}`;
}

export const SECRET_PREFIX = "TOCSIN_SECRET_";
