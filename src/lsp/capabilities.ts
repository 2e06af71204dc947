/** What client and server agree on at the beginning. Pure. */
import {
  CodeActionKind,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import { z } from "zod";
import type { Encoding } from "./positions.ts";
import { legend } from "./semantic-tokens.ts";

/** `initializationOptions`; unknown members are left alone, wrong ones count as not given. */
export interface EditorOptions {
  /** Name of the rules folder in each workspace folder; default `rules`. */
  readonly rulesFolder: string;
  /** A running server whose firings are shown; default TOCSIN_URL. */
  readonly serverUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** The client knows the command `editor.action.showReferences`: the lens with tests opens them. */
  readonly showReferences: boolean;
}

const optionsShape = z.object({
  rulesFolder: z.string().min(1).optional().catch(undefined),
  serverUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .catch(undefined),
  apiKey: z.string().min(1).optional().catch(undefined),
  showReferences: z.boolean().optional().catch(undefined),
});

export function readOptions(params: InitializeParams): EditorOptions {
  const read = optionsShape.safeParse(params.initializationOptions ?? {});
  const { rulesFolder = "rules", serverUrl, apiKey, showReferences } = read.success ? read.data : {};
  return {
    rulesFolder,
    serverUrl: serverUrl?.replace(/\/+$/, ""),
    apiKey,
    showReferences: showReferences ?? params.clientInfo?.name.startsWith("Visual Studio Code") === true,
  };
}

const encodings: readonly Encoding[] = ["utf-8", "utf-16", "utf-32"];

/** The first that the client prefers and that we know; UTF-16 where it names none. */
export function chooseEncoding(client: ClientCapabilities): Encoding {
  const offered: readonly string[] = client.general?.positionEncodings ?? [];
  return (
    offered.map((one) => encodings.find((known) => known === one)).find((one) => one !== undefined) ??
    "utf-16"
  );
}

export function serverCapabilities(encoding: Encoding): ServerCapabilities {
  return {
    positionEncoding: encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
    completionProvider: { triggerCharacters: [".", '"', "{", "[", " "] },
    hoverProvider: true,
    signatureHelpProvider: { triggerCharacters: [" ", ","] },
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: { prepareProvider: true },
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    documentFormattingProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
    codeLensProvider: {},
    semanticTokensProvider: { legend, full: true, range: true },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
