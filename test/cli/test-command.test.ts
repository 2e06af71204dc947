/** `tocsin test` as a person types it: words, exit codes, forms of the answer. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";

const failing = `test "a warning is a ticket"
  at 10:00 receive alert
    source = "Graphus", organization = "Acme", severity = "warning"
    title  = "Fan <slow> & \\"loud\\""
  end
  expect ticket 1 created
end
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-test-"));
  mkdirSync(join(folder, "rules"));
  for (const file of ["msp.rules", "msp.test.rules"]) {
    cpSync(join(root, "test/corpus/examples", file), join(folder, "rules", file));
  }
  mkdirSync(join(folder, "other"));
  cpSync(join(folder, "rules/msp.rules"), join(folder, "other/msp.rules"));
  writeFileSync(join(folder, "other/warning.test.rules"), failing);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [join(root, "bin", "tocsin"), "test", ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"]!, HOME: process.env["HOME"]!, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function tocsin(...args: readonly string[]): Promise<Ended> {
  return await tocsinWith({}, args);
}

async function tocsinWith(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Ended> {
  const child = start(args, env);
  let [out, err] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (err += text));
  return await new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

describe("tocsin test", () => {
  it("runs the tests of a folder, of a file alone, and of the rules folder by default", async () => {
    for (const args of [["rules"], ["rules/msp.test.rules"], []]) {
      const { code, out, err } = await tocsin(...args);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^11 tests: 11 passed, 0 failed \(\d+ ms\)$/m);
    }
  });

  it("tells what happened instead, with the nearest rule, its line and its values", async () => {
    const { code, out } = await tocsin("other/warning.test.rules");
    expect(code).toBe(1);
    expect(out).toContain(
      [
        "FAIL  a warning is a ticket",
        "  other/warning.test.rules:6",
        "    expect ticket 1 created",
        "    got: no ticket was created",
      ].join("\n"),
    );
    expect(out).toContain('nearest: rule "Ticket for a new alert" (other/msp.rules:88)');
    expect(out).toContain('line 91: alert.severity at least "minor"  did not hold, value "warning"');
  });

  it("answers one JSON document", async () => {
    const { code, out } = await tocsin("other", "--json", "--coverage");
    expect(code).toBe(1);
    const document: unknown = JSON.parse(out);
    expect(document).toMatchObject({
      passed: 0,
      failed: 1,
      tests: [{ name: "a warning is a ticket", file: "other/warning.test.rules", line: 1, result: "failed" }],
      coverage: { rules: { covered: 0, total: 10 } },
    });
  });

  it("writes JUnit and TAP that other programs read", async () => {
    const junit = await tocsin("other", "--format", "junit");
    expect(junit.out).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites tests="1" failures="1">/,
    );
    expect(junit.out).toContain("Fan &lt;slow&gt; &amp;");
    const tap = await tocsin("rules", "--format", "tap", "--seed", "7");
    expect(tap.out).toMatch(/^TAP version 14\n1\.\.11\nok 1 - /);
    const again = await tocsin("rules", "--format", "tap", "--seed", "7");
    expect(again.out).toBe(tap.out);
    const other = await tocsin("rules", "--format", "tap", "--seed", "8");
    expect(other.out).not.toBe(tap.out);
  });

  it("keeps coverage for another program apart from the results", async () => {
    const { code, out, err } = await tocsin("rules", "--coverage-format", "lcov");
    expect(code).toBe(0);
    expect(out).toMatch(/^TN:\nSF:rules\/msp\.rules\n/);
    expect(err).toContain("11 passed");
    const json = await tocsin("rules", "--coverage-format", "json");
    expect(JSON.parse(json.out)).toMatchObject({ rules: { covered: 6, total: 10 } });
  });

  it("fails below the coverage that is asked for", async () => {
    expect((await tocsin("rules", "--coverage-min", "50")).code).toBe(0);
    const { code, err } = await tocsin("rules", "--coverage-min", "99");
    expect(code).toBe(1);
    expect(err).toMatch(/^Coverage of [\d.]+ % is below 99 %\.$/m);
  });

  it("runs only tests with a text in their name", async () => {
    expect((await tocsin("rules", "--filter", "CALLOUT")).out).toContain("1 test: 1 passed");
    expect(await tocsin("rules", "--filter", "nothing like it")).toMatchObject({ code: 2, out: "" });
  });

  it("tells of errors in the files with 1, of wrong use with 2", async () => {
    writeFileSync(join(folder, "wrong.rules"), 'rule "r"\n  when alert received\n  then\n    stop\nend\n');
    writeFileSync(join(folder, "wrong.test.rules"), 'test "t"\n  at 10:00\n  expect rule "s" fired\nend\n');
    const wrong = await tocsin("wrong.test.rules");
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain("wrong.test.rules:3:15");
    const json = await tocsin("wrong.test.rules", "--json");
    expect(JSON.parse(json.out)).toMatchObject({
      passed: 0,
      failed: 0,
      tests: [],
      diagnostics: [{ code: "R1201" }],
    });
    for (const args of [
      ["wrong.rules"],
      ["not-there"],
      ["rules", "--seed", "x"],
      ["rules", "--format", "yaml"],
    ]) {
      expect(await tocsin(...args)).toMatchObject({ code: 2, out: "" });
    }
  });

  it("writes a test from a stored alert, and says what to do with it", async () => {
    const answers: Readonly<Record<string, unknown>> = {
      "/api/v1/alerts/al_1": {
        id: "al_1",
        received_at: "2026-11-22T23:05:00.000Z",
        source: "Graphus",
        title: "Login of anna@acme.example from 10.1.2.3",
        description: null,
        severity: "major",
        status: "firing",
        organization: { asked: "Umbrella", id: "or_1", name: "Umbrella" },
        device: { asked: null, id: null, name: null },
        tags: [],
        fields: { site: "Ulm" },
        outcome: "ticket_created",
        firings: [{ rule: "Ticket for a new alert", on: "alert received", file: "msp.rules", line: 88 }],
      },
      "/api/v1/organizations/or_1": { id: "or_1", tags: ["gold"] },
    };
    const server = createServer((request, response) => {
      const answer = answers[request.url ?? ""];
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const env = { TOCSIN_URL: `http://127.0.0.1:${port}`, TOCSIN_API_KEY: "tocsin-test-key" };
    const written = await tocsinWith(env, ["--record", "al_1"]);
    const missing = await tocsinWith(env, ["--record", "al_2"]);
    await new Promise((resolve) => server.close(resolve));
    expect(written).toMatchObject({ code: 0, err: expect.stringContaining("look over") as string });
    expect(written.out).not.toMatch(/Umbrella|anna|10\.1/);
    expect(missing).toEqual({ code: 1, out: "", err: "The server has no alert al_2.\n" });
    mkdirSync(join(folder, "recorded"));
    cpSync(join(folder, "rules/msp.rules"), join(folder, "recorded/msp.rules"));
    writeFileSync(join(folder, "recorded/a.test.rules"), written.out);
    expect((await tocsin("recorded")).out).toContain("1 test: 1 passed");
  });

  it("runs again when a file changes, until it is asked to stop", async () => {
    const child = start(["other", "--watch"]);
    let out = "";
    const until = async (text: RegExp): Promise<void> => {
      while (!text.test(out)) await new Promise((resolve) => child.stdout?.once("data", resolve));
    };
    child.stdout?.setEncoding("utf8").on("data", (text) => (out += text));
    await until(/0 passed, 1 failed/);
    // The first result is told before the watching is set up in every case.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const file = join(folder, "other/warning.test.rules");
    writeFileSync(file, readFileSync(file, "utf8").replace('severity = "warning"', 'severity = "critical"'));
    await until(/1 passed, 0 failed/);
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });
});
