/** The load of the mail bench, a process of its own: plain text of 4 KB over SMTP, each message its own subject. One JSON line of results. */
import { connect, type Socket } from "node:net";

export interface MailLoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  readonly to: string;
  readonly run: string;
}

export interface MailLoadResult {
  readonly messages: number;
  readonly seconds: number;
  readonly not250: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const MESSAGE_BYTES = 4096;
const LINE = `${"The disk of the server is nearly full, please look at it. ".slice(0, 70)}\r\n`;

function messageOf(run: string, n: number): string {
  const headers = `From: Anna <anna${n}@acme.example>\r\nTo: bench@msp.example\r\nSubject: Disk ${run} ${n}\r\nMessage-ID: <${run}.${n}@acme.example>\r\n\r\n`;
  return headers + LINE.repeat(Math.ceil((MESSAGE_BYTES - headers.length) / LINE.length));
}

/** Replies of one connection, in order. */
function repliesOf(socket: Socket): () => Promise<string> {
  let text = "";
  let wake: (() => void) | undefined;
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
    wake?.();
  });
  return async () => {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/u.exec(text);
      if (match !== null) {
        text = text.slice(match[0].length);
        return match[0];
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

const order = JSON.parse(process.argv[2] ?? "{}") as MailLoadOrder;
const durations: number[] = [];
let not250 = 0;
let next = 0;
const startedAt = performance.now();
const until = startedAt + order.seconds * 1000;
await Promise.all(
  Array.from({ length: order.connections }, async () => {
    const socket = connect(order.port, "127.0.0.1").setNoDelay(true);
    const reply = repliesOf(socket);
    await reply();
    socket.write("EHLO bench.example\r\n");
    await reply();
    while (performance.now() < until) {
      const n = next++;
      const begun = performance.now();
      socket.write(`MAIL FROM:<anna${n}@acme.example>\r\nRCPT TO:<${order.to}>\r\nDATA\r\n`);
      for (let step = 0; step < 3; step++) await reply();
      socket.write(`${messageOf(order.run, n)}.\r\n`);
      if (!(await reply()).startsWith("250")) not250 += 1;
      durations.push(performance.now() - begun);
    }
    socket.destroy();
  }),
);
const seconds = (performance.now() - startedAt) / 1000;
const sorted = durations.toSorted((a, b) => a - b);
const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
const result: MailLoadResult = {
  messages: durations.length,
  seconds,
  not250,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
};
console.log(JSON.stringify(result));
