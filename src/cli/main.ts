/** The `tocsin` command: reads the command line, runs one command, ends with its exit code. */
import { CommanderError, type Command } from "commander";
import { ConfigError } from "../config/index.ts";
import { exitCodeOf, FINE, FOUND_SOMETHING, USED_WRONGLY } from "./exit-code.ts";
import { complain, failureDocument, hasAnswered, wantsJson } from "./terminal.ts";
import { buildCommands } from "./index.ts";

const program: Command = buildCommands((code) => {
  process.exitCode = code;
});

// A reader that went away (`tocsin up | head`) is no reason to leave everything running without us.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  const code = exitCodeOf(error);
  // Commander has told its own already.
  if (!(error instanceof CommanderError))
    complain(code === undefined ? describeBug(error) : messageOf(error));
  process.exitCode = code ?? FOUND_SOMETHING;
  if (process.exitCode !== FINE && wantsJson(process.argv.slice(2)) && !hasAnswered())
    tellAsJson(error, code);
}
endProcess();

/** Programs read standard output only: it holds one document also when the command could not be run. */
function tellAsJson(error: unknown, code: number | undefined): void {
  const kind = code === USED_WRONGLY ? "used_wrongly" : code === undefined ? "internal" : "failed";
  const setting = error instanceof ConfigError ? { setting: error.setting } : {};
  process.stdout.write(failureDocument(kind, messageOf(error).replace(/^error: /u, ""), setting));
}

/** Open handles of a library must not keep a command alive that is done; what was written goes out first. */
function endProcess(): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describeBug(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
