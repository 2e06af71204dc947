/** The order of the lines of a block (language.md 2: "the formatter writes them as here"). Equal ones stay in the order typed. */
import type { CstNode } from "chevrotain";
import { childrenOf, isNode } from "./sentence.ts";

/** One order for all blocks, since each has lines of its own; several labels in a row of one rank stand in one text. */
const order: readonly string[] = [
  ...["lookupEntry", "lookupOtherwise"],
  ...["maintenanceScopes", "zoneLine", "hoursLine", "closedLine", "maintenanceEvery maintenanceFrom"],
  ...["fieldLine", "dueInLine", "dedupLine noDedupLine", "onRepeatLine", "oncePerLine"],
  ...["recipientLine.Email", "recipientLine.Webhook", "templateLine.Subject", "templateLine.Body"],
  ...["addressLine", "authLine", "headerLine", "bodyLine", "onlyWhenLine", "retryLine", "timeoutLine"],
  ...["successLine", "noRetryLine", "honourLine", "signLine", "pauseLine", "notifyLine"],
  ...["tokenLine", "fallbackLine", "duplicatesBlock", "duplicateCase.Open", "duplicateCase.Complete"],
  ...["mailDefaults.Ticket", "mailDefaults.Note", "mailDefaults.Time"],
  ...["mailDefaults.Project", "mailDefaults.Task.Note", "mailDefaults.Task.Time"],
  ...["tagLine", "mailboxLine.Trust", "replyLine.Success", "replyLine.Failure"],
];

const ranks: ReadonlyMap<string, number> = new Map(
  order.flatMap((labels, rank) => labels.split(" ").map((label) => [label, rank] as const)),
);

export function inOrder(nodes: readonly CstNode[]): readonly CstNode[] {
  const ranked = nodes.map((node) => ({ node, rank: rankOf(node) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ node }) => node);
}

/** By the production, or by it and the words that tell its lines apart. */
function rankOf(node: CstNode): number {
  const children = childrenOf(node);
  const [first, second] = children;
  const isWrapped = node.name === "calloutLine" || node.name === "mailboxLine";
  if (isWrapped && first !== undefined && isNode(first.element)) return rankOf(first.element);
  const labels = [
    node.name,
    `${node.name}.${first?.key ?? ""}`,
    `${node.name}.${second?.key ?? ""}`,
    `${node.name}.${first?.key ?? ""}.${second?.key ?? ""}`,
  ];
  const found = labels.flatMap((label) => ranks.get(label) ?? []);
  return found[0] ?? 0;
}
