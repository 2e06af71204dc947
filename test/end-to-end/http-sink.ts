/** The monitoring product's side of a callout: a real HTTP server that answers as told and keeps what came. */
import { createServer, type IncomingHttpHeaders } from "node:http";

export interface SinkRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpSink {
  readonly port: number;
  readonly requests: SinkRequest[];
  /** Status of the n-th request (from 1). */
  answer: (n: number, request: SinkRequest) => number;
  close(): Promise<void>;
}

export async function startHttpSink(answer: HttpSink["answer"] = () => 200): Promise<HttpSink> {
  const requests: SinkRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request: SinkRequest = {
        at: Date.now(),
        method: incoming.method ?? "",
        path: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      requests.push(request);
      outgoing.writeHead(sink.answer(requests.length, request), { "content-type": "text/plain" }).end("sink");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sink: HttpSink = {
    port: (server.address() as { port: number }).port,
    requests,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sink;
}
