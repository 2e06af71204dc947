/** The bytes of one DATA into memory, within its own limit and that of the whole process. Knows no replies. */
import { MAIL_BYTES_MAX } from "../domain/index.ts";
import { EndMarkGuard } from "./end-mark-guard.ts";

export type Intake =
  | { readonly kind: "message"; readonly raw: Buffer }
  | { readonly kind: "too-large" | "smuggled" | "no-room" }
  /** The client went away; nobody hears an answer. */
  | { readonly kind: "gone" };

/** What is held in memory now, by all sessions of one door. */
export interface BytesUnderWay {
  bytes: number;
  readonly max: number;
}

/** Resolves at once when it is smuggled or endless, else at the end of the data. `release` gives the room back. */
export function takeMessage(
  stream: NodeJS.ReadableStream,
  underWay: BytesUnderWay,
  drainedBytesMax: number,
): { readonly intake: Promise<Intake>; readonly release: () => void } {
  const guard = new EndMarkGuard();
  let chunks: Buffer[] = [];
  let seen = 0;
  let held = 0;
  let refusal: "too-large" | "no-room" | undefined;
  const release = (): void => {
    underWay.bytes -= held;
    held = 0;
    chunks = [];
  };
  const refuse = (kind: "too-large" | "no-room"): void => {
    refusal ??= kind;
    release();
  };
  const intake = new Promise<Intake>((resolve) => {
    stream.on("data", (chunk: Buffer) => {
      seen += chunk.length;
      if (guard.sees(chunk)) {
        release();
        resolve({ kind: "smuggled" });
      }
      if (seen > MAIL_BYTES_MAX) refuse("too-large");
      else if (underWay.bytes + chunk.length > underWay.max) refuse("no-room");
      if (seen > drainedBytesMax) resolve({ kind: "too-large" });
      if (refusal !== undefined) return;
      chunks.push(chunk);
      held += chunk.length;
      underWay.bytes += chunk.length;
    });
    stream.once("end", () => {
      resolve(
        refusal === undefined ? { kind: "message", raw: Buffer.concat(chunks, held) } : { kind: refusal },
      );
    });
    const gone = (): void => {
      release();
      resolve({ kind: "gone" });
    };
    stream.once("error", gone);
    stream.once("close", () => {
      if (refusal !== undefined || seen === 0) gone();
    });
  });
  return { intake, release };
}
