/** `tocsin send`: an alert from a file, standard input or options, to a running server. */
import { readFileSync } from "node:fs";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { callServer, problemText, type ServerAnswer } from "./server-call.ts";
import type { Terminal } from "./terminal.ts";

const DEFAULT_SOURCE = "tocsin send";

export async function send(
  file: string | undefined,
  members: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<number> {
  const answer = await callServer("POST", "/api/v1/alerts", toBody(file, members));
  if (answer.status !== 200) {
    terminal.answer(answer.body, problemText(answer));
    return FOUND_SOMETHING;
  }
  const results = resultsOf(answer);
  terminal.answer(answer.body, results.map(describe).join("\n"));
  return results.some((result) => "error" in result) ? FOUND_SOMETHING : FINE;
}

/** A file goes as it is, so that what a product really sent can be sent again; options change or add members of a single alert. */
function toBody(file: string | undefined, members: Readonly<Record<string, string>>): unknown {
  if (file === undefined) {
    if (members["title"] === undefined)
      throw new UsageError("Nothing to send: name a JSON file, - for standard input, or give --title.");
    return { source: DEFAULT_SOURCE, ...members };
  }
  const text = readText(file);
  if (Object.keys(members).length === 0) return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is not JSON, so options cannot be put into it.`, { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`${file} does not hold one alert, so options cannot be put into it.`);
  }
  return { ...parsed, ...members };
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    throw new UsageError(`${file} cannot be read.`, { cause });
  }
}

function resultsOf({ body }: ServerAnswer): readonly object[] {
  if (typeof body !== "object" || body === null) return [];
  if (!("results" in body) || !Array.isArray(body.results)) return [body];
  return body.results.filter(
    (result: unknown): result is object => typeof result === "object" && result !== null,
  );
}

function describe(result: object): string {
  const read = (name: string): unknown => Object.entries(result).find(([key]) => key === name)?.[1];
  const error = read("error");
  if (error !== undefined) return problemText({ status: 400, body: error });
  const firings = read("firings");
  const rules = Array.isArray(firings) ? firings.map((firing: unknown) => ruleOf(firing)) : [];
  return [
    [
      textOf(read("outcome")),
      textOf(read("ticket")),
      read("repeat") === undefined ? "" : `repeat ${textOf(read("repeat"))}`,
    ]
      .filter((part) => part !== "")
      .join("  "),
    ...rules.map((rule) => `  by ${rule}`),
    `  tocsin explain ${textOf(read("id"))} tells why`,
  ].join("\n");
}

function ruleOf(firing: unknown): string {
  if (typeof firing !== "object" || firing === null) return "";
  const read = (name: string): string => textOf(Object.entries(firing).find(([key]) => key === name)?.[1]);
  return `rule "${read("rule")}" (${read("file")}:${read("line")})`;
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
