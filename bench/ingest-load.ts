/**
 * The load of bench/ingest.bench.ts, in a process of its own: HTTP/1.1 on bare sockets, so that the generator takes as
 * little of the shared cores as Node can. Prints one JSON document. Knows nothing of the server but its answers.
 */
import { connect, type Socket } from "node:net";

export interface LoadOrder {
  readonly port: number;
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  /** 1: an object a request; more: an array. */
  readonly alertsPerRequest: number;
  /** Alerts take their titles from so many; 0: each its own. */
  readonly titles: number;
  /** Requests a second, evenly; undefined: as fast as answers come. */
  readonly pace?: number;
  /** Tells the titles of one run from those of another. */
  readonly run: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly alerts: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly notOk: number;
}

const ALERT = {
  source: "Datto RMM",
  organization: "Acme",
  severity: "critical",
  device: "SRV-B",
  description:
    "The device reports that its power supply unit 2 has no input voltage since the time given; ".repeat(2),
};

const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
let made = 0;
function body(): string {
  const alerts = Array.from({ length: order.alertsPerRequest }, () => {
    const n = made++;
    const title = `Power lost on unit ${order.titles === 0 ? n : n % order.titles} ${order.run}`;
    return { ...ALERT, title, delivery_id: `${order.run}-${process.pid}-${n}` };
  });
  return JSON.stringify(order.alertsPerRequest === 1 ? alerts[0] : alerts);
}

function request(): string {
  const json = body();
  return `POST /api/v1/alerts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${order.key}\r\ncontent-type: application/json\r\ncontent-length: ${json.length}\r\n\r\n${json}`;
}

const latencies: number[] = [];
let notOk = 0;
let isOver = false;

/** One request at a time; `onAnswer` when it is answered whole. */
class Line {
  readonly #socket: Socket;
  #expected = -1;
  #received = 0;
  #head = "";
  startedAt = 0;
  isBusy = false;

  constructor(onAnswer: (line: Line) => void) {
    this.#socket = connect(order.port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (chunk: Buffer) => {
      this.#take(chunk);
      if (this.#expected >= 0 && this.#received >= this.#expected) {
        this.isBusy = false;
        latencies.push(performance.now() - this.startedAt);
        onAnswer(this);
      }
    });
    this.#socket.on("error", (error) => {
      if (!isOver) throw error;
    });
  }

  send(startedAt: number): void {
    this.isBusy = true;
    this.startedAt = startedAt;
    this.#expected = -1;
    this.#received = 0;
    this.#head = "";
    this.#socket.write(request());
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#expected >= 0) {
      this.#received += chunk.length;
      return;
    }
    this.#head += chunk.toString("latin1");
    const end = this.#head.indexOf("\r\n\r\n");
    if (end === -1) return;
    if (!this.#head.startsWith("HTTP/1.1 200")) notOk++;
    this.#expected = Number(/content-length: (\d+)/iu.exec(this.#head)?.[1] ?? 0);
    this.#received = this.#head.length - end - 4;
  }
}

async function closedLoop(until: number): Promise<void> {
  await new Promise<void>((resolve) => {
    let open = order.connections;
    const next = (line: Line): void => {
      if (performance.now() < until) line.send(performance.now());
      else {
        line.close();
        if (--open === 0) resolve();
      }
    };
    for (let i = 0; i < order.connections; i++) next(new Line(next));
  });
}

/** Latency counts from the time at which a request was due: a stalled server cannot hide behind requests not sent. */
async function paced(pace: number, until: number): Promise<void> {
  const idle: Line[] = [];
  const due: number[] = [];
  const pump = (): void => {
    while (due.length > 0 && idle.length > 0) idle.pop()?.send(due.shift() ?? 0);
  };
  const lines = Array.from(
    { length: order.connections },
    () =>
      new Line((line) => {
        idle.push(line);
        pump();
      }),
  );
  idle.push(...lines);
  let nextAt = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (; nextAt <= Math.min(now, until); nextAt += 1000 / pace) due.push(nextAt);
      pump();
      if (now > until && idle.length === lines.length) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  for (const line of lines) line.close();
}

const startedAt = performance.now();
const until = startedAt + order.seconds * 1000;
await (order.pace === undefined ? closedLoop(until) : paced(order.pace, until));
isOver = true;
const seconds = (performance.now() - startedAt) / 1000;
latencies.sort((a, b) => a - b);
const at = (share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
const result: LoadResult = {
  requests: latencies.length,
  alerts: latencies.length * order.alertsPerRequest,
  seconds,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
  maxMs: at(1),
  notOk,
};
console.log(JSON.stringify(result));
