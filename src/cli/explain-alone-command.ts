/** `tocsin explain --alert FILE.json [--data FILE.json] PATH...`: explains an alert from files, without a server. */
import { readFileSync } from "node:fs";
import { compileRuleSet } from "../compiler/index.ts";
import { loadConfig } from "../config/index.ts";
import { renderDiagnostics, toRecord } from "../diagnostics/index.ts";
import {
  EXPLAIN_MISSES_DEFAULT,
  JSON_DEPTH_MAX,
  LIST_LIMIT_MAX,
  parseRfc3339,
  readInstant,
} from "../domain/index.ts";
import type { Instant } from "../domain/index.ts";
import { attributeAlone, explainAlone, type KnownRecords } from "../explain/index.ts";
import {
  readExplainData,
  readJson,
  toIncomingAlert,
  type ExplainData,
  type Refusal,
} from "../ingest/index.ts";
import { buildRunnableRules } from "../matcher/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { explanationText } from "./explain-text.ts";
import { readRuleFiles, type NamedFile } from "./rule-files.ts";
import { complain, type Terminal } from "./terminal.ts";

export interface AloneOptions {
  readonly alert: string;
  readonly data: string | undefined;
  readonly at: string | undefined;
  readonly limit: string | undefined;
}

export async function explainFromFiles(
  paths: readonly string[],
  options: AloneOptions,
  terminal: Terminal,
): Promise<number> {
  const { rulesDir, ownOrganization } = loadConfig();
  const at = instantOf(options.at) ?? Date.now();
  const limit = limitOf(options.limit);
  const files = readRuleFiles(paths, rulesDir, { tests: false });
  if (files.length === 0) throw new UsageError("No *.rules file there.");
  const alert = readAlert(options.alert, at);
  if (alert.kind === "refused") return tellRefusal(options.alert, alert, terminal);
  const data = readData(options.data, at);
  if (data.kind === "refused") return tellRefusal(options.data ?? "", data, terminal);
  const ir = compile(files, terminal);
  if (ir === undefined) return FOUND_SOMETHING;
  const records = recordsOf(data, ownOrganization);
  const { outcome, why, rules, warnings } = await explainAlone(
    {
      alert: attributeAlone("al_explained", alert.alert, records),
      earlier: data.alerts.map((one, index) => attributeAlone(`al_${index + 1}`, one, records)),
      records,
      rules: buildRunnableRules(ir),
    },
    { limit },
  );
  const told = [...alert.alert.warnings, ...warnings];
  const answer = {
    id: "al_explained",
    outcome,
    why,
    rules,
    ...(told.length === 0 ? {} : { warnings: told }),
  };
  terminal.answer(answer, explanationText(answer));
  return FINE;
}

/* ---------- what is given ---------- */

/** The time that conditions judge by; UTC where no zone stands with it. */
function instantOf(typed: string | undefined): Instant | undefined {
  if (typed === undefined) return undefined;
  const at = parseRfc3339(typed) ?? readInstant(typed);
  if (at === undefined)
    throw new UsageError(
      `--at takes a time like 2026-11-22T23:05:00Z or "2026-11-22 23:05" (UTC), not "${typed}".`,
    );
  return at;
}

export function limitOf(typed: string | undefined): number {
  if (typed === undefined) return EXPLAIN_MISSES_DEFAULT;
  const limit = /^\d{1,9}$/u.test(typed) ? Number(typed) : -1;
  if (limit < 0 || limit > LIST_LIMIT_MAX)
    throw new UsageError(`--limit takes a number from 0 to ${LIST_LIMIT_MAX}, not "${typed}".`);
  return limit;
}

function readAlert(path: string, receivedAt: Instant): ReturnType<typeof toIncomingAlert> {
  const json = readJson(readBytes(path));
  if (json.kind === "refused") return json;
  const { value, oddBytes } = json;
  const [only, ...others]: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (others.length > 0 || only === undefined)
    throw new UsageError(
      `${path === "-" ? "Standard input" : path} holds ${others.length + (only === undefined ? 0 : 1)} alerts: one is explained at a time.`,
    );
  return toIncomingAlert(only, { receivedAt, oddBytes, levels: JSON_DEPTH_MAX });
}

function readData(path: string | undefined, at: Instant): ExplainData | Refusal {
  const json = path === undefined ? { kind: "json" as const, value: {} } : readJson(readBytes(path));
  return json.kind === "refused" ? json : readExplainData(json.value, at);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (cause) {
    throw new UsageError(`${path} cannot be read.`, { cause });
  }
}

function recordsOf({ organizations, devices }: ExplainData, ownName: string): KnownRecords {
  const known = organizations.map(({ id, ...record }, index) => ({ ...record, id: id ?? `or_${index + 1}` }));
  const fold = (name: string): string => name.normalize("NFC").toLowerCase();
  const own = known.find(({ name }) => fold(name) === fold(ownName));
  return {
    own: own ?? { id: "or_own", name: ownName, tags: [], udf: {} },
    organizations: known,
    devices: devices.map(({ id, organization, ...record }, index) => ({
      ...record,
      id: id ?? `dv_${index + 1}`,
      organizationId:
        known.find((one) => one.id === organization || fold(one.name) === fold(organization))?.id ?? "",
    })),
  };
}

/** Files are named as the server names them, mistakes as they were typed. */
function compile(files: readonly NamedFile[], terminal: Terminal): ReturnType<typeof compileRuleSet>["ir"] {
  const isUnique = new Set(files.map(({ name }) => name)).size === files.length;
  const { ir } = compileRuleSet(
    files.map(({ path, name, text }) => ({ path: isUnique ? name : path, text })),
  );
  if (ir !== undefined) return ir;
  const { diagnostics } = compileRuleSet(files.map(({ path, text }) => ({ path, text })));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  terminal.answer({ diagnostics: errors.map(toRecord) }, renderDiagnostics(errors));
  return undefined;
}

function tellRefusal(path: string, { code, detail, errors }: Refusal, terminal: Terminal): number {
  const places = errors.map((error) => `  ${error.path === "" ? "the whole" : error.path}: ${error.message}`);
  const name = path === "-" ? "standard input" : path;
  terminal.answer({ code, detail, errors, file: path }, "");
  complain(
    [
      `${name}: ${errors.length > 1 ? `${errors.length} mistakes` : detail}`,
      ...(errors.length > 1 ? places : []),
    ].join("\n"),
  );
  return FOUND_SOMETHING;
}
