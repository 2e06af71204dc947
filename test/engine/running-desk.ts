/** A real engine on a real database, with rules made by hand: what the engine's tests start from. */
import { createEngine, type ActiveRules, type RunningEngine } from "../../src/engine/index.ts";
import type { IncomingAlert, TicketInput, TicketOutcome } from "../../src/engine/index.ts";
import type { RunnableRules } from "../../src/decision/index.ts";
import type { Actor } from "../../src/domain/index.ts";
import { createIdSource, ensureOwnOrganization, openStore, type Store } from "../../src/store/index.ts";
import { createTestDatabase, type TestDatabase } from "../store/database.ts";
import { createTicket, on, rulesOf } from "../decision/desk-story.ts";

/** 2026-11-22, UTC. */
export const at = (time: string): number =>
  Date.parse(`2026-11-22T${time.length === 5 ? `${time}:00` : time}Z`);

export const STAFF: Actor = { kind: "staff", name: "Anna" };
export const POWER = "Das Gerät SRV-B hat die Stromversorgung verloren";

/** The five-minute rule and nothing else. */
export const fiveMinutes = (): RunnableRules =>
  rulesOf([on("alert-received", [createTicket()], { name: "Ticket for a new alert" })]);

export interface RunningDesk {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly engine: RunningEngine;
  readonly ownId: string;
  /** Puts another set in force, with the next number. */
  use(rules: RunnableRules, clocks?: ActiveRules["clocks"]): void;
  /** One more engine on the same database, closed with the desk. */
  addEngine(): Promise<RunningEngine>;
  addOrganization(name: string, customerIds?: Readonly<Record<string, string>>): Promise<string>;
  addDevice(organizationId: string, name: string): Promise<string>;
  rows<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  count(table: string, where?: string): Promise<number>;
  close(): Promise<void>;
}

export async function openDesk(
  postgresUrl: string,
  options: {
    readonly rules?: RunnableRules;
    readonly notesPerWindow?: number;
    readonly now?: () => number;
  } = {},
): Promise<RunningDesk> {
  const database = await createTestDatabase(postgresUrl);
  const newId = createIdSource();
  const store = openStore({ databaseUrl: database.url });
  const ownOrganization = await ensureOwnOrganization(store, "My Own MSP", newId, at("00:00"));
  let active: ActiveRules = { number: 1, rules: options.rules ?? fiveMinutes() };
  const engines: RunningEngine[] = [];
  const stores: Store[] = [store];
  const start = (on: Store): RunningEngine => {
    const engine = createEngine({
      store: on,
      rules: () => active,
      ownOrganization,
      notesPerWindow: options.notesPerWindow ?? 100,
      now: options.now ?? (() => at("23:05")),
    });
    engines.push(engine);
    return engine;
  };
  const engine = start(store);
  const rows = async <Row extends object>(
    text: string,
    ...values: readonly unknown[]
  ): Promise<readonly Row[]> => await store.query<Row>({ text, values });
  return {
    database,
    store,
    engine,
    ownId: ownOrganization.id,
    use: (rules, clocks) => {
      active = { number: active.number + 1, rules, ...(clocks === undefined ? {} : { clocks }) };
    },
    addEngine: async () => {
      const another = openStore({ databaseUrl: database.url });
      stores.push(another);
      return start(another);
    },
    addOrganization: async (name, customerIds = {}) => {
      const id = newId("og", at("00:00"));
      await rows("insert into organizations (id, name, name_key) values ($1, $2, lower($2))", id, name);
      for (const [source, value] of Object.entries(customerIds))
        await rows(
          "insert into organization_external (organization_id, source, source_key, external_id) values ($1, $2, lower($2), $3)",
          id,
          source,
          value,
        );
      return id;
    },
    addDevice: async (organizationId, name) => {
      const id = newId("dv", at("00:00"));
      await rows(
        "insert into devices (id, organization_id, name, name_key) values ($1, $2, $3, lower($3))",
        id,
        organizationId,
        name,
      );
      return id;
    },
    rows,
    count: async (table, where = "true") => {
      const [row] = await rows<{ n: number }>(`select count(*) as n from ${table} where ${where}`);
      return row?.n ?? 0;
    },
    close: async () => {
      await Promise.all(engines.map((one) => one.close()));
      await Promise.all(stores.map((one) => one.close()));
      await database.drop();
    },
  };
}

export function incoming(receivedAt: number, parts: Partial<IncomingAlert> = {}): IncomingAlert {
  return {
    receivedAt,
    source: "Datto RMM",
    title: POWER,
    description: undefined,
    severity: undefined,
    status: "firing",
    alertId: undefined,
    deliveryId: undefined,
    ticketId: undefined,
    organization: "Acme",
    customerId: undefined,
    device: undefined,
    deviceId: undefined,
    tags: [],
    fields: {},
    occurredAt: undefined,
    warnings: [],
    ...parts,
  };
}

/** A change that must succeed. */
export async function change(
  engine: RunningEngine,
  number: string,
  input: TicketInput,
  when: number,
  by: Actor = STAFF,
): Promise<Extract<TicketOutcome, { kind: "done" }>> {
  const outcome = await engine.changeTicket(number, input, by, when, undefined);
  if (outcome.kind !== "done") throw new Error(`the change was refused: ${JSON.stringify(outcome)}`);
  return outcome;
}
