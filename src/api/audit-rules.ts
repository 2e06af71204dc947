/**
 * The rule audit (WF-9, CO-6): what is wrong with the set in force although it is right, as far as this server knows.
 * What the language rules out (an undeclared field or recipient) is not asked again.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import type { DiagnosticRecord } from "../diagnostics/index.ts";
import { RULE_SILENT_MS, RULES_ANALYSIS_MS_MAX, SECOND, type Instant } from "../domain/index.ts";
import { isCalloutActive } from "../engine/index.ts";
import {
  selectCalloutSwitches,
  selectRuleSetBefore,
  selectRuleSetFiles,
  selectRulesFiredSince,
} from "../store/desk/index.ts";
import type { ApiDependencies } from "./dependencies.ts";

export interface AuditCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
}

/** What the codes of the set's own warnings come to, one check each. */
const WARNED: readonly (readonly [code: string, name: string, fine: string, fix: string])[] = [
  [
    "R2017",
    "secrets",
    "each secret that the rules name is given",
    "set them as TOCSIN_SECRET_<NAME> and start the server again",
  ],
  [
    "R2018",
    "addresses",
    "no address is refused for certain",
    "add them to TOCSIN_EGRESS_ALLOW, or correct the rules",
  ],
  ["R2009", "callouts", "somebody is told when a callout fails", 'add `notify "..." on failure`'],
  ["R2010", "unused declarations", "everything that is declared is used", "remove them, or use them"],
];
const SHOWN_MAX = 10;

export async function auditRules(deps: ApiDependencies): Promise<readonly AuditCheck[]> {
  const inForce = await deps.ruleSets.inForce();
  if (inForce === undefined)
    return [{ name: "rule set", ok: false, detail: "none is in force", fix: "tocsin publish" }];
  const files = (await selectRuleSetFiles(deps.store, inForce.number)) ?? [];
  const { diagnostics, isAnalysisGivenUp } = await deps.ruleSets.check(files);
  return [
    ...WARNED.map(([code, name, fine, fix]) =>
      toCheck(name, fine, diagnostics.filter((one) => one.code === code).map(tell), fix),
    ),
    auditAnalysis(isAnalysisGivenUp),
    await auditSilentRules(deps, inForce.ir, deps.now()),
    await auditSwitches(deps, inForce.ir),
    auditMail(deps, inForce.ir),
  ];
}

function auditAnalysis(isGivenUp: boolean): AuditCheck {
  return toCheck(
    "analysis",
    "the whole set was analysed",
    isGivenUp
      ? [
          `it took longer than ${RULES_ANALYSIS_MS_MAX / SECOND} s: rules that never fire and their like are not told`,
        ]
      : [],
    "`tocsin check` on the rules folder has no limit",
  );
}

/** Rules that are in the set in force, were in the one of 90 days ago, and did not fire since. */
async function auditSilentRules(deps: ApiDependencies, ir: RuleSetIr, now: Instant): Promise<AuditCheck> {
  const name = "rules that do not fire";
  const days = RULE_SILENT_MS / 86_400_000;
  const since = now - RULE_SILENT_MS;
  if (deps.config.retentionAlertsMs < RULE_SILENT_MS) {
    const detail = `not known: firings are kept for less than ${days} days (TOCSIN_RETENTION_ALERTS)`;
    return { name, ok: true, detail };
  }
  const number = await selectRuleSetBefore(deps.store, since);
  const earlier = number === undefined ? undefined : await deps.ruleSets.compiled(number);
  if (earlier === undefined) return { name, ok: true, detail: `not known yet: no rule is ${days} days old` };
  const known = new Set(earlier.rules.filter(({ active }) => active).map((rule) => rule.name));
  const fired = await selectRulesFiredSince(deps.store, since);
  if (fired === undefined)
    return {
      name,
      ok: true,
      detail: "not known yet: a worker still counts the firings of before the upgrade",
    };
  const silent = ir.rules.filter((rule) => rule.active && known.has(rule.name) && !fired.has(rule.name));
  return toCheck(
    name,
    `each rule that is ${days} days old has fired within them`,
    silent.map((rule) => `"${rule.name}" (${rule.file}:${rule.line}) not within ${days} days`),
    "write `inactive` before them, or look whether their conditions still fit",
  );
}

/** A callout that rules run and an admin switched off: its deliveries are skipped. */
async function auditSwitches({ store }: ApiDependencies, ir: RuleSetIr): Promise<AuditCheck> {
  const switches = await selectCalloutSwitches(store);
  const run = new Set(
    ir.rules.flatMap((rule) =>
      rule.active
        ? rule.actions.flatMap((action) => (action.kind === "run-callout" ? [action.callout] : []))
        : [],
    ),
  );
  const skipped = [...ir.callouts.values()].filter(
    (callout) => run.has(callout.name) && !isCalloutActive(callout, switches),
  );
  return toCheck(
    "callouts that are off",
    "every callout that rules run is active",
    skipped.map(({ name, file, line }) => `"${name}" (${file}:${line})`),
    "activate them (POST /api/v1/callouts/{name}/activate), or take them out of the rules",
  );
}

function auditMail({ config }: ApiDependencies, ir: RuleSetIr): AuditCheck {
  const byMail = [...ir.recipients.values()].filter(({ emails }) => emails.length > 0);
  return toCheck(
    "mail",
    "notices by mail can be sent",
    config.smtpUrl === undefined
      ? byMail.map(({ name }) => `"${name}" is told by mail, and nothing sends it`)
      : [],
    "set TOCSIN_SMTP_URL; until then notices are kept and listed",
  );
}

function tell({ summary, span }: DiagnosticRecord): string {
  return `${summary} (${span.file}:${span.start.line})`;
}

function toCheck(name: string, fine: string, found: readonly string[], fix: string): AuditCheck {
  if (found.length === 0) return { name, ok: true, detail: fine };
  const more = found.length > SHOWN_MAX ? `; and ${found.length - SHOWN_MAX} more` : "";
  return { name, ok: false, detail: found.slice(0, SHOWN_MAX).join("; ") + more, fix };
}
