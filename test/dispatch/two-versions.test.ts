/**
 * Workers of two versions at once: whole programs in processes of their own, one a version behind and one a version ahead, over one
 * database, one Temporal and the same task queues. The versions are made of this one by the steps that docs/upgrading.md names.
 */
import { execFile, fork, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { inspectWorkflowCode } from "../../src/dispatch/index.ts";
import { startTemporal, type EmbeddedTemporal } from "../../src/supervisor/index.ts";
import { openSink, until, type Sink } from "../workflows/desk.ts";
import { openClockDesk, type ClockDesk } from "../worker/clock-desk.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const WORKER = "test/worker/worker-process.ts";
const MANY = 5;

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-test-versions-"));
let temporal: EmbeddedTemporal;
let at: ClockDesk;
let sink: Sink;
const children = new Set<ChildProcess>();
let said = "";
/** What the receiver of the deliveries answers now. */
let status = 503;

/** A copy of the program whose deliveries are other code. */
function makeVersion(name: string, edit: (deliveries: string) => string): string {
  const folder = join(dataDir, name);
  for (const part of ["src", "workflows", "activities", "grammar", "package.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, "test/worker"), { recursive: true });
  cpSync(join(root, WORKER), join(folder, WORKER));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "workflows/callout-delivery.ts");
  const before = readFileSync(file, "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`version ${name} is the same as this one`);
  writeFileSync(file, after);
  return folder;
}

const PATCHED = "if (patched(OUTCOME_PATCH)) upsertSearchAttributes(";
const versions = {
  /** Of before the change. */
  behind: (text: string): string => text.replace(/^ *if \(patched\(OUTCOME_PATCH\)\).*\n/mu, ""),
  /** Of when no delivery of before runs any more. */
  ahead: (text: string): string =>
    text
      .replace("  patched,\n", "  deprecatePatch,\n")
      .replace(PATCHED, "deprecatePatch(OUTCOME_PATCH);\n  upsertSearchAttributes("),
  /** A change of what a delivery does, without a patch: it waits before it begins. */
  unpatched: (text: string): string =>
    text
      .replace("  setHandler,\n", "  setHandler,\n  sleep,\n")
      .replace("  const how = toEnd(", '  await sleep("1 second");\n  const how = toEnd('),
} as const;

async function start(folder: string): Promise<ChildProcess> {
  const child = fork(join(folder, WORKER), {
    env: {
      ...process.env,
      DATABASE_URL: at.desk.config.databaseUrl,
      TEMPORAL_ADDRESS: temporal.address,
      TOCSIN_EGRESS_ALLOW: "127.0.0.1",
      TEST_LOG: "warn",
    },
    silent: true,
  });
  children.add(child);
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`the worker ended with ${code}: ${said.slice(-2000)}`)));
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly attempts: readonly { readonly n: number }[];
}

async function completed(queue: string, title: string): Promise<string> {
  const ticket = await at.open({ title, queue });
  await at.set(ticket, { status: "Complete" });
  const { items } = await at.call<{ items: Shown[] }>("GET", `/deliveries?ticket=${ticket}`);
  return items[0]?.id ?? "";
}

const delivery = async (id: string): Promise<Shown> => await at.call<Shown>("GET", `/deliveries/${id}`);
const sentTo = (path: string): number => sink.requests.filter((request) => request.path === path).length;

beforeAll(async () => {
  temporal = await startTemporal({ dataDir, port: 0, uiPort: "none", durability: "none" });
  at = await openClockDesk(
    { postgresUrl: inject("postgresUrl"), temporalAddress: temporal.address },
    { withoutWorker: true },
  );
  sink = await openSink((_n, { path }) => (path === "/slow" ? 503 : status));
  await at.publish(`
    recipient "noc" webhook "${sink.url}/chat" end
    callout "tell" post "${sink.url}/{ticket.title}" timeout 2 seconds retry every 2 seconds up to 90 times notify "noc" on failure end
    callout "slow" post "${sink.url}/slow" retry every 1 hour up to 2 times notify "noc" on failure end
    rule "tell" when ticket completed if ticket.queue is "tell" then run callout "tell" end
    rule "slow" when ticket completed if ticket.queue is "slow" then run callout "slow" end
    rule "open" when ticket open for 12 seconds if ticket.queue is "clock" then add note "open" end`);
}, 90_000);
afterAll(async () => {
  for (const child of children) await kill(child);
  await at?.close();
  await sink?.close();
  await temporal?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("workers of two versions at once", () => {
  it("carry deliveries and clocks on through both, killed in turn: each attempt once, nothing nondeterministic", async () => {
    const [behind, ahead] = [makeVersion("behind", versions.behind), makeVersion("ahead", versions.ahead)];
    const older = await start(behind);
    const names = Array.from({ length: MANY }, (_, n) => `d${n}`);
    const ids = await Promise.all(names.map(async (name) => await completed("tell", name)));
    const clocks = await Promise.all(names.map(async () => await at.open({ queue: "clock" })));
    const reach = async (n: number): Promise<void> => {
      const all = async (): Promise<boolean> =>
        (await Promise.all(ids.map(delivery))).every(
          ({ state, attempts }) => attempts.length >= n || state === "succeeded",
        );
      await until(all, `every delivery has ${n} attempts`, 90_000);
    };
    await reach(1);
    const newer = await start(ahead);
    await reach(2);
    await kill(older);
    await reach(3);
    const olderAgain = await start(behind);
    await kill(newer);
    const most = Math.max(...(await Promise.all(ids.map(delivery))).map(({ attempts }) => attempts.length));
    await reach(most + 1);
    status = 200;
    await start(ahead);
    await until(
      async () => (await Promise.all(ids.map(delivery))).every(({ state }) => state === "succeeded"),
      "every delivery succeeds",
      90_000,
    );
    await until(
      async () => (await Promise.all(clocks.map(at.notes))).every((notes) => notes.length > 0),
      "every clock fires",
      90_000,
    );
    await kill(olderAgain);

    for (const [i, id] of ids.entries()) {
      const { attempts } = await delivery(id);
      expect(attempts.map(({ n }) => n)).toEqual(attempts.map((_, n) => n + 1));
      expect(sentTo(`/${names[i]}`)).toBeLessThanOrEqual(attempts.length);
    }
    expect(await Promise.all(clocks.map(at.notes))).toEqual(clocks.map(() => ["open"]));
    const all = [...ids.map((id) => `callout:${id}`), ...clocks.map((number) => `ticket:${number}`)];
    const worked = new Set<string>();
    for (const workflowId of all) {
      const { events } = await at.client.workflow.getHandle(workflowId).fetchHistory();
      for (const event of events ?? []) {
        const who = event.workflowTaskCompletedEventAttributes?.identity;
        if (typeof who === "string") worked.add(who.split("@")[0] ?? "");
      }
      const causes = (events ?? []).flatMap(
        (event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? [],
      );
      expect(causes.filter((message) => /nondetermin/iu.test(message))).toEqual([]);
    }
    expect(said).not.toMatch(/nondetermin/iu);
    expect([...worked]).toEqual(
      expect.arrayContaining([older, newer, olderAgain].map(({ pid }) => String(pid))),
    );
  }, 300_000);

  it("one of which changed what a delivery does, without a patch, is told by `tocsin doctor`", async () => {
    for (const child of [...children]) await kill(child);
    const older = await start(root);
    const id = await completed("slow", "slow");
    await until(async () => (await delivery(id)).state === "waiting", "it waits", 60_000);
    await kill(older);
    await start(makeVersion("unpatched", versions.unpatched));
    await at.call("POST", `/deliveries/${id}/retry-now`);
    await until(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return (await inspectWorkflowCode(at.desk.config.temporal)).stuck > 0;
      },
      "the workflow does not go on",
      150_000,
    );
    const env = {
      ...process.env,
      DATABASE_URL: at.desk.config.databaseUrl,
      TEMPORAL_ADDRESS: temporal.address,
      TOCSIN_DATA_DIR: dataDir,
    };
    const text = await new Promise<string>((resolve) => {
      execFile(process.execPath, [join(root, "bin/tocsin"), "doctor"], { env }, (_error, stdout) =>
        resolve(stdout),
      );
    });
    expect(text).toMatch(/WRONG running workflows: .*fail at each step/u);
    expect(sentTo("/slow")).toBe(1);
  }, 300_000);
});
