/** `tocsin explain ID`: asks a running server why an alert did what it did. */
import { FINE, FOUND_SOMETHING } from "./exit-code.ts";
import { callServer, problemText } from "./server-call.ts";
import type { Terminal } from "./terminal.ts";

type Members = Readonly<Record<string, unknown>>;

export async function explain(id: string, terminal: Terminal): Promise<number> {
  const answer = await callServer("GET", `/api/v1/alerts/${encodeURIComponent(id)}/explain`);
  if (answer.status !== 200) {
    const text = answer.status === 404 ? `The server has no alert ${id}.` : problemText(answer);
    terminal.answer(answer.body, text);
    return FOUND_SOMETHING;
  }
  terminal.answer(answer.body, describe(toMembers(answer.body)));
  return FINE;
}

function describe(explanation: Members): string {
  const rules = listOf(explanation["rules"]).map(describeRule);
  return [`${textOf(explanation["outcome"])}: ${textOf(explanation["why"])}`, ...rules].join("\n\n");
}

function describeRule(rule: Members): string {
  const head = `rule "${textOf(rule["rule"])}" (${textOf(rule["file"])}:${textOf(rule["line"])}): ${textOf(rule["result"]).replaceAll("_", " ")}`;
  const conditions = listOf(rule["conditions"]).map(
    (condition) =>
      `  ${mark(condition["result"])} ${textOf(condition["text"])}  (line ${textOf(condition["line"])}; it was ${JSON.stringify(condition["actual"] ?? null)})`,
  );
  return [head, ...conditions].join("\n");
}

function mark(result: unknown): string {
  return result === true || result === "true" || result === "holds" ? "yes" : "no ";
}

function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(toMembers) : [];
}

function toMembers(value: unknown): Members {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
