/** The rule audit: what is wrong with the set in force although it is right, and `doctor --audit` that shows it. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/index.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const RULES = `recipient "noc"
  email "noc@msp.example"
end
callout "Inside"
  post "http://10.1.2.3/x"
  auth bearer secret "nobody_gave_it"
end
rule "Fires"
  when alert received
  if alert.title contains "disk"
  then
    create ticket
      no dedup
    run callout "Inside"
end
rule "Sleeps"
  when alert received
  if alert.title contains "memory"
  then notify "noc" text "memory"
end
`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rules: RULES });
});
afterAll(async () => {
  await server.close();
});

const audit = async (): Promise<Record<string, { ok: boolean; detail: string }>> => {
  const { json } = await server.admin("GET", "/api/v1/rule-audit");
  return Object.fromEntries(json.checks.map(({ name, ...rest }: { name: string }) => [name, rest]));
};

describe("the rule audit", () => {
  it("tells of secrets, addresses, failures that nobody hears of, and mail that nothing sends", async () => {
    expect(await audit()).toMatchObject({
      secrets: { ok: false, detail: expect.stringContaining("nobody gave the secret `nobody_gave_it`") },
      addresses: { ok: false, detail: expect.stringContaining("`10.1.2.3`: it is a private address") },
      callouts: { ok: false, detail: expect.stringContaining("nobody is told") },
      "unused declarations": { ok: true },
      mail: { ok: false, detail: expect.stringContaining('"noc" is told by mail') },
    });
  });

  it("knows of no silent rule before the set is 90 days old, then of those that did not fire", async () => {
    const name = "rules that do not fire";
    expect((await audit())[name]).toMatchObject({
      ok: true,
      detail: expect.stringContaining("not known yet"),
    });
    await server.admin("POST", "/api/v1/alerts", { source: "T", title: "disk full" });
    const store = openStore({ databaseUrl: server.databaseUrl });
    await store.query({ text: "update rule_sets set created_at = created_at - interval '91 days'" });
    await store.close();
    const { ok, detail } = (await audit())[name]!;
    expect(ok).toBe(false);
    expect(detail).toContain('"Sleeps" (test.rules:16) not within 90 days');
    expect(detail).not.toContain('"Fires"');
  });

  it("tells of a callout that rules run and somebody switched off", async () => {
    const name = "callouts that are off";
    expect((await audit())[name]).toMatchObject({ ok: true });
    await server.admin("POST", "/api/v1/callouts/Inside/deactivate");
    expect((await audit())[name]).toMatchObject({ ok: false, detail: expect.stringContaining('"Inside"') });
  });

  it("is shown by doctor --audit, and its absence is a check too", async () => {
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const run = async (url: string) => {
      const env = { PATH: process.env["PATH"]!, TOCSIN_URL: url, TOCSIN_API_KEY: server.adminKey };
      const args = [`${root}bin/tocsin`, "doctor", "--audit", "--json"];
      const ended = promisify(execFile)(process.execPath, args, { cwd: root, env });
      const { stdout } = await ended.catch((error: { stdout: string }) => error);
      return JSON.parse(stdout).checks as { name: string; ok: boolean; detail: string }[];
    };
    expect(await run(server.url)).toContainEqual(
      expect.objectContaining({ name: "audit: secrets", ok: false }),
    );
    expect(await run("http://127.0.0.1:1")).toContainEqual(
      expect.objectContaining({
        name: "audit",
        ok: false,
        detail: expect.stringContaining("No server answers"),
      }),
    );
  });
});
