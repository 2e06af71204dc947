/** A callout's declaration becomes CalloutIr, with the defaults of language.md 2 written out. Knows nothing of HTTP clients. */
import {
  CALLOUT_RESENDS_DEFAULT,
  CALLOUT_RETRY_INTERVAL_MS_DEFAULT,
  CALLOUT_TIMEOUT_MS_DEFAULT,
  exactText,
  unreachable,
} from "../domain/index.ts";
import type {
  CalloutAuthNode,
  CalloutBodyNode,
  CalloutDeclaration,
  CalloutMethod,
  Expression,
} from "../../grammar/ast.ts";
import { hashNode } from "./canonical-hash.ts";
import { lowerCondition } from "./lower-condition.ts";
import { lowerExpression, lowerText } from "./lower-expression.ts";
import { nameText, present, type Lowering } from "./lowering.ts";
import type { AuthIr, CalloutBodyIr, CalloutIr, ExprIr } from "./rule-ir.ts";

const methods: Record<CalloutMethod, CalloutIr["method"]> = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  delete: "DELETE",
};

export function lowerCallout(lowering: Lowering, node: CalloutDeclaration): CalloutIr {
  const url = present(node.url, "the URL of a callout");
  const { notify } = node;
  return {
    name: nameText(node.name, "the name of a callout"),
    file: node.span.source.path,
    line: node.span.source.position(node.span.start).line,
    active: !node.inactive,
    method: methods[present(node.method, "the method of a callout")],
    url: lowerText(lowering, url),
    urlText: url.value,
    auth: lowerAuth(lowering, node.auth),
    headers: node.headers.map((header) => ({
      name: exactText(header.name.value),
      value: lowerExpression(lowering, present(header.value, "the value of a header"), "filled"),
    })),
    body: lowerBody(lowering, node.body),
    onlyWhen: node.onlyWhen === undefined ? undefined : lowerCondition(lowering, node.onlyWhen),
    retryEveryMs: node.retry?.every?.ms ?? CALLOUT_RETRY_INTERVAL_MS_DEFAULT,
    resends: node.retry?.times?.value ?? CALLOUT_RESENDS_DEFAULT,
    timeoutMs: node.timeout?.ms ?? CALLOUT_TIMEOUT_MS_DEFAULT,
    successStatuses: node.success.map((status) => status.value),
    retryOn4xx: !node.noRetryOn4xx,
    honourRetryAfter: node.honourRetryAfter,
    signWith: node.sign.map(secretName),
    pauseAfterFailures: node.pauseAfter?.value,
    notify:
      notify === undefined
        ? undefined
        : { recipients: notify.to.map((name) => exactText(name.text)), on: notify.on },
    hash: hashNode(node),
  };
}

function secretName(node: Expression): string {
  if (node.kind !== "secret") throw new Error("only secrets sign in a checked rule set");
  return nameText(node.name, "the name of a secret");
}

function lowerAuth(lowering: Lowering, node: CalloutAuthNode | undefined): AuthIr {
  const value = (part: Expression | undefined, what: string): ExprIr =>
    lowerExpression(lowering, present(part, what), "plain");
  if (node === undefined || node.kind === "none") return { kind: "none" };
  switch (node.kind) {
    case "basic":
      return {
        kind: "basic",
        user: value(node.user, "a user"),
        password: value(node.password, "a password"),
      };
    case "bearer":
      return { kind: "bearer", token: value(node.token, "a token") };
    case "header":
      return {
        kind: "header",
        header: exactText(present(node.header, "a header").value),
        value: value(node.value, "the value of a header"),
      };
    default:
      return unreachable(node);
  }
}

function lowerBody(lowering: Lowering, node: CalloutBodyNode | undefined): CalloutBodyIr {
  if (node === undefined) return { kind: "none" };
  if (node.kind === "text") return { kind: "text", text: lowerText(lowering, present(node.text, "a body")) };
  return {
    kind: node.kind,
    root: node.root === undefined ? "request" : exactText(node.root.value),
    fields: node.fields.map((field) => ({
      name: field.path.segments.map((segment) => segment.text).join("."),
      value: lowerExpression(lowering, present(field.value, "a value of a body"), "filled"),
    })),
  };
}
