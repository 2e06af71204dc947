/**
 * What `up` does about rules before anything runs (contract.md 1): publishes the folder on the first start, and later only
 * when its content differs from what `up` itself published last, so that a rollback survives a restart.
 */
import type { Logger } from "pino";
import { createRuleSets, compileFiles, hashFiles } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import type { DiagnosticRecord } from "../diagnostics/index.ts";
import { openStore, type Store } from "../store/index.ts";
import { selectHashPublishedByUp, selectNumberInForce, type RuleFile } from "../store/desk/index.ts";
import { loadSampleOrganizations } from "./load-sample-organizations.ts";
import { readRulesFolder } from "./read-rules-folder.ts";

export interface PublishedOnStart {
  /** What to tell the person: which set is in force, what was loaded, diagnostics. */
  readonly sentences: readonly string[];
  /** False: the first rule set has errors and nothing is in force, so there is nothing to run. */
  readonly mayRun: boolean;
}

export async function publishOnStart(config: Config, logger: Logger): Promise<PublishedOnStart> {
  if (config.databaseUrl === undefined) throw new Error("publishOnStart needs a database");
  const store = openStore({ databaseUrl: config.databaseUrl, connectionsMax: 2 });
  try {
    const inForce = await selectNumberInForce(store);
    const published = await publishFolder(config, store, inForce, readRulesFolder(config.rulesDir));
    const isFirst = inForce === undefined && published.mayRun;
    const loaded = isFirst ? await loadSampleOrganizations(config, store) : undefined;
    logger.info(
      { sentences: published.sentences.length, mayRun: published.mayRun },
      "rules folder was looked at",
    );
    return loaded === undefined ? published : { ...published, sentences: [...published.sentences, loaded] };
  } finally {
    await store.close();
  }
}

async function publishFolder(
  config: Config,
  store: Store,
  inForce: number | undefined,
  files: readonly RuleFile[] | undefined,
): Promise<PublishedOnStart> {
  const stays = `Rule set ${inForce} stays in force`;
  if (files === undefined) {
    const missing = `There is no rules folder ${config.rulesDir} (TOCSIN_RULES)`;
    if (inForce === undefined) return { sentences: [`${missing}: make it, or name yours.`], mayRun: false };
    return { sentences: [`${missing}. ${stays}.`], mayRun: true };
  }
  if (inForce !== undefined && (await selectHashPublishedByUp(store)) === hashFiles(files))
    return {
      sentences: [`${stays}; the rules folder is as it was when it was published last.`],
      mayRun: true,
    };
  const ruleSets = createRuleSets(store, compileFiles(config), async () => undefined);
  const outcome = await ruleSets.publish(files, {
    author: "up",
    origin: "up",
    message: "published at the start",
  });
  const found = outcome.diagnostics.map(toLine);
  if (outcome.kind === "published") {
    const count = `${files.length} ${files.length === 1 ? "file" : "files"} of ${config.rulesDir}`;
    return { sentences: [...found, `Rule set ${outcome.row.number} is in force (${count}).`], mayRun: true };
  }
  if (inForce === undefined)
    return {
      sentences: [...found, "The rules have errors, and no rule set is in force yet."],
      mayRun: false,
    };
  return { sentences: [...found, `The rules folder has errors. ${stays}.`], mayRun: true };
}

function toLine({ code, severity, summary, span, help }: DiagnosticRecord): string {
  const { file, start } = span;
  return `${file}:${start.line}:${start.column} ${severity} ${code}  ${summary}${help === undefined ? "" : ` (${help})`}`;
}
