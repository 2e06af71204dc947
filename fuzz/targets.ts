/** What can be fuzzed: how an input is made from chance, and which laws it must hold. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { grammarText } from "./grammar-texts.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { holdRuleLaws, type RuleInput } from "./rule-laws.ts";

export interface FuzzTarget<Input> {
  readonly name: string;
  readonly make: (random: Random) => Input;
  /** Throws when a law does not hold. */
  readonly hold: (input: Input) => void | Promise<void>;
  /** What is kept and made smaller when a law does not hold. */
  readonly textOf: (input: Input) => string;
  readonly withText: (input: Input, text: string) => Input;
  readonly extension: string;
}

const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

function rulesIn(folder: string): readonly RuleInput[] {
  return readdirSync(place(folder))
    .filter((name) => name.endsWith(".rules"))
    .map((name) => ({
      path: name.endsWith(".test.rules") ? "case.test.rules" : "case.rules",
      text: readFileSync(place(`${folder}/${name}`), "utf8"),
    }));
}

const folders = [
  "rules",
  "test/corpus/examples",
  "test/corpus/syntax",
  "test/corpus/format",
  "test/grammar/samples",
];
const corpus = folders.flatMap(rulesIn);
/** Whole files are slow and mostly right; most inputs are a few of their declarations. */
const PARTS_MAX = 3;
const WHOLE_FILE_CHANCE = 0.02;

function corpusText(random: Random): RuleInput {
  const { path, text } = random.pick(corpus);
  if (random.chance(WHOLE_FILE_CHANCE)) return { path, text };
  const parts = text.split(/\n(?=\S)(?!end\b)/);
  const first = random.below(parts.length);
  return { path, text: parts.slice(first, first + 1 + random.below(PARTS_MAX)).join("\n") };
}

export const rulesTarget: FuzzTarget<RuleInput> = {
  name: "rules",
  make: (random) => {
    const whole = random.chance(0.4) ? grammarText(random) : corpusText(random);
    if (random.chance(0.15)) return whole;
    const others = [corpusText(random).text, grammarText(random).text];
    return { path: whole.path, text: mutate(whole.text, others, random) };
  },
  hold: holdRuleLaws,
  textOf: ({ text }) => text,
  withText: ({ path }, text) => ({ path, text }),
  extension: "rules",
};
