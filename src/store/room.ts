/**
 * Whether Postgres has room on its disk, as far as writes have met it. Reading works on a full disk, and so does writing
 * into pages that are there, so nothing but a write that makes a file grow can tell. Knows how often to look, no SQL.
 *
 *   has room --a write finds none--> full --a try every few seconds finds some--> has room
 */
import { STORE_ROOM_CHECK_MS } from "../domain/index.ts";

export interface RoomOptions {
  /** Writes and takes back; rejects when there is no room. */
  readonly tryToGrow: () => Promise<void>;
  readonly onChange?: ((isFull: boolean) => void) | undefined;
  readonly checkMs?: number;
}

export class Room {
  readonly #options: RoomOptions;
  #timer: NodeJS.Timeout | undefined;
  #isFull = false;
  #isClosed = false;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** A write said so. */
  foundNone(): void {
    if (this.#isFull || this.#isClosed) return;
    this.#isFull = true;
    this.#options.onChange?.(true);
    this.#lookLater();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #lookLater(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#options.tryToGrow().then(
        () => this.#foundSome(),
        () => this.#lookLater(),
      );
    }, this.#options.checkMs ?? STORE_ROOM_CHECK_MS);
    this.#timer.unref();
  }

  #foundSome(): void {
    if (this.#isClosed) return;
    this.#isFull = false;
    this.#options.onChange?.(false);
  }
}
