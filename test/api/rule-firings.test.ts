/** How often rules fired, as an editor asks; and the editor that shows it above them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor } from "../lsp/editor.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const rules = `rule "Often"
  when alert received
  if alert.title contains "often"
  then
    create ticket
      title = alert.title
end

rule "Never"
  when alert received
  if alert.title contains "never"
  then
    suppress alert
end
`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rules });
});
afterAll(async () => {
  await server.close();
});

describe("firings of rules", () => {
  it("are counted by rule, and shown above it in an editor", async () => {
    for (const n of [1, 2, 3])
      await server.admin("POST", "/api/v1/alerts", { source: "Test", title: `often ${n}` });
    const answer = await server.admin("GET", "/api/v1/rules/firings?days=7");
    expect([answer.status, answer.json]).toMatchObject([
      200,
      { days: 7, items: [{ rule: "Often", firings: 3, last_at: expect.any(String) }] },
    ]);
    const editor = await Editor.start({
      initializationOptions: { serverUrl: server.url, apiKey: server.adminKey },
    });
    const refreshed = new Promise<void>((done) => {
      editor.connection.onRequest("workspace/codeLens/refresh", () => {
        done();
        return null;
      });
    });
    await editor.open("rules/a.rules", rules);
    const lenses = async () =>
      (await editor.ask<{ command: { title: string } }[]>("textDocument/codeLens", "rules/a.rules")).map(
        ({ command }) => command.title,
      );
    expect(await lenses()).toEqual(["0 tests", "0 tests"]);
    await refreshed;
    expect(await lenses()).toEqual(["0 tests", "3 firings in 7 days", "0 tests", "0 firings in 7 days"]);
    await editor.end();
  });

  it("are asked for a number of days that makes sense", async () => {
    expect((await server.admin("GET", "/api/v1/rules/firings?days=0")).status).toBe(400);
    expect((await server.admin("GET", "/api/v1/rules/firings?days=91")).status).toBe(400);
  });
});
