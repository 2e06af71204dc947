/** `tocsin doctor`: what is missing on this machine and how to get it. Each check is one line; wrong settings are a check too. */
import { existsSync } from "node:fs";
import { loadConfig, ConfigError, type Config } from "../config/index.ts";
import { inspectMachine, type Check } from "../supervisor/index.ts";
import { buildEgressPolicy, refusedAddress } from "../callouts/index.ts";
import type { WorkflowCode } from "../dispatch/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { callServer, problemText } from "./server-call.ts";
import type { Terminal } from "./terminal.ts";

const NODE_MAJOR = 24;
const SERVER_TIMEOUT_MS = 3_000;
const SAID_MAX = 10;

/** `withAudit`: also asks the running server what is wrong with the set in force although it is right (WF-9). */
export async function doctor(withAudit: boolean, terminal: Terminal): Promise<number> {
  const checks = [...(await inspect()), ...(withAudit ? await audit() : [])];
  terminal.answer({ checks }, checks.map(describe).join("\n"));
  return checks.every(({ ok }) => ok) ? FINE : FOUND_SOMETHING;
}

async function inspect(): Promise<readonly Check[]> {
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      inspectNode(),
      { name: "settings", ok: false, detail: error.message, fix: `correct ${error.setting}` },
    ];
  }
  return [
    inspectNode(),
    { name: "settings", ok: true, detail: "can be read" },
    ...(await inspectMachine(config)),
    await inspectServer(config),
    await inspectWorkflows(config),
    ...(await inspectNamespaceOwner(config)),
    await inspectRules(config),
  ];
}

async function audit(): Promise<readonly Check[]> {
  try {
    const { status, body } = await callServer("GET", "/api/v1/rule-audit");
    const checks = typeof body === "object" && body !== null && "checks" in body ? body.checks : undefined;
    if (status === 200 && Array.isArray(checks)) return checks.filter(isCheck).map(asAudited);
    return [{ name: "audit", ok: false, detail: problemText({ status, body }) }];
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
    return [{ name: "audit", ok: false, detail: error.message, fix: "start the server, then ask again" }];
  }
}

function isCheck(value: unknown): value is Check {
  if (typeof value !== "object" || value === null) return false;
  return "name" in value && "ok" in value && "detail" in value && typeof value.ok === "boolean";
}

function asAudited({ name, ...rest }: Check): Check {
  return { name: `audit: ${name}`, ...rest };
}

function inspectNode(): Check {
  const ok = Number(process.versions.node.split(".")[0]) === NODE_MAJOR;
  const detail = `${process.versions.node}, ${process.execPath}`;
  return { name: "Node", ok, detail, ...(ok ? {} : { fix: `npm ci brings Node ${NODE_MAJOR}` }) };
}

/** That none runs is not wrong: somebody may ask before the first start. */
async function inspectServer({ url }: Config): Promise<Check> {
  const name = "server";
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(SERVER_TIMEOUT_MS) });
    const detail = `${url}: ${(await response.text()).slice(0, 300)}`;
    return {
      name,
      ok: response.ok,
      detail,
      ...(response.ok ? {} : { fix: "see server.log in the data folder's logs" }),
    };
  } catch {
    return { name, ok: true, detail: `none answers at ${url}; npm start starts one` };
  }
}

/** After an upgrade: which of the running workflows the code of now has not met yet, and which it does not fit. */
async function inspectWorkflows({ temporal, temporalPort }: Config): Promise<Check> {
  const name = "running workflows";
  const address = temporal.address ?? `127.0.0.1:${temporalPort}`;
  // With the client of Temporal, which takes a moment to load.
  const { inspectWorkflowCode } = await import("../dispatch/index.ts");
  try {
    return describeCode(name, await inspectWorkflowCode({ ...temporal, address }));
  } catch {
    return { name, ok: true, detail: `not known: no Temporal answers at ${address}` };
  }
}

function describeCode(name: string, { current, running, older, stuck }: WorkflowCode): Check {
  const workers = current.length === 0 ? "no worker polls" : `workers have the code ${current.join(", ")}`;
  const counted = `${running} run; ${workers}`;
  if (stuck > 0)
    return {
      name,
      ok: false,
      detail: `${counted}; ${stuck} fail at each step: the code of the workers does not fit them`,
      fix: "start a worker of the version before beside this one, then see docs/upgrading.md, Workflows that do not go on",
    };
  if (current.length === 0) return { name, ok: true, detail: counted };
  if (current.length > 1) {
    const detail = `${counted}: of several versions at once, now or a minute ago; that is meant to be short (docs/upgrading.md)`;
    return { name, ok: true, detail };
  }
  if (older === 0) return { name, ok: true, detail: `${counted}, none was begun by older code` };
  const detail = `${counted}; ${older} were last worked on by older code and go on with this one when they wake (docs/upgrading.md)`;
  return { name, ok: true, detail };
}

/** Two installations in one namespace answer for each other's tickets. An embedded Temporal has one by itself. */
async function inspectNamespaceOwner({ databaseUrl, temporal }: Config): Promise<readonly Check[]> {
  if (temporal.address === undefined || databaseUrl === undefined) return [];
  const name = "Temporal namespace";
  const [{ inspectNamespace }, { openStore, selectInstallation }] = await Promise.all([
    import("../dispatch/index.ts"),
    import("../store/index.ts"),
  ]);
  const store = openStore({ databaseUrl, connectionsMax: 1, timeoutMs: SERVER_TIMEOUT_MS });
  try {
    const installation = await selectInstallation(store);
    const owner = await inspectNamespace(temporal, installation);
    const where = `${owner.namespace}, installation ${installation}`;
    if (owner.refusal !== undefined)
      return [
        {
          name,
          ok: false,
          detail: `temporal_taken: ${owner.refusal}`,
          fix: "give each its own TEMPORAL_NAMESPACE",
        },
      ];
    if (owner.kind === "nobody")
      return [
        { name, ok: true, detail: `${where}: no worker of any installation has noted itself there yet` },
      ];
    return [{ name, ok: true, detail: `${where}: noted as ours` }];
  } catch (error) {
    const detail = `not known: ${error instanceof Error ? error.message : "unknown error"}`;
    return [{ name, ok: true, detail }];
  } finally {
    await store.close();
  }
}

async function inspectRules({ rulesDir, secrets, egressAllow }: Config): Promise<Check> {
  const name = "rules";
  if (!existsSync(rulesDir))
    return { name, ok: false, detail: `${rulesDir} is not there`, fix: "make it, or set TOCSIN_RULES" };
  const policy = buildEgressPolicy(egressAllow);
  const { checkFolder, count, plural } = await import("./check-command.ts");
  const { files, diagnostics } = checkFolder(rulesDir, {
    knownSecrets: new Set(secrets.keys()),
    refusedAddress: (url) => refusedAddress(policy, url),
  });
  const { errors, warnings } = count(diagnostics);
  // `check` knows no server's settings, so what depends on them is said here.
  const ofSettings = diagnostics.filter(({ code }) => code === "R2017" || code === "R2018");
  const said = ofSettings.slice(0, SAID_MAX).map(({ code, summary }) => `; ${code} ${summary}`);
  const detail = `${rulesDir}: ${plural(files, "file")}, ${plural(errors, "error")}, ${plural(warnings, "warning")}${said.join("")}`;
  return { name, ok: errors === 0, detail, ...(errors === 0 ? {} : { fix: `tocsin check ${rulesDir}` }) };
}

function describe({ name, ok, detail, fix }: Check): string {
  return `${ok ? "ok   " : "WRONG"} ${name}: ${detail}${fix === undefined ? "" : `\n      ${fix}`}`;
}
