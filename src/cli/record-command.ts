/** `tocsin test --record ID`: fetches a stored alert from a running server and writes a rule test from it. Knows the server's answers. */
import { loadConfig } from "../config/index.ts";
import { writeTest, type RecordedAlert } from "../simulation/index.ts";
import { FINE, FOUND_SOMETHING } from "./exit-code.ts";
import { readRuleFiles } from "./rule-files.ts";
import { callServer, problemText } from "./server-call.ts";
import { complain, type Terminal } from "./terminal.ts";

type Members = Readonly<Record<string, unknown>>;

/** What an alert answers under the name that a test gives it. */
const PLAIN_MEMBERS = [
  "source",
  "title",
  "description",
  "severity",
  "status",
  "alert_id",
  "ticket_id",
  "tags",
];

export async function record(id: string, paths: readonly string[], terminal: Terminal): Promise<number> {
  const { rulesDir } = loadConfig();
  const rules = readRuleFiles(paths, rulesDir, { tests: false }).map(({ text }) => text);
  const answer = await callServer("GET", `/api/v1/alerts/${encodeURIComponent(id)}`);
  if (answer.status !== 200) {
    complain(answer.status === 404 ? `The server has no alert ${id}.` : problemText(answer));
    return FOUND_SOMETHING;
  }
  const alert = toMembers(answer.body);
  if (alert["outcome"] === "refused") {
    complain(`Alert ${id} was refused: there is nothing to test.`);
    return FOUND_SOMETHING;
  }
  const test = writeTest(await toRecorded(alert), rules);
  terminal.answer({ test }, test.trimEnd());
  complain("Names and addresses were replaced; look over what else the texts say before you keep it.");
  return FINE;
}

async function toRecorded(alert: Members): Promise<RecordedAlert> {
  const plain = PLAIN_MEMBERS.flatMap((name) => {
    const value = alert[name];
    const left = value === null || value === undefined || value === "" || value === "firing";
    return left || (Array.isArray(value) && value.length === 0) ? [] : [[name, value] as const];
  });
  const fields = Object.entries(toMembers(alert["fields"])).map(
    ([name, value]) => [`fields.${name}`, value] as const,
  );
  const organization = toMembers(alert["organization"]);
  const device = toMembers(alert["device"]);
  const repeat = alert["outcome"] === "note_added" ? textOf(alert["ticket"]) : undefined;
  return {
    receivedAt: textOf(alert["received_at"]) ?? new Date(0).toISOString(),
    members: [...plain, ...fields],
    organization:
      textOf(organization["asked"]) === undefined
        ? undefined
        : {
            name: textOf(organization["name"]) ?? textOf(organization["asked"]) ?? "",
            mapped: textOf(organization["id"]) !== undefined,
            tags: await tagsOf("organizations", textOf(organization["id"])),
          },
    device:
      textOf(device["asked"]) === undefined
        ? undefined
        : {
            name: textOf(device["name"]) ?? textOf(device["asked"]) ?? "",
            tags: await tagsOf("devices", textOf(device["id"])),
          },
    outcome: textOf(alert["outcome"]) ?? "unmatched",
    fired: listOf(alert["firings"]).flatMap((firing) => textOf(toMembers(firing)["rule"]) ?? []),
    repeatOf: repeat === undefined ? undefined : await createdAt(repeat),
  };
}

/** Of a record that is there; tags are what rules ask of it. */
async function tagsOf(kind: "organizations" | "devices", id: string | undefined): Promise<readonly string[]> {
  if (id === undefined) return [];
  const { status, body } = await callServer("GET", `/api/v1/${kind}/${encodeURIComponent(id)}`);
  return status === 200 ? listOf(toMembers(body)["tags"]).flatMap((tag) => textOf(tag) ?? []) : [];
}

async function createdAt(number: string): Promise<string | undefined> {
  const { status, body } = await callServer("GET", `/api/v1/tickets/${encodeURIComponent(number)}`);
  return status === 200 ? textOf(toMembers(body)["created_at"]) : undefined;
}

function toMembers(value: unknown): Members {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
