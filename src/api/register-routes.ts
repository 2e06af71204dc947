/**
 * Puts the route table on fastify, with the order of contract.md 3: 401, 403, 404 for an unknown path, then existence,
 * validation, version. The only file of this room that knows fastify's requests and replies.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Actor, Instant } from "../domain/index.ts";
import { mendText, readJson, routingKeyOf } from "../ingest/index.ts";
import type { StoredKey } from "../store/desk/index.ts";
import { authorize, keyTextOf, type Gate } from "./authenticate.ts";
import { readBody } from "./body.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { notFound, Problem } from "./problem.ts";
import { readJsonBody, readQuery } from "./read-request.ts";
import type { Answer, Call, Route } from "./route.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    route?: Route;
    /** A path beside the table that guards itself. */
    isOpen?: true;
  }
  interface FastifyRequest {
    key: StoredKey | undefined;
    receivedAt: Instant;
  }
}

/** Stands for the key of open routes, which never look at it. */
const NOBODY: StoredKey = {
  id: "",
  name: "",
  role: "read",
  actor: "staff",
  integration: null,
  expires_at: null,
};

export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  deps: ApiDependencies,
  gate: Gate,
): void {
  app.decorateRequest("key", undefined);
  app.decorateRequest("receivedAt", 0);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "*",
    async (request: FastifyRequest, payload: NodeJS.ReadableStream) =>
      await readBody(payload, request.routeOptions.config.route?.bodyBytesMax),
  );
  app.addHook("onRequest", async (request) => {
    request.receivedAt = deps.now();
    await checkKey(request, gate);
    const { route } = request.routeOptions.config;
    if (route?.exists !== undefined) await route.exists(deps, paramsOf(request));
  });
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/gu, ":$1"),
      config: { route },
      handler: async (request, reply) => {
        const answer = await route.run(await toCall(route, request, deps, gate));
        return await send(reply, answer);
      },
    });
  }
  app.setNotFoundHandler(() => {
    throw notFound("there is no such path, or not with this method; see /docs");
  });
}

/** Unknown paths ask for a key too: who has none learns nothing of what there is. */
async function checkKey(request: FastifyRequest, gate: Gate): Promise<void> {
  const { route, isOpen } = request.routeOptions.config;
  if (route?.permission === "open" || isOpen === true) return;
  const keyText = keyTextOf(request.headers.authorization);
  if (route?.keyInBody === true && keyText === undefined) return;
  request.key = await gate.authenticate(keyText, request.ip);
  if (route !== undefined) authorize(route.permission, request.key);
}

async function toCall(
  route: Route,
  request: FastifyRequest,
  deps: ApiDependencies,
  gate: Gate,
): Promise<Call> {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  let { key } = request;
  if (key === undefined && route.keyInBody === true) {
    key = await gate.authenticate(keyTextInBody(bytes), request.ip);
    authorize(route.permission, key);
  }
  const query = route.query === undefined ? {} : readQuery(route.query, request.query);
  const body = route.body === undefined || route.readsBytes === true ? undefined : readJsonBody(route, bytes);
  const holder = key ?? NOBODY;
  return {
    deps,
    params: paramsOf(request),
    query,
    body,
    bytes,
    receivedAt: request.receivedAt,
    peer: request.ip,
    key: holder,
    by: actorOf(holder),
    ifVersion: route.versioned === true ? versionOf(request.headers["if-match"]) : undefined,
  };
}

function keyTextInBody(bytes: Buffer): string | undefined {
  const json = readJson(bytes);
  return json.kind === "json" ? routingKeyOf(json.value) : undefined;
}

/** Changes through a key are by `{kind: actor, name: key's name}` (contract.md 3). */
export function actorOf(key: StoredKey): Actor {
  return { kind: key.actor, name: key.name };
}

/** Odd characters in a path never reach Postgres, which refuses NUL. */
function paramsOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.params ?? {})) params[name] = mendText(String(value));
  return params;
}

function versionOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const version = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/u.exec(header)?.[1];
  if (version === undefined)
    throw new Problem("invalid_body", '`If-Match` must be the version, as in "3"', {
      errors: [{ path: "If-Match", message: 'must be a version in quotes, as in "3"' }],
    });
  return Number(version);
}

async function send(reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (answer.bytes !== undefined) return await reply.type(answer.bytes.type).send(answer.bytes.content);
  if (answer.text !== undefined) return await reply.type(answer.text.type).send(answer.text.content);
  if (answer.body === undefined) return await reply.send();
  return await reply.type("application/json; charset=utf-8").send(JSON.stringify(answer.body));
}
