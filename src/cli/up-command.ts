/** `tocsin up`: hands the parts to the supervisor and tells the person where things are. */
import { relative } from "node:path";
import { loadConfig, type Config, type Flags } from "../config/index.ts";
import { readCertificate } from "../smtp/index.ts";
import { runUp, type PublishedOnStart, type RunningPlaces } from "../supervisor/index.ts";
import { openLogger } from "./logger.ts";
import { listenForStop } from "./stop-request.ts";
import type { Terminal } from "./terminal.ts";

const EXAMPLE_ALERT = {
  source: "Datto RMM",
  organization: "Acme",
  severity: "critical",
  title: "Device SRV-B lost power",
};

export async function up(flags: Flags, terminal: Terminal): Promise<number> {
  const stopSignal = listenForStop();
  const config = loadConfig({ flags });
  if (config.smtpTls !== undefined) readCertificate(config.smtpTls);
  return await runUp({
    config,
    flags,
    program: { command: process.execPath, args: process.argv.slice(1, 2) },
    migrate: async (databaseUrl) => {
      const { prepareDatabase } = await import("./prepare-database.ts");
      await prepareDatabase(databaseUrl, config);
    },
    publish,
    say: terminal.say,
    onReady: (places) => {
      terminal.answer(toDocument(places), toText(places));
    },
    stopSignal,
  });
}

async function publish(config: Config): Promise<PublishedOnStart> {
  const { publishOnStart } = await import("../server/index.ts");
  return await publishOnStart(config, openLogger("up"));
}

function toDocument(places: RunningPlaces): unknown {
  return {
    url: places.url,
    docs: `${places.url}/docs`,
    smtp: places.smtp,
    temporal_ui: places.temporalUiUrl ?? null,
    temporal_address: places.temporalAddress,
    postgres: places.postgres,
    rules: places.rulesDir,
    data_dir: places.dataDir,
    ...(places.adminKey.isNew ? { admin_key: places.adminKey.key } : {}),
    admin_key_file: places.adminKey.file ?? null,
    ready_ms: Math.round(places.readyMs),
  };
}

function toText(places: RunningPlaces): string {
  const rows: readonly (readonly [string, string])[] = [
    ["Alerts and API", `${places.url}  (described at ${places.url}/docs)`],
    ["Mail (SMTP)", `${places.smtp}  (for the mailboxes of the rules)`],
    ["Temporal UI", places.temporalUiUrl ?? `yours, of the server at ${places.temporalAddress}`],
    ["Postgres", places.postgres],
    ["Rules", places.rulesDir],
    ["Data and logs", places.dataDir],
    ["Admin key", keyText(places)],
  ];
  return [
    "",
    `Tocsin is ready (${(places.readyMs / 1000).toFixed(1)} s).`,
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(16)}${value}`),
    "",
    "Send an alert:",
    "",
    exampleCurl(places),
    "",
    "Ctrl-C stops everything.",
  ].join("\n");
}

function keyText({ adminKey }: RunningPlaces): string {
  if (adminKey.file === undefined) return "as set in TOCSIN_API_KEY";
  return adminKey.isNew
    ? `${adminKey.key}  (shown this once, kept in ${adminKey.file})`
    : `in ${adminKey.file}`;
}

/** The key is read by the shell, so that it stands in no history. */
function exampleCurl({ url, adminKey }: RunningPlaces): string {
  const key = adminKey.file === undefined ? "$TOCSIN_API_KEY" : `$(cat ${shellWord(shorter(adminKey.file))})`;
  return [
    `  curl -s ${url}/api/v1/alerts \\`,
    `    -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\`,
    `    -d '${JSON.stringify(EXAMPLE_ALERT)}'`,
  ].join("\n");
}

function shorter(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}

function shellWord(text: string): string {
  return /^[\w./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
