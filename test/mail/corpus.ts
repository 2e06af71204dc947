/** The messages of test/corpus/mail with what is expected of each, written by hand beside it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ReadMailOptions } from "../../src/mail/index.ts";

const FOLDER = join(import.meta.dirname, "..", "corpus", "mail");

const Expectation = z.strictObject({
  about: z.string(),
  options: z
    .strictObject({
      trustedAuthserv: z.string().nullable().optional(),
      ownAddresses: z.array(z.string()).optional(),
      envelopeFrom: z.string().optional(),
    })
    .optional(),
  /** Members of ReadMail, null for undefined; beside them what cannot be compared as a whole. */
  expect: z.looseObject({
    warns: z.string().optional(),
    hides: z.string().optional(),
    headerAbsent: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
});

export interface CorpusCase {
  readonly name: string;
  readonly about: string;
  readonly raw: Buffer;
  readonly options: ReadMailOptions;
  readonly expect: z.infer<typeof Expectation>["expect"];
}

export function readCorpus(): readonly CorpusCase[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".eml"))
    .map((file) => {
      const name = file.slice(0, -".eml".length);
      const { about, options, expect } = Expectation.parse(
        JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")),
      );
      return {
        name,
        about,
        raw: readFileSync(join(FOLDER, file)),
        options: { ...options, trustedAuthserv: options?.trustedAuthserv ?? undefined },
        expect,
      };
    });
}
