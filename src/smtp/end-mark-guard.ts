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

  /** Whether these bytes, after those seen before, hold a false end. */
  sees(chunk: Uint8Array): boolean {
    for (const byte of chunk) {
      if (this.#isFalseEnd(byte)) return true;
      this.#before = this.#next(byte);
    }
    return false;
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
