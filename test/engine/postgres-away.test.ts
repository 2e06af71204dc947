import { mkdtempSync, chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { createEngine, type RunningEngine } from "../../src/engine/index.ts";
import {
  createIdSource,
  ensureOwnOrganization,
  migrate,
  openStore,
  type Store,
} from "../../src/store/index.ts";
import { startEmbeddedPostgres } from "../../src/supervisor/index.ts";
import { createTestDatabase, type TestDatabase } from "../store/database.ts";
import { at, fiveMinutes, incoming } from "./running-desk.ts";

/** The contract says 5 s; the rest is for a busy machine. */
const PATIENCE_MS = 10_000;

/** Stands between engine and Postgres and can stop forwarding, or cut, at a moment of the test's choice. */
interface Wire {
  readonly url: string;
  mode: "forwards" | "hangs" | "refuses";
  cut(): void;
  /** Cuts when the client sends this text. */
  cutOn: string | undefined;
  close(): Promise<void>;
}

async function openWire(databaseUrl: string): Promise<Wire> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    if (wire.mode === "refuses") return client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    client.on("data", (data) => {
      if (wire.cutOn !== undefined && data.includes(wire.cutOn)) return wire.cut();
      if (wire.mode === "forwards") upstream.write(data);
    });
    upstream.on("data", (data) => wire.mode === "forwards" && client.write(data));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as { port: number }).port);
  const wire: Wire = {
    url: url.href,
    mode: "forwards",
    cutOn: undefined,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      wire.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return wire;
}

let database: TestDatabase;
let wire: Wire;
let direct: Store;
let store: Store;
let engine: RunningEngine;

async function startEngine(on: Store): Promise<RunningEngine> {
  const ownOrganization = await ensureOwnOrganization(on, "My Own MSP", createIdSource(), at("00:00"));
  const rules = fiveMinutes();
  return createEngine({
    store: on,
    rules: () => ({ number: 1, rules }),
    ownOrganization,
    notesPerWindow: 100,
  });
}

beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  direct = openStore({ databaseUrl: database.url });
  wire = await openWire(database.url);
  store = openStore({ databaseUrl: wire.url });
  engine = await startEngine(store);
});
afterEach(() => {
  wire.mode = "forwards";
  wire.cutOn = undefined;
});
afterAll(async () => {
  await engine?.close();
  await store?.close();
  await direct?.close();
  await wire?.close();
  await database?.drop();
});

async function counts(title: string): Promise<readonly number[]> {
  const [row] = await direct.query<{ alerts: number; tickets: number; orphans: number }>({
    text: `select (select count(*) from alerts where title = $1) as alerts,
      (select count(*) from tickets where title = $1) as tickets,
      (select count(*) from alerts a where title = $1 and not exists (select from tickets t where t.id = a.ticket_id)) as orphans`,
    values: [title],
  });
  return [row!.alerts, row!.tickets, row!.orphans];
}

async function fails(run: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await expect(run).rejects.toMatchObject({ code: "unavailable", retryable: true });
  return performance.now() - startedAt;
}

describe("with Postgres away", () => {
  it("says so soon when it hangs, to those that wait as well, and stores nothing of them", async () => {
    await engine.ingest(incoming(at("23:05"), { title: "before" }));
    wire.mode = "hangs";
    const waits = await Promise.all(
      Array.from({ length: 2000 }, () => fails(engine.ingest(incoming(at("23:05"), { title: "hangs" })))),
    );
    expect(Math.max(...waits)).toBeLessThan(PATIENCE_MS);
    expect(
      await fails(
        engine.changeTicket(
          "T20261122.0001",
          { queue: "x" },
          { kind: "staff", name: "A" },
          at("23:05"),
          undefined,
        ),
      ),
    ).toBeLessThan(PATIENCE_MS);
    wire.mode = "forwards";
    expect(await counts("hangs")).toEqual([0, 0, 0]);
    expect(await engine.ingest(incoming(at("23:05"), { title: "hangs" }))).toMatchObject({
      outcome: "ticket_created",
    });
  });

  it("says so at once when it refuses, and goes on when it is back", async () => {
    wire.mode = "refuses";
    wire.cut();
    await fails(engine.ingest(incoming(at("23:05"), { title: "refused" })));
    wire.mode = "forwards";
    expect(await engine.ingest(incoming(at("23:05"), { title: "refused" }))).toMatchObject({
      outcome: "ticket_created",
    });
  });

  it.each(["insert-alerts", "insert-tickets", "commit"])(
    "leaves nothing half done when it goes at %s",
    async (moment) => {
      const title = `cut at ${moment}`;
      // Once before, so that the statement is prepared and the name alone goes over the wire.
      await engine.ingest(incoming(at("23:05"), { title: "warm" }));
      wire.cutOn = moment;
      await fails(
        Promise.all(Array.from({ length: 20 }, () => engine.ingest(incoming(at("23:05"), { title })))),
      );
      wire.cutOn = undefined;
      expect(await counts(title)).toEqual([0, 0, 0]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => engine.ingest(incoming(at("23:05"), { title }))),
      );
      expect(new Set(answers.map(({ ticket }) => ticket)).size).toBe(1);
      expect(await counts(title)).toEqual([20, 1, 0]);
    },
  );
});

describe("with Postgres stopped and started again", () => {
  it("loses nothing that was answered and takes alerts again without a restart", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tocsin-away-"));
    chmodSync(dataDir, 0o711);
    const first = await startEmbeddedPostgres({ dataDir, port: 0, durability: "none" });
    await migrate(first.url);
    const own = openStore({ databaseUrl: first.url });
    const another = await startEngine(own);
    let running = first;
    try {
      const answered: string[] = [];
      let failures = 0;
      const send = async (i: number): Promise<void> => {
        const deliveryId = `d-${i}`;
        await another
          .ingest(incoming(at("23:05"), { title: `alert ${i % 7}`, deliveryId }))
          .then(() => answered.push(deliveryId))
          .catch((error: { code?: string }) => {
            expect(error.code).toBe("unavailable");
            failures += 1;
          });
      };
      const sending = (async () => {
        for (let i = 0; i < 300; i += 1) {
          await Promise.all([send(2 * i), send(2 * i + 1)]);
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      })();
      await new Promise((resolve) => setTimeout(resolve, 200));
      await first.stop();
      await sending;
      expect(failures).toBeGreaterThan(0);
      running = await startEmbeddedPostgres({ dataDir, port: first.port, durability: "none" });
      const rows = await own.query<{ delivery_id: string }>({ text: "select delivery_id from alerts" });
      const stored = new Set(rows.map((row) => row.delivery_id));
      expect(answered.filter((id) => !stored.has(id))).toEqual([]);
      expect(await another.ingest(incoming(at("23:05"), { title: "back" }))).toMatchObject({
        outcome: "ticket_created",
      });
    } finally {
      await another.close();
      await own.close();
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
