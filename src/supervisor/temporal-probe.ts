/**
 * Asks a Temporal server whether it serves, in two bare gRPC calls: so that readiness needs no Temporal client, which belongs to
 * another room. Knows the wire form of these two calls and nothing else of Temporal.
 *
 *   HTTP/2 POST, body = 0 (not compressed) | length, 4 bytes | protobuf message
 */
import { connect, constants } from "node:http2";

const HEALTH_PATH = "/grpc.health.v1.Health/Check";
const FRONTEND = "temporal.api.workflowservice.v1.WorkflowService";
const SEARCH_ATTRIBUTES_PATH = "/temporal.api.operatorservice.v1.OperatorService/ListSearchAttributes";
/** HealthCheckResponse{status: SERVING}. */
const SERVING = Buffer.from([0x08, 0x01]);
const ANSWER_BYTES_MAX = 1024 * 1024;

/** True when the front end serves and the namespace has these search attributes. Never throws. */
export async function isTemporalReady(
  address: string,
  namespace: string,
  searchAttributes: readonly string[],
  timeoutMs: number,
): Promise<boolean> {
  const health = await call({ address, path: HEALTH_PATH, message: textField(FRONTEND), timeoutMs });
  if (health === undefined || !health.includes(SERVING)) return false;
  const listed = await call({
    address,
    path: SEARCH_ATTRIBUTES_PATH,
    message: textField(namespace),
    timeoutMs,
  });
  return listed !== undefined && searchAttributes.every((name) => listed.includes(name));
}

/** Both requests have one text as field 1. */
function textField(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes]);
}

interface Call {
  readonly address: string;
  readonly path: string;
  /** Shorter than 128 bytes, so that its lengths are one byte. */
  readonly message: Buffer;
  readonly timeoutMs: number;
}

/** The message of the answer, or undefined when there is none or the status is not 0. */
function call({ address, path, message, timeoutMs }: Call): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    const finish = (answer: Buffer | undefined): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      finish(undefined);
    }, timeoutMs);
    session.on("error", () => {
      finish(undefined);
    });
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status: unknown;
    stream.on("response", (headers) => (status = headers["grpc-status"]));
    stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) finish(undefined);
      else chunks.push(chunk);
    });
    stream.on("error", () => {
      finish(undefined);
    });
    stream.on("end", () => {
      finish(status === "0" ? Buffer.concat(chunks).subarray(5) : undefined);
    });
    const header = Buffer.alloc(5);
    header.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([header, message]));
  });
}
