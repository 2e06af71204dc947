/** Receivers that misbehave, on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import {
  buildCalloutSender,
  buildEgressPolicy,
  buildGuardedDispatcher,
  buildSecrets,
  type DispatcherOptions,
  type SendOutcome,
} from "../../src/callouts/index.ts";
import type { CalloutRequest, DeliverySchedule } from "../../src/decision/index.ts";

export interface Receiver {
  readonly port: number;
  readonly requests: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
    body: string;
  }[];
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export async function openReceiver(
  handler: Handler,
  tls?: { readonly key: string; readonly cert: string },
): Promise<Receiver> {
  const requests: Receiver["requests"] = [];
  const listener: Handler = (request, response) => {
    const entry = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body: "",
    };
    requests.push(entry);
    request.setEncoding("utf8").on("data", (chunk: string) => (entry.body += chunk));
    request.on("end", () => handler(request, response));
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Attempt {
  readonly request: Partial<CalloutRequest> & { readonly url: string };
  readonly schedule?: Partial<DeliverySchedule>;
  readonly allow?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
  readonly resolve?: DispatcherOptions["resolve"];
  readonly signal?: AbortSignal;
}

export async function send(attempt: Attempt): Promise<SendOutcome> {
  const dispatcher = buildGuardedDispatcher({
    policy: buildEgressPolicy(attempt.allow ?? ["127.0.0.1"]),
    ...(attempt.resolve === undefined ? {} : { resolve: attempt.resolve }),
  });
  const sender = buildCalloutSender(
    { dispatcher },
    buildSecrets(new Map(Object.entries(attempt.secrets ?? {}))),
  );
  try {
    return await sender.send({
      deliveryId: "dl_1",
      request: {
        method: "POST",
        headers: [],
        body: "{}",
        auth: { kind: "none" },
        signWith: [],
        ...attempt.request,
      },
      schedule: {
        timeoutMs: 1000,
        successStatuses: [],
        retryOn4xx: true,
        honourRetryAfter: false,
        ...attempt.schedule,
      },
      at: Date.parse("2026-11-22T23:05:00Z"),
      signal: attempt.signal ?? new AbortController().signal,
    });
  } finally {
    await dispatcher.destroy();
  }
}

/** Names that only these tests know. */
export function names(table: Readonly<Record<string, readonly string[]>>): NonNullable<Attempt["resolve"]> {
  return (host, _options, callback) => {
    const addresses = table[host];
    if (addresses === undefined) {
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" }), []);
      return;
    }
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
}
