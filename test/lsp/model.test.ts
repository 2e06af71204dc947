/** The model behind the language server, without a process: every answer on any text, positions in every encoding. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SourceText } from "../../src/diagnostics/index.ts";
import { checkFiles } from "../../src/checker/index.ts";
import { codeLenses } from "../../src/lsp/code-lens.ts";
import { completionsAt } from "../../src/lsp/completion.ts";
import { codeActions, toLspDiagnostic } from "../../src/lsp/diagnostics.ts";
import { hoverAt } from "../../src/lsp/hover.ts";
import type { Look } from "../../src/lsp/look.ts";
import { definitionOf, prepareRename, referencesOf, rename } from "../../src/lsp/names.ts";
import {
  actionPhrases,
  declarationPhrases,
  eventPhrases,
  plainOf,
  testPhrases,
} from "../../src/lsp/phrases.ts";
import { applyChanges, toOffset, toPosition, type Encoding } from "../../src/lsp/positions.ts";
import { RuleSet } from "../../src/lsp/rule-set.ts";
import { semanticTokens } from "../../src/lsp/semantic-tokens.ts";
import { signatureAt } from "../../src/lsp/signature.ts";
import { documentSymbols, foldingRanges, workspaceSymbols } from "../../src/lsp/symbols.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const texts = {
  "msp.rules": read("../corpus/examples/msp.rules"),
  "msp.test.rules": read("../corpus/examples/msp.test.rules"),
  "more.rules": read("../grammar/samples/declarations.rules"),
};
const encodings: readonly Encoding[] = ["utf-8", "utf-16", "utf-32"];

function askEverything(set: RuleSet, look: Look, offset: number): void {
  for (const one of look.state.diagnostics.get(look.file.uri) ?? [])
    toLspDiagnostic(look, one, () => undefined);
  const place = toPosition(look.file.source, offset, look.encoding);
  completionsAt(look, offset, { snippets: true, trigger: undefined });
  hoverAt(look, offset, () => "page");
  signatureAt(look, offset);
  definitionOf(look, offset);
  referencesOf(look, offset, true);
  prepareRename(look, offset);
  rename(look, offset, "other_name");
  codeActions(look, { start: place, end: place }, undefined, () => undefined);
  documentSymbols(look);
  foldingRanges(look);
  semanticTokens(look);
  codeLenses(look, undefined, true);
  workspaceSymbols([set.state()], "a", look.encoding);
}

describe("the model of the language server", () => {
  it("answers everything everywhere, whatever was typed", () => {
    const edit = fc.record({
      uri: fc.constantFrom(...(Object.keys(texts) as (keyof typeof texts)[])),
      at: fc.nat({ max: 1_000_000 }),
      removed: fc.oneof(fc.constant(0), fc.nat({ max: 30 }), fc.nat({ max: 2000 })),
      typed: fc.oneof(
        fc.constantFrom(
          '"',
          '"""',
          "{",
          "end",
          "\n",
          "[",
          "(",
          "# allow R",
          'rule "',
          ".",
          " = ",
          "😀",
          "\0",
          "\ud800",
        ),
        fc.string({ maxLength: 8 }),
      ),
      ask: fc.nat({ max: 1_000_000 }),
      encoding: fc.constantFrom(...encodings),
    });
    const set = new RuleSet();
    for (const [uri, text] of Object.entries(texts)) set.put(uri, uri, text);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        for (const { uri, at, removed, typed, ask, encoding } of edits) {
          const text = set.text(uri)!;
          const place = at % (text.length + 1);
          set.put(uri, uri, text.slice(0, place) + typed + text.slice(place + removed));
          const look: Look = { state: set.state(), file: set.file(uri)!, encoding };
          askEverything(set, look, ask % (look.file.source.text.length + 1));
          // Where a person types is where most is asked.
          askEverything(set, look, place + typed.length);
        }
        const [first] = edits;
        if (set.text(first!.uri)!.length < 500) set.put(first!.uri, first!.uri, texts[first!.uri]);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it.each([
    ["|", "rule"],
    ['rule "z"\n  when alert |', "received"],
    ['rule "z"\n  when alert received\n  |', "if"],
    ['rule "z"\n  when alert received\n  if |', "alert.source"],
    ['rule "z"\n  when alert received\n  if alert.severity |', "is"],
    ['rule "z"\n  when alert received\n  if alert.severity at least |', '"info"'],
    ['rule "z"\n  when alert received\n  if alert.source in |', "noc_sources"],
    ['rule "z"\n  when alert received\n  if alert.source is "X" |', "and"],
    ['rule "z"\n  when alert received\n  then\n    |', "create ticket"],
    ['rule "z"\n  when alert received\n  then\n    create ticket\n      |', "title"],
    ['rule "z"\n  when alert received\n  then\n    create ticket\n      title = "x"\n      |', "category"],
    ['rule "z"\n  when ticket created\n  if |\n  then\n    stop\nend', "ticket.number"],
    ['rule "z"\n  when ticket created\n  then\n    set ticket.|', "ticket.title"],
    ['rule "z"\n  when ticket idle for |', "30 minutes"],
    ['category "z"\n  |', "queue"],
    ["values |", "alert.source"],
  ])("offers first in `%s` what a person goes on with: %s", (typed, wanted) => {
    const set = new RuleSet();
    set.put("msp.rules", "msp.rules", texts["msp.rules"]);
    set.put("z.rules", "z.rules", typed.replace("|", ""));
    const look: Look = { state: set.state(), file: set.file("z.rules")!, encoding: "utf-16" };
    const { items } = completionsAt(look, typed.indexOf("|"), { snippets: true, trigger: undefined });
    const [first] = items.toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
    expect(first?.label).toBe(wanted);
  });

  it("offers no clause that stands already and no field that is written", () => {
    const set = new RuleSet();
    const typed =
      'rule "z"\n  when alert received\n  if alert.title is "x"\n  then\n    create ticket\n      title = "x"\n      ';
    set.put("z.rules", "z.rules", typed);
    const look: Look = { state: set.state(), file: set.file("z.rules")!, encoding: "utf-16" };
    const { items } = completionsAt(look, typed.length, { snippets: true, trigger: undefined });
    const labels = items.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(["category", "dedup within", "notify", "end"]));
    expect(labels.filter((label) => ["title", "order", "when", "if", "then"].includes(label))).toEqual([]);
  });

  it.each(encodings)(
    "turns offsets into positions and back in %s, beyond the first plane too",
    (encoding) => {
      const piece = fc.oneof(
        fc.string({ unit: "binary", maxLength: 6 }),
        fc.constantFrom("\r\n", "\r", "\n", "😀", "ü"),
      );
      fc.assert(
        fc.property(fc.array(piece), fc.nat(), (pieces, nth) => {
          const source = new SourceText("a", pieces.join(""));
          const offset = nth % (source.text.length + 1);
          const unit = source.text.charCodeAt(offset);
          const isInside = (unit >= 0xdc00 && unit <= 0xdfff) || unit === 10;
          if (!isInside)
            expect(toOffset(source, toPosition(source, offset, encoding), encoding)).toBe(offset);
        }),
      );
    },
  );

  it("makes of edits the text that the client has", () => {
    const typed = [
      { range: { start: { line: 0, character: 3 }, end: { line: 0, character: 4 } }, text: "é" },
      { range: { start: { line: 1, character: 0 }, end: { line: 9, character: 0 } }, text: "z" },
    ];
    expect(applyChanges("a😀b\nc\n", typed, "utf-16")).toBe("a😀é\nz");
    expect(applyChanges("x", [{ text: "whole" }], "utf-8")).toBe("whole");
  });

  it("keeps warnings of analysis with the rule that they were found in, and drops them with it", () => {
    const set = new RuleSet();
    const text = 'list a = ["x"]\nlist b = ["y"]\n';
    set.put("u", "a.rules", text);
    const span = { path: "a.rules", start: 20, end: 21 };
    const found = {
      code: "R2010",
      severity: "warning",
      summary: "never used",
      span,
      labels: [],
      fixes: [],
    } as const;
    set.warn([found], set.texts());
    set.put("u", "a.rules", `# moved\n${text}`);
    expect(
      set
        .state()
        .diagnostics.get("u")!
        .map((one) => [one.code, one.span.start]),
    ).toEqual([["R2010", 28]]);
    set.put("u", "a.rules", `# moved\n${text.replace("list b", "list c")}`);
    expect(set.state().diagnostics.get("u")).toEqual([]);
  });

  it("takes nothing that was found in a text that is no longer there", () => {
    const set = new RuleSet();
    set.put("u", "a.rules", 'list a = ["x"]\n');
    const sent = set.texts();
    set.put("u", "a.rules", 'list a = ["xx"]\n');
    const span = { path: "a.rules", start: 5, end: 6 };
    set.warn([{ code: "R2010", severity: "warning", summary: "s", span, labels: [], fixes: [] }], sent);
    expect(set.state().diagnostics.get("u")).toEqual([]);
  });
});

describe("what completion offers whole", () => {
  const names = `list noc_sources2 = ["a"]\ncategory "RMM Alert x"\n  queue = "Q"\nend\nrecipient "integrations"\n  email "a@b.example"\nend\n`;
  const syntax = (path: string, text: string): readonly string[] =>
    checkFiles([{ path, text: `${names}${text}` }])
      .diagnostics.filter(({ code }) => /^R1[01]/.test(code))
      .map(({ code, summary }) => `${code} ${summary}`);

  it.each(declarationPhrases.map(({ label, snippet }) => [label, snippet]))("reads: %s", (_, snippet) => {
    expect(syntax("a.rules", plainOf(snippet))).toEqual([]);
  });
  it.each(testPhrases.map(({ label, snippet }) => [label, snippet]))("reads: %s", (_, snippet) => {
    const found = checkFiles([{ path: "a.test.rules", text: plainOf(snippet) }]).diagnostics;
    expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
  });
  it.each(eventPhrases.map(({ label, snippet }) => [label, snippet]))("reads: when %s", (_, snippet) => {
    expect(syntax("a.rules", `rule "r"\n  when ${plainOf(snippet)}\n  then\n    stop\nend\n`)).toEqual([]);
  });
  it.each(actionPhrases.map(({ label, snippet }) => [label, snippet]))("reads: then %s", (_, snippet) => {
    expect(
      syntax("a.rules", `rule "r"\n  when ticket created\n  then\n    ${plainOf(snippet)}\nend\n`),
    ).toEqual([]);
  });
});
