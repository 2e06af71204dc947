/**
 * One request to stop out of all the ways in which it comes: signals, sent once or by terminal and parent both, and the end of
 * whoever started us.
 */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Aborted at the first of them; later ones change nothing. Call it before anything is started. */
export function listenForStop(): AbortSignal {
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, abort);
  process.on("disconnect", abort);
  return stop.signal;
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
