/** The thread in which large messages are prepared or read, one after another, until nobody asks any more. */
import { parentPort } from "node:worker_threads";
import { readMailNow } from "../../mail/index.ts";
import type { ReadMail, ReadMailOptions } from "../../mail/index.ts";
import { prepareMail, type PreparedMail } from "./prepare-mail.ts";

export interface ReaderTask {
  /** `prepare`: as it comes; `read`: once more, to be decided. */
  readonly kind: "prepare" | "read";
  readonly raw: Uint8Array;
  readonly options: ReadMailOptions;
}

export type ReaderAnswer = PreparedMail | { readonly kind: "read"; readonly read: ReadMail };

parentPort?.on("message", (task: ReaderTask) => {
  parentPort?.postMessage(answerTo(task));
});

function answerTo({ kind, raw, options }: ReaderTask): ReaderAnswer {
  if (kind === "read") return { kind, read: readMailNow(raw, options) };
  const prepared = prepareMail(raw, options);
  // Nobody asks for files at receipt: they are in the raw message.
  return prepared.kind === "prepared"
    ? { ...prepared, read: { ...prepared.read, attachments: [] } }
    : prepared;
}
