/**
 * The rule set in force, compiled and ready to run, as one reference that is swapped as a whole: a transaction that began
 * with a set ends with it. Another process's publishing is heard through Postgres, and looked for slowly beside it.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import type { RunnableRules } from "../decision/index.ts";
import { RULES_POLL_MS } from "../domain/index.ts";
import { selectRuleSetFiles, type RuleFile } from "../store/desk/index.ts";
import { CHANNELS, listenChannel, selectRulesInForce } from "../store/index.ts";
import type { Store } from "../store/index.ts";
import type { ActiveRules } from "./engine-parts.ts";

export interface ActiveRulesOptions {
  readonly store: Store;
  /** Undefined: the files have errors, although they were published: by a newer program. */
  readonly compile: (files: readonly RuleFile[]) => RuleSetIr | undefined | Promise<RuleSetIr | undefined>;
  readonly build: (ir: RuleSetIr) => RunnableRules;
  /** A set that could not be loaded; the one before stays. */
  readonly onFailure?: (error: unknown) => void;
  /** Another set is in force from now on. */
  readonly onSwap?: (number: number) => void;
  readonly pollMs?: number;
}

export interface WatchedRules {
  /** Undefined: none was published yet. */
  readonly current: () => ActiveRules | undefined;
  /** Looks now: after a publishing of one's own. Throws: StoreUnavailable. */
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Resolves when the set in force, if any, was loaded. Throws: StoreUnavailable. */
export async function watchActiveRules(options: ActiveRulesOptions): Promise<WatchedRules> {
  let current: ActiveRules | undefined;
  /** Looks follow each other, so that an older answer never replaces a newer one. */
  let last: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const loaded = await load(options, current);
    if (loaded === undefined || loaded === current) return;
    const isAnother = loaded.number !== current?.number;
    current = loaded;
    if (isAnother) options.onSwap?.(loaded.number);
  };
  const refresh = async (): Promise<void> => {
    last = last.then(look, look);
    await last;
  };
  const refreshQuietly = (): void => {
    refresh().catch((error: unknown) => options.onFailure?.(error));
  };
  await refresh();
  const listener = listenChannel(options.store.databaseUrl, CHANNELS.rules, refreshQuietly);
  const poll = setInterval(refreshQuietly, options.pollMs ?? RULES_POLL_MS);
  poll.unref();
  return {
    current: () => current,
    refresh,
    close: async () => {
      clearInterval(poll);
      await listener.close();
      await Promise.allSettled([last]);
    },
  };
}

async function load(
  { store, compile, build }: ActiveRulesOptions,
  current: ActiveRules | undefined,
): Promise<ActiveRules | undefined> {
  const inForce = await selectRulesInForce(store);
  if (inForce === undefined || inForce.activation === current?.clocks?.activation) return current;
  const { number, activation, clocksSince: since } = inForce;
  const clocks = { activation, since };
  if (number === current?.number) return { ...current, clocks };
  const files = await selectRuleSetFiles(store, number);
  const ir = files === undefined ? undefined : await compile(files);
  if (ir === undefined) throw new Error(`rule set ${number} is in force, but this program cannot compile it`);
  return { number, rules: build(ir), clocks };
}
