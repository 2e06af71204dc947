/**
 * smtp-server with what it has no option for: replies with our own enhanced codes, limits of commands and errors between two messages,
 * deadlines. Everything that a client says is answered through `send`, so that is where it is counted. Knows no mailboxes.
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { SMTPConnection, type SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";

export interface SessionLimits {
  readonly repliesPerMessageMax: number;
  readonly errorsPerMessageMax: number;
  /** Units: milliseconds. */
  readonly messageMsMax: number;
  readonly sessionMsMax: number;
}

export class DoorConnection extends SMTPConnection {
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly openedAt: number;
  #lastMessageAt: number;
  #replies = 0;
  #errors = 0;

  constructor(
    server: DoorServer,
    socket: Socket | TLSSocket,
    options: SMTPConnectionOptions | null | undefined,
  ) {
    super(server, socket, options ?? null);
    this.#limits = server.limits;
    this.#now = server.now;
    this.openedAt = this.#now();
    this.#lastMessageAt = this.openedAt;
  }

  /** A text that begins with an enhanced code keeps it; else the library puts its own before it. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    this.#replies += 1;
    if (code >= 400) this.#errors += 1;
    if (code !== 421 && this.#errors > this.#limits.errorsPerMessageMax) {
      super.send(421, "4.7.0 Too many errors, come again later", false);
    } else if (code !== 421 && this.#replies > this.#limits.repliesPerMessageMax) {
      super.send(421, "4.7.0 Too many commands without a message, come again later", false);
    } else {
      const isOurs = typeof data === "string" && /^[245]\.\d\.\d /u.test(data);
      const isOfTransaction = code === 250 || code === 354;
      if (isOfTransaction) this.#holdTurn();
      else this.#letGo();
      super.send(code, data, isOurs ? false : context);
    }
  }

  /** Replies to pipelined commands leave in one write: the three before DATA cost as much as the message. */
  #holdTurn(): void {
    const socket = this._socket;
    if (socket.writableCorked > 0) return;
    socket.cork();
    process.nextTick(() => socket.uncork());
  }

  /** Before a reply after which the socket may be another one (STARTTLS) or gone. */
  #letGo(): void {
    const socket = this._socket;
    if (socket.writableCorked > 0) socket.uncork();
  }

  messageTaken(): void {
    this.#replies = 0;
    this.#errors = 0;
    this.#lastMessageAt = this.#now();
  }

  get isReceiving(): boolean {
    return Boolean(this._dataStream);
  }

  get isOverdue(): boolean {
    return this.#now() - this.#lastMessageAt > this.#limits.messageMsMax;
  }

  get isOld(): boolean {
    return this.#now() - this.openedAt > this.#limits.sessionMsMax;
  }

  /** The last word, said now and not at the end of what is still coming. */
  dismiss(code: number, text: string): void {
    this.send(code, text);
    if (code !== 421) this.close();
  }
}

export class DoorServer extends SMTPServer {
  readonly limits: SessionLimits;
  readonly now: () => number;

  constructor(options: SMTPServerOptions, limits: SessionLimits, now: () => number) {
    super(options);
    this.limits = limits;
    this.now = now;
  }

  override connect(socket: Socket | TLSSocket, socketOptions?: SMTPConnectionOptions | null): void {
    const connection = new DoorConnection(this, socket, socketOptions);
    this.connections.add(connection);
    connection.on("error", (error: Error) => this.emit("error", error));
    connection.init();
  }

  *sessions(): Generator<DoorConnection> {
    for (const connection of this.connections) if (connection instanceof DoorConnection) yield connection;
  }

  sessionOf(id: string): DoorConnection | undefined {
    for (const connection of this.sessions()) if (connection.id === id) return connection;
    return undefined;
  }
}
