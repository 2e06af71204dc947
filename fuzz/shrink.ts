/** Makes a text that breaks a law smaller: leaves out ever shorter pieces while it still breaks it. */

const TRIES_MAX = 2_000;

export async function shrink(text: string, breaks: (text: string) => Promise<boolean>): Promise<string> {
  let now = text;
  let tries = 0;
  for (let size = Math.ceil(now.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < now.length && tries < TRIES_MAX; tries++) {
      const shorter = now.slice(0, at) + now.slice(at + size);
      if (await breaks(shorter)) now = shorter;
      else at += size;
    }
  }
  return now;
}
