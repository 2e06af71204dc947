/** The customers of the tour: loaded on the first start with the project's own rules, so that its example alert finds them. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { importText, organizationRecords } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import type { Store } from "../store/index.ts";

/** The sentence to tell; undefined when there is nothing to load. */
export async function loadSampleOrganizations(config: Config, store: Store): Promise<string | undefined> {
  const file = join(config.rulesDir, "organizations.csv");
  if (!config.rulesAreOurs || statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  const { created } = await importText(organizationRecords, { config, store }, readFileSync(file, "utf8"));
  return `Loaded ${created} sample organizations from ${file}.`;
}
