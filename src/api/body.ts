/** Reads a request's body to its limit. A larger one is drained, so that the sender sees the answer and not a broken pipe. */
import { BODY_BYTES_MAX, BODY_DRAINED_BYTES_MAX } from "../domain/index.ts";
import { Problem } from "./problem.ts";

export async function readBody(
  payload: NodeJS.ReadableStream,
  bytesMax: number = BODY_BYTES_MAX,
): Promise<Buffer> {
  const drainedMax = Math.max(BODY_DRAINED_BYTES_MAX, bytesMax);
  return await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = (): void => {
      reject(new Problem("body_too_large", `the body has more than ${bytesMax} bytes`));
    };
    payload.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytesMax) chunks.push(chunk);
      else {
        chunks.length = 0;
        if (size > drainedMax) tooLarge();
      }
    });
    payload.once("end", () => {
      if (size > bytesMax) tooLarge();
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    payload.once("error", reject);
  });
}
