/** A Temporal that asks workflows to go on as a new run after a few dozen events instead of 4,096: so that a test need not wait for weeks. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureTemporalCli } from "../../scripts/temporal-cli.mjs";

/** A program to start it with, made in the folder. */
export async function impatientTemporal(folder: string, eventsMax: number): Promise<string> {
  const { path } = await ensureTemporalCli();
  const program = join(folder, "temporal-impatient");
  const flag = `--dynamic-config-value limit.historyCount.suggestContinueAsNew=${eventsMax}`;
  writeFileSync(program, `#!/bin/sh\nif [ "$1" = server ]; then exec '${path}' "$@" ${flag}; fi\nexec '${path}' "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}
