/**
 * Every step that steers leaves its line in the audit: who, when, what. Walks the table of routes, so that a new one that
 * changes something either is pressed here or says why it leaves none.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../src/api/index.ts";
import { openSteering, rulesOf, type Steering } from "./steering-desk.ts";

const RULES = `
mailbox "alerts@msp.example"
  token password secret "ates_password"
end
`;

/** What each is pressed on, and the line that it leaves. */
interface Step {
  readonly press: () => Promise<{ readonly path: string; readonly body?: unknown }>;
  readonly action: string;
  /** Of the line; a function of what was pressed. */
  readonly object?: (asked: { readonly path: string; readonly id: string | undefined }) => string | null;
  readonly details?: object;
}

const NOT_STEERING: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^POST .*\/alerts/u, "an alert is a record of its own"],
  [/^POST .*\/mail\/\{mailbox\}$/u, "a mail is a record of its own"],
  [/ .*\/(?:tickets|projects|tasks)/u, "who changed them, and what, is in their history and notes"],
  [
    /^(?:POST|PATCH) .*\/(?:organizations|devices|contacts|resources)/u,
    "records; only that one went is told",
  ],
  [/^POST .*\/rule-sets\/check$/u, "changes nothing"],
];

let at: Steering;
/** Of a second person, who may do all. */
let anna: string;
let set = 0;

const text = (): string => rulesOf(at.sinkUrl, { slow: "retry every 10 minutes up to 5 times" }, RULES);
const segment = (path: string, nth: number): string => path.split("/").at(nth) ?? "";
const idInPath = ({ path }: { readonly path: string }): string => segment(path, -2);

async function waiting(title: string): Promise<string> {
  const id = await at.triggered(`slow ${title}`);
  await at.becomes(id, "waiting");
  return id;
}

async function ended(title: string): Promise<string> {
  const id = await waiting(title);
  await at.call("POST", `/deliveries/${id}/give-up`);
  await at.becomes(id, "given_up");
  return id;
}

/** Without the token that its mailbox asks for. */
async function failedMail(): Promise<string> {
  const response = await fetch(`${at.url}/api/v1/mail/alerts@msp.example`, {
    method: "POST",
    headers: { authorization: `Bearer ${anna}`, "content-type": "message/rfc822" },
    body: "From: xyz@xyz.example\r\nTo: alerts@msp.example\r\nSubject: Disk full\r\nMessage-ID: <1@xyz>\r\n\r\nNo token.\r\n",
  });
  const { id } = (await response.json()) as { id: string };
  for (let i = 0; i < 500; i += 1) {
    const mail = await at.call<{ state: string }>("GET", `/mail/${id}`);
    if (mail.state === "failed") return id;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the mail did not fail");
}

const organization = async (): Promise<string> =>
  (await at.call<{ id: string }>("POST", "/organizations", { name: `Acme ${Math.random()}` })).id;
const record = async (kind: string, members: object): Promise<string> =>
  (await at.call<{ id: string }>("POST", `/${kind}`, { ...members, organization: await organization() })).id;
const window = (): object => ({
  name: "Patches",
  from: new Date().toISOString(),
  to: new Date(Date.now() + 3_600_000).toISOString(),
});

const STEPS: Readonly<Record<string, Step>> = {
  "POST /deliveries/{id}/retry-now": {
    press: async () => ({ path: `/deliveries/${await waiting("a")}/retry-now` }),
    action: "delivery retry-now",
    object: idInPath,
    details: { callout: "slow", ticket: expect.stringMatching(/^T\d/u) },
  },
  "POST /deliveries/{id}/give-up": {
    press: async () => ({ path: `/deliveries/${await waiting("b")}/give-up` }),
    action: "delivery give-up",
    object: idInPath,
    details: { callout: "slow", ticket: expect.stringMatching(/^T\d/u) },
  },
  "POST /deliveries/{id}/replay": {
    press: async () => ({ path: `/deliveries/${await ended("c")}/replay` }),
    action: "delivery replay",
    object: idInPath,
    details: { callout: "slow", delivery: expect.stringMatching(/^dl_/u) },
  },
  "POST /deliveries/replay": {
    press: () =>
      Promise.resolve({
        path: "/deliveries/replay",
        body: { callout: "slow", since: "2026-01-01T00:00:00Z", per_second: 7 },
      }),
    action: "deliveries replay",
    object: () => "slow",
    details: {
      replay: expect.stringMatching(/^rp_/u),
      since: "2026-01-01T00:00:00.000Z",
      per_second: 7,
      matching: 0,
    },
  },
  "POST /callouts/{name}/activate": {
    press: () => Promise.resolve({ path: "/callouts/slow/activate" }),
    action: "callout activated",
    object: () => "slow",
  },
  "POST /callouts/{name}/deactivate": {
    press: () => Promise.resolve({ path: "/callouts/slow/deactivate" }),
    action: "callout deactivated",
    object: () => "slow",
  },
  "POST /callouts/{name}/test": {
    press: async () => ({ path: "/callouts/slow/test", body: { ticket: await at.ticket("slow d") } }),
    action: "callout test",
    object: () => "slow",
    details: { delivery: expect.stringMatching(/^dl_/u), ticket: expect.stringMatching(/^T\d/u) },
  },
  "POST /maintenance": {
    press: () => Promise.resolve({ path: "/maintenance", body: window() }),
    action: "maintenance created",
    object: ({ id }) => id ?? null,
    details: { name: "Patches" },
  },
  "DELETE /maintenance/{id}": {
    press: async () => ({
      path: `/maintenance/${(await at.call<{ id: string }>("POST", "/maintenance", window())).id}`,
    }),
    action: "maintenance deleted",
    object: ({ path }) => segment(path, -1),
    details: { name: "Patches" },
  },
  "POST /mail/{id}/retry": {
    press: async () => ({ path: `/mail/${await failedMail()}/retry` }),
    action: "mail retried",
    object: idInPath,
  },
  "POST /rule-sets": {
    press: () => {
      set += 1;
      return Promise.resolve({
        path: "/rule-sets",
        body: { files: [{ path: "test.rules", text: `# ${set}\n${text()}` }] },
      });
    },
    action: "rule set published",
    details: { hash: expect.any(String) },
  },
  "POST /rule-sets/{number}/activate": {
    press: () => Promise.resolve({ path: "/rule-sets/1/activate" }),
    action: "rule set activated",
    object: () => "1",
  },
  "POST /keys": {
    press: () => Promise.resolve({ path: "/keys", body: { name: "a key", role: "read" } }),
    action: "key created",
    object: ({ id }) => id ?? null,
    details: { name: "a key", role: "read" },
  },
  "DELETE /keys/{id}": {
    press: async () => ({
      path: `/keys/${(await at.call<{ id: string }>("POST", "/keys", { name: "gone", role: "read" })).id}`,
    }),
    action: "key revoked",
    object: ({ path }) => segment(path, -1),
  },
  "DELETE /organizations/{id}": {
    press: async () => ({ path: `/organizations/${await organization()}` }),
    action: "organization deleted",
    object: ({ path }) => segment(path, -1),
  },
  "DELETE /devices/{id}": {
    press: async () => ({ path: `/devices/${await record("devices", { name: "SRV-B" })}` }),
    action: "device deleted",
    object: ({ path }) => segment(path, -1),
  },
  "DELETE /contacts/{id}": {
    press: async () => ({
      path: `/contacts/${await record("contacts", { first_name: "A", last_name: "B", emails: [`${Math.random()}@acme.example`] })}`,
    }),
    action: "contact deleted",
    object: ({ path }) => segment(path, -1),
  },
  "DELETE /resources/{id}": {
    press: async () => {
      const made = await at.call<{ id: string }>("POST", "/resources", {
        name: "Bob",
        email: "bob@msp.example",
      });
      return { path: `/resources/${made.id}` };
    },
    action: "resource deleted",
    object: ({ path }) => segment(path, -1),
  },
};

beforeAll(async () => {
  at = await openSteering({ env: { TOCSIN_SECRET_ATES_PASSWORD: "secret" } });
  await at.publish(text());
  at.answer("/slow/", 503);
  anna = (await at.call<{ key: string }>("POST", "/keys", { name: "Anna", role: "admin" })).key;
}, 120_000);
afterAll(async () => {
  await at?.close();
});

interface Line {
  readonly id: number;
  readonly at: string;
  readonly by: object;
  readonly action: string;
  readonly object: string | null;
  readonly details: object;
}

const lines = async (query = ""): Promise<readonly Line[]> =>
  (await at.call<{ items: Line[] }>("GET", `/audit?limit=500${query}`)).items;

const changing = ROUTES.filter(({ method, permission }) => method !== "GET" && permission !== "open").map(
  ({ method, path }) => `${method} ${path.replace("/api/v1", "")}`,
);
const steering = changing.filter((name) => !NOT_STEERING.some(([pattern]) => pattern.test(name)));

describe("the audit", () => {
  it("is written by each route that changes something, or the route says above why it is not", () => {
    expect(steering.toSorted()).toEqual(Object.keys(STEPS).toSorted());
    for (const [pattern] of NOT_STEERING) expect(changing.some((name) => pattern.test(name))).toBe(true);
  });

  // Switched off last, so that the others find it on.
  const order = [...Object.keys(STEPS)].toSorted(
    (a, b) => Number(a.endsWith("deactivate")) - Number(b.endsWith("deactivate")),
  );
  it.each(order)("tells who pressed %s, when, and on what, in one line", async (name) => {
    const { press, action, object, details } = STEPS[name]!;
    const { path, body } = await press();
    const newest = (await lines())[0]?.id ?? 0;
    const before = Date.now();
    const answer = await at.call<{ id?: string; number?: number }>(name.split(" ")[0]!, path, body, anna);
    expect(answer.http, JSON.stringify(answer)).toBeLessThan(300);
    const written = (await lines()).filter((line) => line.id > newest);
    const expected = object?.({ path, id: answer.id }) ?? String(answer.number ?? "");
    expect(written).toEqual([
      {
        id: expect.any(Number),
        at: expect.any(String),
        by: { kind: "staff", name: "Anna" },
        action,
        object: expected,
        details: details === undefined ? expect.any(Object) : expect.objectContaining(details),
      },
    ]);
    expect(Math.abs(Date.parse(written[0]!.at) - before)).toBeLessThan(60_000);
    expect(
      await lines(`&action=${encodeURIComponent(action)}&object=${encodeURIComponent(expected)}`),
    ).toContainEqual(written[0]);
  });

  it("has no line of a press that was refused", async () => {
    await at.call("POST", "/callouts/slow/activate");
    const id = await ended("refused");
    const newest = (await lines())[0]?.id ?? 0;
    const presses: [string, unknown?][] = [
      [`/deliveries/${id}/retry-now`],
      [`/deliveries/${id}/give-up`],
      ["/deliveries/dl_none/replay"],
      ["/deliveries/replay", { callout: "nobody", since: "2026-01-01T00:00:00Z", per_second: 1 }],
      ["/callouts/nobody/deactivate"],
      ["/callouts/slow/test", { ticket: "T1" }],
      ["/rule-sets", { files: [{ path: "a.rules", text: "rule" }] }],
    ];
    for (const [path, body] of presses)
      expect((await at.call("POST", path, body, anna)).http, path).toBeGreaterThanOrEqual(400);
    expect((await lines()).filter((line) => line.id > newest)).toEqual([]);
  });
});
