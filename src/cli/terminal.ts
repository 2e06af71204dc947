/** How commands speak: one JSON document on standard output with `--json`, else text; progress and complaints on standard error. */
export interface Terminal {
  readonly json: boolean;
  /** The answer. Called once when `json`. */
  readonly answer: (document: unknown, text: string) => void;
  /** The answer where its form is asked for by another option than `--json`: one JSON document. */
  readonly document: (document: unknown) => void;
  /** What is told beside a document: on standard error. */
  readonly tell: (text: string) => void;
  /** Progress: on standard output, or on standard error when that is kept for the document. */
  readonly say: (line: string) => void;
}

let answered = false;

/** Whether this process has given its answer already. */
export function hasAnswered(): boolean {
  return answered;
}

/** Asked of the words themselves, since they may be what cannot be read. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes("--json");
}

/** `{error: {code, message}}`: the one document of a command that could not be run. */
export function failureDocument(code: string, message: string, more: object): string {
  return `${JSON.stringify({ error: { code, message, ...more } }, undefined, 2)}\n`;
}

export function openTerminal(json: boolean): Terminal {
  return {
    json,
    answer: (document, text) => {
      answered = true;
      process.stdout.write(
        json ? `${JSON.stringify(document, undefined, 2)}\n` : text === "" ? "" : `${text}\n`,
      );
    },
    document: (document) => {
      answered = true;
      process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    },
    tell: complain,
    say: (line) => {
      (json ? process.stderr : process.stdout).write(`${line}\n`);
    },
  };
}

/** A terminal's own word, which knows NO_COLOR and FORCE_COLOR; pipes and files have none. */
export function showsColors(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors();
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
