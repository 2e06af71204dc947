/** Rule sets: publish, look at, roll back and forward, check; and the fields that they declare. */
import { z } from "zod";
import { RULE_FILES_MAX } from "../../domain/index.ts";
import {
  selectRuleSet,
  selectRuleSetFiles,
  selectRuleSets,
  selectUdfs,
  type RuleSetRow,
} from "../../store/desk/index.ts";
import { readCursor, toCursor } from "../page.ts";
import { invalidBody, notFound, Problem } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";
import { listOf, pageQuery, time } from "../schemas/shared-shapes.ts";

const tag = "Rule sets";

const file = z.strictObject({
  path: z
    .string()
    .min(1, "must not be empty")
    .max(500)
    .regex(/\.rules$/u, "must end in .rules")
    .refine(
      (path) => !path.startsWith("/") && !path.split(/[\\/]/u).includes(".."),
      "must be relative to the rules folder",
    ),
  text: z.string(),
});
const filesIn = z
  .array(file)
  .max(RULE_FILES_MAX)
  .refine((files) => new Set(files.map(({ path }) => path)).size === files.length, "names a path twice");

const ruleSetIn = z
  .strictObject({ files: filesIn, message: z.string().max(1000).optional() })
  .meta({ id: "RuleSetIn" });
/** In force at once, an empty set would leave every alert unmatched. */
const publishIn = ruleSetIn
  .extend({ files: filesIn.min(1, "has no file: an empty set is surely not meant") })
  .meta({ id: "RuleSetPublished" });
const diagnosticsOut = z.array(
  z.looseObject({ code: z.string(), severity: z.enum(["error", "warning", "info"]), summary: z.string() }),
);

const ruleSetOut = z
  .object({
    number: z.number().int(),
    hash: z.string(),
    author: z.string(),
    message: z.string().nullable(),
    created_at: time,
    active: z.boolean(),
    diagnostics: diagnosticsOut,
  })
  .meta({ id: "RuleSet" });
const ruleSetWithFiles = ruleSetOut
  .extend({ files: z.array(z.object({ path: z.string(), text: z.string() })) })
  .meta({ id: "RuleSetWithFiles" });

/** Only where it is so: a set of ten thousand rules may take longer than analysis has. */
const givenUp = {
  analysis_given_up: z
    .literal(true)
    .optional()
    .meta({ description: "analysis of the whole set took too long; warnings of it are missing" }),
};

const listRuleSets = route({
  method: "GET",
  path: "/api/v1/rule-sets",
  permission: "read",
  tag,
  summary: "Published rule sets, newest first",
  query: z.object(pageQuery),
  answers: { 200: { description: "a page", schema: listOf(ruleSetOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const before = readCursor(query.cursor);
    const number = before === undefined ? undefined : Number(before);
    if (number !== undefined && !Number.isInteger(number))
      throw invalidBody([{ path: "cursor", message: "must be `next` of an earlier answer" }]);
    const rows = await selectRuleSets(deps.store, { limit: query.limit + 1, before: number });
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const next = rows.length > query.limit && last !== undefined ? toCursor(String(last.number)) : null;
    return ok({ items: shown.map(toJson), next });
  },
});

const oneRuleSet = route({
  method: "GET",
  path: "/api/v1/rule-sets/{number}",
  permission: "read",
  tag,
  summary: "One rule set with its files",
  answers: { 200: { description: "the rule set", schema: ruleSetWithFiles } },
  problems: ["not_found"],
  run: async ({ deps, params }) => {
    const number = toNumber(params["number"]);
    const [row, files] = await Promise.all([
      selectRuleSet(deps.store, number),
      selectRuleSetFiles(deps.store, number),
    ]);
    if (row === undefined || files === undefined) throw notFound("there is no rule set of this number");
    return ok({ ...toJson(row), files });
  },
});

const ruleSetPublished = ruleSetOut.extend(givenUp).meta({ id: "RuleSetInForce" });

const publish = route({
  method: "POST",
  path: "/api/v1/rule-sets",
  permission: "admin",
  tag,
  summary: "Publish rule files and put them in force",
  body: publishIn,
  answers: { 201: { description: "published and in force", schema: ruleSetPublished } },
  problems: ["rule_set_invalid"],
  run: async ({ deps, body, by }) => {
    const outcome = await deps.ruleSets.publish(body.files, {
      author: by.name,
      origin: "api",
      message: body.message,
    });
    if (outcome.kind === "invalid") {
      const errors = outcome.diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
      throw new Problem(
        "rule_set_invalid",
        `${errors} error${errors === 1 ? "" : "s"}; the set in force stays`,
        {
          diagnostics: outcome.diagnostics,
        },
      );
    }
    return {
      status: 201,
      body: { ...toJson(outcome.row), ...tellGivenUp(outcome) },
      headers: { location: `/api/v1/rule-sets/${outcome.row.number}` },
    };
  },
});

const activate = route({
  method: "POST",
  path: "/api/v1/rule-sets/{number}/activate",
  permission: "admin",
  tag,
  summary: "Put a published set in force: roll back or forward",
  answers: { 200: { description: "in force", schema: ruleSetOut } },
  problems: ["not_found"],
  exists: async (deps, params) => {
    if ((await selectRuleSet(deps.store, toNumber(params["number"]))) === undefined)
      throw notFound("there is no rule set of this number");
  },
  run: async ({ deps, params, by }) => {
    const row = await deps.ruleSets.activate(toNumber(params["number"]), by.name);
    if (row === undefined)
      throw new Problem(
        "wrong_state",
        "this version does not compile any more: it was published by another version of Tocsin",
      );
    return ok(toJson(row));
  },
});

const check = route({
  method: "POST",
  path: "/api/v1/rule-sets/check",
  permission: "admin",
  tag,
  summary: "Check rule files without publishing; always 200",
  body: ruleSetIn,
  answers: {
    200: { description: "what was found", schema: z.object({ diagnostics: diagnosticsOut, ...givenUp }) },
  },
  problems: [],
  run: async ({ deps, body }) => {
    const found = await deps.ruleSets.check(body.files);
    return ok({ diagnostics: found.diagnostics, ...tellGivenUp(found) });
  },
});

const udfOut = z
  .object({
    scope: z.enum(["ticket", "organization", "device"]),
    name: z.string(),
    type: z.enum(["text", "number", "date", "boolean"]),
    partner: z.string().nullable(),
    active: z.boolean(),
  })
  .meta({ id: "Udf" });

const udfs = route({
  method: "GET",
  path: "/api/v1/udfs",
  permission: "read",
  tag: "User-defined fields",
  summary: "Fields that rule files declare; inactive ones keep their values",
  answers: { 200: { description: "all of them", schema: listOf(udfOut) } },
  problems: [],
  run: async ({ deps }) => ok({ items: await selectUdfs(deps.store), next: null }),
});

function tellGivenUp({ isAnalysisGivenUp }: { readonly isAnalysisGivenUp: boolean }): object {
  return isAnalysisGivenUp ? { analysis_given_up: true } : {};
}

/** What is not a number is the number of no set. */
function toNumber(text: string | undefined): number {
  return /^\d{1,9}$/u.test(text ?? "") ? Number(text) : 0;
}

function toJson(row: RuleSetRow): Readonly<Record<string, unknown>> {
  const { origin: _origin, ...shown } = row;
  return shown;
}

export const ruleSetRoutes: readonly Route[] = [listRuleSets, publish, check, oneRuleSet, activate, udfs];
