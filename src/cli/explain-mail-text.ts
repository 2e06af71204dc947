/** What became of a mail, as a person reads it, from the server's JSON. Knows the members, nothing of mail. */
import { explanationText } from "./explain-text.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 *   processed: it became a ticket note (T20261122.0001)
 *     whose: its sender is the contact Anna Arendt of Acme
 *     duplicate of T20261122.0001 by number: add-note
 *     not authenticated: nobody vouches for its sender
 */
export function mailExplanationText(explanation: unknown): string {
  const mail = toMembers(explanation);
  const attributed = toMembers(mail["attributed"]);
  const duplicate = toMembers(mail["duplicate"]);
  const lines = [
    ...(attributed["why"] === undefined ? [] : [`whose: ${textOf(attributed["why"])}`]),
    ...(duplicate["of"] === undefined
      ? []
      : [
          `duplicate of ${textOf(duplicate["of"])} by ${textOf(duplicate["by"])}: ${textOf(duplicate["behaviour"])}`,
        ]),
    mail["authenticated"] === true ? "authenticated" : "not authenticated: nobody vouches for its sender",
    ...(mail["notice"] === undefined ? [] : [`notice: ${textOf(mail["notice"])}`]),
    ...(Array.isArray(mail["messages"]) ? mail["messages"].map(textOf) : []),
  ];
  const [head = "", ...rules] = explanationText(mail).split("\n\n");
  return [[head, ...lines.map((line) => `  ${line}`)].join("\n"), ...rules].join("\n\n");
}

function toMembers(value: unknown): Members {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
