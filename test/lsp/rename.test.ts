/** Renaming a declared name: everywhere it stands, nowhere else, and the set means what it meant before. */
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/checker/index.ts";
import { referencesOf, rename } from "../../src/lsp/names.ts";
import { toOffset } from "../../src/lsp/positions.ts";
import { RuleSet } from "../../src/lsp/rule-set.ts";
import { runRuleTests } from "../simulation/run-rule-tests.ts";

type Files = Readonly<Record<string, string>>;

const rules = `list sources = ["Datto", "Graphus"]

list loud = ["Alert", "Security"]

lookup category_for
  "Graphus" -> "Security"
  otherwise -> "Alert"
end

lookup priority_for
  "critical" -> "High"
  otherwise  -> category default
end

define known_source as alert.source in sources

calendar "office"
  zone "Europe/Berlin"
  monday to friday 08:00 to 18:00
end

category "Alert"
  queue    = "Monitoring"
  priority = "Medium"
end

category "Security"
  queue    = "Security"
  priority = "High"
end

recipient "noc"
  email "noc@msp.example"
end

template "new"
  subject "{ticket.title}"
  body "{ticket.category}"
end

callout "close"
  post "https://rmm.example.com/close"
  notify "noc" on failure
end

udf ticket "Site" text

rule "Open"
  when alert received
  if known_source and alert.title like "Disk {drive} *"
  then
    create ticket
      title    = "{drive} of {rule.name}"
      category = category_for[alert.source] or "Alert"
      priority = priority_for[alert.severity]
      udf."Site" = "here"
      dedup within 5 minutes by drive
    notify "noc" with template "new"
end

rule "Close"
  when ticket completed
  if ticket.category in loud and ticket.udf."Site" is not empty
     and (during "office" or outside "office")
  then
    run callout "close"
end

rule "Told"
  when callout "close" succeeded
  if callout.name is "close"
  then
    add note "closed"
end
`;

const tests = `test "a disk"
  given callout "close" answers 200
  at 10:00 receive alert
    source = "Graphus", title = "Disk C is full", severity = "critical"
  end
  expect ticket 1 category is "Security"
  expect ticket 1 title contains "C of"
  expect rule "Open" fired
  expect notify "noc"
  at 11:00 set ticket 1 status = "Complete"
  expect callout "close" sent 1 times
  expect callout "close" succeeded
  expect rule "Told" fired
  expect note on ticket 1 containing "closed"
end

test "another"
  given ticket 1 created at 09:00
    category = "Alert"
  end
  at 09:30 set ticket 1 category = "Security"
  expect ticket 1 category is "Security"
end
`;

const files: Files = {
  "a.rules": rules,
  "a.test.rules": tests,
};

/** What is renamed, where it is first asked for, what it is called then, and how many places say it. */
const names = [
  ["a category", '"Security"\n  queue', "Safety", 6],
  ["a category by a value of a lookup", '"Security"\n  otherwise', "Safety", 6],
  ["a category by an item of a list", '"Alert", "Security"]', "Normal", 5],
  ["a list", "sources =", "from_where", 2],
  ["a list of categories", "loud =", "noisy", 2],
  ["a lookup", "category_for\n", "kind_of", 2],
  ["a definition", "known_source as", "expected", 2],
  ["a calendar", '"office"\n', "working hours", 3],
  ["a recipient", '"noc"\n', "night watch", 4],
  ["a template", '"new"\n', "opened", 2],
  ["a callout", '"close"\n  post', "Close it", 7],
  ["a field of one's own", '"Site" text', "Place", 3],
  ["a rule that a test names", '"Told"\n', "Told them", 2],
  ["a name that `like` takes", "drive} *", "volume", 3],
] as const;

describe("renaming", () => {
  it.each(names)("renames %s everywhere, and the set means the same", async (_what, at, wanted, places) => {
    const renamed = renameAt(files, at, wanted);
    expect(renamed.edits).toBe(places);
    expect(found(renamed.files)).toEqual(found(files));
    expect(await outcomes(renamed.files)).toEqual(await outcomes(files));
    expect((await outcomes(files)).every((outcome) => outcome.endsWith("passed"))).toBe(true);
  });

  it.each(names)("renames %s back to what was there", (_what, at, wanted) => {
    const there = renameAt(files, at, wanted);
    const old = /^"?([^"\n} ]*)/.exec(at)?.[1] ?? "";
    const [, uri, offset] = there.place;
    const back = apply(there.files, uri, offset, old);
    expect(back.files).toEqual(files);
  });

  it("leaves the values of a lookup alone that also gives something else than categories", () => {
    const mixed = {
      ...files,
      "b.rules":
        'rule "Other"\n  when alert received\n  if category_for[alert.source] is "Alert"\n  then\n    stop\nend\n',
    };
    const { files: after } = renameAt(mixed, '"Security"\n  queue', "Safety");
    expect(after["a.rules"]).toContain('"Graphus" -> "Security"');
    expect(after["a.rules"]).toContain('category "Safety"');
  });

  it("finds the places of a category in lookups and lists", () => {
    const set = setOf(files);
    const file = set.file("a.rules");
    if (file === undefined) throw new Error("no file");
    const look = { state: set.state(), file, encoding: "utf-16" as const };
    const places = referencesOf(look, rules.indexOf('"Security"\n  queue') + 2, false);
    expect(places.map(({ uri, range }) => `${uri}:${range.start.line + 1}`)).toEqual(
      expect.arrayContaining(["a.rules:3", "a.rules:6", "a.test.rules:6"]),
    );
  });
});

function setOf(all: Files): RuleSet {
  const set = new RuleSet();
  for (const [path, text] of Object.entries(all)) set.put(path, path, text);
  return set;
}

function renameAt(all: Files, at: string, wanted: string) {
  const offset = (all["a.rules"] ?? "").indexOf(at) + 1;
  if (offset === 0) throw new Error(`no ${at}`);
  return apply(all, "a.rules", offset, wanted);
}

/** The edited files; `place` is where the name that was asked for stands now. */
function apply(all: Files, uri: string, offset: number, wanted: string) {
  const set = setOf(all);
  const file = set.file(uri);
  if (file === undefined) throw new Error(`no ${uri}`);
  const result = rename({ state: set.state(), file, encoding: "utf-16" }, offset, wanted);
  if (result.kind === "refused") throw new Error(result.why);
  const after: Record<string, string> = { ...all };
  let edits = 0;
  let moved = offset;
  for (const [path, changes] of Object.entries(result.changes)) {
    const source = set.file(path)?.source;
    if (source === undefined) throw new Error(`no ${path}`);
    const placed = changes.map(({ range, newText }) => ({
      start: toOffset(source, range.start, "utf-16"),
      end: toOffset(source, range.end, "utf-16"),
      newText,
    }));
    edits += placed.length;
    for (const { start, end, newText } of placed.toSorted((a, b) => b.start - a.start)) {
      after[path] = (after[path] ?? "").slice(0, start) + newText + (after[path] ?? "").slice(end);
      if (path === uri && end < offset) moved += newText.length - (end - start);
    }
  }
  return { files: after, edits, place: ["at", uri, moved] as const };
}

function found(all: Files): readonly string[] {
  const { diagnostics } = checkFiles(Object.entries(all).map(([path, text]) => ({ path, text })));
  return diagnostics.map(({ code, severity }) => `${severity} ${code}`);
}

async function outcomes(all: Files): Promise<readonly string[]> {
  const { results } = await runRuleTests(all["a.rules"] ?? "", all["a.test.rules"] ?? "");
  return results.map(({ name, result }) => `${name} ${result}`);
}
