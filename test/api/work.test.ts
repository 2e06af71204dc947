import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rules: TEST_RULES });
  await server.admin("POST", "/api/v1/organizations", { name: "Acme" });
  await server.admin("POST", "/api/v1/resources", {
    name: "Rita",
    email: "rita@msp.example",
    roles: ["Support"],
  });
});
afterAll(async () => await server.close());

describe("projects and tasks", () => {
  test("have numbers, notes, time entries and a history", async () => {
    const project = await server.admin("POST", "/api/v1/projects", { name: "Move", organization: "Acme" });
    expect(project.status).toBe(201);
    expect(project.json).toMatchObject({
      name: "Move",
      status: "New",
      organization: { name: "Acme" },
      version: 1,
    });
    expect(project.json.number).toMatch(/^P\d{8}\.0001$/);
    const task = await server.admin("POST", "/api/v1/tasks", {
      project: project.json.number,
      title: "Rack",
      assigned_resource: "Rita",
    });
    expect(task.json).toMatchObject({
      number: `${project.json.number}.0001`,
      project: project.json.number,
      assigned_resource: { name: "Rita" },
    });
    const at = `/api/v1/tasks/${task.json.number}`;
    expect((await server.admin("POST", `${at}/notes`, { text: "A note" })).status).toBe(201);
    expect((await server.admin("POST", `${at}/time-entries`, { hours: 1.5, role: "Support" })).status).toBe(
      201,
    );
    expect(
      (
        await server.admin("POST", `/api/v1/projects/${project.json.number}/notes`, {
          text: "P",
          visibility: "public",
        })
      ).status,
    ).toBe(201);
    const changed = await server.admin("PATCH", at, { status: "in progress", assigned_resource: null });
    expect(changed.json).toMatchObject({ status: "In Progress", assigned_resource: null, version: 2 });
    expect((await server.admin("GET", at)).json).toMatchObject({
      notes: [{ text: "A note", visibility: "internal" }],
      time_entries: [{ hours: 1.5, role: "Support" }],
      history: [
        { field: "status", from: "New", to: "In Progress" },
        { field: "assigned_resource", from: "Rita", to: null },
      ],
    });
    expect(
      (await server.admin("GET", `/api/v1/tasks?project=${project.json.number}&status=In Progress`)).json
        .items,
    ).toHaveLength(1);
    expect((await server.admin("GET", "/api/v1/projects")).json.items).toHaveLength(1);
    const conflict = await server.call("PATCH", at, {
      key: server.adminKey,
      body: { title: "x" },
      headers: { "if-match": '"1"' },
    });
    expect(conflict.json).toMatchObject({ code: "version_conflict" });
  });

  test("refuse what does not exist, and keep their organization from being deleted", async () => {
    expect(
      (await server.admin("POST", "/api/v1/projects", { name: "x", organization: "Nobody" })).json,
    ).toMatchObject({ code: "unknown_reference" });
    expect(
      (await server.admin("POST", "/api/v1/tasks", { project: "P20261122.9999", title: "x" })).json,
    ).toMatchObject({ code: "unknown_reference" });
    expect(
      (await server.admin("POST", "/api/v1/projects", { name: "x", status: "Gone" })).json,
    ).toMatchObject({ code: "unknown_reference" });
    expect((await server.admin("GET", "/api/v1/projects/P20261122.9999")).json).toMatchObject({
      code: "not_found",
    });
    const [acme] = (await server.admin("GET", "/api/v1/organizations?name=Acme")).json.items;
    const refused = await server.admin("DELETE", `/api/v1/organizations/${acme.id}`);
    expect(refused.json).toMatchObject({ code: "still_referenced" });
  });
});
