/** Engines that take mail, on a real database, with rules as text: what the tests of mail start from. */
import { buildRunnableRules } from "../../src/matcher/index.ts";
import { compileRuleSet } from "../../src/compiler/index.ts";
import { createEngine, type ActiveRules, type Mailroom, type RunningEngine } from "../../src/engine/index.ts";
import type { MailSettings } from "../../src/engine/mail/mail-types.ts";
import { createIdSource, ensureOwnOrganization, openStore, type Store } from "../../src/store/index.ts";
import { createTestDatabase } from "../store/database.ts";

export const PASSWORD = "zzZ3zZ/2Z1ZzzZZZ0zoZ9z==";
export const START = Date.parse("2026-11-22T10:00:00Z");

export const MAIL_RULES = `
partner "XYZ"
mailbox "alerts@msp.example"
  token password secret "ates_password"
end
mailbox "support@msp.example"
  organization fallback "Acme"
end
`;

export interface MailDesk {
  readonly store: Store;
  readonly mailroom: Mailroom;
  readonly failures: readonly unknown[];
  /** One more process on the same database. */
  addEngine(): Promise<Mailroom>;
  rows<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  count(table: string, where: string): Promise<number>;
  /** A mail to a mailbox; answers the receipt's id. */
  send(mail: SentMail, room?: Mailroom): Promise<string>;
  advance(ms: number): void;
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface SentMail {
  readonly mailbox?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const tokenText = (elements: string, text = "Disk is full"): string =>
  `${text}\n\n<Autotask><ID name="acmemsp.com"/><PW name="${PASSWORD}"/>${elements}</Autotask>`;

let made = 0;

export function rawMail({
  from = "monitor@xyz.example",
  subject = "Alert",
  text = "Text",
  headers = {},
}: SentMail): Buffer {
  made += 1;
  const all = {
    From: from,
    To: "x@msp.example",
    Subject: subject,
    "Message-ID": `<m${made}@xyz.example>`,
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${text.replaceAll("\n", "\r\n")}\r\n`);
}

export async function openMailDesk(
  postgresUrl: string,
  options: {
    readonly rules?: string;
    readonly edition?: "advanced" | "basic";
    readonly secret?: () => string | undefined;
    readonly readerLimits?: MailSettings["readerLimits"];
  } = {},
): Promise<MailDesk> {
  const database = await createTestDatabase(postgresUrl);
  const newId = createIdSource();
  const stores: Store[] = [];
  const engines: RunningEngine[] = [];
  const failures: unknown[] = [];
  let now = START;
  const { ir, diagnostics } = compileRuleSet([{ path: "mail.rules", text: options.rules ?? MAIL_RULES }]);
  if (ir === undefined) throw new Error(JSON.stringify(diagnostics.map(({ summary }) => summary)));
  const active: ActiveRules = { number: 1, rules: buildRunnableRules(ir) };
  const open = (): Store => {
    const store = openStore({ databaseUrl: database.url });
    stores.push(store);
    return store;
  };
  const store = open();
  const ownOrganization = await ensureOwnOrganization(store, "My Own MSP", newId, START);
  const rows = async <Row extends object>(
    text: string,
    ...values: readonly unknown[]
  ): Promise<readonly Row[]> => await store.query<Row>({ text, values });
  // Fields of partners are views of external ids.
  for (const { scope, name, type, partner } of ir.udfs)
    await rows(
      "insert into udf_definitions (scope, name, type, partner, partner_key, active) values ($1, $2, $3, $4, lower($4), true)",
      scope,
      name,
      type,
      partner ?? null,
    );
  const start = (on: Store): Mailroom => {
    const engine = createEngine({
      store: on,
      rules: () => active,
      ownOrganization,
      notesPerWindow: 200,
      now: () => now,
      mail: {
        trustedAuthserv: "mx.msp.example",
        edition: options.edition ?? "advanced",
        mailFrom: "Tocsin <tocsin@msp.example>",
        secretValue: options.secret ?? (() => PASSWORD),
        ...(options.readerLimits === undefined ? {} : { readerLimits: options.readerLimits }),
      },
      onFailure: (error) => failures.push(error),
    });
    engines.push(engine);
    if (engine.mail === undefined) throw new Error("the engine takes no mail");
    return engine.mail;
  };
  const mailroom = start(store);
  const rooms = [mailroom];
  return {
    store,
    mailroom,
    failures,
    addEngine: async () => {
      const room = start(open());
      rooms.push(room);
      return await Promise.resolve(room);
    },
    rows,
    count: async (table, where) => {
      const [row] = await rows<{ n: number }>(`select count(*) as n from ${table} where ${where}`);
      return row?.n ?? 0;
    },
    send: async (mail, room = mailroom) => {
      const receipt = await room.receive({
        mailbox: mail.mailbox ?? "alerts@msp.example",
        envelopeFrom: mail.from ?? "monitor@xyz.example",
        envelopeTo: [mail.mailbox ?? "alerts@msp.example"],
        peer: "127.0.0.1",
        receivedAt: now,
        raw: rawMail(mail),
      });
      if (receipt.kind !== "stored") throw new Error(`the mail was not taken: ${receipt.kind}`);
      return receipt.id;
    },
    advance: (ms) => {
      now += ms;
    },
    idle: async () => {
      for (;;) {
        await Promise.all(rooms.map(async (room) => await room.idle()));
        const [row] = await rows<{ n: number }>("select count(*) as n from mails where state = 'received'");
        if (row?.n === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close: async () => {
      await Promise.all(engines.map(async (one) => await one.close()));
      await Promise.all(stores.map(async (one) => await one.close()));
      await database.drop();
    },
  };
}

/** Acme (customer 100) with a server (device 123) and Anna; Globex (customer 200) with Gus. */
export async function addCustomers({ rows }: Pick<MailDesk, "rows">): Promise<void> {
  for (const [id, name, customer, domain] of [
    ["og_acme", "Acme", "100", "acme.example"],
    ["og_globex", "Globex", "200", "globex.example"],
  ]) {
    await rows(
      "insert into organizations (id, name, name_key, domains) values ($1, $2, lower($2), array[$3::text])",
      id,
      name,
      domain,
    );
    await rows(
      "insert into organization_external (organization_id, source, source_key, external_id) values ($1, 'XYZ', 'xyz', $2)",
      id,
      customer,
    );
  }
  await rows(
    "insert into devices (id, organization_id, name, name_key, addresses) values ('dv_fs', 'og_acme', 'FS-1', 'fs-1', '{fs-1@acme.example}')",
  );
  await rows(
    "insert into device_external (device_id, source, source_key, external_id) values ('dv_fs', 'XYZ', 'xyz', '123')",
  );
  await rows(`insert into contacts (id, organization_id, first_name, last_name, name, name_key, emails) values
    ('ct_anna', 'og_acme', 'Anna', 'Arendt', 'Anna Arendt', 'anna arendt', '{Anna@acme.example}'),
    ('ct_gus', 'og_globex', 'Gus', 'Grau', 'Gus Grau', 'gus grau', '{gus@globex.example,shared@office.example}'),
    ('ct_olga', 'og_acme', 'Olga', 'Ott', 'Olga Ott', 'olga ott', '{olga@acme.example,shared@office.example}')`);
  await rows(
    `insert into resources (id, name, name_key, email, email_key, roles) values ('rs_rita', 'Rita', 'rita', 'rita@msp.example', 'rita@msp.example', '{Support,"Level I"}')`,
  );
}
