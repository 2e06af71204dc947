/**
 * The keys by which the desk is looked up and locked: dedup, identity, once per, records. Pure text in, text out;
 * knows nothing of rules that use them. A key is the SHA-256 of a JSON array, so that no value can imitate another.
 */
import { hash } from "node:crypto";
import { exactText, foldName, referenceIdentity } from "../domain/index.ts";
import type { Alert, FieldValue } from "../domain/index.ts";

/** Whose alert it is, before a rule says what makes it the same. */
export interface KeyScope {
  /** Undefined when the rule crosses sources. */
  readonly source: string | undefined;
  /** `organizationIdentity`; undefined when the rule crosses organizations. */
  readonly organization: string | undefined;
}

export interface KeyPart {
  readonly name: string;
  readonly value: FieldValue;
  readonly withoutNumbers: boolean;
}

/**
 * `["dedup", ["source", s], ["organization", o], ["by", name, value], ...]`: crossed scopes left out, parts by name, a
 * missing value as null (a value of its own). Nothing of the rule is in it (contract.md 4, Dedup key).
 */
export function dedupKeyOf(scope: KeyScope, parts: readonly KeyPart[]): string {
  const lines = parts.map((part) => ["by", part.name, canonicalValue(part)]);
  const sorted = lines.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
  return digest(["dedup", ...scopeLines(scope), ...sorted]);
}

/** What `alert resolved` finds its ticket by: the source's alert id, else the default key (contract.md 4, Resolved). */
export function identityOf(alert: Alert): string {
  const scope = { source: alert.source, organization: organizationIdentity(alert) };
  if (alert.alertId !== undefined && alert.alertId.trim() !== "") {
    return digest(["identity", ...scopeLines(scope), exactText(alert.alertId)]);
  }
  return dedupKeyOf(scope, [{ name: "alert.title", value: alert.title, withoutNumbers: false }]);
}

/** One rule and one organization; renaming a rule makes it another. */
export function onceKey(rule: string, organization: string): string {
  return digest(["once", exactText(rule), organization]);
}

/** The mapped record, else what the alert came with; the own organization has come as a mapped one. */
export function organizationIdentity(alert: Alert): string {
  return exactText(referenceIdentity(alert.organization) ?? alert.organization.name);
}

const NUMBERS = /\p{Nd}+(?:[.,]\p{Nd}+)*/gu;

/** Digit runs, with the separators inside a number: "93 %" and "97.5 %" are one text. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(NUMBERS, "");
}

function canonicalValue(part: KeyPart): unknown {
  const { value } = part;
  const one = (element: string | number | boolean): unknown => {
    if (typeof element === "string")
      return exactText(part.withoutNumbers ? withoutNumbers(element) : element);
    return part.withoutNumbers && typeof element === "number" ? "" : element;
  };
  if (value === undefined) return null;
  return typeof value === "object" ? value.map(one) : one(value);
}

function scopeLines(scope: KeyScope): readonly unknown[] {
  return [
    ...(scope.source === undefined ? [] : [["source", exactText(scope.source)]]),
    ...(scope.organization === undefined ? [] : [["organization", scope.organization]]),
  ];
}

function digest(value: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(value), "hex");
}

const compareText = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/* ---------- records ---------- */

/**
 * How the view names a record. Organizations and resources: `organization:acme`; devices and contacts belong to an
 * organization: `device:or_1/srv-b`; a record that is known by id: `device:#dv_9`. Names are folded.
 */
export type RecordAddress =
  | { readonly kind: "organization" | "resource"; readonly by: "name"; readonly name: string }
  | {
      readonly kind: "device" | "contact";
      readonly by: "name";
      readonly organizationId: string;
      readonly name: string;
    }
  | {
      readonly kind: "organization" | "resource" | "device" | "contact";
      readonly by: "id";
      readonly id: string;
    };

export function recordKey(address: RecordAddress): string {
  if (address.by === "id") return `${address.kind}:#${address.id}`;
  const name = foldName(address.name);
  if ("organizationId" in address) return `${address.kind}:${address.organizationId}/${name}`;
  return `${address.kind}:${name}`;
}

/** The way back, for whoever loads records: names come back folded. Throws on a key that `recordKey` did not make. */
export function parseRecordKey(key: string): RecordAddress {
  const colon = key.indexOf(":");
  const kind = key.slice(0, colon);
  const rest = key.slice(colon + 1);
  if (kind !== "organization" && kind !== "resource" && kind !== "device" && kind !== "contact") {
    throw new Error(`not a record key: ${key}`);
  }
  if (rest.startsWith("#")) return { kind, by: "id", id: rest.slice(1) };
  if (kind === "organization" || kind === "resource") return { kind, by: "name", name: rest };
  const slash = rest.indexOf("/");
  return { kind, by: "name", organizationId: rest.slice(0, slash), name: rest.slice(slash + 1) };
}
