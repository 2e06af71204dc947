/**
 * Mutates messages of the corpus and holds reading and masking to what must hold of any bytes at all: no throw, no hang, no password left.
 * Used by the suite for a few hundred and by `npm run fuzz` for 100,000.
 */
import {
  MAIL_ADDRESSES_MAX,
  MAIL_HEADERS_KEPT_MAX,
  MAIL_PARTS_MAX,
  MAIL_REFERENCES_MAX,
  MAIL_TEXT_CHARACTERS_MAX,
  MAIL_WARNINGS_MAX,
} from "../../src/domain/index.ts";
import { maskToken, readMailNow, type ReadMail } from "../../src/mail/index.ts";
import { readCorpus } from "./corpus.ts";

/** The one that the tokens of the corpus carry. */
export const CORPUS_PASSWORD = "zzZ3zZ/2Z1ZzzZZZ0zoZ9z==";
const MESSAGE_MS_MAX = 1000;
/** A whole header field. */
const SUBJECT_CHARACTERS_MAX = 64 * 1024;

export interface FuzzFailure {
  readonly seed: number;
  readonly why: string;
  readonly raw: Buffer;
}

export interface FuzzReport {
  readonly messages: number;
  readonly slowestMs: number;
  readonly failures: readonly FuzzFailure[];
}

/** The same seed gives the same messages. `clock`: milliseconds, for hangs only. */
export function fuzzMail(
  count: number,
  seed: number,
  clock: () => number = () => performance.now(),
): FuzzReport {
  const corpus = readCorpus().map((it) => it.raw);
  const failures: FuzzFailure[] = [];
  let slowestMs = 0;
  for (let n = 0; n < count; n++) {
    const raw = mutateMail(corpus, seed + n);
    const begun = clock();
    const why = problemOf(raw);
    const ms = clock() - begun;
    slowestMs = Math.max(slowestMs, ms);
    if (why !== undefined) failures.push({ seed: seed + n, why, raw });
    else if (ms > MESSAGE_MS_MAX) failures.push({ seed: seed + n, why: `took ${Math.round(ms)} ms`, raw });
  }
  return { messages: count, slowestMs, failures };
}

/** What does not hold of these bytes. */
export function problemOf(raw: Buffer): string | undefined {
  try {
    const mail = readMailNow(raw, {
      trustedAuthserv: "mx.msp.example",
      ownAddresses: ["support@msp.example"],
    });
    const grown = unboundedIn(mail);
    if (grown !== undefined) return `${grown} is without bounds`;
    const password = mail.token.kind === "token" ? mail.token.token.values.PW : undefined;
    const masked = Buffer.from(maskToken(raw, password === undefined ? [] : [password]));
    if (password !== undefined && password.length >= 6) {
      const { token, ...others } = mail;
      if (JSON.stringify(others).includes(JSON.stringify(password).slice(1, -1)))
        return "the password is in a text";
      if (token.kind === "token" && token.textAbove.includes(password))
        return "the password is in the description";
      return leakOf(masked, password);
    }
    return undefined;
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** Which of a mail's parts is longer than anything may be that was read. */
function unboundedIn(mail: ReadMail): string | undefined {
  const { text, newText, headers, to, cc, inReplyTo, references, attachments, warnings, subject } = mail;
  const sizes: readonly (readonly [string, number, number])[] = [
    ["text", text.length, MAIL_TEXT_CHARACTERS_MAX],
    ["newText", newText.length, MAIL_TEXT_CHARACTERS_MAX],
    ["headers", Object.keys(headers).length, MAIL_HEADERS_KEPT_MAX],
    ["to", to.length, MAIL_ADDRESSES_MAX],
    ["cc", cc.length, MAIL_ADDRESSES_MAX],
    ["inReplyTo", inReplyTo.length, MAIL_REFERENCES_MAX],
    ["references", references.length, MAIL_REFERENCES_MAX],
    ["attachments", attachments.length, MAIL_PARTS_MAX],
    ["warnings", warnings.length, MAIL_WARNINGS_MAX],
    ["subject", subject.length, SUBJECT_CHARACTERS_MAX],
  ];
  return sizes.find(([, length, most]) => length > most)?.[0];
}

/** As somebody would look for it who has only the stored bytes. */
export function leakOf(masked: Buffer, password: string): string | undefined {
  const bytes = Buffer.from(password, "utf8");
  if (masked.includes(bytes)) return "the password is in the masked bytes";
  if (masked.includes(bytes.toString("base64").replace(/=+$/u, "").slice(0, -2)))
    return "it is there in base64";
  if (masked.includes(Buffer.from(password, "utf16le"))) return "it is there in UTF-16";
  const again = readMailNow(masked);
  const { token, attachments, ...others } = again;
  const texts = [JSON.stringify(others), token.kind === "token" ? JSON.stringify(token) : ""];
  if (texts.some((text) => text.includes(JSON.stringify(password).slice(1, -1))))
    return "reading it again shows it";
  if (attachments.some(({ content }) => Buffer.from(content).includes(bytes))) return "an attachment has it";
  return undefined;
}

/** mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const MORSELS = [
  "\r\n",
  "\n",
  "\r",
  "--XX\r\n",
  "--XX--",
  "=",
  "=\r\n",
  "=?utf-8?Q?",
  "?=",
  "\0",
  "\u00ff\u00fe",
  "<Autotask>",
  "</Autotask>",
  `<PW name="${CORPUS_PASSWORD}"/>`,
  '"',
  "\u00e2\u0080\u009d",
  "&lt;",
  "&quot;",
  "&#60;",
  "<![CDATA[",
  "<!DOCTYPE",
  "<blockquote>",
  "<!--",
  ">",
  "On Mon, wrote:",
  "Content-Type: multipart/mixed; boundary=XX\r\n",
  "Content-Type: text/html\r\n",
  "Content-Type: message/rfc822\r\n\r\n",
  "Content-Transfer-Encoding: base64\r\n",
  "Content-Transfer-Encoding: quoted-printable\r\n",
  "charset=utf-16",
  "(((((",
] as const;

/** The same seed gives the same bytes. */
export function mutateMail(corpus: readonly Buffer[], seed: number): Buffer {
  const random = randomOf(seed);
  const below = (max: number): number => Math.floor(random() * max);
  const pick = (): Buffer => corpus[below(corpus.length)] ?? Buffer.alloc(0);
  let bytes = Buffer.from(pick());
  for (let steps = 1 + below(6); steps > 0; steps--) {
    const at = below(bytes.length + 1);
    const end = Math.min(bytes.length, at + below(40));
    const parts = [bytes.subarray(0, at), bytes.subarray(at), bytes.subarray(end)] as const;
    switch (below(6)) {
      case 0:
        bytes = Buffer.concat([
          parts[0],
          Buffer.from(MORSELS[below(MORSELS.length)] ?? "", "latin1"),
          parts[1],
        ]);
        break;
      case 1:
        bytes = Buffer.concat([parts[0], parts[2]]);
        break;
      case 2:
        bytes = Buffer.concat([parts[0], pick(), parts[1]]);
        break;
      case 3:
        bytes = Buffer.concat([parts[0], Buffer.from([below(256)]), bytes.subarray(at + 1)]);
        break;
      case 4:
        bytes = Buffer.concat([
          parts[0],
          ...Array.from({ length: below(200) }, () => bytes.subarray(at, end)),
          parts[1],
        ]);
        break;
      default:
        bytes = Buffer.concat([parts[0], pick().subarray(below(400))]);
    }
  }
  return bytes;
}
