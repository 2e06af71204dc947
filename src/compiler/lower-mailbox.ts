/** A mailbox becomes MailboxIr, with the defaults of language.md 2 and domain.md 2.5 written out. Knows nothing of mail. */
import { exactText, type DuplicateKey } from "../domain/index.ts";
import type {
  DuplicateBehaviour,
  Expression,
  FieldLine,
  MailboxDeclaration,
  MailObject,
} from "../../grammar/ast.ts";
import { lowerFields } from "./lower-action.ts";
import { nameText, originOf, present, type Lowering } from "./lowering.ts";
import type { DuplicateBehaviourIr, MailboxIr } from "./rule-ir.ts";

/** Without a `duplicates` block: whatever can be compared. */
const ALL_KEYS: readonly DuplicateKey[] = ["alert id", "ticket id", "ticket number"];

export function lowerMailbox(lowering: Lowering, node: MailboxDeclaration): MailboxIr {
  const { file, line } = originOf(present(node.address, "the address of a mailbox").span);
  const ticket = node.defaults.find(({ object }) => object === "ticket");
  const fields = ticket === undefined ? [] : lowerFields(lowering, ticket.fields, "plain");
  const category = fields.find(({ field }) => field.path === "ticket.category")?.value;
  return {
    address: nameText(node.address, "the address of a mailbox"),
    file,
    line,
    active: !node.inactive,
    tokenPassword: secretName(node.tokenPassword),
    organizationFallback:
      node.organizationFallback === undefined ? undefined : exactText(node.organizationFallback.value),
    duplicates: {
      by: node.duplicates === undefined ? ALL_KEYS : node.duplicates.by,
      open: behaviourOf(node.duplicates?.open, { kind: "add-note" }),
      complete: behaviourOf(node.duplicates?.complete, { kind: "create-ticket" }),
    },
    ticket: {
      fields: fields.filter(({ field }) => field.path !== "ticket.category"),
      category: category?.kind === "const" ? String(category.value) : undefined,
      dueInMs: ticket?.dueIn?.ms,
    },
    notes: {
      note: visibilityOf(node, "note"),
      "project note": visibilityOf(node, "project note"),
      "task note": visibilityOf(node, "task note"),
    },
    roles: {
      "time entry": textOf(node, "time entry", "role"),
      "task time entry": textOf(node, "task time entry", "role"),
    },
    tagFrom: [...new Set(node.tagFrom)],
    trustSender: node.trustSender,
    replySuccess: node.replySuccess === undefined ? undefined : exactText(node.replySuccess.text),
    replyFailure: node.replyFailure === undefined ? undefined : exactText(node.replyFailure.text),
  };
}

function secretName(value: Expression | undefined): string | undefined {
  return value?.kind === "secret" ? nameText(value.name, "the name of a secret") : undefined;
}

function behaviourOf(
  node: DuplicateBehaviour | undefined,
  byDefault: DuplicateBehaviourIr,
): DuplicateBehaviourIr {
  if (node === undefined) return byDefault;
  switch (node.kind) {
    case "reopen":
      return { kind: "reopen", status: exactText(present(node.status, "the status of `reopen as`").value) };
    case "add note":
      return { kind: "add-note" };
    case "create ticket":
      return { kind: "create-ticket" };
    case "drop":
      return { kind: "drop" };
  }
}

/** Notes are internal unless said (contract.md 3). */
function visibilityOf(node: MailboxDeclaration, object: MailObject): "internal" | "public" {
  return textOf(node, object, "visibility")?.toLowerCase() === "public" ? "public" : "internal";
}

function textOf(node: MailboxDeclaration, object: MailObject, name: string): string | undefined {
  const lines = node.defaults.find((one) => one.object === object)?.fields ?? [];
  const value = lines.find((line) => isNamed(line, name))?.value;
  return value?.kind === "string" ? exactText(value.value) : undefined;
}

function isNamed(line: FieldLine, name: string): boolean {
  const [only, ...more] = line.path.segments;
  return more.length === 0 && only?.text.toLowerCase() === name;
}
