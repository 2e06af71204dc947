/** Free and taken ports on one address. Knows nothing of who wants them. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { SupervisorError } from "./supervisor-error.ts";

/** Below the ports that systems give to outgoing connections: one of those could take a picked port before it is used. */
const PICKED_PORTS = { from: 15_000, to: 32_000 } as const;
const PICKS_MAX = 50;

/** A port that is free now: somebody may take it before it is used, so whoever asks for 0 tries again. */
export async function pickFreePort(address: string): Promise<number> {
  for (let pick = 0; pick < PICKS_MAX; pick++) {
    const port = randomInt(PICKED_PORTS.from, PICKED_PORTS.to);
    if (await isPortFree(address, port)) return port;
  }
  return await listenBriefly(address, 0);
}

/** Throws: SupervisorError (port_taken) that names the setting. Port 0 picks a free one. */
export async function claimPort(address: string, port: number, setting: string): Promise<number> {
  try {
    return port === 0 ? await pickFreePort(address) : await listenBriefly(address, port);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EADDRINUSE") throw portTaken(address, port, setting);
    if (code === "EACCES") {
      throw new SupervisorError(
        "port_taken",
        `Port ${port} (${setting}) needs more rights than you have: set ${setting} to a port above 1023.`,
        { cause },
      );
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new SupervisorError(
        "port_taken",
        `${address} is not an address of this machine: set TOCSIN_HOST to one.`,
        { cause },
      );
    }
    throw cause;
  }
}

export async function isPortFree(address: string, port: number): Promise<boolean> {
  return await listenBriefly(address, port).then(
    () => true,
    () => false,
  );
}

export function portTaken(address: string, port: number, setting: string): SupervisorError {
  return new SupervisorError(
    "port_taken",
    `Port ${port} on ${address} is taken by another program: stop that program, or set ${setting} to another port (0 picks a free one).`,
  );
}

function listenBriefly(address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      const bound = server.address();
      server.close(() => {
        if (bound === null || typeof bound === "string") reject(new Error("no port"));
        else resolve(bound.port);
      });
    });
  });
}
