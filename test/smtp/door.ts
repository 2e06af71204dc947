/** A door with a receiver that keeps what it gets, and a client that says exactly what it is told. */
import { connect, type Socket } from "node:net";
import { hasOversizedAttachment } from "../../src/mail/index.ts";
import type { ArrivedMail, MailReceipt, MailReceiver } from "../../src/mail/index.ts";
import {
  createSmtpDoor,
  type SmtpDoor,
  type SmtpDoorParts,
  type SmtpSettings,
} from "../../src/smtp/index.ts";

export interface OpenDoor {
  readonly door: SmtpDoor;
  readonly port: number;
  readonly received: ArrivedMail[];
  readonly logged: string[];
}

export interface DoorOptions {
  readonly settings?: Partial<SmtpSettings>;
  readonly limits?: SmtpDoorParts["limits"];
  readonly receive?: (mail: ArrivedMail) => Promise<MailReceipt>;
  readonly clock?: () => number;
}

const MAILBOXES = new Map([
  ["alerts@msp.example", "active"],
  ["support@msp.example", "active"],
  ["old@msp.example", "inactive"],
] as const);

export const doors: SmtpDoor[] = [];

export async function openDoor(options: DoorOptions = {}): Promise<OpenDoor> {
  const received: ArrivedMail[] = [];
  const logged: string[] = [];
  const receiver: MailReceiver = {
    mailboxOf: (address) => {
      const [local = "", domain = ""] = address.toLowerCase().split("@");
      const mailbox = `${local.split("+")[0]}@${domain}`;
      const state = [...MAILBOXES].find(([name]) => name === mailbox)?.[1];
      return state === undefined ? { state: "unknown", mailbox: undefined } : { state, mailbox };
    },
    receive:
      options.receive ??
      ((mail) => {
        if (hasOversizedAttachment(mail.raw)) return Promise.resolve({ kind: "attachment-too-large" });
        received.push(mail);
        return Promise.resolve({ kind: "stored", id: String(received.length), again: false });
      }),
  };
  const line = (fields: object, text: string): void => {
    logged.push(`${text} ${JSON.stringify(fields)}`);
  };
  const door = createSmtpDoor({
    receiver,
    settings: {
      host: "127.0.0.1",
      port: 0,
      connections: 0,
      ratePerMinute: 0,
      tls: undefined,
      ...options.settings,
    },
    log: { info: line, warn: line, error: line },
    clock: options.clock ?? ((): number => Date.now()),
    limits: { closeMsMax: 500, ...options.limits },
  });
  doors.push(door);
  const { port } = await door.listen();
  return { door, port, received, logged };
}

export class Client {
  readonly #socket: Socket;
  #text = "";
  #isClosed = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#text += text;
      this.#wake?.();
    });
    socket.on("close", () => {
      this.#isClosed = true;
      this.#wake?.();
    });
    socket.on("error", () => undefined);
  }

  /** Connected and greeted. */
  static async open(port: number): Promise<Client> {
    const client = new Client(connect(port, "127.0.0.1"));
    await client.reply();
    return client;
  }

  static raw(port: number): Client {
    return new Client(connect(port, "127.0.0.1"));
  }

  write(text: string | Buffer): void {
    this.#socket.write(typeof text === "string" ? Buffer.from(text, "latin1") : text);
  }

  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return await this.reply();
  }

  /** One reply, all its lines; empty: the server closed. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/u.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].trim();
      }
      if (this.#isClosed) return "";
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async closed(): Promise<boolean> {
    while (!this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return true;
  }

  /** Up to `354`. */
  async beginData(to = "alerts@msp.example"): Promise<string> {
    await this.say("EHLO client.example");
    await this.say("MAIL FROM:<anna@acme.example>");
    await this.say(`RCPT TO:<${to}>`);
    return await this.say("DATA");
  }

  end(): void {
    this.#socket.destroy();
  }
}

export const MESSAGE = "From: anna@acme.example\r\nSubject: Printer\r\n\r\nIt is on fire.\r\n";
