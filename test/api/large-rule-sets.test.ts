/** Sets that are too much for the time that analysis has: they are published, and it is said what was not told. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    env: { TOCSIN_MAIL_EDITION: "basic" },
    settings: { compilation: { asideFrom: 20_000, analysisMs: 0 } },
  });
});
afterAll(async () => {
  await server.close();
});

const api = async (method: string, path: string, body?: unknown) =>
  await server.admin(method, `/api/v1${path}`, body);
const files = (text: string): object => ({ files: [{ path: "many.rules", text }] });
const rule = (name: string, condition: string): string =>
  `rule "${name}"\n  when alert received\n  if ${condition}\n  then\n    create ticket\nend\n`;
const never = rule("never", 'alert.title is "a" and alert.title is "b"');
const many = Array.from({ length: 500 }, (_, i) =>
  rule(`never ${i}`, `alert.title is "a${i}" and alert.title is "b" and alert.source is "${i}"`),
).join("");

it("is published without the warnings of analysis when that takes too long, is in force, and says so", async () => {
  const text = `${many}${rule("any", "alert.title is not empty")}`;
  const published = await api("POST", "/rule-sets", files(text));
  expect([published.status, published.json]).toMatchObject([201, { active: true, analysis_given_up: true }]);
  expect((await api("POST", "/alerts", { source: "Test", title: "x" })).json.outcome).toBe("ticket_created");
  const checked = (await api("POST", "/rule-sets/check", files(text))).json;
  expect(checked).toMatchObject({ analysis_given_up: true });
  expect(checked.diagnostics.map(({ code }: { code: string }) => code)).not.toContain("R2001");
  const audit = (await api("GET", "/rule-audit")).json;
  expect(audit.checks).toContainEqual(
    expect.objectContaining({ name: "analysis", ok: false, fix: expect.stringContaining("tocsin check") }),
  );
});

it("is refused for what the checker alone finds, and is told all of it when it is small", async () => {
  const broken = await api("POST", "/rule-sets", files(`${many}${rule("x", 'alert.severty is "a"')}`));
  expect([broken.status, broken.json.code]).toEqual([422, "rule_set_invalid"]);
  const small = (await api("POST", "/rule-sets/check", files(never))).json;
  expect(small.analysis_given_up).toBeUndefined();
  expect(small.diagnostics.map(({ code }: { code: string }) => code)).toContain("R2001");
});

it("holds a large set to the edition of mail also when analysis is given up", async () => {
  const mailboxes = Array.from({ length: 3 }, (_, i) => `mailbox "m${i}@msp.example"\nend\n`).join("");
  const here = (await api("POST", "/rule-sets/check", files(mailboxes))).json;
  const large = (await api("POST", "/rule-sets/check", files(`${mailboxes}${many}`))).json;
  const errors = (found: { diagnostics: { severity: string; code: string }[] }): readonly string[] =>
    found.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
  expect(errors(here).length).toBeGreaterThan(0);
  expect([large.analysis_given_up ?? false, errors(large)]).toEqual([false, errors(here)]);
});
