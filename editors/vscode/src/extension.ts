/** Starts `tocsin lsp` for rule files and hands everything to it. Knows nothing of the language. */
import { access } from "node:fs/promises";
import { constants } from "node:fs";
import { commands, window, workspace, type ExtensionContext } from "vscode";
import { LanguageClient, type ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("tocsin.restart", () => restart(context)),
    commands.registerCommand("tocsin.showOutput", () => client?.outputChannel.show()),
    workspace.onDidGrantWorkspaceTrust(() => restart(context)),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("tocsin")) await restart(context);
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

async function restart(context: ExtensionContext): Promise<void> {
  if (context.subscriptions.length === 0) return;
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const command = await findCommand();
  const run: ServerOptions = { command, args: ["lsp"] };
  client = new LanguageClient("tocsin", "Tocsin rules", run, {
    documentSelector: [
      { scheme: "file", language: "tocsin" },
      { scheme: "untitled", language: "tocsin" },
    ],
    initializationOptions: { serverUrl: setting("serverUrl"), rulesFolder: setting("rulesFolder") },
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.rules") },
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const why = error instanceof Error ? error.message : String(error);
    window.showErrorMessage(
      `Tocsin: \`${command} lsp\` could not be started (${why}). Set "tocsin.command" to the program, or install it in the workspace.`,
    );
  }
}

/** A program of the workspace runs only where the user trusts it. */
async function findCommand(): Promise<string> {
  const configured = setting("command");
  if (configured !== undefined) return configured;
  if (workspace.isTrusted) {
    for (const folder of workspace.workspaceFolders ?? []) {
      for (const place of ["bin/tocsin", "node_modules/.bin/tocsin"]) {
        const path = `${folder.uri.fsPath}/${place}`;
        if (await isProgram(path)) return path;
      }
    }
  }
  return "tocsin";
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function setting(name: "command" | "serverUrl" | "rulesFolder"): string | undefined {
  const value = workspace.getConfiguration("tocsin").get<string>(name)?.trim();
  return value === undefined || value === "" ? undefined : value;
}
