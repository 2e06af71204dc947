/** Compares passwords in constant time (ATES-17). Knows nothing of where they come from. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Hashed first, so that neither content nor length can be timed. */
export function samePassword(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(a), digest(b));
}
