/** A checked set becomes RuleSetIr: rules in firing order, declarations by name, defaults written out. Knows no tickets. */
import {
  compareCodePoints,
  hasAlertAtHand,
  inFiringOrder,
  orderOf,
  type CheckedRules,
} from "../checker/index.ts";
import { exactText, foldName } from "../domain/index.ts";
import type { CategoryDeclaration, Declaration, RuleNode } from "../../grammar/ast.ts";
import { hashNode } from "./canonical-hash.ts";
import { lowerAction, lowerFields } from "./lower-action.ts";
import { lowerCallout } from "./lower-callout.ts";
import { lowerCondition } from "./lower-condition.ts";
import { lowerText } from "./lower-expression.ts";
import { lowerMailbox } from "./lower-mailbox.ts";
import { lowerCalendar, lowerMaintenance } from "./lower-times.ts";
import { lowerTrigger } from "./lower-trigger.ts";
import { nameText, originOf, present, type Lowering } from "./lowering.ts";
import type {
  AuthIr,
  CalloutIr,
  CategoryIr,
  ExprIr,
  MailboxIr,
  RuleIr,
  RuleSetIr,
  ValuesIr,
} from "./rule-ir.ts";

/** `checked` has no errors: what is missing in its trees is a bug, and throws. */
export function compileRules(checked: CheckedRules): RuleSetIr {
  const { declarations } = checked;
  const zone = onlyZone(checked);
  const calendars = mapValues(declarations.calendars, lowerCalendar);
  const lowering: Lowering = { checked, lookups: new Map(), calendars, zone };
  const callouts = mapValues(declarations.callouts, (node) => lowerCallout(lowering, node));
  const mailboxes = [...declarations.mailboxes.values()].map((node) => lowerMailbox(lowering, node));
  return {
    rules: inFiringOrder(declarations.rules).map((node, index) => lowerRule(lowering, node, index)),
    categories: mapValues(declarations.categories, (node, name) => lowerCategory(lowering, node, name)),
    recipients: mapValues(declarations.recipients, (node, name) => ({
      name,
      emails: node.emails.map((email) => email.value.trim()),
      webhooks: node.webhooks.map((webhook) => webhook.value.trim()),
    })),
    templates: mapValues(declarations.templates, (node, name) => ({
      name,
      subject: lowerText(lowering, present(node.subject, "the subject of a template")),
      body: lowerText(lowering, present(node.body, "the body of a template")),
    })),
    callouts,
    partners: declarations.partners,
    udfs: [...declarations.udfs.values()].map(({ scope, name, type, partner }) => ({
      scope,
      name,
      type,
      partner,
    })),
    values: valuesOf(checked),
    calendars,
    maintenance: [...declarations.maintenance.values()].map((node) => lowerMaintenance(lowering, node)),
    mailboxes,
    zone,
    secrets: secretsOf(callouts.values(), mailboxes),
  };
}

function mapValues<D extends Declaration, T>(
  map: ReadonlyMap<string, D>,
  lower: (node: D, name: string) => T,
): ReadonlyMap<string, T> {
  return new Map([...map].map(([name, node]) => [name, lower(node, name)]));
}

function lowerRule(lowering: Lowering, node: RuleNode, index: number): RuleIr {
  const facts = { alertAtHand: hasAlertAtHand(node.events) };
  const origin = originOf(node.keywordSpan);
  return {
    index,
    name: nameText(node.name, "the name of a rule"),
    documentation: node.doc,
    file: origin.file,
    line: origin.line,
    active: !node.inactive,
    order: orderOf(node),
    organizations: organizationsOf(lowering, node),
    triggers: node.events.map((event) => lowerTrigger(lowering, event)),
    condition:
      node.condition === undefined ? { kind: "always", origin } : lowerCondition(lowering, node.condition),
    exceptions: node.exceptions.map((exception) => lowerCondition(lowering, exception)),
    actions: node.actions.map((action) => lowerAction(lowering, action, facts)),
    hash: hashNode(node),
  };
}

function organizationsOf(lowering: Lowering, node: RuleNode): ReadonlySet<string> | undefined {
  const scope = node.organizations;
  if (scope === undefined) return undefined;
  if (scope.kind === "names") return new Set(scope.names.map((name) => foldName(name.value)));
  const name = exactText(scope.list.text);
  const list = present(lowering.checked.declarations.lists.get(name), `the list ${name}`);
  return new Set(list.items.flatMap((item) => (item.kind === "string" ? [foldName(item.value)] : [])));
}

function lowerCategory(lowering: Lowering, node: CategoryDeclaration, name: string): CategoryIr {
  return { name, fields: lowerFields(lowering, node.fields, "plain"), dueInMs: node.dueIn?.ms };
}

/** The set's only calendar gives the zone for times in text; with none or several it is UTC. */
function onlyZone(checked: CheckedRules): string | undefined {
  const calendars = [...checked.declarations.calendars.values()];
  return calendars.length === 1 ? calendars[0]?.zone?.value : undefined;
}

/** Closed picklists only: the program's own words and names of declarations are not declared values. */
function valuesOf(checked: CheckedRules): ReadonlyMap<string, ValuesIr> {
  const lists = [...checked.vocabularies].filter(([, vocabulary]) => vocabulary.source === "values");
  return new Map(lists.map(([path, { words, ranks }]) => [path, { path, words, ranks }]));
}

function secretsOf(callouts: Iterable<CalloutIr>, mailboxes: readonly MailboxIr[]): readonly string[] {
  const names = new Set<string>();
  for (const { tokenPassword } of mailboxes) if (tokenPassword !== undefined) names.add(tokenPassword);
  const add = (value: ExprIr): void => {
    if (value.kind === "secret") names.add(value.name);
  };
  for (const { auth, signWith } of callouts) {
    for (const value of secretParts(auth)) add(value);
    for (const name of signWith) names.add(name);
  }
  return [...names].sort(compareCodePoints);
}

function secretParts(auth: AuthIr): readonly ExprIr[] {
  switch (auth.kind) {
    case "none":
      return [];
    case "basic":
      return [auth.user, auth.password];
    case "bearer":
      return [auth.token];
    case "header":
      return [auth.value];
  }
}
