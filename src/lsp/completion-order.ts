/**
 * In which order what could stand at a place is offered: first what a person most likely goes on with. Fields come as the
 * catalogue lists them, words by how a sentence goes on, and clauses that are written already are not offered again.
 * Knows no parser and no document.
 */
import type { Assist, PlainToken } from "../../grammar/index.ts";
import type { FieldRoot } from "../domain/index.ts";

/** Behind a field an operator, behind an event or a condition the next clause. */
const order = (
  "received repeats resolved created completed edited reopened still idle open due overdue changes " +
  "is in contains at starts ends like matches more less between exactly " +
  "if and then or except not does during outside changed empty any all none " +
  "zone monday to weekday every email webhook subject body get post auth queue ticket"
).split(" ");
const rankOfWord: ReadonlyMap<string, number> = new Map(order.map((word, rank) => [word, rank]));

export function wordKey(word: string): string {
  return padded(rankOfWord.get(word) ?? order.length) + word;
}

export function padded(rank: number): string {
  return String(rank).padStart(3, "0");
}

/** Clauses of a rule that stand already, or whose place has passed: `if` is offered once, `order` not behind `when`. */
export function passedClauses({ before, expected }: Assist): ReadonlySet<string> {
  if (before[0]?.type !== "Rule" && before[1]?.type !== "Rule") return new Set();
  const passed = new Set<string>();
  if (!expected.has("then") && !expected.has("suppress")) return passed;
  const types = new Set(before.map(({ type }) => type));
  const clauses = ["order", "for", "when", "if", "except", "then"];
  const last = clauses.findLastIndex((word) => types.has(`${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`));
  for (const [place, word] of clauses.entries())
    if (place < last || (place === last && word !== "except")) passed.add(word);
  return passed;
}

/** Fields that the last `create ticket` or block has already: each is written once. */
export function writtenFields(before: readonly PlainToken[]): ReadonlySet<string> {
  const from = before.findLastIndex(({ type }) => type === "Create" || type === "Receive");
  const found = new Set<string>();
  for (const [i, { image }] of before.entries())
    if (i > from && i > 0 && image === "=" && before[i - 2]?.image !== ".")
      found.add(before[i - 1]?.image.toLowerCase() ?? "");
  return found;
}

/** The fields that a person writes first, then the catalogue's order. */
const usual = ["title", "category", "priority", "queue", "status", "organization", "description"];
export const usualInCategory = ["queue", "priority", "status", "type"];

export function fieldKey(name: string, place: number, first: readonly string[] = usual): string {
  const rank = first.indexOf(name);
  return padded(rank < 0 ? first.length + place : rank);
}

/** What the event is about comes first: only changes of a ticket have an actor, so with one it is the ticket. */
export function rootKey(root: FieldRoot, roots: ReadonlySet<FieldRoot> | undefined): string {
  const main = roots?.has("callout") ? "callout" : roots?.has("actor") ? "ticket" : "alert";
  if (root === main) return "0";
  return root === "alert" || root === "ticket" ? "1" : "2";
}
