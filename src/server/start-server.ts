/**
 * One server process: store, engine, Temporal's health and the HTTP door, opened in order and closed in the reverse one.
 * Started and stopped by the command line and by tests; several run over one database.
 */
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { buildApi, createMeasures, createRuleSets, openKeyRing } from "../api/index.ts";
import { compileFiles, type CompileFilesOptions } from "../compilation/index.ts";
import type { Config } from "../config/index.ts";
import { openDispatch } from "../dispatch/index.ts";
import { SHUTDOWN_MS_MAX } from "../domain/index.ts";
import { createEngine, watchActiveRules, type Mailroom } from "../engine/index.ts";
import { buildRunnableRules } from "../matcher/index.ts";
import { createSmtpDoor, type SmtpDoor } from "../smtp/index.ts";
import { ensureOwnOrganization, openStore } from "../store/index.ts";
import { newId } from "../store/desk/index.ts";
import { ensureAdminKey } from "./ensure-admin-key.ts";

export interface RunningServer {
  readonly url: string;
  /** Where mail is taken: `127.0.0.1:2525`. */
  readonly smtp: string;
  /** Takes nothing new, finishes what is under way, lets go of everything. */
  close(): Promise<void>;
}

/** What is still under way after this is cut: the sender did not get its answer and sends again. */
const CLOSE_MS_MAX = SHUTDOWN_MS_MAX / 5;

export interface ServerSettings {
  /** Task queues of its own, for tests that share a Temporal. */
  readonly taskQueuePrefix?: string;
  /** When a set is compiled in a thread, and for how long it is analysed there, for tests of sets that take too long. */
  readonly compilation?: Pick<CompileFilesOptions, "asideFrom" | "analysisMs">;
}

export async function startServer(
  config: Config,
  logger: Logger,
  settings: ServerSettings = {},
): Promise<RunningServer> {
  if (config.databaseUrl === undefined) throw new Error("a server needs a database: DATABASE_URL");
  const now = (): number => Date.now();
  const store = openStore({
    databaseUrl: config.databaseUrl,
    onRoom: (isFull) => tellRoom(logger, isFull),
  });
  const compile = compileFiles(config, {
    ...settings.compilation,
    onAnalysisGivenUp: () => tellAnalysis(logger),
  });
  const rules = await watchActiveRules({
    store,
    compile: async (files) => (await compile(files, "run")).ir,
    build: buildRunnableRules,
    onFailure: (error) =>
      logger.error({ err: error }, "the rule set in force could not be loaded; the one before stays"),
    onSwap: (number) => logger.info({ number }, "another rule set is in force"),
  });
  const engine = createEngine({
    store,
    rules: rules.current,
    ownOrganization: await ensureOwnOrganization(store, config.ownOrganization, newId, now()),
    notesPerWindow: config.notesPerWindow,
    mail: {
      trustedAuthserv: config.trustedAuthserv,
      edition: config.mailEdition,
      mailFrom: config.mailFrom,
      secretValue: (name) => config.secrets.get(name.toUpperCase()),
    },
    now,
    onFailure: (error) => logger.error({ err: error }, "an alert or a mail failed by a mistake of ours"),
  });
  const dispatch = await openDispatch({ config, store, logger, ...settings });
  const smtp = openSmtpDoor(config, engine.mail, () => rules.current() !== undefined, logger, now);
  const deps = {
    config,
    store,
    engine,
    ruleSets: createRuleSets(store, compile, rules.refresh),
    keys: openKeyRing(store, now, config.ratePerKey),
    measures: createMeasures(smtp.counters),
    logger,
    now,
    temporal: dispatch,
  };
  const app = buildApi(deps);
  if (config.apiKey !== undefined) await ensureAdminKey(store, config.apiKey);
  const mailPlace = await smtp.listen();
  await app.listen({ host: config.host, port: config.httpPort });
  return {
    url: urlOf(app.server.address() as AddressInfo),
    smtp: `${mailPlace.host.includes(":") ? `[${mailPlace.host}]` : mailPlace.host}:${mailPlace.port}`,
    close: async () => {
      const cut = setTimeout(() => {
        app.server.closeAllConnections();
      }, CLOSE_MS_MAX);
      await Promise.all([app.close(), smtp.close()]);
      clearTimeout(cut);
      await engine.close();
      await rules.close();
      await dispatch.close();
      await store.close();
    },
  };
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function tellRoom(logger: Logger, isFull: boolean): void {
  if (isFull) logger.error("the disk of Postgres is full: alerts are refused until there is room");
  else logger.info("the disk of Postgres has room again");
}

function tellAnalysis(logger: Logger): void {
  logger.warn("analysis of a rule set took too long: its warnings are those of the checker alone");
}

function openSmtpDoor(
  config: Config,
  mailroom: Mailroom | undefined,
  isReady: () => boolean,
  log: Logger,
  clock: () => number,
): SmtpDoor {
  if (mailroom === undefined) throw new Error("this process takes no mail");
  return createSmtpDoor({
    receiver: { mailboxOf: mailroom.mailboxOf, receive: mailroom.receive, isReady },
    settings: {
      host: config.host,
      port: config.smtpPort,
      connections: config.smtpConnections,
      ratePerMinute: config.smtpRate,
      tls: config.smtpTls,
    },
    log,
    clock,
  });
}
