/**
 * One element of `POST /alerts` -> IncomingAlert, by hand: this runs for every alert, and a generic schema check costs
 * several times as much. The schema of the documentation is src/api/schemas/alert.ts; a test holds the two together.
 */
import {
  ALERT_MEMBERS,
  ALERT_FIELDS_MAX,
  DESCRIPTION_CHARACTERS_MAX,
  IDENTIFIER_CHARACTERS_MAX,
  SOURCE_CHARACTERS_MAX,
  TAG_CHARACTERS_MAX,
  TAGS_MAX,
  TITLE_CHARACTERS_MAX,
  type Instant,
  parseRfc3339,
} from "../domain/index.ts";
import type { IncomingAlert } from "../engine/index.ts";
import { FieldsInMaking } from "./alert-fields.ts";
import { isCleanText, mendText } from "./mend-text.ts";
import { isWithinDepth, tooDeep } from "./read-json.ts";
import { invalidBody, type FieldError, type Refusal } from "./refusal.ts";

export type NormalisedAlert = { readonly kind: "alert"; readonly alert: IncomingAlert } | Refusal;

export interface AlertContext {
  readonly receivedAt: Instant;
  /** Bytes of the body were not UTF-8; elements that hold U+FFFD say so. */
  readonly oddBytes: boolean;
  /** Levels of nesting left for the element: one less inside an array. */
  readonly levels: number;
}

type Members = Readonly<Record<string, unknown>>;

export function toIncomingAlert(element: unknown, context: AlertContext): NormalisedAlert {
  if (typeof element !== "object" || element === null || Array.isArray(element))
    return invalidBody([{ path: "", message: "an alert is a JSON object" }]);
  if (!isWithinDepth(element, context.levels)) return tooDeep();
  const members = element as Members;
  const reader = new MemberReader(members);
  const fields = new FieldsInMaking(reader.warnings);
  const tags = reader.tags();
  const given = reader.fields();
  if (given !== undefined) fields.addAll(given, "");
  addUnknownMembers(members, fields, reader.warnings);
  const alert: IncomingAlert = {
    receivedAt: context.receivedAt,
    source: reader.required("source", SOURCE_CHARACTERS_MAX),
    title: reader.required("title", Number.POSITIVE_INFINITY),
    description: reader.text("description", Number.POSITIVE_INFINITY),
    severity: reader.text("severity", IDENTIFIER_CHARACTERS_MAX),
    status: reader.status(),
    alertId: reader.identifier("alert_id"),
    deliveryId: reader.identifier("delivery_id"),
    ticketId: reader.identifier("ticket_id"),
    organization: reader.identifier("organization"),
    customerId: reader.identifier("customer_id"),
    device: reader.identifier("device"),
    deviceId: reader.identifier("device_id"),
    tags,
    fields: fields.values,
    occurredAt: reader.time("occurred_at"),
    warnings: reader.warnings,
  };
  if (reader.errors.length > 0) return invalidBody(reader.errors);
  tellLengths(alert, reader.warnings);
  if (context.oddBytes) tellOddBytes(element, reader.warnings);
  return { kind: "alert", alert };
}

function addUnknownMembers(members: Members, fields: FieldsInMaking, warnings: string[]): void {
  for (const name in members) {
    if (ALERT_MEMBERS.has(name)) continue;
    const value = members[name];
    fields.add(name, value);
    if (value !== null) warnings.push(`unknown member \`${mendText(name)}\` was kept as a field`);
    if (fields.count > ALERT_FIELDS_MAX) break;
  }
}

function tellLengths(alert: IncomingAlert, warnings: string[]): void {
  if (alert.title.length > TITLE_CHARACTERS_MAX && [...alert.title].length > TITLE_CHARACTERS_MAX) {
    warnings.push(
      `the title is longer than ${TITLE_CHARACTERS_MAX} characters: it is cut on the ticket, its description keeps the whole`,
    );
  }
  if ((alert.description?.length ?? 0) > DESCRIPTION_CHARACTERS_MAX) {
    warnings.push(
      `the description is longer than ${DESCRIPTION_CHARACTERS_MAX} characters: it is cut on the ticket, the alert keeps the whole`,
    );
  }
}

function tellOddBytes(element: object, warnings: string[]): void {
  if (JSON.stringify(element).includes("\ufffd"))
    warnings.push("bytes that are not UTF-8 were replaced by U+FFFD");
}

/** Reads members one by one and gathers all errors and warnings; never throws. `null` stands for a member left out. */
class MemberReader {
  readonly errors: FieldError[] = [];
  readonly warnings: string[] = [];
  readonly #members: Members;

  constructor(members: Members) {
    this.#members = members;
  }

  text(name: string, charactersMax: number): string | undefined {
    const value = this.#own(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") {
      this.errors.push({ path: name, message: `must be a text, not ${typeName(value)}` });
      return undefined;
    }
    if (value.length > charactersMax) {
      this.errors.push({ path: name, message: `must have at most ${charactersMax} characters` });
      return undefined;
    }
    return this.#mended(name, value);
  }

  /** A blank name or id is one that was not given. */
  identifier(name: string): string | undefined {
    const text = this.text(name, IDENTIFIER_CHARACTERS_MAX);
    return text === undefined || text.trim() === "" ? undefined : text;
  }

  required(name: string, charactersMax: number): string {
    const before = this.errors.length;
    const text = this.text(name, charactersMax);
    if (text === undefined) {
      if (this.errors.length === before) this.errors.push({ path: name, message: "is missing" });
      return "";
    }
    if (text.trim() === "") this.errors.push({ path: name, message: "must not be blank" });
    return text;
  }

  status(): "firing" | "resolved" {
    const value = this.#own("status");
    if (value === undefined || value === "firing") return "firing";
    if (value === "resolved") return "resolved";
    this.errors.push({ path: "status", message: 'must be "firing" or "resolved"' });
    return "firing";
  }

  time(name: string): Instant | undefined {
    const text = this.text(name, IDENTIFIER_CHARACTERS_MAX);
    if (text === undefined) return undefined;
    const at = parseRfc3339(text);
    if (at === undefined) {
      this.errors.push({ path: name, message: "must be a time as in RFC 3339: 2026-11-22T23:05:00Z" });
    }
    return at;
  }

  tags(): readonly string[] {
    const value = this.#own("tags");
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.errors.push({ path: "tags", message: `must be a list of texts, not ${typeName(value)}` });
      return [];
    }
    if (value.length > TAGS_MAX)
      this.warnings.push(`only the first ${TAGS_MAX} of ${value.length} tags were kept`);
    const tags: string[] = [];
    for (const [index, tag] of value.slice(0, TAGS_MAX).entries()) {
      if (typeof tag !== "string" || tag.length > TAG_CHARACTERS_MAX) {
        const message = `must be a text of at most ${TAG_CHARACTERS_MAX} characters`;
        this.errors.push({ path: `tags[${index}]`, message });
      } else if (tag.trim() !== "") tags.push(this.#mended("tags", tag.trim()));
    }
    return tags;
  }

  fields(): Members | undefined {
    const value = this.#own("fields");
    if (value === undefined) return undefined;
    if (typeof value === "object" && !Array.isArray(value)) return value as Members;
    this.errors.push({ path: "fields", message: `must be an object, not ${typeName(value)}` });
    return undefined;
  }

  #own(name: string): NonNullable<unknown> | undefined {
    return Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined;
  }

  #mended(name: string, text: string): string {
    if (isCleanText(text)) return text;
    this.warnings.push(`control characters in \`${name}\` were replaced by U+FFFD`);
    return mendText(text);
  }
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}
