/** Milliseconds as the language writes a duration: `1 hour 30 minutes`. */

const UNITS: readonly (readonly [string, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

export function durationWords(ms: number): string {
  let left = Math.max(1000, Math.round(ms / 1000) * 1000);
  const words: string[] = [];
  for (const [unit, size] of UNITS) {
    const n = Math.floor(left / size);
    if (n > 0) words.push(`${n} ${unit}${n === 1 ? "" : "s"}`);
    left -= n * size;
  }
  return words.join(" ");
}
