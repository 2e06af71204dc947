/** Where in a JSON text a value stands, by its path: parsers of JSON keep no places. The text is known to be JSON. */

export type JsonPath = readonly (string | number)[];

/** Half-open range of the value; of the nearest one around it when the path leads nowhere. */
export function locateJson(text: string, path: JsonPath): { readonly start: number; readonly end: number } {
  let at = skipBlank(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  for (const step of path) {
    const next = typeof step === "number" ? elementAt(text, at, step) : memberAt(text, at, step);
    if (next === undefined) break;
    at = next;
  }
  return { start: at, end: endOfValue(text, at) };
}

function memberAt(text: string, object: number, name: string): number | undefined {
  if (text[object] !== "{") return undefined;
  let at = skipBlank(text, object + 1);
  let found: number | undefined;
  while (text[at] === '"') {
    const end = endOfString(text, at);
    const key: unknown = JSON.parse(text.slice(at, end));
    at = skipBlank(text, skipBlank(text, end) + 1);
    // Of equal names the last counts, as in `JSON.parse`.
    if (key === name) found = at;
    at = afterValue(text, at);
  }
  return found;
}

function elementAt(text: string, array: number, index: number): number | undefined {
  if (text[array] !== "[") return undefined;
  let at = skipBlank(text, array + 1);
  for (let n = 0; n < index && at < text.length; n += 1) at = afterValue(text, at);
  return text[at] === "]" ? undefined : at;
}

/** The place of the next value, or of the closing bracket. */
function afterValue(text: string, at: number): number {
  const end = skipBlank(text, endOfValue(text, at));
  return text[end] === "," ? skipBlank(text, end + 1) : end;
}

function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first !== "{" && first !== "[")
    return at + (/^[^\s,\]}]*/u.exec(text.slice(at, at + 400))?.[0].length ?? 0);
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    const char = text[i];
    if (char === '"') i = endOfString(text, i) - 1;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth === 0) return i + 1;
  }
  return text.length;
}

function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

function skipBlank(text: string, at: number): number {
  let i = at;
  while (i < text.length && " \t\r\n".includes(text.charAt(i))) i += 1;
  return i;
}
