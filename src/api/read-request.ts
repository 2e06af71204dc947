/** Query and body -> checked values, or the problem that says what is wrong and where. */
import type { z } from "zod";
import { isWithinDepth, mendText, readJson, tooDeep, type FieldError } from "../ingest/index.ts";
import { plainMessage } from "./plain-message.ts";
import { fromRefusal, invalidBody } from "./problem.ts";
import type { Route } from "./route.ts";

export function readQuery(schema: z.ZodType, query: unknown): unknown {
  return check(schema, mendAll(query));
}

export function readJsonBody(route: Pick<Route, "body" | "bodyIsOptional">, bytes: Buffer): unknown {
  if (route.body === undefined) return undefined;
  if (bytes.length === 0 && route.bodyIsOptional === true) return check(route.body, {});
  const json = readJson(bytes);
  if (json.kind === "refused") throw fromRefusal(json);
  if (!isWithinDepth(json.value)) throw fromRefusal(tooDeep());
  return check(route.body, mendAll(json.value));
}

function check(schema: z.ZodType, value: unknown): unknown {
  const checked = schema.safeParse(value, { error: plainMessage });
  if (checked.success) return checked.data;
  throw invalidBody(checked.error.issues.slice(0, ERRORS_TOLD_MAX).map(toFieldError));
}

/** A body of a thousand mistakes is told by its first ones. */
const ERRORS_TOLD_MAX = 100;

function toFieldError(issue: z.core.$ZodIssue): FieldError {
  let path = "";
  for (const part of issue.path)
    path += typeof part === "number" ? `[${part}]` : `${path === "" ? "" : "."}${String(part)}`;
  return { path, message: issue.message };
}

/** What Postgres cannot keep (NUL, lone surrogates) or nobody can read becomes U+FFFD, also in names of members. */
function mendAll(value: unknown): unknown {
  if (typeof value === "string") return mendText(value);
  if (Array.isArray(value)) return value.map(mendAll);
  if (typeof value !== "object" || value === null) return value;
  const mended: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value)) mended[mendText(name)] = mendAll(member);
  return { ...mended };
}
