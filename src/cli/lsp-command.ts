/** `tocsin lsp`: the language server over standard input and output, until the editor ends it. Knows the environment; no rules. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadConfig } from "../config/index.ts";
import { runLanguageServer } from "../lsp/index.ts";
import { readAdminKey } from "../supervisor/index.ts";
import { pagesFolder, readPage } from "./diagnostic-pages.ts";
import { FINE, FOUND_SOMETHING } from "./exit-code.ts";

/** Ended without `shutdown` is 1, as the protocol has it. */
export async function languageServer(version: string): Promise<number> {
  const { url, apiKey, dataDir } = loadConfig();
  const wasShutDown = await runLanguageServer({
    input: process.stdin,
    output: process.stdout,
    version,
    readPage,
    pageUrl,
    serverUrl: url,
    apiKey: apiKey ?? readAdminKey(dataDir),
  });
  return wasShutDown ? FINE : FOUND_SOMETHING;
}

/** The page that came with this program: an editor opens it without a network. */
function pageUrl(code: string): string | undefined {
  if (pagesFolder === undefined) return undefined;
  const path = join(pagesFolder, `${code}.md`);
  return existsSync(path) ? pathToFileURL(path).href : undefined;
}
