/** What `up` does with the rules folder: first start, unchanged, changed, broken, rolled back (contract.md 1). */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRuleSets } from "../../src/api/index.ts";
import { compileFiles } from "../../src/compilation/index.ts";
import { loadConfig, type Config } from "../../src/config/index.ts";
import { publishOnStart } from "../../src/server/index.ts";
import {
  ORGANIZATIONS,
  selectNumberInForce,
  selectRecords,
  selectRuleSetFiles,
} from "../../src/store/desk/index.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { createDatabase } from "../api/test-server.ts";

const GOOD = `rule "A"\n  when alert received\n  then\n    create ticket\n      title = alert.title\nend\n`;
const BAD = `rule "A"\n  when alert received\n  if alert.severty is "x"\n  then\n    suppress alert\nend\n`;
const logger = pino({ level: "silent" });

let database: { readonly url: string; drop(): Promise<void> };
let store: Store;
let folder: string;
let config: Config;
beforeEach(async () => {
  database = await createDatabase();
  store = openStore({ databaseUrl: database.url, connectionsMax: 2 });
  folder = mkdtempSync(join(tmpdir(), "tocsin-rules-"));
  config = loadConfig({ env: { DATABASE_URL: database.url, TOCSIN_RULES: folder } });
});
afterEach(async () => {
  await store.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): void => {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const start = async () => await publishOnStart(config, logger);
const inForce = async () => await selectNumberInForce(store);

describe("the first start", () => {
  it("publishes the folder with what lies below it, without tests and other files", async () => {
    write("a.rules", GOOD);
    write("deep/er/b.rules", GOOD.replace('"A"', '"B"'));
    write("a.test.rules", "nonsense");
    write("notes.txt", "nonsense");
    const { sentences, mayRun } = await start();
    expect([mayRun, sentences.at(-1)]).toEqual([
      true,
      expect.stringContaining("Rule set 1 is in force (2 files of "),
    ]);
    expect((await selectRuleSetFiles(store, 1))?.map(({ path }) => path)).toEqual([
      "a.rules",
      "deep/er/b.rules",
    ]);
  });

  it("with errors tells them and may not run", async () => {
    write("a.rules", BAD);
    const { sentences, mayRun } = await start();
    expect(mayRun).toBe(false);
    expect(sentences[0]).toMatch(/^a\.rules:3:\d+ error R1203 /u);
    expect(await inForce()).toBeUndefined();
  });

  it("without a folder says which is missing", async () => {
    rmSync(folder, { recursive: true });
    const { sentences, mayRun } = await start();
    expect([mayRun, sentences[0]]).toEqual([false, expect.stringContaining(folder)]);
  });

  it("without a rule file says so and may not run: nobody means to run without rules", async () => {
    const { sentences, mayRun } = await start();
    expect([mayRun, sentences]).toEqual([false, [expect.stringContaining("no *.rules file")]]);
    expect(await inForce()).toBeUndefined();
  });

  it("refuses a file that is not UTF-8 by its name", async () => {
    writeFileSync(join(folder, "latin.rules"), Buffer.from('list a = ["M\xfcller"]', "latin1"));
    const { sentences, mayRun } = await start();
    expect([mayRun, sentences]).toEqual([false, [expect.stringMatching(/latin\.rules is not UTF-8/u)]]);
  });

  it("loads no sample organizations with rules of one's own", async () => {
    write("a.rules", GOOD);
    write("organizations.csv", "name\nAcme\n");
    await start();
    expect((await selectRecords(store, ORGANIZATIONS, [], { limit: 10, before: undefined })).items).toEqual(
      [],
    );
  });

  it("loads them with the project's own rules, once, and says so", async () => {
    cpSync(join(import.meta.dirname, "../../rules/organizations.csv"), join(folder, "organizations.csv"));
    write("a.rules", GOOD);
    config = { ...config, rulesAreOurs: true };
    expect((await start()).sentences.at(-1)).toContain("Loaded 4 sample organizations");
    const names = async (): Promise<string[]> =>
      (await selectRecords(store, ORGANIZATIONS, [], { limit: 10, before: undefined })).items
        .map(({ name }) => name)
        .toSorted();
    expect(await names()).toEqual(["Acme", "Globex", "Initech", "Umbrella"]);
    expect((await start()).sentences).toEqual([expect.stringContaining("stays in force")]);
  });
});

describe("a later start", () => {
  it("keeps the set in force when the folder is empty, as a missing mount is", async () => {
    write("a.rules", GOOD);
    await start();
    rmSync(join(folder, "a.rules"));
    expect(await start()).toEqual({
      sentences: [expect.stringMatching(/no \*\.rules file .*Rule set 1 stays in force/u)],
      mayRun: true,
    });
    expect(await inForce()).toBe(1);
  });

  it("publishes only a folder that differs from what the start published last", async () => {
    write("a.rules", GOOD);
    await start();
    expect((await start()).sentences).toEqual([expect.stringContaining("Rule set 1 stays in force")]);
    write("a.rules", `${GOOD}# more\n`);
    expect((await start()).sentences.at(-1)).toContain("Rule set 2 is in force");
  });

  it("leaves a rollback and a set that somebody published in force", async () => {
    write("a.rules", GOOD);
    await start();
    const ruleSets = createRuleSets(store, compileFiles(config), async () => undefined);
    await ruleSets.publish([{ path: "x.rules", text: GOOD }], { author: "Anna", origin: "api" });
    await start();
    expect(await inForce()).toBe(2);
    await ruleSets.activate(1, "Anna");
    await start();
    expect(await inForce()).toBe(1);
  });

  it("with errors tells them, keeps the set in force, and may run", async () => {
    write("a.rules", GOOD);
    await start();
    write("a.rules", BAD);
    const { sentences, mayRun } = await start();
    expect([mayRun, await inForce()]).toEqual([true, 1]);
    expect(sentences.join("\n")).toMatch(/R1203[^]*Rule set 1 stays in force/u);
  });

  it("without a folder keeps the set in force, and may run", async () => {
    write("a.rules", GOOD);
    await start();
    rmSync(folder, { recursive: true });
    expect(await start()).toEqual({
      mayRun: true,
      sentences: [expect.stringContaining("Rule set 1 stays in force")],
    });
  });
});
