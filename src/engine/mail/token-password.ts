/**
 * Whether a token's password is that of a mailbox (ATES-17): against every active one, in constant time, at receipt,
 * because it is masked in what is kept. Of a wrong one a salted, slow hash stays, so that a retry can judge it after a
 * secret was mended. Knows no mail.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { MailboxIr } from "../../compiler/index.ts";
import { samePassword } from "../../mail/index.ts";
import type { MailSettings } from "./mail-types.ts";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const SALT_BYTES = 16;
const HASH_BYTES = 32;

function secretsOf(
  mailboxes: readonly MailboxIr[],
  { secretValue }: Pick<MailSettings, "secretValue">,
): readonly string[] {
  return mailboxes.flatMap(({ active, tokenPassword }) => {
    const value = active && tokenPassword !== undefined ? secretValue(tokenPassword) : undefined;
    return value === undefined || value === "" ? [] : [value];
  });
}

/** All are compared, whichever fits. */
export function isAcceptedPassword(
  password: string | undefined,
  mailboxes: readonly MailboxIr[],
  settings: Pick<MailSettings, "secretValue">,
): boolean {
  let accepted = false;
  for (const secret of secretsOf(mailboxes, settings))
    if (password !== undefined && samePassword(password, secret)) accepted = true;
  return accepted;
}

/** `scrypt:<salt>:<hash>`, base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, HASH_BYTES);
  return `scrypt:${salt.toString("base64")}:${hash.toString("base64")}`;
}

export async function isAcceptedHash(
  kept: string,
  mailboxes: readonly MailboxIr[],
  settings: Pick<MailSettings, "secretValue">,
): Promise<boolean> {
  const [kind, salt, hash] = kept.split(":");
  if (kind !== "scrypt" || salt === undefined || hash === undefined) return false;
  const wanted = Buffer.from(hash, "base64");
  let accepted = false;
  for (const secret of secretsOf(mailboxes, settings)) {
    const given = await derive(secret, Buffer.from(salt, "base64"), HASH_BYTES);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) accepted = true;
  }
  return accepted;
}
