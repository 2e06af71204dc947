/** Bundles the workflows once a process: about a second and a half. The bundler refuses Node's modules and activities by value. */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from "@temporalio/worker";

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: workflowsPath(),
    // Its progress lines are no news to an operator.
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
  return bundle;
}

const SOURCE_MAP = /^\/\/# sourceMappingURL=.*$/gmu;

/**
 * `3f5460db5c3a`: a hash of the workflows as they run, the SDK's part included. The same code has the same id wherever it
 * lies, since paths and the source map are left out.
 */
export function buildIdOf({ code }: Pick<WorkflowBundleWithSourceMap, "code">): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const bare = code.replaceAll(SOURCE_MAP, "").replaceAll(root, "");
  return createHash("sha256").update(bare).digest("hex").slice(0, 12);
}

/** TypeScript in a checkout, JavaScript where the package was installed. */
function workflowsPath(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../../workflows/index.${extension}`, import.meta.url));
}
