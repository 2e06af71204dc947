/** A text block with new indentation and the same value. Knows how a block's value is read (language.md 1), nothing else. */

/**
 * The lines behind the opening quotes, without indentation, the last with the closing quotes; undefined when the block stands
 * on one line or is blank throughout, and so is written as typed.
 */
export function blockLines(image: string): readonly string[] | undefined {
  const lines = image.slice(3, -3).split(/\r\n|\n|\r/);
  if (lines.length < 2 || lines.every(isBlank)) return undefined;
  if (isBlank(lines[0] ?? "")) lines.shift();
  const indent = commonIndent(lines);
  const last = lines.length - 1;
  return lines.map((line, i) => {
    if (i < last) return line.slice(indent);
    return isBlank(line) ? '"""' : `${line.slice(indent)}"""`;
  });
}

function isBlank(line: string): boolean {
  return line.trim() === "";
}

/** The length of the longest blank prefix that all lines with text share. */
function commonIndent(lines: readonly string[]): number {
  let shared: string | undefined;
  for (const line of lines) {
    if (isBlank(line)) continue;
    const own = /^[ \t\u00a0]*/.exec(line)?.[0] ?? "";
    shared ??= own;
    let same = 0;
    while (same < shared.length && shared[same] === own[same]) same++;
    shared = shared.slice(0, same);
  }
  return shared?.length ?? 0;
}
