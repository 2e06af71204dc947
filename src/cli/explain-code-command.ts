/** `tocsin explain-code`: what a code means, what to avoid, what to prefer and why. Knows the catalogue and where its pages are. */
import { catalogue, type CatalogueEntry } from "../diagnostics/index.ts";
import { readPage } from "./diagnostic-pages.ts";
import { FINE, UsageError } from "./exit-code.ts";
import { showsColors, type Terminal } from "./terminal.ts";

/** Throws: UsageError when there is no such code. */
export function explainCode(asked: string | undefined, terminal: Terminal): number {
  if (asked === undefined) {
    const codes = catalogue.map(({ code, severity, title }) => ({ code, severity, title }));
    terminal.answer({ codes }, codes.map(lineOf).join("\n"));
    return FINE;
  }
  const code = asked.trim().toUpperCase();
  const page = catalogue.some((entry) => entry.code === code) ? readPage(code) : undefined;
  if (page === undefined) throw new UsageError(`There is no code ${asked.trim()}. ${nearest(code)}`);
  terminal.answer({ code, text: page }, showsColors() ? inColors(page).trimEnd() : page.trimEnd());
  return FINE;
}

function lineOf({ code, severity, title }: CatalogueEntry): string {
  return `${code}  ${severity.padEnd(7)}  ${title}`;
}

const SHOWN_MAX = 3;

/** Codes that differ in one sign, or whose title has the word: people remember what it was about. */
function nearest(asked: string): string {
  const alike = catalogue.filter(({ code }) => isOneSlipAway(asked, code));
  const word = asked.toLowerCase();
  const about = word.length < 3 ? [] : catalogue.filter(({ title }) => title.toLowerCase().includes(word));
  const shown = [...about, ...alike].slice(0, SHOWN_MAX).map(({ code, title }) => `${code} (${title})`);
  if (shown.length === 0) return "`tocsin explain-code` lists them all.";
  return `Did you mean ${shown.join(" or ")}?`;
}

function isOneSlipAway(asked: string, code: string): boolean {
  if (code.replace("R", "") === asked || code === `R${asked}`) return true;
  if (Math.abs(asked.length - code.length) > 1) return false;
  if ([...asked].sort().join("") === [...code].sort().join("")) return true;
  let at = 0;
  while (at < code.length && asked[at] === code[at]) at++;
  return [0, 1].some((skipped) => [0, 1].some((cut) => asked.slice(at + skipped) === code.slice(at + cut)));
}

/** Headings bold, fences away: as quiet as a manual page. */
function inColors(page: string): string {
  return page
    .split("\n")
    .filter((line) => !line.startsWith("```"))
    .map((line) => (/^#{1,2} (?=[A-Z])/.test(line) ? `\u001b[1m${line.replace(/^#+ /, "")}\u001b[0m` : line))
    .join("\n");
}
