/** Runs something again whenever a rule file below the named places changes, until somebody asks to stop. Knows no rules. */
import { statSync, watch } from "node:fs";
import { dirname } from "node:path";
import { listenForStop, untilAborted } from "./stop-request.ts";

/** An editor writes a file in several steps; they are one change. */
const SETTLE_MS = 100;

export async function runOnChange(paths: readonly string[], run: () => Promise<void>): Promise<void> {
  const stop = listenForStop();
  let timer: NodeJS.Timeout | undefined;
  let running = run();
  const again = (file: string | null): void => {
    if (file !== null && !file.endsWith(".rules")) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(run);
    }, SETTLE_MS);
  };
  const folders = new Set(paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path))));
  const watchers = [...folders].map((folder) =>
    watch(folder, { recursive: true }, (_event, file) => again(file)),
  );
  await untilAborted(stop);
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  await running;
}
