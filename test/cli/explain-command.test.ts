/** `tocsin explain --alert` as a person types it: from files alone, with places where something is wrong. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-explain-"));
  put(
    "intake.rules",
    `
rule "Ticket"
  when alert received
  if alert.severity at least "minor" and alert.device.tags contains "server"
  then
    create ticket
      title = alert.title
end
`,
  );
  put("alert.json", {
    source: "Zabbix",
    title: "down",
    severity: "info",
    organization: "Acme",
    device: "SRV-B",
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, content: unknown): void {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
}

function explain(args: readonly string[], input = ""): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "bin", "tocsin"), "explain", ...args],
    { cwd: folder, env: { PATH: process.env["PATH"], HOME: process.env["HOME"] }, encoding: "utf8", input },
  );
  return { code: status, out: stdout, err: stderr };
}

const data = {
  organizations: [{ name: "ACME", external: [{ source: "Zabbix", id: "77" }] }],
  devices: [{ name: "srv-b", organization: "Acme", tags: ["server"] }],
};

describe("tocsin explain --alert", () => {
  it("tells the smallest change, the conditions that decide with their values, and where they stand", () => {
    const { code, out } = explain(["--alert", "alert.json", "intake.rules"]);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "unmatched: no rule holds for it",
        "",
        "nearest misses",
        'rule "Ticket" (intake.rules:2): not fired',
        '  alert.severity would have to be at least "minor" (is "info")',
        '  alert.device.tags would have to contain "server" (is [])',
        '  * fails  line 4  alert.severity at least "minor"      "info"',
        '  * fails  line 4  alert.device.tags contains "server"  []',
        "",
      ].join("\n"),
    );
  });

  it("knows the organizations, the devices and the alerts before it that a file gives, and has one JSON document", () => {
    put("data.json", {
      ...data,
      alerts: [
        {
          source: "Zabbix",
          title: "down",
          severity: "major",
          customer_id: "77",
          device: "SRV-B",
          received_at: "2026-11-22T23:03:00Z",
        },
      ],
    });
    put("major.json", {
      source: "Zabbix",
      title: "down",
      severity: "major",
      organization: "acme",
      device: "SRV-B",
    });
    const at = ["--at", "2026-11-22T23:05:00Z"];
    const { code, out } = explain(["--alert", "major.json", "--data", "data.json", ...at, "--json", "."]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      outcome: "note_added",
      why: expect.stringContaining("T20261122.0001"),
      rules: [
        {
          rule: "Ticket",
          file: "intake.rules",
          line: 2,
          result: "fired",
          conditions: [{ actual: "major" }, { actual: ["server"] }],
        },
      ],
    });
  });

  it("reads an alert from standard input", () => {
    expect(explain(["--alert", "-", "."], "[]")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^Standard input holds 0 alerts/),
    });
    expect(explain(["--alert", "-", "."], '{"source":"a","title":"b","severity":"minor"}').out).toContain(
      'alert.device.tags would have to contain "server"',
    );
  });

  it.each<[string, unknown, unknown, readonly string[]]>([
    ["an alert that is not JSON", "{", {}, ["wrong.json: the body is not JSON"]],
    [
      "an alert with wrong types",
      { source: 1, title: "" },
      {},
      ["  source: must be a text, not a number", "  title: "],
    ],
    [
      "unknown members of the data",
      { source: "a", title: "b" },
      { organisations: [] },
      ["data.json: `organisations`: is not a member that is known here"],
    ],
    [
      "a device of nobody",
      { source: "a", title: "b" },
      { devices: [{ name: "x", organization: "y" }] },
      ['devices[0].organization`: no organization of this file is "y"'],
    ],
    [
      "an earlier alert that is later",
      { source: "a", title: "b" },
      { alerts: [{ source: "a", title: "b", received_at: "2999-01-01T00:00:00Z" }] },
      ["alerts[0].received_at"],
    ],
  ])("ends with 1 and says where: %s", (_title, alert, given, sentences) => {
    put("wrong.json", alert);
    put("data.json", given);
    const { code, err } = explain(["--alert", "wrong.json", "--data", "data.json", "."]);
    for (const sentence of sentences) expect(err).toContain(sentence);
    expect(code).toBe(1);
  });

  it("draws the mistakes of rule files", () => {
    put("broken.rules", 'rule "x"\n  when alert received\n  if alert.titel is "x"\n  then\n    stop\nend\n');
    const { code, out } = explain(["--alert", "alert.json", "broken.rules"]);
    expect(code).toBe(1);
    expect(out).toContain("unknown field `alert.titel`");
    rmSync(join(folder, "broken.rules"));
  });

  it.each([
    [["--alert", "not-there.json", "."], "not-there.json cannot be read."],
    [["--alert", "alert.json", "--at", "noon", "."], "--at takes a time like"],
    [["--alert", "alert.json", "--limit", "x", "."], "--limit takes a number"],
    [["--alert", "alert.json", "nowhere"], "nowhere is not there."],
    [["al_1", "--data", "data.json"], "Name one alert"],
  ])("ends %j with 2 and one sentence", (args, sentence) => {
    const { code, err } = explain(args);
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
