/** An editor for tests: starts the real `tocsin lsp`, speaks the real protocol over its pipes, and waits for what is published. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type InitializeParams,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from "vscode-languageserver/node";

const program = fileURLToPath(new URL("../../bin/tocsin", import.meta.url));

export interface EditorOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly encodings?: readonly string[];
  readonly initializationOptions?: unknown;
  /** Workspace folders in the temporary folder; "" is the folder itself. */
  readonly folders?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly snippets?: boolean;
}

export class Editor {
  readonly folder: string;
  readonly connection: ProtocolConnection;
  readonly child: ChildProcess;
  readonly published = new Map<string, PublishDiagnosticsParams>();
  readonly logged: string[] = [];
  /** How often problems were told. */
  tellings = 0;
  result: InitializeResult | undefined;
  #waiting: {
    readonly uri: string;
    readonly fits: Fits;
    readonly done: (one: PublishDiagnosticsParams) => void;
  }[] = [];
  #version = 0;

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.child = spawn(process.execPath, [program, "lsp", "--stdio"], {
      stdio: ["pipe", "pipe", "pipe"],
      cwd: folder,
      env: { ...process.env, TOCSIN_URL: "http://127.0.0.1:1", ...environment },
    });
    this.child.stderr?.on("data", (text: Buffer) => this.logged.push(text.toString()));
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.child.stdout!),
      new StreamMessageWriter(this.child.stdin!),
    );
    this.connection.onNotification("textDocument/publishDiagnostics", (one: PublishDiagnosticsParams) => {
      this.tellings += 1;
      this.published.set(one.uri, one);
      const ready = this.#waiting.filter(({ uri, fits }) => uri === one.uri && fits(one));
      this.#waiting = this.#waiting.filter((waiting) => !ready.includes(waiting));
      for (const { done } of ready) done(one);
    });
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.onRequest("workspace/codeLens/refresh", () => null);
    this.connection.listen();
  }

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-editor-"));
    for (const [path, text] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const editor = new Editor(folder, options.environment ?? {});
    const params: InitializeParams = {
      processId: null,
      rootUri: null,
      clientInfo: { name: "tests" },
      capabilities: {
        general: options.encodings === undefined ? {} : { positionEncodings: [...options.encodings] },
        workspace: { workspaceFolders: true, codeLens: { refreshSupport: true } },
        textDocument: { completion: { completionItem: { snippetSupport: options.snippets ?? true } } },
      },
      workspaceFolders: (options.folders ?? [""]).map((name) => ({
        name,
        uri: pathToFileURL(join(folder, name)).href,
      })),
      ...(options.initializationOptions === undefined
        ? {}
        : { initializationOptions: options.initializationOptions }),
    };
    editor.result = await editor.connection.sendRequest("initialize", params);
    await editor.connection.sendNotification("initialized", {});
    return editor;
  }

  uri(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }

  /** Opens a buffer and waits until its problems are told. */
  async open(path: string, text: string): Promise<PublishDiagnosticsParams> {
    const version = ++this.#version;
    const told = this.told(path, (one) => one.version === version);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: this.uri(path), languageId: "tocsin", version, text },
    });
    return await told;
  }

  /** The whole text anew, or an edit. */
  async change(path: string, text: string, range?: unknown): Promise<PublishDiagnosticsParams> {
    const version = ++this.#version;
    const told = this.told(path, (one) => one.version === version);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: this.uri(path), version },
      contentChanges: [range === undefined ? { text } : { range, text }],
    });
    return await told;
  }

  async close(path: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", {
      textDocument: { uri: this.uri(path) },
    });
  }

  /** The next time that problems of a file are told and fit. */
  async told(path: string, fits: Fits = () => true): Promise<PublishDiagnosticsParams> {
    return await new Promise((done) => this.#waiting.push({ uri: this.uri(path), fits, done }));
  }

  async ask<T>(method: string, path: string, position?: Position, more: object = {}): Promise<T> {
    return await this.connection.sendRequest(method, {
      textDocument: { uri: this.uri(path) },
      ...(position === undefined ? {} : { position }),
      ...more,
    });
  }

  async end(): Promise<number | null> {
    const exited = new Promise<number | null>((done) => this.child.on("exit", (code) => done(code)));
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const code = await exited;
    this.connection.dispose();
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}

type Fits = (one: PublishDiagnosticsParams) => boolean;

/** A text with `|` at the place that is asked about. */
export function marked(text: string): { readonly text: string; readonly position: Position } {
  const offset = text.indexOf("|");
  const before = text.slice(0, offset).split("\n");
  return {
    text: text.slice(0, offset) + text.slice(offset + 1),
    position: { line: before.length - 1, character: before.at(-1)!.length },
  };
}
