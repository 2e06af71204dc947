/**
 * What `up` does about rules before anything runs (contract.md 1): publishes the folder on the first start, and later only
 * when its content differs from what `up` itself published last, so that a rollback survives a restart.
 */
import type { Logger } from "pino";
import { createRuleSets, hashFiles } from "../api/index.ts";
import { compileFiles } from "../compilation/index.ts";
import type { Config } from "../config/index.ts";
import type { DiagnosticRecord } from "../diagnostics/index.ts";
import { openStore, type Store } from "../store/index.ts";
import { selectHashPublishedByUp, selectNumberInForce, type RuleFile } from "../store/desk/index.ts";
import { loadSampleOrganizations } from "./load-sample-organizations.ts";
import { readRulesFolder, RulesNotReadable } from "./read-rules-folder.ts";

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
    const published = await publishReadable(config, store, inForce);
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

/** A file that cannot be read counts like an error in it: nothing new is published. */
async function publishReadable(
  config: Config,
  store: Store,
  inForce: number | undefined,
): Promise<PublishedOnStart> {
  try {
    return await publishFolder(config, store, inForce, readRulesFolder(config.rulesDir));
  } catch (error) {
    if (!(error instanceof RulesNotReadable)) throw error;
    if (inForce === undefined) return { sentences: [`${error.message}.`], mayRun: false };
    return { sentences: [`${error.message}. Rule set ${inForce} stays in force.`], mayRun: true };
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
  // A mount that is missing looks like an empty folder: nobody means to run without rules.
  if (files.length === 0) {
    const empty = `There is no *.rules file in ${config.rulesDir} (TOCSIN_RULES)`;
    if (inForce === undefined)
      return { sentences: [`${empty}: write one, or name your folder.`], mayRun: false };
    return { sentences: [`${empty}. ${stays}.`], mayRun: true };
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
    const short = outcome.isAnalysisGivenUp
      ? ["The set is too large to be analysed here in time: `tocsin check` tells the rest."]
      : [];
    return {
      sentences: [...found, ...short, `Rule set ${outcome.row.number} is in force (${count}).`],
      mayRun: true,
    };
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
