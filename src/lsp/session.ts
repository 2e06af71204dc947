/**
 * The open documents and the sets that they belong to, kept in step with client and disk, and what is published of them.
 * Knows documents, folders and when to work; nothing of the protocol's requests.
 *
 *   open, change ──> text of the buffer (at once)      ──┐ newest text only, after the messages that wait already
 *   watched, close ─> text of the disk                   ├──> set.put ──> set.state() ──> publish what differs
 *                                                        └──> Analyzer ──> set.warn ────> publish what differs
 */
import { pathToFileURL } from "node:url";
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver";
import { EDITOR_FILE_CHARACTERS_MAX } from "../domain/index.ts";
import { Analyzer } from "./analyzer.ts";
import { toLspDiagnostic, type PageUrl } from "./diagnostics.ts";
import {
  isInside,
  isRuleFile,
  nameIn,
  pathOf,
  readFolder,
  readRuleFile,
  setFolderOf,
  setFolderOfWorkspace,
} from "./folders.ts";
import type { Look } from "./look.ts";
import { applyChanges, type Change, type Encoding } from "./positions.ts";
import { RuleSet } from "./rule-set.ts";

export interface Published {
  readonly uri: string;
  readonly version: number | undefined;
  readonly diagnostics: readonly LspDiagnostic[];
}

export interface SessionOptions {
  readonly encoding: Encoding;
  /** Paths of the workspace's folders. */
  readonly folders: readonly string[];
  /** Name of the rules folder in each. */
  readonly rulesFolder: string;
  readonly pageUrl: PageUrl;
  readonly publish: (published: Published) => void;
  readonly tell: (text: string) => void;
}

interface Open {
  /** As the client writes it. */
  readonly uri: string;
  readonly set: HeldSet;
  version: number;
  text: string;
  isDirty: boolean;
}

interface HeldSet {
  readonly folder: string;
  readonly rules: RuleSet;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #open = new Map<string, Open>();
  readonly #sets = new Map<string, HeldSet>();
  readonly #published = new Map<string, string>();
  readonly #analyzer: Analyzer;
  #folders: readonly string[];
  #timer: NodeJS.Timeout | undefined;
  /** No look before this: each is followed by as much time as it took, so that waiting messages get their turn. */
  #notBefore = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#folders = options.folders;
    this.#analyzer = new Analyzer(() => this.#soon(), options.tell);
  }

  /** Reads the sets of the workspace's folders, so that names and problems are known before a file is opened. */
  loadWorkspace(): void {
    for (const folder of this.#folders)
      this.#setOf(setFolderOfWorkspace(folder, this.#options.rulesFolder), true);
    this.#soon();
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    this.#folders = [...this.#folders.filter((folder) => !removed.includes(folder)), ...added];
    this.reload();
  }

  /** Every set anew from disk, with the open buffers above it. */
  reload(): void {
    const buffers = [...this.#open.values()];
    this.#open.clear();
    this.#sets.clear();
    for (const { uri, version, text } of buffers) this.open(uri, version, text);
    this.loadWorkspace();
  }

  open(uri: string, version: number, text: string): void {
    const key = keyOf(uri);
    const set = this.#setOfDocument(uri);
    this.#open.set(key, { uri, set, version, text: bounded(text), isDirty: true });
    this.#soon();
  }

  change(uri: string, version: number, changes: readonly Change[]): void {
    const open = this.#open.get(keyOf(uri));
    if (open === undefined) return;
    open.text = bounded(applyChanges(open.text, changes, this.#options.encoding));
    open.version = version;
    open.isDirty = true;
    this.#soon();
  }

  close(uri: string): void {
    const key = keyOf(uri);
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#open.delete(key);
    this.#fromDisk(open.set, key);
    this.#soon();
  }

  /** A file was made, changed or deleted beside the editor. A buffer that is open stands above the disk. */
  watched(uris: readonly string[]): void {
    const paths = uris.flatMap((uri) => pathOf(uri) ?? []);
    if (paths.some((path) => !isRuleFile(path))) {
      this.reload();
      return;
    }
    for (const path of paths) {
      const key = pathToFileURL(path).href;
      if (this.#open.has(key)) continue;
      for (const set of this.#sets.values())
        if (set.rules.has(key) || this.#folderOf(path) === set.folder) this.#fromDisk(set, key);
    }
    this.#soon();
  }

  look(uri: string): Look | undefined {
    this.#flush();
    const key = keyOf(uri);
    const set = this.#open.get(key)?.set ?? [...this.#sets.values()].find(({ rules }) => rules.has(key));
    const file = set?.rules.file(key);
    if (set === undefined || file === undefined) return undefined;
    return { state: set.rules.state(), file, encoding: this.#options.encoding };
  }

  states(): readonly Look["state"][] {
    this.#flush();
    return [...this.#sets.values()].map(({ rules }) => rules.state());
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#analyzer.stop();
  }

  #soon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        const started = performance.now();
        this.#flush();
        this.#publishAll();
        const ended = performance.now();
        this.#notBefore = ended + (ended - started);
      },
      Math.max(0, this.#notBefore - performance.now()),
    );
  }

  #flush(): void {
    for (const [key, open] of this.#open) {
      if (!open.isDirty) continue;
      open.isDirty = false;
      const { rules, folder } = open.set;
      const path = pathOf(open.uri);
      rules.put(key, path === undefined ? nameOfUntitled(open.uri) : nameIn(folder, path), open.text);
      this.#published.delete(key);
      this.#analyzer.ask(rules);
    }
  }

  #publishAll(): void {
    const seen = new Set<string>();
    for (const { rules } of this.#sets.values()) {
      const state = rules.state();
      for (const [key, found] of state.diagnostics) {
        seen.add(key);
        const file = found.length === 0 ? undefined : rules.file(key);
        const look = file && { state, file, encoding: this.#options.encoding };
        this.#publish(
          key,
          look === undefined ? [] : found.map((one) => toLspDiagnostic(look, one, this.#options.pageUrl)),
        );
      }
    }
    // What is gone has no problems any more.
    for (const key of this.#published.keys()) if (!seen.has(key)) this.#publish(key, []);
    for (const key of this.#published.keys()) if (!seen.has(key)) this.#published.delete(key);
  }

  /** A document that was typed in is always told, with its version; others when something differs. */
  #publish(key: string, diagnostics: readonly LspDiagnostic[]): void {
    const open = this.#open.get(key);
    const before = this.#published.get(key) ?? (open === undefined ? "[]" : undefined);
    const now = diagnostics.length === 0 ? "[]" : JSON.stringify(diagnostics);
    this.#published.set(key, now);
    if (before === now) return;
    this.#options.publish({ uri: open?.uri ?? key, version: open?.version, diagnostics });
  }

  #folderOf(path: string): string {
    return setFolderOf(path, this.#folders, this.#options.rulesFolder);
  }

  #setOfDocument(uri: string): HeldSet {
    const path = pathOf(uri);
    // What no disk holds is a set of its own.
    if (path === undefined) return this.#setOf(uri, false, false);
    const folder = this.#folderOf(path);
    return this.#setOf(
      folder,
      this.#folders.some((one) => one === folder || isInside(folder, one)),
    );
  }

  #setOf(folder: string, deep: boolean, onDisk = true): HeldSet {
    const known = this.#sets.get(folder);
    if (known !== undefined) return known;
    const rules = new RuleSet();
    for (const { uri, path, text } of onDisk ? readFolder(folder, deep) : []) rules.put(uri, path, text);
    const set = { folder, rules };
    this.#sets.set(folder, set);
    if (!rules.isEmpty) this.#analyzer.ask(rules);
    return set;
  }

  #fromDisk({ rules, folder }: HeldSet, key: string): void {
    const path = pathOf(key);
    const [file] = path === undefined ? [] : (readRuleFile(path, folder) ?? []);
    if (file === undefined) rules.remove(key);
    else rules.put(key, file.path, file.text);
    this.#analyzer.ask(rules);
  }
}

/** One key for a file however its URI is written. */
function keyOf(uri: string): string {
  const path = pathOf(uri);
  return path === undefined ? uri : pathToFileURL(path).href;
}

function nameOfUntitled(uri: string): string {
  const name = uri.replace(/^[^:]*:\/*/, "");
  return isRuleFile(name) ? name : `${name}.rules`;
}

/** Of a huge text only its size matters: the set tells it with one diagnostic. */
function bounded(text: string): string {
  return text.length > 2 * EDITOR_FILE_CHARACTERS_MAX ? text.slice(0, 2 * EDITOR_FILE_CHARACTERS_MAX) : text;
}
