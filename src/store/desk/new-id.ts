/** Ids of records: a prefix for the kind and a ULID, which sorts by time (0001_desk.sql). */
import { randomBytes } from "node:crypto";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;

export function newId(prefix: string, at: number = Date.now()): string {
  let time = "";
  for (let rest = at, i = 0; i < TIME_CHARACTERS; i++, rest = Math.floor(rest / 32))
    time = CROCKFORD.charAt(rest % 32) + time;
  let random = "";
  for (const byte of randomBytes(RANDOM_CHARACTERS)) random += CROCKFORD.charAt(byte % 32);
  return `${prefix}_${time}${random}`;
}
