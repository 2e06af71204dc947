/** `tocsin publish`: sends rule files to a running server and shows what it says. */
import { loadConfig } from "../config/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { readRuleFiles } from "./rule-files.ts";
import { recordsText } from "./diagnostics-text.ts";
import { callServer, problemText } from "./server-call.ts";
import type { Terminal } from "./terminal.ts";

export async function publish(
  paths: readonly string[],
  message: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const files = readRuleFiles(paths, loadConfig().rulesDir, { tests: false });
  if (files.length === 0)
    throw new UsageError("No *.rules file there, and an empty set is surely not meant.");
  const answer = await callServer("POST", "/api/v1/rule-sets", {
    files: files.map(({ name, text }) => ({ path: name, text })),
    ...(message === undefined ? {} : { message }),
  });
  const diagnostics = recordsText(answer.body);
  if (answer.status !== 201) {
    terminal.answer(answer.body, [problemText(answer), diagnostics].filter((part) => part !== "").join("\n"));
    return FOUND_SOMETHING;
  }
  const number =
    typeof answer.body === "object" && answer.body !== null && "number" in answer.body
      ? String(answer.body.number)
      : "?";
  const head = `Rule set ${number} is in force (${files.length} ${files.length === 1 ? "file" : "files"}).`;
  terminal.answer(answer.body, [diagnostics, head].filter((part) => part !== "").join("\n"));
  return FINE;
}
