/** The route table as an OpenAPI 3.1 document, its schemas from zod. Pure: the same table gives the same document. */
import { z } from "zod";
import { PROBLEM_STATUS, type ProblemCode } from "./problem.ts";
import type { Route } from "./route.ts";
import { problem } from "./schemas/shared-shapes.ts";

export type OpenApiDocument = Readonly<Record<string, unknown>>;

const ABOUT = `Alerts become tickets by rules. Every call but \`/healthz\`, \`/readyz\`, \`/openapi.json\` and \`/docs\` needs a key:
\`Authorization: Bearer <key>\`. Lists are \`{items, next}\`, newest first; \`next\` goes into \`?cursor=\`; a filter given twice
means either. Failures are problem documents (RFC 9457) with \`code\`.`;

let built: { readonly routes: readonly Route[]; readonly document: OpenApiDocument } | undefined;

export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  if (built?.routes !== routes) built = { routes, document: build(routes) };
  return built.document;
}

function build(routes: readonly Route[]): OpenApiDocument {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    if (route.hidden === true) continue;
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operation(route, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tocsin",
      version: "1",
      description: ABOUT,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "a key of `POST /api/v1/keys`" },
      },
      schemas: components,
    },
  };
}

function operation(route: Route, components: Record<string, unknown>): unknown {
  const role =
    route.permission === "open" ? "No key needed." : `Needs a key that may \`${route.permission}\`.`;
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, role].filter((text) => text !== undefined).join("\n\n"),
    ...(route.permission === "open" ? { security: [] } : {}),
    parameters: parameters(route, components),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: route.bodyIsOptional !== true,
            content: {
              [route.bodyType ?? "application/json"]: { schema: toSchema(route.body, "input", components) },
            },
          },
        }),
    responses: responses(route, components),
  };
}

function operationId(route: Route): string {
  const words = route.path
    .replace("/api/v1/", "")
    .split(/[^A-Za-z0-9]+/u)
    .filter((word) => word !== "");
  return [route.method.toLowerCase(), ...words]
    .map((word, n) => (n === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join("");
}

function parameters(route: Route, components: Record<string, unknown>): readonly unknown[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const query = route.query === undefined ? {} : toSchema(route.query, "input", components);
  const properties = "properties" in query ? (query["properties"] as Record<string, object>) : {};
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema,
  }));
  const version = {
    name: "If-Match",
    in: "header",
    required: false,
    schema: { type: "string" },
    description: 'the version, as in `"3"`',
  };
  return [...inPath, ...inQuery, ...(route.versioned === true ? [version] : [])];
}

function responses(route: Route, components: Record<string, unknown>): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const [status, { description, schema, type }] of Object.entries(route.answers)) {
    const content =
      schema !== undefined
        ? { "application/json": { schema: toSchema(schema, "output", components) } }
        : type === undefined
          ? undefined
          : { [type]: { schema: { type: "string" } } };
    answers[status] = { description, ...(content === undefined ? {} : { content }) };
  }
  const byStatus = Map.groupBy(problemsOf(route), (code) => PROBLEM_STATUS[code]);
  const schema = toSchema(problem, "output", components);
  for (const [status, codes] of byStatus) {
    answers[String(status)] ??= {
      description: codes.map((code) => `\`${code}\``).join(", "),
      content: { "application/problem+json": { schema } },
    };
  }
  return answers;
}

/**
 * What a route answers beside its own problems: whoever asks for a key may refuse it, whoever asks Postgres may miss it,
 * and whoever reads JSON may be unable to.
 */
export function problemsOf(route: Route): readonly ProblemCode[] {
  const ofKey: readonly ProblemCode[] =
    route.permission === "open" ? [] : ["unauthorized", "forbidden", "rate_limited", "unavailable"];
  const readsJson = route.body !== undefined && route.bodyType === undefined;
  const ofBody: readonly ProblemCode[] = readsJson
    ? ["invalid_json", "invalid_body", "too_deep", "body_too_large"]
    : [];
  return [...new Set([...ofKey, ...ofBody, ...route.problems])];
}

/** Schemas with an id go to `components` once; `$ref`s point there. */
function toSchema(
  schema: z.ZodType,
  io: "input" | "output",
  components: Record<string, unknown>,
): Record<string, unknown> {
  const json = z.toJSONSchema(schema, { io, target: "draft-2020-12", unrepresentable: "any" }) as Record<
    string,
    unknown
  >;
  const { $defs, $schema: _draft, ...root } = json;
  for (const [name, definition] of Object.entries(($defs as Record<string, unknown> | undefined) ?? {}))
    components[name] ??= relocate(withoutId(definition));
  const id = root["id"];
  if (typeof id !== "string") return relocate(root) as Record<string, unknown>;
  components[id] ??= relocate(withoutId(root));
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId(definition: unknown): unknown {
  if (typeof definition !== "object" || definition === null) return definition;
  const { id: _id, ...others } = definition as Record<string, unknown>;
  return others;
}

function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === "$ref" && typeof member === "string"
        ? member.replace("#/$defs/", "#/components/schemas/")
        : relocate(member),
    ]),
  );
}
