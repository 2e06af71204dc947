/** Every command with its arguments and options, as `--help` shows them. The work of each is in its own file. */
import { Command, Option } from "commander";
import { SETTINGS, toFlag, type Flags, type SettingName } from "../config/index.ts";
import { UsageError } from "./exit-code.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

type Finish = (exitCode: number) => void;
type Options = Readonly<Record<string, unknown>>;

export function buildCommands(finish: Finish): Command {
  const program = new Command("tocsin")
    .description(
      "Turns monitoring alerts into tickets by rules.\nExit codes: 0 fine, 1 found something wrong, 2 used wrongly.",
    )
    .version(VERSION)
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError("(tocsin --help tells more)");
  addUp(program, finish);
  addLongRunning(program, finish);
  addPublish(program, finish);
  addCheck(program, finish);
  addFmt(program, finish);
  addTest(program, finish);
  addSend(program, finish);
  addExplain(program, finish);
  addInterop(program, finish);
  addExplainCode(program, finish);
  addLsp(program, finish);
  addDoctor(program, finish);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

function addUp(program: Command, finish: Finish): void {
  const command = program
    .command("up")
    .description("start everything on this machine: Postgres, Temporal, server, worker");
  for (const { name, placeholder, byDefault, meaning } of SETTINGS) {
    const isDefault = byDefault === undefined || byDefault === "" ? "" : `, default ${byDefault}`;
    command.addOption(new Option(`${toFlag(name)} <${placeholder}>`, `${meaning} (${name}${isDefault})`));
  }
  withJson(command).action(async (options: Options) => {
    const { up } = await import("./up-command.ts");
    finish(await up(toFlags(command, options), terminalOf(options)));
  });
}

function addLongRunning(program: Command, finish: Finish): void {
  withJson(
    program
      .command("serve")
      .description("the HTTP server alone, against DATABASE_URL; may run several times over"),
  ).action(async () => {
    const { serve } = await import("./long-running.ts");
    finish(await serve());
  });
  withJson(
    program
      .command("worker")
      .description(
        "a Temporal worker alone, against DATABASE_URL and TEMPORAL_ADDRESS; may run several times over",
      ),
  ).action(async () => {
    const { work } = await import("./long-running.ts");
    finish(await work());
  });
}

function addPublish(program: Command, finish: Finish): void {
  const command = program
    .command("publish")
    .description("put rule files in force on a running server (TOCSIN_URL)")
    .argument("[paths...]", "rule files and folders; default: TOCSIN_RULES")
    .option("--message <TEXT>", "why, for the list of rule sets");
  withJson(command).action(async (paths: readonly string[], options: Options) => {
    const { publish } = await import("./publish-command.ts");
    finish(await publish(paths, textOption(options, "message"), terminalOf(options)));
  });
}

function addCheck(program: Command, finish: Finish): void {
  const command = program
    .command("check")
    .description("read rule files and tell what is wrong in them")
    .argument("[paths...]", "rule files and folders; default: TOCSIN_RULES")
    .option("--strict", "warnings are an error too")
    .option("--fix", "apply the fixes that cannot change what was meant, and tell them")
    .addOption(new Option("--format <FORM>", "how diagnostics are written").choices(["text", "sarif"]));
  withJson(command).action(async (paths: readonly string[], options: Options) => {
    const { check } = await import("./check-command.ts");
    const { strict, fix } = options;
    const format = options["format"] === "sarif" ? "sarif" : "text";
    finish(check(paths, { strict: strict === true, fix: fix === true, format }, terminalOf(options)));
  });
}

function addExplainCode(program: Command, finish: Finish): void {
  const command = program
    .command("explain-code")
    .description("what a code of a diagnostic means: what to avoid, what to prefer and why")
    .argument("[code]", "such as R1203; without it all are listed");
  withJson(command).action(async (code: string | undefined, options: Options) => {
    const { explainCode } = await import("./explain-code-command.ts");
    finish(explainCode(code, terminalOf(options)));
  });
}

function addFmt(program: Command, finish: Finish): void {
  const command = program
    .command("fmt")
    .description("write rule and test files in their one form, in place")
    .argument("[paths...]", "files and folders, - is standard input to output; default: TOCSIN_RULES")
    .option("--check", "tell which files are not in that form, and write none")
    .option("--diff", "show what would change, and write nothing");
  withJson(command).action(async (paths: readonly string[], options: Options) => {
    const { fmt } = await import("./fmt-command.ts");
    const { check, diff } = options;
    finish(fmt(paths, { check: check === true, diff: diff === true }, terminalOf(options)));
  });
}

function addTest(program: Command, finish: Finish): void {
  const command = program
    .command("test")
    .description("run rule tests (*.test.rules) under a virtual clock, without a server")
    .argument(
      "[paths...]",
      "rule and test files and folders; a test file alone brings the *.rules of its folder; default: TOCSIN_RULES",
    )
    .option("--filter <TEXT>", "only tests with this text in their name")
    .option("--coverage", "tell which rules and conditions the tests have seen")
    .addOption(
      new Option("--coverage-format <FORM>", "how coverage is written").choices(["text", "json", "lcov"]),
    )
    .option("--coverage-min <N>", "fail below so many percent")
    .addOption(new Option("--format <FORM>", "how results are written").choices(["text", "junit", "tap"]))
    .option("--seed <N>", "run in a random order, the same for the same number")
    .option("--watch", "run again whenever a rule file changes")
    .option(
      "--record <ID>",
      "write a test from an alert that a running server has (TOCSIN_URL), with names and addresses replaced",
    );
  withJson(command).action(async (paths: readonly string[], options: Options) => {
    const id = textOption(options, "record");
    if (id !== undefined) {
      const { record } = await import("./record-command.ts");
      finish(await record(id, paths, terminalOf(options)));
      return;
    }
    const { test, toTestOptions } = await import("./test-command.ts");
    finish(await test(paths, toTestOptions(options), terminalOf(options)));
  });
}

function addSend(program: Command, finish: Finish): void {
  const command = program
    .command("send")
    .description("send an alert, or with --mail a message, to a running server (TOCSIN_URL)")
    .argument("[file]", "JSON: one alert or an array of them; with --mail a message; - is standard input")
    .option("--mail", "the file is a whole e-mail message")
    .option(
      "--mailbox <ADDRESS>",
      "with --mail: the mailbox it is for; default: the first address of its To",
    );
  for (const [name, meaning] of SEND_OPTIONS) command.option(`--${name} <TEXT>`, meaning);
  withJson(command).action(async (file: string | undefined, options: Options) => {
    if (options["mail"] === true) {
      const { sendMail } = await import("./send-mail-command.ts");
      finish(await sendMail(file, textOption(options, "mailbox"), terminalOf(options)));
      return;
    }
    const { send } = await import("./send-command.ts");
    const members = SEND_OPTIONS.flatMap(([name]) => {
      const value = textOption(
        options,
        command.options.find((option) => option.long === `--${name}`)?.attributeName() ?? name,
      );
      return value === undefined ? [] : [[name.replaceAll("-", "_"), value] as const];
    });
    finish(await send(file, Object.fromEntries(members), terminalOf(options)));
  });
}

const SEND_OPTIONS: readonly (readonly [string, string])[] = [
  ["title", "what happened"],
  ["source", "the product that says so; default: tocsin send"],
  ["description", "more about it"],
  ["severity", "such as critical"],
  ["status", "firing or resolved"],
  ["organization", "whose device, by name"],
  ["customer-id", "whose device, by the product's id"],
  ["device", "which device, by name"],
  ["device-id", "which device, by the product's id"],
  ["alert-id", "the product's id of the alert"],
  ["delivery-id", "the same id twice is the same alert"],
  ["occurred-at", "RFC 3339"],
];

function addExplain(program: Command, finish: Finish): void {
  const command = program
    .command("explain")
    .description(
      "why an alert did what it did: one that a running server has (TOCSIN_URL), or one from a file, without a server",
    )
    .argument(
      "[id-or-paths...]",
      "the id that the server gave the alert or the mail; with --alert rule files and folders",
    )
    .option("--alert <FILE>", "JSON of one alert, as for `send`; - is standard input")
    .option("--data <FILE>", "with --alert: JSON {organizations, devices, alerts} that are there before it")
    .option("--at <TIME>", "with --alert: when it comes, in RFC 3339; default: now")
    .option("--limit <N>", "how many rules that did not fire are told; default: 20");
  withJson(command).action(async (given: readonly string[], options: Options) => {
    const [alert, data, at, limit] = ["alert", "data", "at", "limit"].map((name) =>
      textOption(options, name),
    );
    const terminal = terminalOf(options);
    if (alert !== undefined) {
      const { explainFromFiles } = await import("./explain-alone-command.ts");
      finish(await explainFromFiles(given, { alert, data, at, limit }, terminal));
      return;
    }
    const [id, ...others] = given;
    if (id === undefined || others.length > 0 || data !== undefined || at !== undefined) {
      throw new UsageError(
        "Name one alert: `tocsin explain ID` asks a server, `tocsin explain --alert FILE.json PATH...` reads files.",
      );
    }
    const { explain } = await import("./explain-command.ts");
    finish(await explain(id, limit, terminal));
  });
}

function addLsp(program: Command, finish: Finish): void {
  program
    .command("lsp")
    .description("the language server for editors, over standard input and output (docs/editor.md)")
    // Editors add it by themselves; there is no other way.
    .addOption(new Option("--stdio").hideHelp())
    .option("--json", "changes nothing: all that is written to standard output is JSON-RPC")
    .action(async () => {
      const { languageServer } = await import("./lsp-command.ts");
      finish(await languageServer(VERSION));
    });
}

function addInterop(program: Command, finish: Finish): void {
  const compile = program
    .command("compile")
    .description(
      "write rules as JSON for another engine to standard output; what it cannot say to standard error",
    )
    .argument("[paths...]", "rule files and folders; default: TOCSIN_RULES")
    .addOption(new Option("--target <ENGINE>", "for which engine").choices(["json-rules-engine"]));
  withJson(compile).action(async (paths: readonly string[], options: Options) => {
    const { compileTo } = await import("./compile-command.ts");
    finish(compileTo(textOption(options, "target"), paths, terminalOf(options)));
  });
  const importing = program
    .command("import")
    .description(
      "write rule files from rules of another engine; what they cannot say stands in them as comments",
    )
    .argument("<engine>", "json-rules-engine")
    .argument("<file>", "JSON: an array of rules, {rules} or one rule; - is standard input")
    .option("--out <DIR>", "write the files to this folder instead of standard output");
  withJson(importing).action(async (engine: string, file: string, options: Options) => {
    const { importFrom } = await import("./import-command.ts");
    finish(importFrom(engine, file, textOption(options, "out"), terminalOf(options)));
  });
}

function addDoctor(program: Command, finish: Finish): void {
  const command = program
    .command("doctor")
    .description("look at this machine and tell what is missing and how to get it")
    .option(
      "--audit",
      "ask a running server (TOCSIN_URL) what is wrong with the rules in force although they are right",
    );
  withJson(command).action(async (options: Options) => {
    const { doctor } = await import("./doctor-command.ts");
    finish(await doctor(options["audit"] === true, terminalOf(options)));
  });
}

function withJson(command: Command): Command {
  return command.option("--json", "one JSON document on standard output");
}

function terminalOf(options: Options): Terminal {
  return openTerminal(options["json"] === true);
}

function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

function toFlags(command: Command, options: Options): Flags {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const { name } of SETTINGS) {
    const option = command.options.find(({ long }) => long === toFlag(name));
    const value = option === undefined ? undefined : textOption(options, option.attributeName());
    if (value !== undefined) flags[name] = value;
  }
  return flags;
}
