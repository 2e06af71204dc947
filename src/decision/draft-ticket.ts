/**
 * What a new ticket looks like before it is opened: CAT-5 precedence (written field > what comes with the alert >
 * category > system), limits, what is kept although outside a list. Knows nothing of dedup or effects.
 */
import {
  COMPLETE,
  DESCRIPTION_CHARACTERS_MAX,
  TITLE_CHARACTERS_MAX,
  foldName,
  isEmpty,
} from "../domain/index.ts";
import type { Alert, DeviceReference, FieldValue, OrganizationReference, Ticket } from "../domain/index.ts";
import type { CategoryIr, CreateTicketIr, RuleSetIr } from "../compiler/index.ts";
import { evaluateExpr } from "../matcher/index.ts";
import { alertAtHand, contextOf, warnOf } from "./handling.ts";
import type { RuleRun } from "./handling.ts";
import { categoryName, declaredWord, evaluateField, evaluateText, outsideOfAlert } from "./field-value.ts";
import { cutText, mergedUdf, oneLine } from "./ticket-fields.ts";
import type { TicketFields } from "./types.ts";
import type { WorkingDesk } from "./working-desk.ts";

export const SYSTEM_STATUS = "New";
export const SYSTEM_PRIORITY = "Medium";
/** Source of tickets that no alert and no person brought (language.md 3.1, schedules). */
export const SYSTEM_SOURCE = "Tocsin";

export interface TicketDraft {
  readonly fields: TicketFields;
  /** API name and value of fields outside their declared list: kept, and told in the history. */
  readonly outside: readonly { readonly field: string; readonly value: string }[];
  /** What was asked for, when no organization of ours is meant (IST-11). */
  readonly unmappedOrganization: string | undefined;
}

type Collected = { fields: TicketFields; outside: { field: string; value: string }[] };

export function draftTicket(run: RuleRun, action: CreateTicketIr): TicketDraft {
  const category = categoryOf(run, action);
  const own = ownFields(run);
  const written = collect(run, action.fields, category.ir, own.fields.organization);
  const defaults =
    category.ir === undefined
      ? { fields: {}, outside: [] }
      : collect(run, category.ir.fields, undefined, own.fields.organization);
  const at = run.handling.at;
  const dueInMs = written.fields.dueAt === undefined ? action.dueInMs : undefined;
  const categoryDueAt = category.ir?.dueInMs === undefined ? {} : { dueAt: at + category.ir.dueInMs };
  const merged = mergeFields([
    { status: SYSTEM_STATUS, priority: SYSTEM_PRIORITY, source: SYSTEM_SOURCE },
    categoryDueAt,
    defaults.fields,
    own.fields,
    dueInMs === undefined ? {} : { dueAt: at + dueInMs },
    category.name === undefined ? {} : { category: category.name },
    written.fields,
  ]);
  const movedAway = merged.organization?.id !== own.fields.organization?.id;
  return {
    fields: withLimits(run, movedAway ? withoutForeign(merged, own.fields, written.fields) : merged),
    outside: [...own.outside, ...category.outside, ...defaults.outside, ...written.outside],
    unmappedOrganization: movedAway ? undefined : own.unmappedOrganization,
  };
}

/** Later ones win; a field that is undefined says nothing; udf are merged name by name. */
export function mergeFields(layers: readonly TicketFields[]): TicketFields {
  let merged: TicketFields = {};
  for (const layer of layers) {
    const present = Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined));
    merged = { ...merged, ...present, udf: mergedUdf(merged.udf ?? {}, layer.udf) };
  }
  return merged;
}

/* ---------- what rule and category write ---------- */

function categoryOf(
  run: RuleRun,
  action: CreateTicketIr,
): {
  readonly name: string | undefined;
  readonly ir: CategoryIr | undefined;
  readonly outside: TicketDraft["outside"];
} {
  const { ir } = run.handling;
  const rendered = action.category === undefined ? undefined : evaluateText(action.category, contextOf(run));
  if (rendered === undefined || isEmpty(rendered.text))
    return { name: undefined, ir: undefined, outside: [] };
  const word = declaredWord(ir, "ticket.category", rendered.text);
  for (const warning of word.warnings) warnOf(run, warning);
  const outside = word.outside ? [{ field: "category", value: word.text }] : [];
  return { name: word.text, ir: findCategory(ir, word.text), outside };
}

export function findCategory(ir: RuleSetIr, name: string): CategoryIr | undefined {
  const declared = categoryName(ir, name);
  for (const category of ir.categories.values()) if (category.name === declared) return category;
  return undefined;
}

/** The organization first: devices and contacts are named within it. */
function collect(
  run: RuleRun,
  fields: CreateTicketIr["fields"],
  category: CategoryIr | undefined,
  organization: OrganizationReference | undefined,
): Collected {
  const collected: Collected = { fields: {}, outside: [] };
  const isOrganization = (entry: (typeof fields)[number]): boolean =>
    entry.field.path === "ticket.organization";
  for (const entry of [...fields.filter(isOrganization), ...fields.filter((e) => !isOrganization(e))]) {
    const scope = collected.fields.organization ?? organization ?? run.handling.desk.view.ownOrganization;
    const context = { ...contextOf(run), categoryDefault: categoryDefault(run, category, entry.field.path) };
    const write = evaluateField(entry.field, entry.value, {
      desk: run.handling.desk,
      ir: run.handling.ir,
      context,
      organizationId: scope.id,
    });
    if (write.kind === "unusable") warnOf(run, `${write.reason}: left out`);
    if (write.kind !== "value") continue;
    for (const warning of write.warnings) warnOf(run, warning);
    const apiName = entry.field.apiName ?? entry.field.path;
    if (write.outside !== undefined) collected.outside.push({ field: apiName, value: write.outside });
    collected.fields = mergeFields([collected.fields, write.fields]);
  }
  return collected;
}

function categoryDefault(run: RuleRun, category: CategoryIr | undefined, path: string): FieldValue {
  const entry = category?.fields.find(({ field }) => field.path === path);
  return entry === undefined ? undefined : evaluateExpr(entry.value, contextOf(run), entry.field.type);
}

/* ---------- what comes by itself ---------- */

interface OwnFields {
  readonly fields: TicketFields;
  readonly outside: TicketDraft["outside"];
  readonly unmappedOrganization: string | undefined;
}

const nothingMore = { outside: [], unmappedOrganization: undefined } as const;

/** From the alert; without one from the ticket at hand, whose customer it is about. */
function ownFields(run: RuleRun): OwnFields {
  const alert = alertAtHand(run);
  if (alert !== undefined) return alertFields(run, alert);
  const { ticket } = run.snapshot;
  const { ownOrganization } = run.handling.desk.view;
  if (ticket === undefined) {
    return { fields: { title: run.rule.name, organization: ownOrganization }, ...nothingMore };
  }
  const { title, organization, contact, device } = ticket;
  return { fields: { title, organization, contact, device }, ...nothingMore };
}

function alertFields(run: RuleRun, alert: Alert): OwnFields {
  const { desk, ir } = run.handling;
  const organization = alertOrganization(desk, alert);
  const source = declaredWord(ir, "ticket.source", alert.source);
  for (const warning of source.warnings) warnOf(run, warning);
  const isDeviceUnknown = alert.device.id === undefined && !isEmpty(alert.device.asked);
  if (organization !== undefined && isDeviceUnknown)
    warnOf(run, "the device is not one of the organization's: the ticket stands without it");
  const outside = outsideOfAlert(ir, alert).map(({ path, value }) => ({ field: path, value }));
  return {
    fields: {
      title: alert.title,
      description: alert.description,
      source: source.text,
      organization: organization ?? desk.view.ownOrganization,
      device: organization === undefined ? undefined : alertDevice(desk, alert),
      tags: alert.tags,
      udf: partnerFields(ir, alert),
    },
    outside: source.outside ? [...outside, { field: "source", value: source.text }] : outside,
    unmappedOrganization: organization === undefined ? alert.organization.asked : undefined,
  };
}

/** Undefined: nothing of ours is meant; the ticket then stands on the own organization. */
function alertOrganization(desk: WorkingDesk, alert: Alert): OrganizationReference | undefined {
  const { id, name, tags } = alert.organization;
  if (id === undefined) return undefined;
  const record = desk.record({ kind: "organization", by: "id", id });
  return record?.kind === "organization"
    ? { id, name: record.name, tags: record.tags, udf: record.udf }
    : { id, name, tags, udf: {} };
}

function alertDevice(desk: WorkingDesk, alert: Alert): DeviceReference | undefined {
  const { id, name, tags } = alert.device;
  if (id === undefined) return undefined;
  const record = desk.record({ kind: "device", by: "id", id });
  return record?.kind === "device"
    ? { id, name: record.name, tags: record.tags, udf: record.udf }
    : { id, name: name ?? id, tags, udf: {} };
}

/** "<source> Alert ID" and "<source> Ticket ID" when the source is a declared partner (language.md 3.3). */
function partnerFields(ir: RuleSetIr, alert: Alert): Readonly<Record<string, FieldValue>> {
  const partner = ir.partners.get(foldName(alert.source));
  if (partner === undefined) return {};
  return {
    ...(isEmpty(alert.alertId) ? {} : { [`${partner} Alert ID`]: alert.alertId }),
    ...(isEmpty(alert.ticketId) ? {} : { [`${partner} Ticket ID`]: alert.ticketId }),
  };
}

/** The rule moved the ticket to another customer: the alert's device and contact stay behind. */
function withoutForeign(merged: TicketFields, own: TicketFields, written: TicketFields): TicketFields {
  return {
    ...merged,
    device: written.device ?? (merged.device === own.device ? undefined : merged.device),
    contact: written.contact ?? (merged.contact === own.contact ? undefined : merged.contact),
  };
}

/* ---------- limits ---------- */

function withLimits(run: RuleRun, fields: TicketFields): TicketFields {
  const title = isEmpty(fields.title) ? (alertAtHand(run)?.title ?? run.rule.name) : (fields.title ?? "");
  const limited = limitTexts(title, fields.description ?? "");
  for (const warning of limited.warnings) warnOf(run, warning);
  return { ...fields, title: limited.title, description: limited.description };
}

/** A longer title is cut on the ticket and kept whole at the head of the description (contract.md 3, Limits). */
export function limitTexts(
  wholeTitle: string,
  description: string,
): { readonly title: string; readonly description: string; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const line = oneLine(wholeTitle);
  const title = cutText(line, TITLE_CHARACTERS_MAX);
  let whole = description;
  if (title !== line) {
    whole = description === "" ? line : `${line}\n\n${description}`;
    warnings.push(
      `title is longer than ${TITLE_CHARACTERS_MAX} characters: cut, the whole is in the description`,
    );
  }
  const cut = cutText(whole, DESCRIPTION_CHARACTERS_MAX);
  if (cut !== whole)
    warnings.push(`description is longer than ${DESCRIPTION_CHARACTERS_MAX} characters: cut`);
  return { title, description: cut, warnings };
}

/** The ticket that the fields make. What is neither written nor given by default is empty. */
export function ticketOf(
  fields: TicketFields,
  identity: Pick<Ticket, "id" | "number" | "createdAt" | "createdBy" | "dedupKey" | "windowEndsAt">,
  ownOrganization: OrganizationReference,
): Ticket {
  const status = fields.status ?? SYSTEM_STATUS;
  return {
    ...identity,
    title: fields.title ?? "",
    description: fields.description ?? "",
    resolution: fields.resolution ?? "",
    status,
    priority: fields.priority ?? SYSTEM_PRIORITY,
    queue: fields.queue,
    category: fields.category,
    type: fields.type,
    source: fields.source ?? SYSTEM_SOURCE,
    externalId: fields.externalId,
    organization: fields.organization ?? ownOrganization,
    contact: fields.contact,
    device: fields.device,
    assignedResource: fields.assignedResource,
    tags: [...new Set(fields.tags ?? [])],
    udf: fields.udf ?? {},
    dueAt: fields.dueAt,
    completedAt: status === COMPLETE ? identity.createdAt : undefined,
    lastHumanActivityAt: identity.createdAt,
    touchedByHuman: false,
    noteCount: 0,
    repeatCount: 0,
    version: 1,
  };
}
