/** Holds an answer against the route table, which is also what `/openapi.json` says. */
import { expect } from "vitest";
import { problemsOf } from "../../src/api/openapi.ts";
import type { Route } from "../../src/api/route.ts";
import type { Answered } from "./test-server.ts";

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/u;

export function findRoute(routes: readonly Route[], method: string, path: string): Route | undefined {
  const [pathname = ""] = path.split("?");
  return routes.find((route) => {
    const pattern = `^${route.path.replaceAll(/[.]/gu, "\\.").replaceAll(/\{\w+\}/gu, "[^/]+")}/?$`;
    return (
      route.method === method &&
      new RegExp(pattern, "u").test(pathname) &&
      !shadowed(routes, route, method, pathname)
    );
  });
}

/** `/rule-sets/check` is not `/rule-sets/{number}`. */
function shadowed(routes: readonly Route[], route: Route, method: string, pathname: string): boolean {
  return (
    route.path.includes("{") && routes.some((other) => other.method === method && other.path === pathname)
  );
}

export function checkAnswer(routes: readonly Route[], method: string, path: string, answer: Answered): void {
  const route = findRoute(routes, method, path);
  const type = answer.headers.get("content-type") ?? "";
  const at = `${method} ${path} answered ${answer.status} ${answer.text.slice(0, 500)}`;
  expect(answer.status, at).not.toBe(500);
  expect(answer.text, at).not.toMatch(/\.ts:\d+|node_modules|at .+\(.+:\d+:\d+\)/u);
  const documented = route?.answers[answer.status];
  if (documented?.schema !== undefined) {
    // Members that the schema does not know are stripped by parsing, so that they show as a difference.
    const parsed = documented.schema.safeParse(answer.json);
    expect(parsed.error, at).toBeUndefined();
    expect(answer.json, at).toEqual(parsed.data);
    everyTime(answer.json, at);
    return;
  }
  if (documented !== undefined) return;
  expect(type, at).toContain("application/problem+json");
  expect(answer.json, at).toMatchObject({
    type: "about:blank",
    title: expect.any(String) as string,
    status: answer.status,
    code: expect.any(String) as string,
    detail: expect.any(String) as string,
  });
  const codes =
    route === undefined ? ["unauthorized", "not_found", "rate_limited", "unavailable"] : problemsOf(route);
  expect(codes, at).toContain(answer.json.code);
  if (answer.status === 401) expect(answer.headers.get("www-authenticate"), at).toMatch(/^Bearer/u);
  if (answer.status === 429 || answer.status === 503)
    expect(Number(answer.headers.get("retry-after")), at).toBeGreaterThan(0);
}

/** Times are RFC 3339 UTC with milliseconds, wherever they stand under a name that ends in `_at` or is `at`. */
function everyTime(value: unknown, at: string): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (/(?:^|_)at$/u.test(name) && typeof member === "string" && TIME.test(member))
      expect(member, at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u);
    everyTime(member, at);
  }
}
