/**
 * What a route is: a record that the server registers, the documentation prints and the tests walk. Knows no fastify,
 * so that one table is the truth about paths, roles, shapes and answers.
 */
import type { z } from "zod";
import type { Actor, Instant } from "../domain/index.ts";
import type { StoredKey } from "../store/desk/index.ts";
import type { ApiDependencies } from "./dependencies.ts";
import type { ProblemCode } from "./problem.ts";
import type { Permission } from "./roles.ts";

export interface Answer {
  readonly status: number;
  /** Written as JSON; undefined: no body. */
  readonly body?: unknown;
  /** Instead of `body`: text of the given type. */
  readonly text?: { readonly type: string; readonly content: string };
  /** Instead of `body`: as they are. */
  readonly bytes?: { readonly type: string; readonly content: Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call<Query = unknown, Body = unknown> {
  readonly deps: ApiDependencies;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** As it came, for routes that read it themselves. */
  readonly bytes: Buffer;
  /** Taken when the request's head was there, before its body was read and before any queue. */
  readonly receivedAt: Instant;
  /** Address of who asks. */
  readonly peer: string;
  /** Only open routes run without a key. */
  readonly key: StoredKey;
  readonly by: Actor;
  /** `If-Match`, when given. */
  readonly ifVersion: number | undefined;
}

export interface AnswerDoc {
  readonly description: string;
  /** Undefined: no body, or one that is not JSON. */
  readonly schema?: z.ZodType;
  readonly type?: string;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** As OpenAPI writes it: `/api/v1/tickets/{number}`. */
  readonly path: string;
  readonly permission: Permission;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Never shown in the documentation: `/` leads to it. */
  readonly hidden?: boolean;
  readonly query?: z.ZodType;
  /** Checked before `run`, unless `readsBytes`. */
  readonly body?: z.ZodType;
  readonly bodyType?: string;
  /** `run` reads `bytes` itself: the hot path, CSV, other products' payloads. */
  readonly readsBytes?: boolean;
  readonly bodyIsOptional?: boolean;
  /** Default: BODY_BYTES_MAX. */
  readonly bodyBytesMax?: number;
  /** The key may also stand in the body (PagerDuty); `run` then authenticates. */
  readonly keyInBody?: boolean;
  /** Takes `If-Match`. */
  readonly versioned?: boolean;
  readonly answers: Readonly<Record<number, AnswerDoc>>;
  /** Beside those that every route of its permission has, and every one that reads JSON (`problemsOf`). */
  readonly problems: readonly ProblemCode[];
  /** Existence comes before validation (contract.md 3): throws `not_found`. */
  readonly exists?: (deps: ApiDependencies, params: Readonly<Record<string, string>>) => Promise<void>;
  readonly run: (call: Call) => Promise<Answer>;
}

/** Binds the types of query and body to what `run` sees. */
export function route<Query extends z.ZodType = z.ZodUnknown, Body extends z.ZodType = z.ZodUnknown>(
  definition: Omit<Route, "query" | "body" | "run"> & {
    readonly query?: Query;
    readonly body?: Body;
    readonly run: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Answer>;
  },
): Route {
  return definition as Route;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}
