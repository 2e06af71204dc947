/**
 * The request of a callout, built once at the trigger and sent unchanged on every attempt (CO-17). Secrets stay names.
 * Knows nothing of sending, retrying or addresses that are refused.
 */
import { toRfc3339, unreachable } from "../domain/index.ts";
import type { FieldValue } from "../domain/index.ts";
import type { AuthIr, CalloutIr, ExprIr } from "../compiler/index.ts";
import { evaluateExpr, renderText } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import type { CalloutRequest, DeliverySchedule, SecretReference } from "./types.ts";

export type BuiltRequest =
  | { readonly kind: "built"; readonly request: CalloutRequest }
  | { readonly kind: "unbuildable"; readonly reason: string };

/** A value missing without `or` in a URL, header or text fails the delivery at once; in JSON it is null. */
export function buildCalloutRequest(callout: CalloutIr, context: EvaluationContext): BuiltRequest {
  const missing: string[] = [];
  const url = withQuery(urlOf(callout.url, context, missing), callout, { context, missing });
  const body = callout.method === "GET" ? undefined : bodyOf(callout, context, missing);
  const headers = callout.headers.map(({ name, value }) => ({
    name,
    value: headerText(textOf(value, context, { where: `the header ${name}`, missing })),
  }));
  const [first] = missing;
  if (first !== undefined) return { kind: "unbuildable", reason: first };
  if (!URL.canParse(url)) return { kind: "unbuildable", reason: `${url} is not an address` };
  const ownType = headers.some(({ name }) => name.toLowerCase() === "content-type");
  const type = body === undefined || ownType ? [] : [{ name: "content-type", value: body.type }];
  const auth = authOf(callout.auth, context);
  const request = { method: callout.method, url, headers: [...type, ...headers], body: body?.text, auth };
  return { kind: "built", request: { ...request, signWith: callout.signWith } };
}

export function deliverySchedule(callout: CalloutIr): DeliverySchedule {
  const { retryEveryMs, resends, timeoutMs, successStatuses, retryOn4xx, honourRetryAfter } = callout;
  return { retryEveryMs, resends, timeoutMs, successStatuses, retryOn4xx, honourRetryAfter };
}

/* ---------- URL ---------- */

/** Literal parts as typed, values percent-encoded as components. */
function urlOf(expr: ExprIr, context: EvaluationContext, missing: string[]): string {
  if (expr.kind !== "text") return renderText(expr, context).text;
  return expr.parts
    .map((part) =>
      typeof part === "string" ? part : encodeValue(textOf(part, context, { where: "the address", missing })),
    )
    .join("");
}

/** A `get` sends its fields as query parameters, before a fragment and behind parameters that are typed. */
function withQuery(
  url: string,
  callout: CalloutIr,
  { context, missing }: { readonly context: EvaluationContext; readonly missing: string[] },
): string {
  const { body } = callout;
  if (callout.method !== "GET" || body.kind === "none" || body.kind === "text") return url;
  const pairs = body.fields.flatMap(({ name, value }) => {
    const values = scalarTexts(value, context);
    if (values.length === 0) missing.push(`${name} has no value in the address`);
    return values.map((text) => `${encodeValue(name)}=${encodeValue(text)}`);
  });
  if (pairs.length === 0) return url;
  const hash = url.indexOf("#");
  const [address, fragment] = hash === -1 ? [url, ""] : [url.slice(0, hash), url.slice(hash)];
  return `${address}${address.includes("?") ? "&" : "?"}${pairs.join("&")}${fragment}`;
}

/** A lone surrogate can't be encoded; it becomes U+FFFD. */
function encodeValue(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/* ---------- body ---------- */

interface Body {
  readonly type: string;
  readonly text: string;
}

function bodyOf(callout: CalloutIr, context: EvaluationContext, missing: string[]): Body | undefined {
  const { body } = callout;
  switch (body.kind) {
    case "none":
      return undefined;
    case "text":
      return {
        type: "text/plain; charset=utf-8",
        text: textOf(body.text, context, { where: "the text", missing }),
      };
    case "json":
    case "form":
    case "xml":
      return fieldsBody(body.kind, body, context);
    default:
      return unreachable(body);
  }
}

function fieldsBody(
  kind: "json" | "form" | "xml",
  body: {
    readonly root: string;
    readonly fields: readonly { readonly name: string; readonly value: ExprIr }[];
  },
  context: EvaluationContext,
): Body {
  switch (kind) {
    case "json": {
      const members = body.fields.map(({ name, value }) => [name, jsonValue(value, context)] as const);
      return { type: "application/json", text: JSON.stringify(Object.fromEntries(members)) };
    }
    case "form": {
      const pairs = body.fields.flatMap(({ name, value }) =>
        orBlank(scalarTexts(value, context)).map((text): [string, string] => [name, text.toWellFormed()]),
      );
      return { type: "application/x-www-form-urlencoded", text: new URLSearchParams(pairs).toString() };
    }
    case "xml": {
      const elements = body.fields.flatMap(({ name, value }) =>
        orBlank(scalarTexts(value, context)).map((text) => `<${name}>${escapeXml(text)}</${name}>`),
      );
      const xml = `<?xml version="1.0" encoding="UTF-8"?><${body.root}>${elements.join("")}</${body.root}>`;
      return { type: "application/xml", text: xml };
    }
    default:
      return unreachable(kind);
  }
}

/** A form field and an XML element without a value stay, empty. */
function orBlank(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [""] : texts;
}

/** Numbers, booleans and lists stay what they are; times are RFC 3339, records their id or name. */
function jsonValue(expr: ExprIr, context: EvaluationContext): unknown {
  const value = plainValue(expr, context);
  return value === undefined ? null : value;
}

function scalarTexts(expr: ExprIr, context: EvaluationContext): readonly string[] {
  const value = plainValue(expr, context);
  if (value === undefined) return [];
  return typeof value === "object" ? value.map(String) : [String(value)];
}

function plainValue(expr: ExprIr, context: EvaluationContext): FieldValue {
  if (expr.kind === "first") {
    const present = expr.of.find((candidate) => evaluateExpr(candidate, context) !== undefined);
    return present === undefined ? undefined : plainValue(present, context);
  }
  const value = evaluateExpr(expr, context);
  if (expr.kind !== "field") return value;
  if (expr.field.type === "time" && typeof value === "number") return toRfc3339(value);
  if (expr.field.type === "entity" && typeof value === "string") return value.slice(1);
  return value;
}

/** The five entities, and U+FFFD for what XML 1.0 can't carry. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}

/* ---------- text ---------- */

function textOf(
  expr: ExprIr,
  context: EvaluationContext,
  told: { readonly where: string; readonly missing: string[] },
): string {
  const rendered = renderText(expr, context);
  told.missing.push(...rendered.missing.map((name) => `${name} has no value in ${told.where}`));
  return rendered.text;
}

/** One line, whatever the value brings: a header can't be split into two. */
function headerText(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, " ").trim();
}

/* ---------- who we are there ---------- */

function authOf(auth: AuthIr, context: EvaluationContext): CalloutRequest["auth"] {
  switch (auth.kind) {
    case "none":
      return { kind: "none" };
    case "basic": {
      const user = auth.user.kind === "secret" ? secretOf(auth.user) : renderText(auth.user, context).text;
      return { kind: "basic", user, password: secretOf(auth.password) };
    }
    case "bearer":
      return { kind: "bearer", token: secretOf(auth.token) };
    case "header":
      return { kind: "header", header: auth.header, value: secretOf(auth.value) };
    default:
      return unreachable(auth);
  }
}

/** The checker lets nothing else stand here: a rule file is read by many. */
function secretOf(expr: ExprIr): SecretReference {
  if (expr.kind !== "secret") throw new Error("credentials of a callout are secrets");
  return { secret: expr.name };
}
