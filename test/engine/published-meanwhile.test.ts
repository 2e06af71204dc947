/**
 * Rule sets are put in force again and again while alerts are held and silences awaited, by two servers of which either may lag
 * behind: nothing that a rule of all those sets waits for is lost, nothing comes twice, and each end says why.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import fc from "fast-check";
import { timedRulesOf, type RunnableRules } from "../../src/decision/index.ts";
import { createEngine, isRulesBehind, type ActiveRules, type RunningEngine } from "../../src/engine/index.ts";
import { activateRuleSet, publishRuleSet } from "../../src/store/desk/index.ts";
import { createIdSource, ensureOwnOrganization, openStore, type Store } from "../../src/store/index.ts";
import { selectRulesInForce } from "../../src/store/index.ts";
import { rulesFromText } from "../decision/compiled-rules.ts";
import { createTestDatabase, type TestDatabase } from "../store/database.ts";
import { at, incoming } from "./running-desk.ts";

const MINUTE = 60_000;

const always = `
rule "Always held" when alert still firing after 2 minutes if alert.source is "Probe"
  then create ticket title = "held {alert.title}" no dedup end
rule "Always awaited" when no alert for 10 minutes per alert.device if alert.source is "Backup"
  then create ticket title = "silent {alert.title}" no dedup end
rule "Open for long" when ticket open for 30 minutes then add note "open for long" end`;
const sometimes = (minutes: number): string => `
rule "Sometimes held" when alert still firing after ${minutes} minutes if alert.source is "Probe"
  then create ticket title = "sometimes {alert.title}" no dedup end
rule "Sometimes awaited" when no alert for ${minutes * 3} minutes per alert.device if alert.source is "Backup"
  then create ticket title = "sometimes silent {alert.title}" no dedup end`;

/** Set 1 has none of the rules; all later ones have those that are always there. */
const TEXTS = [`rule "Nothing" when alert received if alert.title is "x" then stop end`].concat(
  ["", sometimes(1), sometimes(4)].map((more) => always + more),
);
const SETS: readonly RunnableRules[] = TEXTS.map((text) => rulesFromText(text));

interface Server {
  readonly engine: RunningEngine;
  loaded: ActiveRules;
}

let database: TestDatabase;
let store: Store;
let now = at("12:00");
const servers: Server[] = [];

const inForceOf = (set: number): Parameters<typeof publishRuleSet>[2] => ({
  udfs: [],
  timed: timedRulesOf(SETS[set - 1]!.ir, now),
  callouts: [],
});

async function load(): Promise<ActiveRules> {
  const { number, activation, clocksSince: since } = (await selectRulesInForce(store))!;
  return { number, rules: SETS[number - 1]!, clocks: { activation, since } };
}

const putInForce = async (set: number): Promise<void> => {
  await activateRuleSet(store, set, "Anna", inForceOf(set));
};

async function rows<Row extends object>(
  text: string,
  ...values: readonly unknown[]
): Promise<readonly Row[]> {
  return await store.query<Row>({ text, values });
}

/** A server that lags says so and changes nothing: whoever asks, asks again. */
async function unlessBehind(call: () => Promise<unknown>): Promise<void> {
  await call().catch((error: unknown) => {
    if (!isRulesBehind(error)) throw error;
  });
}

beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  store = openStore({ databaseUrl: database.url });
  const newId = createIdSource();
  const ownOrganization = await ensureOwnOrganization(store, "My Own MSP", newId, now);
  for (const [i, text] of TEXTS.entries())
    await publishRuleSet(
      store,
      {
        hash: String(i),
        author: "Anna",
        origin: "api",
        message: undefined,
        diagnostics: [],
        files: [{ path: "a.rules", text }],
      },
      inForceOf(i + 1),
    );
  for (let i = 0; i < 2; i += 1) {
    const on = openStore({ databaseUrl: database.url });
    const server: { loaded: ActiveRules } = { loaded: await load() };
    const engine = createEngine({
      store: on,
      rules: () => server.loaded,
      ownOrganization,
      notesPerWindow: 100,
      now: () => now,
    });
    servers.push(Object.assign(server, { engine }));
    closing.push(async () => {
      await engine.close();
      await on.close();
    });
  }
});
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map(async (close) => await close()));
  await store?.close();
  await database?.drop();
});

interface Due {
  readonly kind: string;
  readonly id: string;
  readonly at: number;
}

async function dueNow(): Promise<readonly Due[]> {
  return await rows<Due>(
    `select 'hold' as kind, id, due_at as at from holds where state = 'waiting' and due_at <= $1
      union all select 'absence', id, due_at from absences where state = 'waiting' and due_at <= $1
      union all select 'clock', t.number, c.due_at from ticket_clocks c join tickets t on t.id = c.ticket_id where c.due_at <= $1
      order by 3, 2`,
    new Date(now).toISOString(),
  );
}

async function decideDue({ engine }: Server, { kind, id }: Due): Promise<void> {
  await unlessBehind(async () => {
    if (kind === "hold") await engine.holdDue({ holdId: id, at: now, now: false });
    else if (kind === "absence") await engine.absenceDue({ absenceId: id, at: now });
    else await engine.lookAtTicket(id, now);
  });
}

const op = fc.record({
  kind: fc.constantFrom("probe", "probe", "backup", "resolve", "publish", "hear", "adapt", "adapt", "due"),
  server: fc.nat(1),
  n: fc.nat(2),
  set: fc.integer({ min: 2, max: 4 }),
});
type Op = typeof op extends fc.Arbitrary<infer O> ? O : never;

async function run({ kind, server: which, n, set }: Op, mark: string): Promise<void> {
  const server = servers[which]!;
  const alert = { alertId: `${mark}-${n}`, title: `${mark}-${n}`, device: `SRV-${mark}-${n}` };
  switch (kind) {
    case "probe":
      await server.engine.ingest(incoming(now, { ...alert, source: "Probe" }));
      return;
    case "backup":
      await server.engine.ingest(incoming(now, { ...alert, source: "Backup" }));
      return;
    case "resolve":
      await server.engine.ingest(incoming(now, { ...alert, source: "Probe", status: "resolved" }));
      return;
    case "publish":
      await putInForce(set);
      return;
    case "hear":
      server.loaded = await load();
      return;
    case "adapt":
      await unlessBehind(async () => await server.engine.adaptWaiting({ at: now, windowsChanged: true }));
      return;
    case "due":
      for (const due of await dueNow()) await decideDue(server, due);
      return;
  }
}

/** All servers hear of the last set, adapt, and decide whatever is left. */
async function comeToRest(): Promise<void> {
  for (const server of servers) server.loaded = await load();
  for (const server of servers)
    await server.engine.adaptWaiting({ at: now, windowsChanged: true, seenSince: now - 60 * MINUTE });
  for (let minute = 0; minute < 60; minute += 1) {
    now += MINUTE;
    for (const due of await dueNow()) await decideDue(servers[minute % 2]!, due);
  }
}

interface Ended {
  readonly rule: string;
  readonly state: string;
  readonly reason: string | null;
  readonly title: string;
}

const ends = async (table: "holds" | "absences", mark: string): Promise<readonly Ended[]> =>
  await rows<Ended>(
    `select h.rule, h.state, h.reason, a.title from ${table} h join alerts a on a.id = h.alert_id where a.title like $1`,
    `${mark}-%`,
  );

const ticketsOf = async (title: string): Promise<number> => {
  const [row] = await rows<{ n: number }>("select count(*) as n from tickets where title = $1", title);
  return row!.n;
};

const count = <Item>(items: readonly Item[], of: (item: Item) => boolean): number => items.filter(of).length;

/** What each title of a story came to: as many tickets as releases and tellings, and a reason for everything else. */
async function expectAllExplained(mark: string): Promise<void> {
  const [holds, absences] = [await ends("holds", mark), await ends("absences", mark)];
  for (const ended of [...holds, ...absences]) {
    expect(ended).toMatchObject({ state: expect.not.stringMatching("waiting") as string });
    expect(ended.reason).toMatch(/T\d+\.\d+ was opened|cleared at|its rule left the rule set/u);
    if (ended.rule.startsWith("Always")) expect(ended.state).not.toBe("dropped");
  }
  for (let n = 0; n <= 2; n += 1) {
    const title = `${mark}-${n}`;
    for (const [all, state, rule, words] of [
      [holds, "released", "Always held", "held"],
      [holds, "released", "Sometimes held", "sometimes"],
      [absences, "told", "Always awaited", "silent"],
      [absences, "told", "Sometimes awaited", "sometimes silent"],
    ] as const) {
      const ended = count(all, (one) => one.title === title && one.rule === rule && one.state === state);
      expect([rule, title, await ticketsOf(`${words} ${title}`)]).toEqual([rule, title, ended]);
    }
  }
  const untold = await rows<{ title: string; notes: number }>(
    `select t.title, (select count(*) from ticket_notes n where n.ticket_id = t.id and n.text = 'open for long') as notes
      from tickets t where t.title like $1 and t.created_at <= $2`,
    `%${mark}-%`,
    new Date(now - 31 * MINUTE).toISOString(),
  );
  expect(untold.filter(({ notes }) => notes !== 1)).toEqual([]);
}

describe("rule sets that are put in force while something waits", () => {
  it("lose nothing that a rule of all of them waits for, do nothing twice, and say why of everything", async () => {
    let story = 0;
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(op, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 12 }),
        async (steps) => {
          story += 1;
          const mark = `s${story}`;
          for (const server of servers) server.loaded = await load();
          for (const together of steps) {
            now += MINUTE / 2;
            await Promise.all(together.map(async (one) => await run(one, mark)));
          }
          await comeToRest();
          await expectAllExplained(mark);
          for (const { rule, state } of [...(await ends("holds", mark)), ...(await ends("absences", mark))])
            outcomes.add(`${rule} ${state}`);
        },
      ),
      { numRuns: 15 },
    );
    expect([...outcomes].sort()).toEqual([
      "Always awaited told",
      "Always held cleared",
      "Always held released",
      "Sometimes awaited dropped",
      "Sometimes awaited told",
      "Sometimes held cleared",
      "Sometimes held dropped",
      "Sometimes held released",
    ]);
  }, 180_000);

  it("are not adapted to by a server that lags: what waits for a rule that it has not heard of stays", async () => {
    const [behind, ahead] = [servers[0]!, servers[1]!];
    await putInForce(1);
    behind.loaded = await load();
    await putInForce(2);
    ahead.loaded = await load();
    const { outcome } = await ahead.engine.ingest(incoming(now, { source: "Probe", title: "lag-0" }));
    await ahead.engine.ingest(incoming(now, { source: "Backup", title: "lag-1", device: "SRV-lag" }));
    expect(outcome).toBe("held");
    const [hold] = await rows<{ id: string }>("select id from holds where state = 'waiting'");
    const [absence] = await rows<{ id: string }>("select id from absences where state = 'waiting'");
    const later = now + 20 * MINUTE;
    const asked = [
      behind.engine.adaptWaiting({ at: now, windowsChanged: true }),
      behind.engine.holdDue({ holdId: hold!.id, at: later, now: false }),
      behind.engine.absenceDue({ absenceId: absence!.id, at: later }),
    ];
    const answers = await Promise.allSettled(asked);
    expect(answers).toMatchObject(
      asked.map(() => ({ status: "rejected", reason: { code: "rules_behind" } }) as const),
    );
    await comeToRest();
    expect([await ticketsOf("held lag-0"), await ticketsOf("silent lag-1")]).toEqual([1, 1]);
  });

  it("await a silence of an alert that a lagging server took after the set was put in force", async () => {
    const [behind, ahead] = [servers[0]!, servers[1]!];
    await putInForce(1);
    behind.loaded = await load();
    await putInForce(2);
    ahead.loaded = await load();
    await ahead.engine.adaptWaiting({ at: now, windowsChanged: true });
    await behind.engine.ingest(incoming(now, { source: "Backup", title: "heart beat", device: "SRV-beat" }));
    expect(await ends("absences", "heart beat")).toEqual([]);
    now += 20_000;
    const adapted = await ahead.engine.adaptWaiting({
      at: now,
      windowsChanged: true,
      seenSince: now - MINUTE,
    });
    expect(adapted.armed).toBe(1);
    await comeToRest();
    expect(await ticketsOf("silent heart beat")).toBe(1);
  });

  it("tell a silence once, though the rule comes back with a longer span", async () => {
    const [server] = servers;
    await putInForce(3);
    server!.loaded = await load();
    await server!.engine.ingest(incoming(now, { source: "Backup", title: "span", device: "SRV-span" }));
    now += 4 * MINUTE;
    for (const due of await dueNow()) await decideDue(server!, due);
    expect(await ticketsOf("sometimes silent span")).toBe(1);
    await putInForce(4);
    await comeToRest();
    expect(await ticketsOf("sometimes silent span")).toBe(1);
  });
});
