/** The rule audit over HTTP: what `tocsin doctor --audit` shows. */
import { z } from "zod";
import { auditRules } from "../audit-rules.ts";
import { ok, route } from "../route.ts";

const auditOut = z
  .object({
    checks: z.array(
      z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().optional() }),
    ),
  })
  .meta({ id: "RuleAudit" });

export const ruleAudit = route({
  method: "GET",
  path: "/api/v1/rule-audit",
  permission: "read",
  tag: "Rule sets",
  summary: "What is wrong with the set in force although it is right",
  description:
    "Rules that have not fired in 90 days, secrets that nobody gave, addresses that the server refuses, callouts whose failure is told to nobody or that are switched off, declarations that nothing uses, notices by mail without a way to send them.",
  answers: { 200: { description: "the checks", schema: auditOut } },
  problems: [],
  run: async ({ deps }) => ok({ checks: await auditRules(deps) }),
});
