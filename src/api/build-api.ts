/** The HTTP application: fastify with our routes, problems for every failure, and measures. Listens to nothing by itself. */
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { isStoreUnavailable } from "../store/index.ts";
import { Gate } from "./authenticate.ts";
import { registerCodec } from "./codec.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { fromUnavailable, notFound, Problem, unavailable } from "./problem.ts";
import { registerRoutes } from "./register-routes.ts";
import { ROUTES } from "./routes/index.ts";
import { metrics } from "./routes/running.ts";

/** A sender that dawdles over its request does not hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
const PARAMETER_CHARACTERS_MAX = 1000;

export function buildApi(deps: ApiDependencies): FastifyInstance {
  const app = fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAMETER_CHARACTERS_MAX },
    frameworkErrors: (error, request, reply) => {
      writeProblem(reply, toProblem(error, request));
    },
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error, request);
    if (problem.code === "internal") {
      const { method, routeOptions } = request;
      deps.logger.error(
        { err: error, method, route: routeOptions.config.route?.path },
        "a request failed by a mistake of ours",
      );
    }
    writeProblem(reply, problem);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.config.route?.path ?? "unknown";
    deps.measures.requestEnded(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  // TOCSIN_METRICS_OPEN: scrapers in a closed network often cannot send a key.
  const routes = deps.config.metricsOpen
    ? ROUTES.map((one) => (one === metrics ? { ...one, permission: "open" as const } : one))
    : ROUTES;
  registerRoutes(app, routes, deps, new Gate(deps.keys, deps.now));
  registerCodec(app, deps);
  return app;
}

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) {
    // Where the key stands in the body, a body that cannot be read carries none.
    const isUnread = error.code === "body_too_large" && request.key === undefined;
    return isUnread ? new Problem("unauthorized", "send a key: `Authorization: Bearer <key>`") : error;
  }
  // EngineUnavailable has the same code as the store's: both mean that nothing was answered for.
  if (isStoreUnavailable(error)) return fromUnavailable(error);
  if (error instanceof Error && "code" in error && error.code === "temporal_away")
    return unavailable("Temporal cannot be reached; nothing was changed, please ask again");
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "FST_ERR_BAD_URL" || code === "FST_ERR_ASYNC_CONSTRAINT")
    return notFound("there is no such path; see /docs");
  if (code.startsWith("FST_ERR_CTP_"))
    return new Problem("invalid_body", "the body does not have the length or type that its headers say");
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE")
    return new Problem("invalid_body", "the body ended before its length");
  return new Problem("internal", "a mistake of ours: it is in the server's log; please send again later");
}

function writeProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.code === "unauthorized") reply.header("www-authenticate", 'Bearer realm="tocsin"');
  if (problem.retryAfter !== undefined) reply.header("retry-after", String(problem.retryAfter));
  reply
    .code(problem.status)
    .type("application/problem+json; charset=utf-8")
    .send(JSON.stringify(problem.toDocument()));
}
