/** `format=flowed` (RFC 3676): soft line ends are joined again, stuffed blanks taken away. Knows nothing of parts. */

export function unflowText(text: string, deletesSpace: boolean): string {
  const out: string[] = [];
  let open: { depth: number; pieces: string[] } | undefined;
  const close = (): void => {
    if (open !== undefined) out.push(quoted(open.depth, open.pieces.join("")));
    open = undefined;
  };
  for (const line of text.split("\n")) {
    const depth = quoteDepth(line);
    const content = line.slice(depth).replace(/^ /u, "");
    if (open !== undefined && open.depth !== depth) close();
    const isSoft = content.endsWith(" ") && content !== "-- ";
    if (content === "-- ") close();
    const piece = isSoft && deletesSpace ? content.slice(0, -1) : content;
    if (open === undefined) open = { depth, pieces: [piece] };
    else open.pieces.push(piece);
    if (!isSoft) close();
  }
  close();
  return out.join("\n");
}

function quoteDepth(line: string): number {
  let depth = 0;
  while (line.charAt(depth) === ">") depth += 1;
  return depth;
}

function quoted(depth: number, content: string): string {
  return depth === 0 ? content : `${">".repeat(depth)} ${content}`;
}
