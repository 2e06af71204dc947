/**
 * Finds forms of SMTP smuggling in DATA: a line that is one dot whose line ends are not both CR LF. Some servers on the way take such a line
 * for the end of the message and what follows for commands; no honest client sends one.
 *
 *   CR LF . CR LF   the end, seen by the library; here only as the stuffed `..` of a client that writes about SMTP: fine
 *   LF . CR LF,  CR LF . LF,  LF . LF,  CR . CR,  CR LF . CR x, ...   refused
 */
const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

type Before =
  "line-end" | "bare-end" | "text" | "dot" | "dot-after-bare" | "dot-cr" | "dot-after-bare-cr" | "cr";

export class EndMarkGuard {
  /* The bytes come unstuffed, so that the very first line cannot be a lone dot. */
  #before: Before = "line-end";

  /** Whether these bytes, after those seen before, hold a false end. Between dots nothing is walked: no false end is without one. */
  sees(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (!isAfterLoneDot(this.#before)) {
        const dot = chunk.indexOf(DOT, at);
        const next = dot < 0 ? chunk.length : dot;
        this.#passOver(chunk, at, next);
        at = next;
        if (dot < 0) return false;
      }
      const byte = chunk[at] ?? 0;
      if (this.#isFalseEnd(byte)) return true;
      this.#before = this.#next(byte);
      at += 1;
    }
    return false;
  }

  /** Bytes without a dot, after none: only the last two tell what comes before the next one. */
  #passOver(chunk: Uint8Array, from: number, to: number): void {
    for (let at = Math.max(from, to - 2); at < to; at++) this.#before = this.#next(chunk[at] ?? 0);
  }

  #isFalseEnd(byte: number): boolean {
    switch (this.#before) {
      case "dot":
      case "dot-after-bare":
        return byte === LF;
      case "dot-cr":
        return byte !== LF;
      case "dot-after-bare-cr":
        return true;
      default:
        return false;
    }
  }

  #next(byte: number): Before {
    const before = this.#before;
    if (byte === LF) return before === "cr" || before === "dot-cr" ? "line-end" : "bare-end";
    if (byte === CR) {
      if (before === "dot") return "dot-cr";
      return before === "dot-after-bare" ? "dot-after-bare-cr" : "cr";
    }
    if (byte !== DOT) return "text";
    if (before === "line-end") return "dot";
    return before === "bare-end" || before === "cr" ? "dot-after-bare" : "text";
  }
}

function isAfterLoneDot(before: Before): boolean {
  return before.startsWith("dot");
}
