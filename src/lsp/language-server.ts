/**
 * `tocsin lsp`: the language server over standard input and output. Thin handlers over the session; every answer is
 * computed on the newest text and gives nothing rather than an error where there is nothing.
 */
import {
  createConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  InsertTextFormat,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CodeLens,
  type Connection,
  type InitializeParams,
  type TextDocumentPositionParams,
} from "vscode-languageserver/node";
import { formatChecked } from "../../grammar/index.ts";
import { chooseEncoding, readOptions, serverCapabilities, type EditorOptions } from "./capabilities.ts";
import { codeLenses } from "./code-lens.ts";
import { completionsAt } from "./completion.ts";
import { codeActions } from "./diagnostics.ts";
import { FiringsSource } from "./firings.ts";
import { pathOf } from "./folders.ts";
import { hoverAt } from "./hover.ts";
import { locate, type Look } from "./look.ts";
import { definitionOf, placesOf, prepareRename, referencesOf, rename } from "./names.ts";
import { toOffset, toPosition, toRange, type Encoding, type Position } from "./positions.ts";
import { semanticTokens } from "./semantic-tokens.ts";
import { Session } from "./session.ts";
import { signatureAt } from "./signature.ts";
import { documentSymbols, foldingRanges, workspaceSymbols } from "./symbols.ts";

export interface LanguageServerParts {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly version: string;
  /** Markdown of a code's page, and where it can be opened. */
  readonly readPage: (code: string) => string | undefined;
  readonly pageUrl: (code: string) => string | undefined;
  /** The server of the environment, for firings; its key may be missing. */
  readonly serverUrl: string;
  readonly apiKey: string | undefined;
}

/** What is known once the client has introduced itself. */
interface Met {
  readonly session: Session;
  readonly encoding: Encoding;
  readonly options: EditorOptions;
  readonly firings: FiringsSource;
  readonly client: InitializeParams["capabilities"];
}

/** Ends when the client says so or goes away. Gives whether it said `shutdown` before. */
export async function runLanguageServer(parts: LanguageServerParts): Promise<boolean> {
  const connection = createConnection(
    new StreamMessageReader(parts.input),
    new StreamMessageWriter(parts.output),
  );
  return await new Promise((resolve) => {
    const server = new LanguageServer(connection, parts);
    const end = (): void => {
      void server.stop().then(() => resolve(server.isShutDown));
    };
    connection.onExit(end);
    parts.input.on("end", end);
    parts.input.on("close", end);
    connection.listen();
  });
}

class LanguageServer {
  readonly #connection: Connection;
  readonly #parts: LanguageServerParts;
  #met: Met | undefined;
  isShutDown = false;

  constructor(connection: Connection, parts: LanguageServerParts) {
    this.#connection = connection;
    this.#parts = parts;
    connection.onInitialize((params) => this.#meet(params));
    connection.onInitialized(() => this.#begin());
    connection.onShutdown(() => {
      this.isShutDown = true;
    });
    this.#takeDocuments();
    this.#answerNames();
    this.#answerTexts();
    this.#answerLists();
  }

  async stop(): Promise<void> {
    await this.#met?.session.stop();
  }

  #meet(params: InitializeParams) {
    const options = readOptions(params);
    const encoding = chooseEncoding(params.capabilities);
    const folders = (params.workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []);
    const session = new Session({
      encoding,
      folders,
      rulesFolder: options.rulesFolder,
      pageUrl: this.#parts.pageUrl,
      publish: ({ uri, version, diagnostics }) => {
        void this.#connection.sendDiagnostics({
          uri,
          diagnostics: [...diagnostics],
          ...(version === undefined ? {} : { version }),
        });
      },
      tell: (text) => this.#connection.console.warn(text),
    });
    const apiKey = options.apiKey ?? this.#parts.apiKey;
    const server =
      apiKey === undefined ? undefined : { url: options.serverUrl ?? this.#parts.serverUrl, apiKey };
    const firings = new FiringsSource(server, () => Date.now());
    this.#met = { session, encoding, options, firings, client: params.capabilities };
    return {
      capabilities: serverCapabilities(encoding),
      serverInfo: { name: "tocsin", version: this.#parts.version },
    };
  }

  #begin(): void {
    const { session, client } = this.#met ?? {};
    if (session === undefined) return;
    session.loadWorkspace();
    if (client?.workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
      void this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: "**/*.rules" }],
      });
    if (client?.workspace?.workspaceFolders === true)
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        session.changeFolders(
          added.flatMap(({ uri }) => pathOf(uri) ?? []),
          removed.flatMap(({ uri }) => pathOf(uri) ?? []),
        ),
      );
  }

  #takeDocuments(): void {
    const connection = this.#connection;
    connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) =>
      this.#met?.session.open(uri, version, text),
    );
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
      this.#met?.session.change(uri, version, contentChanges),
    );
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => this.#met?.session.close(uri));
    connection.onDidChangeWatchedFiles(({ changes }) =>
      this.#met?.session.watched(changes.map(({ uri }) => uri)),
    );
  }

  #answerNames(): void {
    const connection = this.#connection;
    connection.onDefinition((asked) => this.#at(asked, (look, offset) => [...definitionOf(look, offset)]));
    connection.onReferences((asked) =>
      this.#at(asked, (look, offset) => [...referencesOf(look, offset, asked.context.includeDeclaration)]),
    );
    connection.onDocumentHighlight((asked) =>
      this.#at(asked, (look, offset) =>
        placesOf(look, offset)
          .flatMap(({ span }) => locate(look, span) ?? [])
          .filter(({ uri }) => uri === look.file.uri)
          .map(({ range }) => ({ range })),
      ),
    );
    connection.onPrepareRename((asked) =>
      this.#at(asked, (look, offset) => {
        const may = prepareRename(look, offset);
        if (may.kind === "refused") throw new ResponseError(ErrorCodes.InvalidRequest, may.why);
        return { range: may.range, placeholder: may.name };
      }),
    );
    connection.onRenameRequest((asked) =>
      this.#at(asked, (look, offset) => {
        const done = rename(look, offset, asked.newName);
        if (done.kind === "refused") throw new ResponseError(ErrorCodes.InvalidRequest, done.why);
        return { changes: done.changes };
      }),
    );
  }

  #answerTexts(): void {
    const connection = this.#connection;
    connection.onCompletion((asked) => {
      const trigger = asked.context?.triggerCharacter;
      const item = this.#met?.client.textDocument?.completion?.completionItem;
      const snippets = item?.snippetSupport === true;
      return this.#at(asked, (look, offset) => {
        const list = completionsAt(look, offset, { snippets, trigger });
        return snippets
          ? list
          : {
              ...list,
              items: list.items.map((one) => ({ ...one, insertTextFormat: InsertTextFormat.PlainText })),
            };
      });
    });
    connection.onHover((asked) =>
      this.#at(asked, (look, offset) => {
        const help = hoverAt(look, offset, this.#parts.readPage);
        return (
          help && {
            contents: { kind: "markdown" as const, value: help.markdown },
            range: toRange(help.span, look.encoding),
          }
        );
      }),
    );
    connection.onSignatureHelp((asked) => this.#at(asked, signatureAt));
    connection.onDocumentFormatting(({ textDocument }) => this.#in(textDocument.uri, format) ?? null);
    connection.onCodeAction(({ textDocument, range, context }) =>
      this.#in(textDocument.uri, (look) => [...codeActions(look, range, context.only, this.#parts.pageUrl)]),
    );
  }

  #answerLists(): void {
    const connection = this.#connection;
    connection.onDocumentSymbol(({ textDocument }) =>
      this.#in(textDocument.uri, (look) => [...documentSymbols(look)]),
    );
    connection.onWorkspaceSymbol(({ query }) => {
      const met = this.#met;
      return met === undefined ? [] : [...workspaceSymbols(met.session.states(), query, met.encoding)];
    });
    connection.onFoldingRanges(({ textDocument }) =>
      this.#in(textDocument.uri, (look) => [...foldingRanges(look)]),
    );
    connection.onCodeLens(({ textDocument }) => this.#in(textDocument.uri, (look) => this.#lenses(look)));
    connection.languages.semanticTokens.on(
      ({ textDocument }) => this.#in(textDocument.uri, (look) => semanticTokens(look)) ?? { data: [] },
    );
    connection.languages.semanticTokens.onRange(
      ({ textDocument, range }) =>
        this.#in(textDocument.uri, (look) =>
          semanticTokens(look, { start: offsetOf(look, range.start), end: offsetOf(look, range.end) }),
        ) ?? { data: [] },
    );
  }

  #lenses(look: Look): CodeLens[] {
    const met = this.#met;
    if (met === undefined) return [];
    const refreshes = met.client.workspace?.codeLens?.refreshSupport === true;
    const firings = met.firings.current(() => {
      if (refreshes) void this.#connection.languages.connection.sendRequest("workspace/codeLens/refresh");
    });
    return [...codeLenses(look, firings, met.options.showReferences)];
  }

  #in<T>(uri: string, answer: (look: Look) => T): T | undefined {
    const look = this.#met?.session.look(uri);
    return look && answer(look);
  }

  #at<T>(
    { textDocument, position }: TextDocumentPositionParams,
    answer: (look: Look, offset: number) => T | undefined,
  ): T | null {
    return this.#in(textDocument.uri, (look) => answer(look, offsetOf(look, position))) ?? null;
  }
}

function offsetOf(look: Look, position: Position): number {
  return toOffset(look.file.source, position, look.encoding);
}

/** One edit over what differs, so that the cursor stays where it is; nothing for a file that does not parse. */
function format({ file, encoding }: Look) {
  const { source, path } = file;
  const formatting = formatChecked(path, source.text);
  if (formatting.kind !== "formatted" || formatting.text === source.text) return [];
  const { text } = formatting;
  let start = 0;
  while (start < text.length && text[start] === source.text[start]) start++;
  let tail = 0;
  const most = Math.min(text.length, source.text.length) - start;
  while (tail < most && text.at(-1 - tail) === source.text.at(-1 - tail)) tail++;
  // Never between the halves of one character, nor between CR and LF.
  while (start > 0 && isInside(source.text, start)) start--;
  while (tail > 0 && isInside(source.text, source.text.length - tail)) tail--;
  return [
    {
      range: {
        start: toPosition(source, start, encoding),
        end: toPosition(source, source.text.length - tail, encoding),
      },
      newText: text.slice(start, text.length - tail),
    },
  ];
}

function isInside(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (unit >= 0xdc00 && unit <= 0xdfff) || (unit === 10 && text.charCodeAt(at - 1) === 13);
}
