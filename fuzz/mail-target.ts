/** Mails as a target: messages of the corpus, mutated; reading and masking must hold of any bytes. Kept as latin1, a character a byte. */
import { readCorpus } from "../test/mail/corpus.ts";
import { mutateMail, problemOf } from "../test/mail/mutate.ts";
import type { FuzzTarget } from "./targets.ts";

const SEEDS = 2 ** 31;
let corpus: readonly Buffer[] | undefined;

export const mailTarget: FuzzTarget<string> = {
  name: "mail",
  make: (random) => {
    corpus ??= readCorpus().map(({ raw }) => raw);
    return mutateMail(corpus, random.below(SEEDS)).toString("latin1");
  },
  hold: (text) => {
    const problem = problemOf(Buffer.from(text, "latin1"));
    if (problem !== undefined) throw new Error(problem);
  },
  textOf: (text) => text,
  withText: (_before, text) => text,
  extension: "eml.txt",
};
