/** `tocsin send --mail`: a whole message from a file or standard input, to a mailbox of a running server. */
import { readFileSync } from "node:fs";
import { readMailNow } from "../mail/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { callServer, problemText } from "./server-call.ts";
import type { Terminal } from "./terminal.ts";

/** `mailbox`: its address; undefined: the first address of the message's To. */
export async function sendMail(
  file: string | undefined,
  mailbox: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const raw = readBytes(file);
  const to = mailbox ?? readMailNow(raw).to[0]?.address;
  if (to === undefined)
    throw new UsageError(
      "The message names nobody in To: say which mailbox it is for with --mailbox ADDRESS.",
    );
  const answer = await callServer("POST", `/api/v1/mail/${encodeURIComponent(to)}`, raw, "message/rfc822");
  if (answer.status !== 200 && answer.status !== 201) {
    terminal.answer(answer.body, problemText(answer));
    return FOUND_SOMETHING;
  }
  const id = memberOf(answer.body, "id");
  const again = memberOf(answer.body, "again") === "true";
  terminal.answer(
    answer.body,
    `${again ? "taken before" : "taken"}  ${to}  ${id}\n  tocsin explain ${id} tells what became of it`,
  );
  return FINE;
}

function readBytes(file: string | undefined): Buffer {
  if (file === undefined)
    throw new UsageError("Nothing to send: name a message file, or - for standard input.");
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (cause) {
    throw new UsageError(`${file} cannot be read.`, { cause });
  }
}

function memberOf(body: unknown, name: string): string {
  if (typeof body !== "object" || body === null) return "";
  return String(Object.entries(body).find(([key]) => key === name)?.[1] ?? "");
}
