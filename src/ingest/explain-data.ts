/**
 * `tocsin explain --data FILE.json`: the organizations and devices that an alert is judged among, and the alerts that came
 * before it. Knows the form, not what is explained.
 */
import { z } from "zod";
import { JSON_DEPTH_MAX, foldName, toRfc3339, type FieldValue, type Instant } from "../domain/index.ts";
import type { IncomingAlert } from "../engine/index.ts";
import { toIncomingAlert } from "./alert-json.ts";
import { invalidBody, type FieldError, type Refusal } from "./refusal.ts";

export interface ExplainData {
  readonly kind: "data";
  readonly organizations: readonly NamedRecord[];
  readonly devices: readonly (NamedRecord & { readonly organization: string })[];
  /** Ascending by receipt. */
  readonly alerts: readonly IncomingAlert[];
}

interface NamedRecord {
  readonly id: string | undefined;
  readonly name: string;
  readonly external: readonly { readonly source: string; readonly id: string }[];
  readonly tags: readonly string[];
  readonly udf: Readonly<Record<string, FieldValue>>;
}

const text = z.string().trim().min(1, "must not be blank");
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const named = {
  id: text.optional(),
  name: text,
  external: z.array(z.strictObject({ source: text, id: text })).default([]),
  tags: z.array(text).default([]),
  udf: z.record(z.string(), z.union([scalar, z.array(scalar)])).default({}),
};
/* What `GET /organizations` and `GET /devices` answer may be given as it is: members that decide nothing are taken. */
const organization = z.strictObject({
  ...named,
  domains: z.array(z.string()).optional(),
  active: z.boolean().optional(),
});
const device = z.strictObject({
  ...named,
  organization: z.union([text, z.object({ name: text }).transform(({ name }) => name)]),
  addresses: z.array(z.string()).optional(),
  active: z.boolean().optional(),
});
const file = z.strictObject({
  organizations: z.array(organization).default([]),
  devices: z.array(device).default([]),
  alerts: z.array(z.looseObject({ received_at: z.iso.datetime({ offset: true }) })).default([]),
});

/** `before`: alerts of the file must have been received by then. */
export function readExplainData(value: unknown, before: Instant): ExplainData | Refusal {
  const parsed = file.safeParse(value);
  if (!parsed.success) return invalidBody(parsed.error.issues.flatMap((issue) => errorsOf(issue)));
  const { organizations, devices, alerts } = parsed.data;
  const errors: FieldError[] = devices.flatMap((one, index) =>
    organizations.some(({ name, id }) => sameName(one.organization, name) || one.organization === id)
      ? []
      : [
          {
            path: `devices[${index}].organization`,
            message: `no organization of this file is "${one.organization}"`,
          },
        ],
  );
  const taken: IncomingAlert[] = [];
  for (const [index, { received_at: at, ...members }] of alerts.entries()) {
    const receivedAt = Date.parse(at);
    const read = toIncomingAlert(members, { receivedAt, oddBytes: false, levels: JSON_DEPTH_MAX - 2 });
    if (read.kind === "refused") {
      errors.push(...read.errors.map(({ path, message }) => ({ path: `alerts[${index}].${path}`, message })));
    } else if (receivedAt > before) {
      const message = `is after the alert that is explained (${toRfc3339(before)}; --at says when that came)`;
      errors.push({ path: `alerts[${index}].received_at`, message });
    } else taken.push(read.alert);
  }
  if (errors.length > 0) return invalidBody(errors);
  return {
    kind: "data",
    organizations: organizations.map(toRecord),
    devices: devices.map((one) => ({ ...toRecord(one), organization: one.organization })),
    alerts: taken.toSorted((a, b) => a.receivedAt - b.receivedAt),
  };
}

type GivenRecord = Omit<NamedRecord, "id"> & { readonly id?: string | undefined };

function toRecord({ id, name, external, tags, udf }: GivenRecord): NamedRecord {
  return { id, name, external, tags, udf };
}

function sameName(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}

function errorsOf(issue: z.core.$ZodIssue): readonly FieldError[] {
  const path = pathText(issue.path);
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({
    path: path === "" ? key : `${path}.${key}`,
    message: "is not a member that is known here",
  }));
}

/** `devices[3].tags[0]` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}
