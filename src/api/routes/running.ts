/** What operators and load balancers ask: alive, ready, measured; and the documentation. */
import { z } from "zod";
import { SECOND } from "../../domain/index.ts";
import { readiness, selectBacklog } from "../../store/desk/index.ts";
import { isStoreUnavailable, troubleOf, type StoreTrouble } from "../../store/index.ts";
import { openApiDocument } from "../openapi.ts";
import { docsPage } from "../docs-page.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { retryAfter, TROUBLES } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";

const tag = "Running";

const health = route({
  method: "GET",
  path: "/healthz",
  permission: "open",
  tag,
  summary: "The process is alive",
  answers: { 200: { description: "alive", schema: z.object({ status: z.literal("ok") }) } },
  problems: [],
  run: async () => ok({ status: "ok" }),
});

const part = z.enum(["ok", "unreachable"]);
const readyOut = z
  .object({
    status: z.enum(["ready", "unavailable"]),
    postgres: part,
    temporal: part,
    worker: part,
    rule_set: z.number().int().nullable(),
    reason: z.string().optional(),
  })
  .meta({ id: "Readiness" });

const ready = route({
  method: "GET",
  path: "/readyz",
  permission: "open",
  tag,
  summary: "Alerts can be accepted: Postgres is there with room on its disk, and a rule set in force",
  description:
    "Temporal or the worker away is said, and no 503: alerts are taken and tickets made without them. `reason` says what is in the way.",
  answers: {
    200: { description: "ready", schema: readyOut },
    503: { description: "not ready, with Retry-After", schema: readyOut },
  },
  problems: [],
  run: async ({ deps }) => {
    const [store, temporal] = await Promise.all([
      storeReadiness(deps),
      within(deps.temporal.temporalHealth(), 2 * SECOND),
    ]);
    const parts = {
      postgres: store.kind === "away" ? "unreachable" : "ok",
      temporal,
      worker: store.kind === "there" && store.workers > 0 ? "ok" : "unreachable",
      rule_set: store.kind === "there" ? (store.ruleSet ?? null) : null,
    };
    const reason = whyNotReady(deps, store);
    if (reason === undefined) return ok({ status: "ready", ...parts });
    return {
      status: 503,
      body: { status: "unavailable", ...parts, reason },
      headers: { "retry-after": String(retryAfter(deps.store.isFull() ? "full" : undefined)) },
    };
  },
});

type StoreReadiness =
  | ({ readonly kind: "there" } & Awaited<ReturnType<typeof readiness>>)
  | { readonly kind: "away"; readonly trouble: StoreTrouble };

async function storeReadiness({ store }: ApiDependencies): Promise<StoreReadiness> {
  try {
    return { kind: "there", ...(await readiness(store)) };
  } catch (error) {
    if (isStoreUnavailable(error)) return { kind: "away", trouble: troubleOf(error) ?? "unreachable" };
    throw error;
  }
}

/** Reading works on a full disk: what writes have met counts beside it. A server that ended for want of room is away, and full. */
function whyNotReady({ store }: ApiDependencies, readiness: StoreReadiness): string | undefined {
  const full = `${TROUBLES.full}: alerts are refused until there is room; it goes on by itself`;
  if (readiness.kind === "away" && readiness.trouble !== "full") {
    const away = TROUBLES[readiness.trouble];
    return store.isFull() ? `${away}, and before that ${full}` : away;
  }
  if (readiness.kind === "away" || store.isFull()) return full;
  return readiness.ruleSet === undefined ? "no rule set is in force yet" : undefined;
}

async function within(health: Promise<"ok" | "unreachable">, ms: number): Promise<"ok" | "unreachable"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"unreachable">((resolve) => {
    timer = setTimeout(resolve, ms, "unreachable");
  });
  return await Promise.race([health.catch(() => "unreachable" as const), late]).finally(() => {
    clearTimeout(timer);
  });
}

/** With the setting TOCSIN_METRICS_OPEN the same route asks for no key. */
export const metrics = route({
  method: "GET",
  path: "/metrics",
  permission: "read",
  tag,
  summary: "Prometheus text",
  answers: { 200: { description: "the measures", type: "text/plain" } },
  problems: [],
  run: async ({ deps }) => {
    deps.measures.update(
      deps.engine.counters(),
      await selectBacklog(deps.store),
      deps.engine.mail?.counters(),
    );
    const { registry } = deps.measures;
    return { status: 200, text: { type: registry.contentType, content: await registry.metrics() } };
  },
});

export const openApi = (routes: () => readonly Route[]): Route =>
  route({
    method: "GET",
    path: "/openapi.json",
    permission: "open",
    tag,
    summary: "This interface as OpenAPI 3.1",
    answers: { 200: { description: "the document", schema: z.looseObject({}) } },
    problems: [],
    run: async () => ok(openApiDocument(routes())),
  });

export const docs = (routes: () => readonly Route[]): readonly Route[] => [
  route({
    method: "GET",
    path: "/docs",
    permission: "open",
    tag,
    summary: "This interface as a page to read",
    answers: { 200: { description: "the page", type: "text/html" } },
    problems: [],
    run: async () => ({
      status: 200,
      text: { type: "text/html; charset=utf-8", content: docsPage(openApiDocument(routes())) },
      headers: {
        "content-security-policy":
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      },
    }),
  }),
  route({
    method: "GET",
    path: "/",
    permission: "open",
    tag,
    hidden: true,
    summary: "Leads to /docs",
    answers: { 302: { description: "to /docs" } },
    problems: [],
    run: async () => ({ status: 302, headers: { location: "/docs" } }),
  }),
];

export const running: readonly Route[] = [health, ready, metrics];
