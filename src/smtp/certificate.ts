/** The certificate for STARTTLS: read and tried before it is used, so that a mistake is a sentence and not a failed handshake. */
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ConfigError } from "../config/index.ts";

export interface CertificatePaths {
  readonly certPath: string;
  readonly keyPath: string;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Differs when one of the files was written again. */
  readonly version: string;
}

/** Throws: ConfigError that names the setting whose file is missing, unreadable, no PEM, or not the other's. */
export function readCertificate({ certPath, keyPath }: CertificatePaths): Certificate {
  const version = certificateVersion({ certPath, keyPath });
  const cert = readPem("TOCSIN_SMTP_TLS_CERT", certPath);
  const key = readPem("TOCSIN_SMTP_TLS_KEY", keyPath);
  tryContext(
    { cert },
    "TOCSIN_SMTP_TLS_CERT",
    `TOCSIN_SMTP_TLS_CERT ${certPath} holds no certificate in PEM form`,
  );
  tryContext(
    { key },
    "TOCSIN_SMTP_TLS_KEY",
    `TOCSIN_SMTP_TLS_KEY ${keyPath} holds no private key in PEM form without a password`,
  );
  tryContext(
    { cert, key },
    "TOCSIN_SMTP_TLS_KEY",
    `TOCSIN_SMTP_TLS_KEY ${keyPath} is not the key of the certificate ${certPath}`,
  );
  return { cert, key, version };
}

/** Cheap to ask; empty while a file is away, as in the middle of a renewal. */
export function certificateVersion({ certPath, keyPath }: CertificatePaths): string {
  try {
    return [certPath, keyPath].map((path) => String(statSync(path).mtimeMs)).join(" ");
  } catch {
    return "";
  }
}

function readPem(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const why =
      code === "ENOENT"
        ? "does not exist"
        : code === "EACCES"
          ? "may not be read by this user"
          : "cannot be read";
    throw new ConfigError(setting, `${setting} ${path} ${why}.`, { cause });
  }
}

function tryContext(options: { cert?: Buffer; key?: Buffer }, setting: string, message: string): void {
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new ConfigError(setting, `${message}.`, { cause });
  }
}
