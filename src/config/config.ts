/**
 * The one typed Config of every process, read from the environment and the flags of `tocsin up`.
 * The only room that reads the environment; it opens no file but TOCSIN_SECRETS_FILE and knows nothing of what settings are used for.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "./config-error.ts";
import {
  parseBoolean,
  parseChoice,
  parseCodecKey,
  parseCount,
  parseDays,
  parseHostPort,
} from "./setting-values.ts";
import { parseEgressAllow, parsePort, parseSender, parseUrl } from "./setting-values.ts";
import { SECRET_PREFIX, SETTINGS, type SettingName } from "./settings.ts";

export interface TemporalTls {
  readonly clientCertPath?: string;
  readonly clientKeyPath?: string;
  readonly serverCaCertPath?: string;
  readonly serverName?: string;
}

export interface Config {
  /** TOCSIN_RULES, default `rules`: folder of rule files, absolute. */
  readonly rulesDir: string;
  /** Whether `rulesDir` is the project's own folder: only then the first start loads the sample organizations. */
  readonly rulesAreOurs: boolean;
  /** TOCSIN_DATA_DIR, default `.tocsin`: absolute. */
  readonly dataDir: string;
  /** TOCSIN_HOST, default 127.0.0.1. */
  readonly host: string;
  /** TOCSIN_HTTP_PORT, default 8420; 0 picks a free one. */
  readonly httpPort: number;
  /** TOCSIN_SMTP_PORT, default 2525; 0 picks a free one. */
  readonly smtpPort: number;
  /** TOCSIN_POSTGRES_PORT, default 54329: embedded, on 127.0.0.1 only; 0 picks a free one. */
  readonly postgresPort: number;
  /** TOCSIN_TEMPORAL_PORT, default 7233: embedded, on 127.0.0.1 only; 0 picks a free one. */
  readonly temporalPort: number;
  /** TOCSIN_TEMPORAL_UI_PORT, default 8233; 0 picks a free one. */
  readonly temporalUiPort: number;
  /** DATABASE_URL; undefined: embedded (`up` sets it for its children, so server and worker always have one). */
  readonly databaseUrl: string | undefined;
  readonly temporal: {
    /** TEMPORAL_ADDRESS `host:port`; undefined: embedded (`up` sets it for its children). */
    readonly address: string | undefined;
    /** TEMPORAL_NAMESPACE, default `default`. */
    readonly namespace: string;
    /** TEMPORAL_API_KEY; implies TLS. */
    readonly apiKey: string | undefined;
    /** TEMPORAL_TLS and TEMPORAL_TLS_*: undefined is plain text. Paths are absolute. */
    readonly tls: TemporalTls | undefined;
    /** TOCSIN_TEMPORAL_UI_URL, without a slash at the end: for workflow_url; undefined: no links. */
    readonly uiUrl: string | undefined;
    /** TOCSIN_TEMPORAL_CODEC_KEY: 32 bytes as base64 or hex. */
    readonly codecKey: string | undefined;
    /** TEMPORAL_CLI_PATH. */
    readonly cliPath: string | undefined;
  };
  /** TOCSIN_URL, default http://127.0.0.1:8420, without a slash at the end: what publish, send and explain talk to. */
  readonly url: string;
  /** TOCSIN_API_KEY: the first admin key; undefined: generated, kept in `admin.key` of the data folder. */
  readonly apiKey: string | undefined;
  /** TOCSIN_OWN_ORGANIZATION, default `My Own MSP`. */
  readonly ownOrganization: string;
  /** TOCSIN_EGRESS_ALLOW: host, host:port, address or network; as typed, trimmed. */
  readonly egressAllow: readonly string[];
  /** Values by upper-cased name: TOCSIN_SECRET_<NAME>, else TOCSIN_SECRETS_FILE. */
  readonly secrets: ReadonlyMap<string, string>;
  /** TOCSIN_SMTP_URL; undefined: notices are kept and marked `no_transport`. */
  readonly smtpUrl: string | undefined;
  /** TOCSIN_MAIL_FROM, default tocsin@localhost. */
  readonly mailFrom: string;
  /** TOCSIN_MAIL_EDITION, default advanced. */
  readonly mailEdition: "advanced" | "basic";
  /** TOCSIN_RATE_PER_KEY, default 10,000 requests a second; 0 is off. */
  readonly ratePerKey: number;
  /** TOCSIN_SMTP_CONNECTIONS, default 200; 0 is off. */
  readonly smtpConnections: number;
  /** TOCSIN_SMTP_RATE, default 6,000 messages a minute per peer; 0 is off. */
  readonly smtpRate: number;
  /** TOCSIN_METRICS_OPEN, default false. */
  readonly metricsOpen: boolean;
  /** TOCSIN_SMTP_TLS_CERT and TOCSIN_SMTP_TLS_KEY: absolute paths for STARTTLS. */
  readonly smtpTls: { readonly certPath: string; readonly keyPath: string } | undefined;
  /** TOCSIN_TRUSTED_AUTHSERV. */
  readonly trustedAuthserv: string | undefined;
  /** TOCSIN_NOTES_PER_WINDOW, default 100. */
  readonly notesPerWindow: number;
  /** TOCSIN_RETENTION_ALERTS, default 90 days. Units: milliseconds. */
  readonly retentionAlertsMs: number;
  /** TOCSIN_RETENTION_RAW_MAIL, default 30 days. Units: milliseconds. */
  readonly retentionRawMailMs: number;
}

export type Flags = Readonly<Partial<Record<SettingName, string>>>;
export interface ConfigSource {
  /** Win over the environment. */
  readonly flags?: Flags;
  /** Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to. */
  readonly cwd?: string;
}

/** The folder of the package, for a checkout and for a packed copy, whose program is one folder deeper. */
const PACKAGE_DIR = packageDirOf(dirname(fileURLToPath(import.meta.url)));

/** Throws: ConfigError (setting_invalid), one sentence that names the setting. */
export function loadConfig(source: ConfigSource = {}): Config {
  const text = textOf(source);
  const asked = (name: SettingName): string => text(name) ?? defaultOf(name);
  const cwd = source.cwd ?? process.cwd();
  const path = (name: SettingName): string | undefined => {
    const given = text(name);
    return given === undefined ? undefined : resolve(cwd, given);
  };
  const rulesDir = resolve(cwd, asked("TOCSIN_RULES"));
  return {
    rulesDir,
    rulesAreOurs: rulesDir === resolve(PACKAGE_DIR, "rules"),
    dataDir: resolve(cwd, asked("TOCSIN_DATA_DIR")),
    host: asked("TOCSIN_HOST"),
    httpPort: parsePort("TOCSIN_HTTP_PORT", asked("TOCSIN_HTTP_PORT")),
    smtpPort: parsePort("TOCSIN_SMTP_PORT", asked("TOCSIN_SMTP_PORT")),
    postgresPort: parsePort("TOCSIN_POSTGRES_PORT", asked("TOCSIN_POSTGRES_PORT")),
    temporalPort: parsePort("TOCSIN_TEMPORAL_PORT", asked("TOCSIN_TEMPORAL_PORT")),
    temporalUiPort: parsePort("TOCSIN_TEMPORAL_UI_PORT", asked("TOCSIN_TEMPORAL_UI_PORT")),
    databaseUrl: given(text("DATABASE_URL"), (it) =>
      parseUrl("DATABASE_URL", it, ["postgres:", "postgresql:"]),
    ),
    temporal: toTemporal(text, path),
    url: withoutSlash(parseUrl("TOCSIN_URL", asked("TOCSIN_URL"), ["http:", "https:"])),
    apiKey: given(text("TOCSIN_API_KEY"), parseApiKey),
    ownOrganization: asked("TOCSIN_OWN_ORGANIZATION").trim(),
    egressAllow: parseEgressAllow("TOCSIN_EGRESS_ALLOW", asked("TOCSIN_EGRESS_ALLOW")),
    secrets: toSecrets(source.env ?? process.env, path("TOCSIN_SECRETS_FILE")),
    smtpUrl: given(text("TOCSIN_SMTP_URL"), (it) => parseUrl("TOCSIN_SMTP_URL", it, ["smtp:", "smtps:"])),
    mailFrom: parseSender("TOCSIN_MAIL_FROM", asked("TOCSIN_MAIL_FROM")),
    mailEdition: parseChoice("TOCSIN_MAIL_EDITION", asked("TOCSIN_MAIL_EDITION"), ["advanced", "basic"]),
    ratePerKey: parseCount("TOCSIN_RATE_PER_KEY", asked("TOCSIN_RATE_PER_KEY")),
    smtpConnections: parseCount("TOCSIN_SMTP_CONNECTIONS", asked("TOCSIN_SMTP_CONNECTIONS")),
    smtpRate: parseCount("TOCSIN_SMTP_RATE", asked("TOCSIN_SMTP_RATE")),
    metricsOpen: parseBoolean("TOCSIN_METRICS_OPEN", asked("TOCSIN_METRICS_OPEN")),
    smtpTls: toSmtpTls(path),
    trustedAuthserv: text("TOCSIN_TRUSTED_AUTHSERV"),
    notesPerWindow: parseCount("TOCSIN_NOTES_PER_WINDOW", asked("TOCSIN_NOTES_PER_WINDOW")),
    retentionAlertsMs: parseDays("TOCSIN_RETENTION_ALERTS", asked("TOCSIN_RETENTION_ALERTS")),
    retentionRawMailMs: parseDays("TOCSIN_RETENTION_RAW_MAIL", asked("TOCSIN_RETENTION_RAW_MAIL")),
  };
}

function packageDirOf(folder: string): string {
  const parent = dirname(folder);
  return existsSync(resolve(folder, "package.json")) || parent === folder ? folder : packageDirOf(parent);
}

type TextOf = (name: SettingName) => string | undefined;

/** An empty variable is one that is not set: `TOCSIN_X= npm start` means the default. */
function textOf(source: ConfigSource): TextOf {
  const env = source.env ?? process.env;
  return (name) => {
    const text = source.flags?.[name] ?? env[name];
    return text === undefined || text.trim() === "" ? undefined : text;
  };
}

function toTemporal(text: TextOf, path: TextOf): Config["temporal"] {
  const address = given(text("TEMPORAL_ADDRESS"), (it) => parseHostPort("TEMPORAL_ADDRESS", it));
  const uiUrl = given(text("TOCSIN_TEMPORAL_UI_URL"), (it) =>
    parseUrl("TOCSIN_TEMPORAL_UI_URL", it, ["http:", "https:"]),
  );
  const apiKey = text("TEMPORAL_API_KEY");
  return {
    address,
    namespace: text("TEMPORAL_NAMESPACE") ?? defaultOf("TEMPORAL_NAMESPACE"),
    apiKey,
    tls: toTemporalTls(text, path, apiKey !== undefined),
    uiUrl: given(uiUrl, withoutSlash),
    codecKey: given(text("TOCSIN_TEMPORAL_CODEC_KEY"), (it) =>
      parseCodecKey("TOCSIN_TEMPORAL_CODEC_KEY", it),
    ),
    cliPath: path("TEMPORAL_CLI_PATH"),
  };
}

function toTemporalTls(text: TextOf, path: TextOf, hasApiKey: boolean): TemporalTls | undefined {
  const clientCertPath = path("TEMPORAL_TLS_CLIENT_CERT_PATH");
  const clientKeyPath = path("TEMPORAL_TLS_CLIENT_KEY_PATH");
  const serverCaCertPath = path("TEMPORAL_TLS_SERVER_CA_CERT_PATH");
  const serverName = text("TEMPORAL_TLS_SERVER_NAME");
  if ((clientCertPath === undefined) !== (clientKeyPath === undefined)) {
    const missing =
      clientCertPath === undefined ? "TEMPORAL_TLS_CLIENT_CERT_PATH" : "TEMPORAL_TLS_CLIENT_KEY_PATH";
    throw new ConfigError(
      missing,
      `${missing} is missing: a client certificate and its key are given together.`,
    );
  }
  const parts = [clientCertPath, serverCaCertPath, serverName];
  const asked = given(text("TEMPORAL_TLS"), (it) => parseBoolean("TEMPORAL_TLS", it));
  if (!(asked ?? (hasApiKey || parts.some((part) => part !== undefined)))) return undefined;
  return {
    ...(clientCertPath === undefined || clientKeyPath === undefined ? {} : { clientCertPath, clientKeyPath }),
    ...(serverCaCertPath === undefined ? {} : { serverCaCertPath }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

function toSmtpTls(path: TextOf): Config["smtpTls"] {
  const certPath = path("TOCSIN_SMTP_TLS_CERT");
  const keyPath = path("TOCSIN_SMTP_TLS_KEY");
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath };
  if (certPath === undefined && keyPath === undefined) return undefined;
  const missing = certPath === undefined ? "TOCSIN_SMTP_TLS_CERT" : "TOCSIN_SMTP_TLS_KEY";
  throw new ConfigError(missing, `${missing} is missing: a certificate and its key are given together.`);
}

function toSecrets(
  env: Readonly<Record<string, string | undefined>>,
  file: string | undefined,
): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const [name, value] of file === undefined ? [] : readSecretsFile(file))
    secrets.set(name.toUpperCase(), value);
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(SECRET_PREFIX) || value === undefined) continue;
    secrets.set(name.slice(SECRET_PREFIX.length).toUpperCase(), value);
  }
  return secrets;
}

/** Never repeats what stands in the file. */
function readSecretsFile(file: string): readonly (readonly [string, string])[] {
  const wrong = (why: string, cause?: unknown): ConfigError =>
    new ConfigError("TOCSIN_SECRETS_FILE", `TOCSIN_SECRETS_FILE ${file} ${why}.`, { cause });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw wrong("cannot be read", cause);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong("is not JSON: it must be one object of names and texts");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw wrong("must hold one JSON object of names and texts");
  return Object.entries(parsed).map(([name, value]: [string, unknown]) => {
    if (!/^\w+$/u.test(name)) throw wrong(`has the name ${JSON.stringify(name)}: letters, digits and _ only`);
    if (typeof value !== "string") throw wrong(`has a value of ${name} that is not a text`);
    return [name, value] as const;
  });
}

function parseApiKey(text: string): string {
  if (/^[\x21-\x7e]{8,200}$/u.test(text)) return text;
  throw new ConfigError(
    "TOCSIN_API_KEY",
    "TOCSIN_API_KEY must be 8 to 200 visible ASCII characters without a space.",
  );
}

function defaultOf(name: SettingName): string {
  return SETTINGS.find((setting) => setting.name === name)?.byDefault ?? "";
}

function given<A, B>(value: A | undefined, use: (value: A) => B): B | undefined {
  return value === undefined ? undefined : use(value);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/u, "");
}
