/**
 * Mail over SMTP, stored in Postgres before 250: an embedded Postgres of its own with fsync on, one server process that also decides
 * each mail (a ticket each), the load from a third process; against the same smtp-server that only discards. `npm run bench mail`,
 * about two minutes.
 *
 *   bursts     5 s each, all decided between them: storing goes before deciding (MAIL_BEHIND_MS_MAX)
 *   sustained  30 s without a pause, and then until all is decided
 *
 * Processor time a message is told beside the rates: load and server share the processors with whatever else runs.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { migrate } from "../src/store/index.ts";
import { startEmbeddedPostgres } from "../src/supervisor/index.ts";
import type { MailLoadOrder, MailLoadResult } from "./mail-load.ts";

const ROUNDS = 3;
const SECONDS = 5;
const SUSTAINED_SECONDS = 30;
const CONNECTIONS = 20;
const START_TIMEOUT_MS = 30_000;
const DECIDE_TIMEOUT_MS = 120_000;
const MAILBOX = "bench@msp.example";
const RULES = `mailbox "${MAILBOX}"\n  organization fallback "My Own MSP"\nend\n`;

const key = `tocsin_${randomBytes(24).toString("hex")}`;
const root = join(import.meta.dirname, "..");

function run(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The first match in what a process prints. */
async function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let output = "";
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not started:\n${output}`)), START_TIMEOUT_MS);
    child.stdout?.on("data", (chunk: Buffer) => {
      if (timer.hasRef() === false) return;
      output += chunk.toString("utf8");
      const match = pattern.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      timer.unref();
      resolve(match);
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${output}`)));
  });
}

async function load(port: number, seconds: number): Promise<MailLoadResult> {
  const order: MailLoadOrder = {
    port,
    connections: CONNECTIONS,
    seconds,
    to: MAILBOX,
    run: randomBytes(4).toString("hex"),
  };
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, "bench/mail-load.ts"),
    JSON.stringify(order),
  ]);
  return JSON.parse(stdout) as MailLoadResult;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Of a process and its children, in milliseconds; 0 where there is no /proc. Clock ticks are a hundredth of a second on Linux. */
function processorMs(pid: number | undefined): number {
  if (pid === undefined || !existsSync("/proc/self/stat")) return 0;
  let ticks = 0;
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/u.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(name) === pid || Number(fields[1]) === pid) ticks += Number(fields[11]) + Number(fields[12]);
    } catch (error) {
      // It ended meanwhile.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }
  return ticks * 10;
}

interface Measured {
  readonly rate: number;
  readonly messages: number;
}

async function measure(
  name: string,
  port: number,
  rounds: { readonly count: number; readonly seconds: number; readonly between: () => Promise<unknown> },
): Promise<Measured> {
  const results: MailLoadResult[] = [];
  for (let round = 0; round < rounds.count; round++) {
    results.push(await load(port, rounds.seconds));
    await rounds.between();
  }
  const rates = results.map((result) => result.messages / result.seconds);
  const failed = results.reduce((sum, result) => sum + result.not250, 0);
  console.log(
    [
      name.padEnd(36),
      `${Math.round(median(rates)).toLocaleString("en")} messages/s`.padStart(20),
      `p50 ${median(results.map((result) => result.p50Ms)).toFixed(1)} ms`.padStart(14),
      `p99 ${median(results.map((result) => result.p99Ms)).toFixed(1)} ms`.padStart(15),
      `(rounds: ${rates.map((rate) => Math.round(rate)).join(", ")})${failed === 0 ? "" : `  ${failed} NOT 250`}`,
    ].join(" "),
  );
  return { rate: median(rates), messages: results.reduce((sum, result) => sum + result.messages, 0) };
}

/** Mails that wait for their decision. */
async function untilDecided(url: string): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await fetch(`${url}/api/v1/mail?state=received&limit=1`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const { items } = (await answer.json()) as { items: readonly unknown[] };
    if (items.length === 0) return (performance.now() - startedAt) / 1000;
    if (performance.now() - startedAt > DECIDE_TIMEOUT_MS) throw new Error("mails still wait");
    await sleep(100);
  }
}

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-bench-"));
chmodSync(dataDir, 0o711);
const postgres = await startEmbeddedPostgres({ dataDir, port: 0 });
const children: ChildProcess[] = [];
try {
  console.log(
    `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, load average ${loadavg()[0]?.toFixed(1)}; Node ${process.version}; ${CONNECTIONS} connections, plain text of 4 KB`,
  );
  await migrate(postgres.url);
  const discarding = run([join(root, "bench/mail-discard.ts")], {});
  children.push(discarding);
  const discardPort = Number((await printed(discarding, /port (\d+)/u))[1]);
  const server = run([join(root, "src/cli/main.ts"), "serve"], {
    DATABASE_URL: postgres.url,
    TOCSIN_API_KEY: key,
    TOCSIN_HTTP_PORT: "0",
    TOCSIN_SMTP_PORT: "0",
    TOCSIN_SMTP_RATE: "0",
    TOCSIN_DATA_DIR: dataDir,
    // Nobody there: outbox rows are written all the same.
    TEMPORAL_ADDRESS: "127.0.0.1:9",
  });
  children.push(server);
  const [, url = "", smtpPort = ""] = await printed(server, /"url":"(http:[^"]+)","smtp":"[^"]*:(\d+)"/u);
  const published = await fetch(`${url}/api/v1/rule-sets`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ files: [{ path: "bench.rules", text: RULES }] }),
  });
  if (published.status !== 201) throw new Error(await published.text());
  await load(Number(smtpPort), 2);
  await load(discardPort, 2);
  await untilDecided(url);
  const none = async (): Promise<void> => await Promise.resolve();
  const decided = async (): Promise<number> => await untilDecided(url);
  const postgresPid = Number(
    readFileSync(
      join(
        dataDir,
        readdirSync(dataDir, { recursive: true, encoding: "utf8" }).find((path) =>
          path.endsWith("postmaster.pid"),
        ) ?? "",
      ),
      "utf8",
    ).split("\n")[0],
  );
  const perMessage = async (
    pids: readonly (number | undefined)[],
    run: () => Promise<Measured>,
  ): Promise<Measured> => {
    const before = pids.map(processorMs);
    const measured = await run();
    const used = pids.map((pid, i) => ((processorMs(pid) - (before[i] ?? 0)) * 1000) / measured.messages);
    const [server = 0, database] = used.map(Math.round);
    console.log(
      `  processor time a message: server ${server} us${database === undefined ? "" : `, Postgres ${database} us (deciding included)`}`,
    );
    return measured;
  };
  const discarded = await perMessage(
    [discarding.pid],
    async () =>
      await measure("smtp-server that discards", discardPort, {
        count: ROUNDS,
        seconds: SECONDS,
        between: none,
      }),
  );
  const pids = [server.pid, postgresPid];
  const bursts = await perMessage(
    pids,
    async () =>
      await measure("bursts, stored before 250", Number(smtpPort), {
        count: ROUNDS,
        seconds: SECONDS,
        between: decided,
      }),
  );
  const startedAt = performance.now();
  let waited = 0;
  const sustained = await perMessage(
    pids,
    async () =>
      await measure("sustained, stored before 250", Number(smtpPort), {
        count: 1,
        seconds: SUSTAINED_SECONDS,
        between: async () => {
          waited = await decided();
        },
      }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `of the discarding rate: bursts ${(bursts.rate / discarded.rate).toFixed(2)}, sustained ${(sustained.rate / discarded.rate).toFixed(2)}; ${sustained.messages} mails stored and decided in ${seconds.toFixed(1)} s (${Math.round(sustained.messages / seconds)}/s), the last ones ${waited.toFixed(1)} s after the load ended`,
  );
} finally {
  for (const child of children) child.kill("SIGKILL");
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
