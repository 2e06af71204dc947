/**
 * The SMTP door: takes messages for declared, active mailboxes and for nobody else (no relaying, no accounts), within limits, and says 250
 * only when the receiver has stored them. Logs name mailboxes, peers and outcomes; never senders, subjects or texts.
 */
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { ConfigError } from "../config/index.ts";
import {
  MAIL_BYTES_MAX,
  SECOND,
  SMTP_BYTES_UNDER_WAY_MAX,
  SMTP_CERTIFICATE_CHECK_MS,
  SMTP_DRAINED_BYTES_MAX,
  SMTP_ERRORS_PER_MESSAGE_MAX,
  SMTP_IDLE_MS,
  SMTP_LINE_BYTES_MAX,
  SMTP_MESSAGE_MS_MAX,
  SMTP_RECIPIENTS_MAX,
  SMTP_REPLIES_PER_MESSAGE_MAX,
  SMTP_SESSION_MS_MAX,
  SMTP_SWEEP_MS,
} from "../domain/index.ts";
import type { MailReceiver } from "../mail/index.ts";
import { certificateVersion, readCertificate, type CertificatePaths } from "./certificate.ts";
import { DoorServer } from "./door-server.ts";
import { openTransactions } from "./transactions.ts";
import { PeerRate } from "./peer-rate.ts";

export interface SmtpSettings {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** At once; 0 is off. */
  readonly connections: number;
  /** Messages a minute per peer; 0 is off. */
  readonly ratePerMinute: number;
  readonly tls: CertificatePaths | undefined;
}

/** What differs in tests that cannot wait; the defaults are those of the limits. Units: milliseconds, bytes. */
export interface SmtpLimits {
  readonly idleMs: number;
  readonly messageMsMax: number;
  readonly sessionMsMax: number;
  readonly repliesPerMessageMax: number;
  readonly errorsPerMessageMax: number;
  readonly bytesUnderWayMax: number;
  readonly drainedBytesMax: number;
  readonly closeMsMax: number;
  readonly certificateCheckMs: number;
}

export interface SmtpDoorParts {
  readonly receiver: MailReceiver;
  readonly settings: SmtpSettings;
  readonly log: DoorLog;
  readonly clock: () => number;
  readonly limits?: Partial<SmtpLimits>;
}

/** The part of a pino logger that is used. */
export interface DoorLog {
  readonly info: (fields: object, text: string) => void;
  readonly warn: (fields: object, text: string) => void;
  readonly error: (fields: object, text: string) => void;
}

/** Since the door was opened. */
export interface SmtpCounters {
  readonly taken: number;
  /** By reply code and enhanced code: `550 5.1.1`. */
  readonly refused: Readonly<Record<string, number>>;
  readonly connections: number;
}

export interface SmtpDoor {
  /** Throws: ConfigError (port taken, certificate unusable). The port is the one that was picked for 0. */
  readonly listen: () => Promise<{ readonly host: string; readonly port: number }>;
  /** Takes nothing new; a message that is being received is finished within the time for closing. */
  readonly close: () => Promise<void>;
  readonly counters: () => SmtpCounters;
}

/** Beside the HTTP door, which is closed at the same time. */
const CLOSE_MS_MAX = 3 * SECOND;

const DEFAULTS: SmtpLimits = {
  idleMs: SMTP_IDLE_MS,
  messageMsMax: SMTP_MESSAGE_MS_MAX,
  sessionMsMax: SMTP_SESSION_MS_MAX,
  repliesPerMessageMax: SMTP_REPLIES_PER_MESSAGE_MAX,
  errorsPerMessageMax: SMTP_ERRORS_PER_MESSAGE_MAX,
  bytesUnderWayMax: SMTP_BYTES_UNDER_WAY_MAX,
  drainedBytesMax: SMTP_DRAINED_BYTES_MAX,
  closeMsMax: CLOSE_MS_MAX,
  certificateCheckMs: SMTP_CERTIFICATE_CHECK_MS,
};

/** Throws: ConfigError when the certificate cannot be used. */
export function createSmtpDoor(parts: SmtpDoorParts): SmtpDoor {
  const { settings, clock, log } = parts;
  const limits = { ...DEFAULTS, ...parts.limits };
  const certificate = settings.tls === undefined ? undefined : readCertificate(settings.tls);
  const server = new DoorServer(
    {
      name: hostname(),
      banner: "Tocsin",
      size: MAIL_BYTES_MAX,
      disabledCommands: [
        ...["AUTH", "XCLIENT", "XFORWARD", "WIZ", "SHELL", "KILL"],
        ...(certificate === undefined ? ["STARTTLS"] : []),
      ],
      hideENHANCEDSTATUSCODES: false,
      disableReverseLookup: true,
      maxRecipients: SMTP_RECIPIENTS_MAX,
      maxCommandLength: SMTP_LINE_BYTES_MAX,
      socketTimeout: limits.idleMs,
      closeTimeout: limits.closeMsMax,
      logger: false,
      ...(settings.connections === 0 ? {} : { maxClients: settings.connections }),
      ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
    },
    limits,
    clock,
  );
  const transactions = openTransactions({
    server,
    receiver: parts.receiver,
    log,
    clock,
    rate: new PeerRate(settings.ratePerMinute),
    underWay: { bytes: 0, max: limits.bytesUnderWayMax },
    drainedBytesMax: limits.drainedBytesMax,
  });
  /* Errors of single connections: the client is gone or speaks no TLS. */
  server.on("error", () => undefined);
  const timers = [
    setInterval(() => dismissOverdue(server), SMTP_SWEEP_MS),
    ...(settings.tls === undefined || certificate === undefined
      ? []
      : [watchCertificate(server, settings.tls, certificate.version, limits.certificateCheckMs, log)]),
  ];
  for (const timer of timers) timer.unref();
  return {
    listen: () => listen(server, settings),
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await close(server, transactions.close);
    },
    counters: () => ({ ...transactions.counters(), connections: server.connections.size }),
  };
}

async function listen(
  server: DoorServer,
  { host, port }: SmtpSettings,
): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: Error): void => reject(toConfigError(cause, host, port));
    server.server.once("error", failed);
    server.listen(port, host, () => {
      server.server.off("error", failed);
      resolve();
    });
  });
  return { host, port: (server.server.address() as AddressInfo).port };
}

function toConfigError(cause: Error, host: string, port: number): Error {
  const code = "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE")
    return new ConfigError(
      "TOCSIN_SMTP_PORT",
      `Port ${port} on ${host} (TOCSIN_SMTP_PORT) is taken: set TOCSIN_SMTP_PORT to another one; 0 picks a free one.`,
      { cause },
    );
  if (code === "EACCES")
    return new ConfigError(
      "TOCSIN_SMTP_PORT",
      `Port ${port} (TOCSIN_SMTP_PORT) needs more rights than you have: set TOCSIN_SMTP_PORT to a port above 1023.`,
      { cause },
    );
  return cause;
}

async function close(server: DoorServer, stopTaking: () => void): Promise<void> {
  stopTaking();
  const closed = new Promise<void>((resolve) => {
    server.close(resolve);
  });
  for (const session of [...server.sessions()]) {
    if (!session.isReceiving) session.dismiss(421, "4.3.2 Shutting down, come again");
  }
  await closed;
}

function dismissOverdue(server: DoorServer): void {
  for (const session of [...server.sessions()]) {
    if (session.isOverdue) session.dismiss(421, "4.4.2 No message came in time");
  }
}

/** A renewed certificate is taken without a restart; while the new files do not fit the old one stays. */
function watchCertificate(
  server: DoorServer,
  paths: CertificatePaths,
  version: string,
  everyMs: number,
  log: DoorLog,
): NodeJS.Timeout {
  let known = version;
  return setInterval(() => {
    const now = certificateVersion(paths);
    if (now === known || now === "") return;
    known = now;
    try {
      const { cert, key } = readCertificate(paths);
      server.updateSecureContext({ cert, key });
      log.info({}, "the renewed SMTP certificate is in use");
    } catch (error) {
      log.error({ err: error }, "the new SMTP certificate cannot be used; the one before stays");
    }
  }, everyMs);
}
