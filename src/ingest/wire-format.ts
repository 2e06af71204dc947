/**
 * What the payloads of other products have in common (contract.md 5): each is translated to the members of
 * `POST /alerts` and then read by the one reader of those, so that text hygiene and limits are the same for all.
 */
import type { IncomingAlert } from "../engine/index.ts";
import { toIncomingAlert, type AlertContext, type NormalisedAlert } from "./alert-json.ts";
import { invalidBody, type FieldError } from "./refusal.ts";

export interface WireContext extends AlertContext {
  /** `?source=` */
  readonly source: string | undefined;
  /** `?organization_label=` */
  readonly organizationLabel: string | undefined;
}

/** Whose condition an earlier alert reported: payloads that resolve often carry nothing but its id. */
export type EarlierAlert = Pick<
  IncomingAlert,
  "source" | "title" | "organization" | "customerId" | "device" | "deviceId"
>;

export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectOrNone(value: unknown): Members {
  return isObject(value) ? value : {};
}

/** The first member that holds a text which is not blank, else the first that holds anything, so that its type is refused. */
export function firstGiven(...values: readonly unknown[]): unknown {
  const texts = values.find((value) => typeof value === "string" && value.trim() !== "");
  return texts ?? values.find((value) => value !== undefined && value !== null);
}

/** `paths` says where a member of ours came from, so that an error names what the sender wrote. */
export function readTranslated(
  members: Members,
  paths: Readonly<Record<string, string>>,
  context: WireContext,
): NormalisedAlert {
  const read = toIncomingAlert(members, context);
  if (read.kind === "alert" || read.code !== "invalid_body") return read;
  const renamed = read.errors.map((error): FieldError => {
    const [, name = "", rest = ""] = /^([^.[]*)(.*)$/su.exec(error.path) ?? [];
    return { path: (paths[name] ?? name) + rest, message: error.message };
  });
  return invalidBody(renamed);
}
