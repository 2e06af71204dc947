/** Makes ids: prefix and 26 characters that sort by time and then by order of making (ULID). Knows no table. */
import { randomBytes } from "node:crypto";

export type IdPrefix =
  | "al"
  | "tk"
  | "dl"
  | "rp"
  | "nt"
  | "rf"
  | "ky"
  | "og"
  | "dv"
  | "ct"
  | "rs"
  | "wk"
  | "ml"
  | "pj"
  | "ts"
  | "hd"
  | "ab"
  | "mt"
  | "me";
export type NewId = (prefix: IdPrefix, at: number) => string;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARACTERS = 10;
/** 16 characters of 5 bits: 45 random bits of this process, 35 counted bits. */
const PROCESS_CHARACTERS = 9;
const COUNT_CHARACTERS = 7;
const COUNT_MAX = 32 ** COUNT_CHARACTERS;

/**
 * Ids of one millisecond count up, so that alerts of one batch sort as they came. The process's part is drawn anew
 * whenever the counter starts again.
 */
export function createIdSource(): NewId {
  let part = drawProcessPart();
  let count = 0;
  return (prefix, at) => {
    count += 1;
    if (count >= COUNT_MAX) {
      count = 0;
      part = drawProcessPart();
    }
    // Count before the process's part: order within the process counts more than between processes.
    return `${prefix}_${encode(Math.max(0, Math.floor(at)), TIME_CHARACTERS)}${encode(count, COUNT_CHARACTERS)}${part}`;
  };
}

function drawProcessPart(): string {
  let part = "";
  for (const byte of randomBytes(PROCESS_CHARACTERS)) part += ALPHABET[byte % ALPHABET.length];
  return part;
}

function encode(value: number, characters: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < characters; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
