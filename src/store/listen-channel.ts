/** Calls back when somebody notified a channel, and after every new connection: what was missed meanwhile is then looked for. */
import pg from "pg";
import { LISTEN_AGAIN_MS, STORE_TIMEOUT_MS } from "../domain/index.ts";
import type { Channel } from "./notify-channel.ts";
import { connectionOptions } from "./store.ts";

/** A connection of its own, made again when it is lost; listeners poll slowly beside it. */
export function listenChannel(
  databaseUrl: string,
  channel: Channel,
  wake: () => void,
): { close(): Promise<void> } {
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  let isClosed = false;

  const connect = (): void => {
    const next = new pg.Client(connectionOptions(databaseUrl, STORE_TIMEOUT_MS));
    client = next;
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      void Promise.allSettled([next.end()]);
      if (isClosed) return;
      again = setTimeout(connect, LISTEN_AGAIN_MS);
    };
    next.on("notification", wake);
    next.on("error", over);
    next.on("end", over);
    next
      .connect()
      .then(async () => await next.query(`listen ${channel}`))
      .then(wake)
      .catch(over);
  };

  connect();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(again);
      await Promise.allSettled([client?.end()]);
    },
  };
}
