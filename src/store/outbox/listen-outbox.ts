/** Calls back when somebody wrote to the outbox. A connection of its own, made again when it is lost; missed calls are caught by the poll. */
import pg from "pg";
import { STORE_TIMEOUT_MS } from "../../domain/index.ts";

/** Named in migration 0005. */
const CHANNEL = "tocsin_outbox";
const AGAIN_AFTER_MS = 1000;

export function listenOutbox(databaseUrl: string, wake: () => void): { close(): Promise<void> } {
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  let isClosed = false;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: STORE_TIMEOUT_MS,
      keepAlive: true,
      application_name: "tocsin relay",
    });
    client = next;
    next.on("notification", wake);
    next.on("error", () => undefined);
    next.on("end", () => {
      if (isClosed || client !== next) return;
      again = setTimeout(() => void connect(), AGAIN_AFTER_MS);
    });
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      wake();
    } catch {
      // A connection that never stood up may not emit "end" a second time: make sure of the next try.
      if (isClosed || client !== next) return;
      client = undefined;
      await next.end().catch(() => undefined);
      again = setTimeout(() => void connect(), AGAIN_AFTER_MS);
    }
  };

  void connect();
  return {
    async close() {
      isClosed = true;
      clearTimeout(again);
      await client?.end().catch(() => undefined);
    },
  };
}
