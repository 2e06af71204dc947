/** The commands as a person types them: exit codes, words, and one JSON document with `--json`. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-cli-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Not spawnSync, since the server that it talks to may be in this process. */
function tocsin(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, "bin", "tocsin"), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"]!, HOME: process.env["HOME"]!, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.stdin.end();
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

describe("tocsin", () => {
  it("lists its commands, and each has help", async () => {
    const { code, out } = await tocsin(["--help"]);
    expect(code).toBe(0);
    const commands = ["up", "serve", "worker", "publish", "check", "send", "explain", "doctor"];
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
    const up = await tocsin(["up", "--help"]);
    expect(up).toMatchObject({ code: 0, err: "" });
    expect(up.out).toContain("--postgres-port <PORT>");
  });

  it("takes --json for the language server, which speaks JSON anyway", async () => {
    const { code, err } = await tocsin(["lsp", "--json"]);
    // Its input ended without `shutdown`; a usage error would be 2.
    expect({ code, err }).toEqual({ code: 1, err: "" });
  });

  it("refuses a rule file that is not UTF-8", async () => {
    const file = join(folder, "latin-1.rules");
    writeFileSync(file, Buffer.from('list names = ["Müller"]', "latin1"));
    for (const command of ["check", "publish"]) {
      const { code, err } = await tocsin([command, file]);
      expect([code, err]).toEqual([2, expect.stringContaining("is not UTF-8: save it as UTF-8")]);
    }
  });

  it.each([
    [["publis"], "Did you mean publish?"],
    [["send", "--nope"], "unknown option '--nope'"],
    [["explain"], "Name one alert: `tocsin explain ID`"],
    [["send"], "Nothing to send: name a JSON file"],
    [["serve"], "DATABASE_URL is not set"],
    [["worker"], "DATABASE_URL is not set"],
    [["check", "not-there"], "not-there is not there."],
    [["up", "--http-port", "web"], 'TOCSIN_HTTP_PORT is "web"'],
    [
      ["up", "--host", "999.1.1.1", "--http-port", "0", "--data-dir", "unused"],
      "999.1.1.1 is not an address of this machine: set TOCSIN_HOST",
    ],
    [
      ["up", "--database-url", "postgres://u:hunter2@127.0.0.1:1/d", "--http-port", "0"],
      "The database at 127.0.0.1:1/d cannot be used",
    ],
    [["send", "--title", "x"], "No key: set TOCSIN_API_KEY"],
  ])("ends %j with 2 and one sentence", async (args, sentence) => {
    const { code, out, err } = await tocsin(args);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/hunter2|^ {4}at /m);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  it.each([
    [["check", "--json", "not-there"], { code: "used_wrongly", message: "not-there is not there." }],
    [["publis", "--json"], { code: "used_wrongly", message: expect.stringContaining("unknown command") }],
    [["send", "--nope", "--json"], { code: "used_wrongly", message: "unknown option '--nope'" }],
    [
      ["up", "--json", "--egress-allow", "10.0.0.0/99"],
      {
        code: "used_wrongly",
        message: expect.stringContaining('TOCSIN_EGRESS_ALLOW is "10.0.0.0/99"'),
        setting: "TOCSIN_EGRESS_ALLOW",
      },
    ],
    [
      ["explain-code", "R1230", "--json"],
      { code: "used_wrongly", message: expect.stringContaining("R1203") },
    ],
  ])("answers %j with one JSON document that says what is wrong", async (args, error) => {
    const { code, out, err } = await tocsin(args);
    expect(code).toBe(2);
    expect(err).not.toBe("");
    expect(JSON.parse(out)).toEqual({ error });
  });

  it.skipIf(process.platform !== "linux")("refuses a data folder that takes no files, at once", async () => {
    const { code, err } = await tocsin(["up", "--data-dir", "/proc/tocsin/data"]);
    expect(code).toBe(2);
    expect(err).toContain("/proc/tocsin/data cannot be made or written: set TOCSIN_DATA_DIR");
  });

  it("checks rule files: 1 for an error, 0 for none, file as typed, line and mark", async () => {
    writeFileSync(
      join(folder, "wrong.rules"),
      'rule "A"\n  when alert received\n  if alert.titel contains "x"\n  then\n    stop\nend\n',
    );
    const text = await tocsin(["check", "wrong.rules"]);
    expect(text.code).toBe(1);
    expect(text.out).toContain(
      [
        "error R1203  unknown field `alert.titel`",
        " --> wrong.rules:3:6",
        "  |",
        '3 |   if alert.titel contains "x"',
        "  |      ^^^^^^^^^^^ an alert has no field of this name",
        "  = help: did you mean `alert.title`?",
      ].join("\n"),
    );
    const json = await tocsin(["check", "--json", "wrong.rules"]);
    expect(json).toMatchObject({ code: 1, err: "" });
    expect(JSON.parse(json.out).diagnostics[0]).toMatchObject({
      code: "R1203",
      span: { file: "wrong.rules", start: { line: 3, column: 6 } },
    });
    expect((await tocsin(["check", join(root, "rules")])).code).toBe(0);
  });

  it("sends options as an alert with the key of the data folder's admin.key, and tells what came of it", async () => {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        asked.push([request.headers.authorization, request.url, JSON.parse(body)]);
        response.end(
          JSON.stringify({
            id: "al_1",
            outcome: "ticket_created",
            ticket: "T20261122.0001",
            firings: [{ rule: "A", on: "alert received", file: "a.rules", line: 3 }],
          }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(join(folder, "admin.key"), "tocsin_key_of_this_test\n");
    const env = { TOCSIN_URL: url, TOCSIN_DATA_DIR: folder };
    const { code, out } = await tocsin(["send", "--title", "Disk full", "--customer-id", "42"], env);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'ticket_created  T20261122.0001\n  by rule "A" (a.rules:3)\n  tocsin explain al_1 tells why\n',
    });
    expect(asked).toEqual([
      [
        "Bearer tocsin_key_of_this_test",
        "/api/v1/alerts",
        { source: "tocsin send", title: "Disk full", customer_id: "42" },
      ],
    ]);
    server.close();
    const gone = await tocsin(["send", "--title", "x"], env);
    expect(gone.code).toBe(2);
    expect(gone.err).toBe(
      `No server answers at ${url} (ECONNREFUSED): start it with \`tocsin up\`, or set TOCSIN_URL.\n`,
    );
  });

  it("goes on in the pinned Node when an older one starts it", () => {
    const older = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
      const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
      return /^v(?:18|20|22)\./u.test(stdout ?? "");
    });
    if (older === undefined) return;
    const { stdout, status } = spawnSync(
      older,
      [join(root, "bin", "tocsin"), "check", "--json", join(root, "rules")],
      { encoding: "utf8" },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty("diagnostics");
  });
});
