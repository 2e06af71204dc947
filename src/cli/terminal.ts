/** How commands speak: one JSON document on standard output with `--json`, else text; progress and complaints on standard error. */
export interface Terminal {
  readonly json: boolean;
  /** The answer. Called once when `json`. */
  readonly answer: (document: unknown, text: string) => void;
  /** Progress: on standard output, or on standard error when that is kept for the document. */
  readonly say: (line: string) => void;
}

export function openTerminal(json: boolean): Terminal {
  return {
    json,
    answer: (document, text) => {
      process.stdout.write(
        json ? `${JSON.stringify(document, undefined, 2)}\n` : text === "" ? "" : `${text}\n`,
      );
    },
    say: (line) => {
      (json ? process.stderr : process.stdout).write(`${line}\n`);
    },
  };
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
