/**
 * What a person who types feels: from a key, sent by the real protocol to the real process, to the diagnostics of that
 * very version (syntax, names, types). 1,000 rules in ten files. Then how long the warnings of analysis take.
 */
import { cpus } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { RuleSet } from "../src/lsp/rule-set.ts";
import { Editor } from "../test/lsp/editor.ts";

const FILES = 10;
const RULES_PER_FILE = 100;
const KEYS = 200;

const names = `list noc_sources = ["Datto RMM", "SaaS Alerts", "Graphus"]
lookup priority_for
  "critical" -> "Critical"
  otherwise  -> category default
end
define lab_device as alert.device.tags contains "lab"
category "RMM Alert"
  queue    = "Monitoring"
  priority = "Medium"
end
recipient "noc"
  email "noc@msp.example"
end
`;

const rule = (i: number): string => `
## Opens a ticket for what customer ${i % 97} reports as w${i}.
rule "Customer ${i % 97}: w${i}"
  when alert received
  if alert.organization.name is "Customer ${i % 97}" and alert.title contains "w${i}" and alert.severity at least "minor"
     and not (alert.title starts with "TEST" or lab_device) and alert.source in noc_sources
  then
    create ticket
      title    = "{alert.title} at {alert.organization.name}"
      category = "RMM Alert"
      priority = priority_for[alert.severity]
      dedup within ${5 + (i % 50)} minutes by alert.title
    notify "noc" text "{ticket.number}: {ticket.title}"
end
`;

const texts = Array.from(
  { length: FILES },
  (_, file) =>
    (file === 0 ? names : "") +
    Array.from({ length: RULES_PER_FILE }, (_, i) => rule(file * RULES_PER_FILE + i)).join(""),
);
/** The same rule under another name: what analysis has to tell. */
const again = (i: number): string => rule(i).replace(/rule "[^"]*"/, 'rule "the same again"');

const share = (sorted: readonly number[], part: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
function print(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  console.log(
    `${what}: median ${share(sorted, 0.5)} ms, p90 ${share(sorted, 0.9)} ms, p99 ${share(sorted, 0.99)} ms (${times.length})`,
  );
}

console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, vscode-languageserver 10.1.2`);
modelAlone();
const files = Object.fromEntries(texts.map((text, i) => [`rules/f${i}.rules`, text]));
const editor = await Editor.start({ files });
const path = "rules/f4.rules";
const text = texts[4] ?? "";
const opened = performance.now();
await editor.open(path, text);
console.log(
  `from opening to diagnostics, the set read for the first time: ${(performance.now() - opened).toFixed(0)} ms`,
);

/** Types a text key by key at a place, and takes it away again. */
async function type(at: string, typed: string, times: number[]): Promise<void> {
  const offset = text.indexOf(at) + at.length;
  const before = text.slice(0, offset).split("\n");
  const line = before.length - 1;
  let character = before.at(-1)?.length ?? 0;
  const send = async (key: string, removed: number): Promise<void> => {
    const range = { start: { line, character }, end: { line, character: character + removed } };
    const started = performance.now();
    await editor.change(path, key, range);
    times.push(performance.now() - started);
  };
  for (const key of typed) {
    await send(key, 0);
    character += 1;
    await pause(5);
  }
  for (let left = typed.length; left > 0; left--) {
    character -= 1;
    await send("", 1);
    await pause(5);
  }
}

const warmUp: number[] = [];
await type('contains "w433"', ' or alert.title contains "x"', warmUp);
const inRule: number[] = [];
while (inRule.length < KEYS) await type('contains "w433"', " and alert.description is not empty", inRule);
print("a key in a rule", inRule);
const inText: number[] = [];
while (inText.length < KEYS)
  await type("Opens a ticket for what customer 40 reports as w428", " and more", inText);
print("a key in a comment", inText);
const opensRule: number[] = [];
while (opensRule.length < KEYS)
  await type("by alert.title\n    notify", ' "noc"\nend\n\nrule "half typed', opensRule);
print("a key that breaks a rule in two", opensRule);

const analysed: number[] = [];
for (let round = 0; round < 5; round++) {
  const told = editor.told(path, (one) =>
    one.diagnostics.some(({ code }) => String(code).startsWith("R200")),
  );
  const with2 = text + again(410 + round);
  const started = performance.now();
  await editor.change(path, with2);
  await told;
  analysed.push(performance.now() - started);
  await editor.change(path, text);
}
print("from the last key to warnings of analysis, 250 ms of waiting included", analysed);

const first = "rules/f0.rules";
const ground: number[] = [];
await editor.open(first, texts[0] ?? "");
for (let i = 0; i < 60; i++) {
  const started = performance.now();
  await editor.change(first, (texts[0] ?? "").replace('"Graphus"', `"Graphus${"x".repeat(i % 9)}"`));
  ground.push(performance.now() - started);
  await pause(5);
}
print("a key in a list that every rule uses", ground);
await editor.end();

/** Processor time, which a busy machine does not lengthen as it does the clock's. */
function modelAlone(): void {
  const set = new RuleSet();
  for (const [i, each] of texts.entries()) set.put(`f${i}`, `f${i}.rules`, each);
  set.state();
  const source = texts[4] ?? "";
  const at = source.indexOf('contains "w433"') + 'contains "w433"'.length;
  const typed = " and alert.description is not empty";
  let before = process.cpuUsage();
  for (let i = 0; i < 2 * KEYS; i++) {
    if (i === KEYS) before = process.cpuUsage();
    set.put("f4", "f4.rules", source.slice(0, at) + typed.slice(0, i % typed.length) + source.slice(at));
    set.state();
  }
  const { user, system } = process.cpuUsage(before);
  console.log(
    `the model alone: ${((user + system) / 1000 / KEYS).toFixed(1)} ms of processor time a key (${KEYS})`,
  );
}
