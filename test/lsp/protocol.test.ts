/** The language server as an editor meets it: the real process, the real protocol, half-typed text too. */
import { writeFileSync, mkdirSync, rmSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type {
  CodeAction,
  CompletionList,
  Hover,
  Location,
  PublishDiagnosticsParams,
  WorkspaceEdit,
} from "vscode-languageserver";
import { Editor, marked, type EditorOptions } from "./editor.ts";

const example = (name: string): string =>
  readFileSync(new URL(`../corpus/examples/${name}`, import.meta.url), "utf8");
const rule = (condition: string, action = "stop"): string =>
  `rule "r"\n  when alert received\n  if ${condition}\n  then\n    ${action}\nend\n`;

let running: Editor | undefined;
async function start(options: EditorOptions = {}): Promise<Editor> {
  running = await Editor.start(options);
  return running;
}
afterEach(async () => {
  running?.child.kill("SIGKILL");
  running = undefined;
});

describe("tocsin lsp", () => {
  it("tells problems as they are typed and takes them away when they are mended", async () => {
    const editor = await start();
    const broken = await editor.open("rules/a.rules", rule('alert.severty is "critical"'));
    expect(broken.diagnostics.map(({ code, range }) => [code, range.start])).toEqual([
      ["R1203", { line: 2, character: 5 }],
    ]);
    expect(broken.diagnostics[0]?.codeDescription?.href).toMatch(/docs\/diagnostics\/R1203\.md$/);
    const mended = await editor.change("rules/a.rules", "severity", {
      start: { line: 2, character: 11 },
      end: { line: 2, character: 18 },
    });
    expect(mended.diagnostics.filter(({ severity }) => severity === 1)).toEqual([]);
    expect(await editor.end()).toBe(0);
  });

  it("follows with what analysis finds of the whole set, and links to the other place", async () => {
    const editor = await start();
    await editor.open("rules/a.rules", 'list unused = ["a"]\n' + rule('alert.title is "x"'));
    const { diagnostics } = await editor.told("rules/a.rules", (one) => one.diagnostics.length > 0);
    expect(diagnostics.map(({ code }) => code)).toContain("R2010");
    await editor.open("rules/b.rules", 'list unused = ["b"]\n');
    const twice = editor.published.get(editor.uri("rules/b.rules"))!.diagnostics[0]!;
    expect(twice.code).toBe("R1202");
    expect(twice.relatedInformation?.[0]?.location.uri).toBe(editor.uri("rules/a.rules"));
    await editor.end();
  });

  it("knows files of the folder that are not open, prefers buffers, and follows the disk", async () => {
    const editor = await start({ files: { "rules/names/lists.rules": 'list vip = ["Acme"]\n' } });
    const used = await editor.open("rules/a.rules", rule("alert.source in vip"));
    expect(used.diagnostics.filter(({ severity }) => severity === 1)).toEqual([]);
    const gone = editor.told("rules/a.rules", (one) =>
      one.diagnostics.some(({ code }) => code !== undefined),
    );
    rmSync(join(editor.folder, "rules/names"), { recursive: true });
    await editor.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: editor.uri("rules/names/lists.rules"), type: 3 }],
    });
    expect((await gone).diagnostics[0]?.code).toMatch(/^R1/);
    const back = editor.told(
      "rules/a.rules",
      (one) => !one.diagnostics.some(({ severity }) => severity === 1),
    );
    mkdirSync(join(editor.folder, "rules/names"));
    writeFileSync(join(editor.folder, "rules/names/lists.rules"), 'list vip = ["Acme"]\n');
    await editor.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: editor.uri("rules/names/lists.rules"), type: 1 }],
    });
    await back;
    await editor.end();
  });

  it("keeps two folders apart and clears what is gone with its folder", async () => {
    const editor = await start({
      folders: ["one", "two"],
      files: {
        "one/rules/a.rules": 'list x = ["1"]\n',
        "two/rules/a.rules": 'list x = ["2"]\nlist x = ["3"]\n',
      },
    });
    const told = await editor.told("two/rules/a.rules");
    expect(told.diagnostics.map(({ code }) => code)).toEqual(["R1202"]);
    const cleared = editor.told("two/rules/a.rules", ({ diagnostics }) => diagnostics.length === 0);
    rmSync(join(editor.folder, "two"), { recursive: true });
    await editor.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added: [], removed: [{ uri: editor.uri("two"), name: "two" }] },
    });
    await cleared;
    await editor.end();
  });

  it.each([
    ["utf-16", ["utf-16"], 13],
    ["utf-8", ["utf-8", "utf-16"], 15],
    ["utf-32", ["utf-32"], 12],
    ["utf-16", undefined, 13],
  ])("counts columns in %s when the client offers %j", async (chosen, encodings, column) => {
    const editor = await start(encodings === undefined ? {} : { encodings });
    expect(editor.result?.capabilities.positionEncoding).toBe(chosen);
    const { diagnostics } = await editor.open("rules/a.rules", 'list a = ["😀", nothing]\n');
    expect(diagnostics[0]?.range.start).toEqual({ line: 0, character: column + 3 });
    const end = { line: 0, character: column + 10 };
    const mended = await editor.change("rules/a.rules", '"b"', { start: diagnostics[0]!.range.start, end });
    expect(mended.diagnostics).toEqual([]);
    await editor.end();
  });

  it.each<[string, string, readonly string[]]>([
    ["events", 'rule "x"\n  when |', ["alert received", "ticket idle for", "every weekday at"]],
    ["paths", 'rule "x"\n  when alert received\n  if alert.|', ["alert.severity", "alert.organization.name"]],
    ["operators", 'rule "x"\n  when alert received\n  if alert.title |', ["contains", "is", "starts"]],
    [
      "ordered values",
      'rule "x"\n  when alert received\n  if alert.severity at least "|"',
      ["info", "warning", "minor"],
    ],
    ["actions", 'rule "x"\n  when alert received\n  then\n    |', ["create ticket", "notify", "stop"]],
    [
      "recipients",
      'recipient "noc"\n  email "a@b.example"\nend\nrule "x"\n  when alert received\n  then\n    notify "|',
      ["noc"],
    ],
    [
      "own fields",
      'partner "Datto RMM"\nrule "x"\n  when ticket created\n  if ticket.udf.|',
      ['ticket.udf."Datto RMM Alert ID"'],
    ],
    ["lists", 'list vip = ["a"]\nrule "x"\n  for organization in |', ["vip"]],
    ["declarations", 'list vip = ["a"]\n\ncat|', ["category", "rule", "lookup"]],
    [
      "holes",
      'rule "x"\n  when ticket created\n  then\n    add note "for {ticket.org|',
      ["ticket.organization.name"],
    ],
    [
      "categories",
      'category "RMM"\n  queue = "Q"\nend\nrule "x"\n  when alert received\n  then\n    create ticket\n      category = "|"',
      ["RMM"],
    ],
    ["units", 'rule "x"\n  when ticket idle for 30 |', ["minutes", "hours"]],
    ["codes", "# allow R|", ["R2010"]],
  ])("completes %s on half-typed text", async (_, typed, wanted) => {
    const editor = await start();
    const { text, position } = marked(typed);
    await editor.open("rules/a.rules", text);
    const list = await editor.ask<CompletionList>("textDocument/completion", "rules/a.rules", position);
    const labels = list.items
      .toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1))
      .map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining([...wanted]));
    expect(labels.filter((label) => wanted.includes(label))).toHaveLength(wanted.length);
    await editor.end();
  });

  it("offers no path that the event does not bring", async () => {
    const editor = await start();
    const { text, position } = marked('rule "x"\n  when alert received\n  if |\n  then\n    stop\nend\n');
    await editor.open("rules/a.rules", text);
    const { items } = await editor.ask<CompletionList>("textDocument/completion", "rules/a.rules", position);
    expect(items.some(({ label }) => label === "alert.severity")).toBe(true);
    expect(items.filter(({ label }) => label.startsWith("ticket."))).toEqual([]);
    await editor.end();
  });

  it("explains fields, declarations and codes where they stand", async () => {
    const editor = await start({ files: { "rules/msp.rules": example("msp.rules") } });
    const text = example("msp.rules") + "\n# allow R2010 because x\n";
    await editor.open("rules/msp.rules", text);
    const hover = async (needle: string, inside = 1): Promise<string> => {
      const { position } = marked(text.replace(needle, `${needle.slice(0, inside)}|${needle.slice(inside)}`));
      const answer = await editor.ask<Hover | null>("textDocument/hover", "rules/msp.rules", position);
      return (answer?.contents as { value: string } | undefined)?.value ?? "";
    };
    expect(await hover('alert.severity at least "minor"')).toMatch(
      /alert\.severity: text[^]*lowest first: "info", "warning"/,
    );
    expect(await hover("category_for[")).toMatch(/lookup category_for[^]*Everything else gives `"Alert"`/);
    expect(await hover('run callout "Datto close"', 15)).toMatch(
      /At most 11 requests, one every 60 seconds \(the default\)/,
    );
    expect(await hover("R2010 because x", 2)).toMatch(/^# R2010/);
    expect(await hover("create ticket")).toMatch(/opens a ticket/);
    await editor.end();
  });

  it("goes to definitions, finds references in tests too, and renames all of them or refuses", async () => {
    const files = {
      "rules/msp.rules": example("msp.rules"),
      "rules/msp.test.rules": example("msp.test.rules"),
    };
    const editor = await start({ files });
    const text = files["rules/msp.rules"];
    await editor.open("rules/msp.rules", text);
    const at = (needle: string, inside: number) =>
      marked(text.replace(needle, `${needle.slice(0, inside)}|${needle.slice(inside)}`)).position;
    const [definition] = await editor.ask<Location[]>(
      "textDocument/definition",
      "rules/msp.rules",
      at("in noc_sources", 5),
    );
    expect(definition?.range.start).toEqual({ line: 5, character: 5 });
    const callout = at('run callout "Datto close"', 15);
    const references = await editor.ask<Location[]>("textDocument/references", "rules/msp.rules", callout, {
      context: { includeDeclaration: true },
    });
    expect(references.filter(({ uri }) => uri.endsWith(".test.rules"))).not.toHaveLength(0);
    const edit = await editor.ask<WorkspaceEdit>("textDocument/rename", "rules/msp.rules", callout, {
      newName: 'Datto "2"',
    });
    expect(edit.changes![editor.uri("rules/msp.rules")]!.map(({ newText }) => newText)).toEqual(
      Array.from({ length: 3 }, () => '"Datto \\"2\\""'),
    );
    expect(Object.values(edit.changes!).flat()).toHaveLength(references.length);
    await expect(
      editor.ask("textDocument/rename", "rules/msp.rules", at("in noc_sources", 5), {
        newName: "VIP_customers",
      }),
    ).rejects.toThrow("`vip_customers` is there already");
    await expect(
      editor.ask("textDocument/rename", "rules/msp.rules", at("in noc_sources", 5), { newName: "rule" }),
    ).rejects.toThrow("is a word of the language");
    await expect(
      editor.ask("textDocument/prepareRename", "rules/msp.rules", at('udf."Datto RMM Alert ID"', 8)),
    ).rejects.toThrow("brings this field under this name");
    await editor.end();
  });

  it("offers fixes, the safe ones all at once, and a comment that allows a warning", async () => {
    const editor = await start();
    await editor.open("rules/a.rules", rule('alert.severty is "critical" and alert.titel is "x"'));
    const actions = await editor.ask<CodeAction[]>("textDocument/codeAction", "rules/a.rules", undefined, {
      range: { start: { line: 2, character: 6 }, end: { line: 2, character: 6 } },
      context: { diagnostics: [] },
    });
    expect(actions.map(({ title, kind }) => [title, kind])).toEqual([
      ["write `alert.severity`", "quickfix"],
      ["apply 2 safe fixes", "source.fixAll"],
    ]);
    await editor.end();
  });

  it("formats with an edit that touches only what differs, and leaves a broken file alone", async () => {
    const editor = await start();
    await editor.open(
      "rules/a.rules",
      'list a = ["x"]\nRULE "r"\n  WHEN alert received\n  then\n   stop\nend\n',
    );
    const edits = await editor.ask<{ range: { start: { line: number } } }[]>(
      "textDocument/formatting",
      "rules/a.rules",
      undefined,
      {
        options: { tabSize: 2, insertSpaces: true },
      },
    );
    expect(edits).toHaveLength(1);
    expect(edits[0]!.range.start.line).toBe(1);
    await editor.change("rules/a.rules", "rule when");
    expect(await editor.ask("textDocument/formatting", "rules/a.rules", undefined, { options: {} })).toEqual(
      [],
    );
    await editor.end();
  });

  it("outlines, folds, colours and counts tests", async () => {
    const files = {
      "rules/msp.rules": example("msp.rules"),
      "rules/msp.test.rules": example("msp.test.rules"),
    };
    const editor = await start({ files });
    await editor.open("rules/msp.rules", files["rules/msp.rules"]);
    const symbols = await editor.ask<{ name: string; detail: string }[]>(
      "textDocument/documentSymbol",
      "rules/msp.rules",
    );
    expect(symbols.map(({ name }) => name)).toContain("Ticket for a new alert");
    const found = await editor.connection.sendRequest<{ name: string }[]>("workspace/symbol", {
      query: "flap that",
    });
    expect(found.map(({ name }) => name)).toEqual([
      "a flap that clears within two minutes is nobody's ticket",
    ]);
    const folds = await editor.ask<{ startLine: number }[]>("textDocument/foldingRange", "rules/msp.rules");
    expect(folds.length).toBeGreaterThan(15);
    const full = await editor.ask<{ data: number[] }>("textDocument/semanticTokens/full", "rules/msp.rules");
    expect(full.data.length % 5).toBe(0);
    const part = await editor.ask<{ data: number[] }>(
      "textDocument/semanticTokens/range",
      "rules/msp.rules",
      undefined,
      {
        range: { start: { line: 5, character: 0 }, end: { line: 6, character: 0 } },
      },
    );
    expect(part.data.slice(0, 5)).toEqual([5, 0, 4, 0, 0]);
    expect(part.data.slice(5, 10)).toEqual([0, 5, 11, 6, 1]);
    const lenses = await editor.ask<{ command: { title: string } }[]>(
      "textDocument/codeLens",
      "rules/msp.rules",
    );
    expect(lenses.map(({ command }) => command.title)).toContain("1 test");
    await editor.end();
  });

  it("says how an action goes on", async () => {
    const editor = await start();
    const { text, position } = marked('rule "x"\n  when ticket created\n  then\n    add note "a" |');
    await editor.open("rules/a.rules", text);
    const help = await editor.ask<{ activeParameter: number; signatures: { label: string }[] }>(
      "textDocument/signatureHelp",
      "rules/a.rules",
      position,
    );
    expect(help.signatures[0]?.label).toBe('add note "TEXT" [internal|public]');
    expect(help.activeParameter).toBe(1);
    await editor.end();
  });

  it("tells a huge file with one diagnostic, and goes on", async () => {
    const editor = await start();
    const { diagnostics } = await editor.open("rules/huge.rules", "x ".repeat(3 * 1024 * 1024));
    expect(diagnostics.map(({ code }) => code)).toEqual(["R1011"]);
    const small = await editor.change("rules/huge.rules", 'list a = ["x"]\n');
    expect(small.diagnostics).toEqual([]);
    await editor.end();
  });

  it("answers for the newest text of a thousand keys, without telling of each", async () => {
    const editor = await start();
    await editor.open("rules/a.rules", example("msp.rules"));
    const before = editor.tellings;
    const last = editor.told("rules/a.rules", ({ version }) => version === 5000);
    for (let version = 4001; version <= 5000; version++)
      void editor.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: editor.uri("rules/a.rules"), version },
        contentChanges: [
          { range: { start: { line: 0, character: 2 }, end: { line: 0, character: 2 } }, text: "x" },
        ],
      });
    await last;
    expect(editor.tellings - before).toBeLessThan(900);
    await editor.end();
  });

  it("reads buffers that no disk holds, and gives nothing for what is not open", async () => {
    const editor = await start();
    const told = new Promise<PublishDiagnosticsParams>((done) => {
      editor.connection.onNotification("textDocument/publishDiagnostics", done);
    });
    await editor.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: "untitled:Untitled-1", languageId: "tocsin", version: 1, text: "list = [" },
    });
    expect((await told).diagnostics.length).toBeGreaterThan(0);
    expect(await editor.ask("textDocument/hover", "rules/none.rules", { line: 0, character: 0 })).toBeNull();
    await editor.end();
  });
});
