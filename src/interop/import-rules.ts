/**
 * Rules of json-rules-engine become rule files: conditions in the language's words, the event as a comment and a
 * suggested action. What cannot be said stands as a comment in a rule that is inactive, and is told with its place in the
 * JSON. Pure; knows no files.
 */
import { formatChecked } from "../../grammar/index.ts";
import { checkFiles } from "../checker/index.ts";
import { SourceText, type Diagnostic, type Severity } from "../diagnostics/index.ts";
import { foldName, RULE_ORDER_MAX } from "../domain/index.ts";
import { locateJson, type JsonPath } from "./locate-json.ts";
import { readCondition } from "./read-condition.ts";
import { readHead, type RuleHead } from "./read-head.ts";
import { quoted } from "./write-words.ts";
import { isMembers, type Members, type Written } from "./written.ts";

/** J31xx: the JSON of another program; their page is `docs/json-rules-engine.md`. */
export type ImportCode = "J3101" | "J3102" | "J3103";

export interface ImportedRules {
  /** None when nothing in the file is a rule. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `path`: of the JSON, for places; `target`: of the rule file. */
export function importRules(
  source: { readonly path: string; readonly text: string },
  target: string,
): ImportedRules {
  const importing = new Importing(source.path, source.text);
  const value = parse(source.text);
  const found = value === undefined ? undefined : rulesIn(value.json);
  if (value === undefined) importing.tell("J3101", "error", [], "this is not JSON");
  else if (found === undefined || found.rules.length === 0)
    importing.tell("J3101", "error", [], "no rule there: an array of rules, `{rules}` or one rule is wanted");
  if (found === undefined || found.rules.length === 0)
    return { files: [], diagnostics: importing.diagnostics };
  const rules = found.rules.map((rule, index) => importing.rule(rule, found.at(index)));
  const orders = ordersOf(rules);
  const blocks = rules.map((rule, index) => writeRule(rule, orders?.[index]));
  const text = [`# Imported from json-rules-engine: see what stands as a comment.\nrules 1`, ...blocks].join(
    "\n\n",
  );
  const formatting = formatChecked(target, `${text}\n`);
  const file = { path: target, text: formatting.kind === "formatted" ? formatting.text : `${text}\n` };
  return { files: [file], diagnostics: [...importing.diagnostics, ...checkFiles([file]).diagnostics] };
}

function parse(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) };
  } catch {
    return undefined;
  }
}

interface Found {
  readonly rules: readonly unknown[];
  readonly at: (index: number) => JsonPath;
}

function rulesIn(value: unknown): Found | undefined {
  if (Array.isArray(value)) return { rules: value, at: (index) => [index] };
  if (!isMembers(value)) return undefined;
  if (Array.isArray(value["rules"])) return { rules: value["rules"], at: (index) => ["rules", index] };
  return value["conditions"] === undefined ? undefined : { rules: [value], at: () => [] };
}

/* ---------- one rule ---------- */

interface ReadRule {
  readonly name: string;
  readonly priority: number;
  readonly head: RuleHead;
  readonly condition: Written;
  /** Sentences about what could not be said. */
  readonly gaps: readonly string[];
  readonly event: Members;
  readonly conditions: unknown;
}

class Importing {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceText;
  readonly #names = new Set<string>();
  readonly #guesses = new Set<string>();

  constructor(path: string, text: string) {
    this.#source = new SourceText(path, text);
  }

  tell(code: ImportCode, severity: Severity, path: JsonPath, summary: string, help?: string): void {
    const { start, end } = locateJson(this.#source.text, path);
    const span = this.#source.span(start, Math.max(start, end));
    this.diagnostics.push({
      code,
      severity,
      summary,
      span,
      labels: [],
      fixes: [],
      ...(help === undefined ? {} : { help }),
    });
  }

  rule(value: unknown, at: JsonPath): ReadRule {
    const members = isMembers(value) ? value : {};
    const event = isMembers(members["event"]) ? members["event"] : {};
    const params = isMembers(event["params"]) ? event["params"] : {};
    const { conditions, priority } = members;
    const head = readHead(conditions, params);
    const gaps: string[] = [];
    const gap = (path: JsonPath, summary: string): void => {
      gaps.push(summary);
      this.tell(
        "J3102",
        "warning",
        path,
        summary,
        "the rule was written as inactive: complete its `if`, then drop the word",
      );
    };
    if (conditions === undefined) gap(at, "a rule has `conditions` and an `event`");
    if (head.unknown !== undefined)
      gap([...at, "conditions"], `the event \`${head.unknown}\` is not one that rules wait for`);
    const told = {
      gap,
      guess: (path: JsonPath, fact: string, written: string) => {
        this.#guess(path, fact, written);
      },
    };
    const rest = restOf(conditions, head);
    const condition: Written =
      conditions === undefined ? { kind: "gap" } : readCondition(rest, [...at, "conditions"], told);
    return {
      name: this.#nameOf(members, event, at),
      priority: typeof priority === "number" && Number.isInteger(priority) ? priority : 1,
      head,
      condition,
      gaps,
      event,
      conditions,
    };
  }

  /** Names that differ only in case are one name. */
  #nameOf({ name }: Members, { type }: Members, at: JsonPath): string {
    const given = [name, type].filter((one) => typeof one === "string").map((one) => one.trim());
    const base =
      given.find((one) => one !== "" && one !== "rule") ?? `Imported rule ${Number(at.at(-1) ?? 0) + 1}`;
    let unique = base;
    for (let n = 2; this.#names.has(foldName(unique)); n += 1) unique = `${base} (${n})`;
    this.#names.add(foldName(unique));
    return unique;
  }

  /** Each fact once. */
  #guess(path: JsonPath, fact: string, written: string): void {
    if (this.#guesses.has(fact)) return;
    this.#guesses.add(fact);
    this.tell("J3103", "info", path, `the fact \`${fact}\` is taken for \`${written}\``);
  }
}

/** What the head has said already is always true; places keep their numbers. */
function restOf(conditions: unknown, { said }: RuleHead): unknown {
  if (said.size === 0 || !isMembers(conditions) || !Array.isArray(conditions["all"])) return conditions;
  return { all: conditions["all"].map((one: unknown, index) => (said.has(index) ? { all: [] } : one)) };
}

/** json-rules-engine runs the highest priority first, here the lowest order is first. Undefined: all are equal. */
function ordersOf(rules: readonly ReadRule[]): readonly number[] | undefined {
  const most = Math.max(...rules.map(({ priority }) => priority));
  if (rules.every(({ priority }) => priority === most)) return undefined;
  return rules.map(({ priority }) => Math.min(RULE_ORDER_MAX, most - priority + 1));
}

/* ---------- as text ---------- */

/** Characters of JSON in a comment. */
const COMMENT_CHARACTERS_MAX = 400;

function writeRule(
  { name, head, condition, gaps, event, conditions }: ReadRule,
  order: number | undefined,
): string {
  const isWhole = condition.kind === "text" || condition.kind === "true";
  const { type, params } = event;
  const isStop = isMembers(params) && params["stop"] === true;
  return [
    ...(type === undefined || type === "rule" ? [] : [comment(`event ${JSON.stringify(type)}`)]),
    ...(params === undefined ? [] : [comment(`params ${JSON.stringify(params)}`)]),
    ...gaps.map((gap) => comment(`not expressed: ${gap}`)),
    ...(condition.kind === "false" ? [comment("its conditions never hold")] : []),
    ...(isWhole ? [] : [comment(`conditions ${JSON.stringify(conditions)}`)]),
    `${isWhole && head.unknown === undefined ? "" : "inactive "}rule ${quoted(name)}`,
    ...(order === undefined ? [] : [`  order ${order}`]),
    ...(head.organizations.length === 0 ? [] : [`  for organization ${head.organizations.join(", ")}`]),
    `  when ${head.when}`,
    ...(condition.kind === "text" ? [`  if ${condition.text}`] : []),
    "  then",
    ...(head.isOfAlert
      ? ["    create ticket", "      title = alert.title"]
      : [`    add note ${quoted(`Rule "${name}" holds.`)}`]),
    ...(isStop ? ["    stop"] : []),
    "end",
  ].join("\n");
}

function comment(text: string): string {
  const line = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu, " ");
  const characters = [...line];
  return `# ${characters.length > COMMENT_CHARACTERS_MAX ? `${characters.slice(0, COMMENT_CHARACTERS_MAX).join("")}...` : line}`;
}
