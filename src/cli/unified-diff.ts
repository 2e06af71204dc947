/** The difference of two texts as `diff -u` writes it. Knows lines; nothing of what is in them. */

type Change = readonly [sign: " " | "-" | "+", line: string];

const CONTEXT = 3;
/** Beyond so many pairs of lines the changed middle is shown as taken out and put in whole. */
const PAIRS_MAX = 4_000_000;

export function unifiedDiff(path: string, before: string, after: string): string {
  const changes = compare(linesOf(before), linesOf(after));
  return [`--- ${path}`, `+++ ${path}`, ...hunks(changes)].join("\n");
}

/** A carriage return is part of its line, so that a file which changes only there still shows what changes. */
function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") return lines.slice(0, -1);
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ""}\n\\ No newline at end of file`];
}

function compare(before: readonly string[], after: readonly string[]): readonly Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (lines: readonly string[]): readonly Change[] => lines.map((line) => [" ", line]);
  const middle = compareMiddle(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  );
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))];
}

function compareMiddle(before: readonly string[], after: readonly string[]): readonly Change[] {
  if (before.length * after.length > PAIRS_MAX) {
    return [...before.map((line): Change => ["-", line]), ...after.map((line): Change => ["+", line])];
  }
  const width = after.length + 1;
  const common = commonLengths(before, after);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  const changes: Change[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    const [left, right] = [before[i], after[j]];
    if (left !== undefined && left === right) {
      changes.push([" ", left]);
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      changes.push(["-", left]);
      i++;
    } else {
      changes.push(["+", right ?? ""]);
      j++;
    }
  }
  return changes;
}

/** For each pair of ends of the two texts, how many lines they have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const longest =
        before[i] === after[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
      common[i * width + j] = longest;
    }
  }
  return common;
}

function hunks(changes: readonly Change[]): readonly string[] {
  const out: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (let from = 0; from < changes.length;) {
    const start = Math.max(from, nextChange(changes, from) - CONTEXT);
    if (nextChange(changes, from) >= changes.length) break;
    oldLine += start - from;
    newLine += start - from;
    const end = hunkEnd(changes, start);
    const rows = changes.slice(start, end);
    const oldCount = rows.filter(([sign]) => sign !== "+").length;
    const newCount = rows.filter(([sign]) => sign !== "-").length;
    out.push(`@@ -${place(oldLine, oldCount)} +${place(newLine, newCount)} @@`);
    for (const [sign, line] of rows) out.push(`${sign}${line}`);
    oldLine += oldCount;
    newLine += newCount;
    from = end;
  }
  return out;
}

function nextChange(changes: readonly Change[], from: number): number {
  let at = from;
  while (changes[at]?.[0] === " ") at++;
  return Math.min(at, changes.length);
}

/** Changes closer than two contexts share a hunk. */
function hunkEnd(changes: readonly Change[], start: number): number {
  let end = nextChange(changes, start);
  for (let next = end; next < changes.length && next - end <= 2 * CONTEXT; next = nextChange(changes, next)) {
    while (changes[next] !== undefined && changes[next]?.[0] !== " ") next++;
    end = next;
  }
  return Math.min(changes.length, end + CONTEXT);
}

function place(line: number, count: number): string {
  return `${count === 0 ? line - 1 : line},${count}`;
}
