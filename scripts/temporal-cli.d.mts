/** Types of temporal-cli.mjs for the TypeScript rooms. */
export interface TemporalCli {
  readonly path: string;
  readonly version: string;
  readonly source: "TEMPORAL_CLI_PATH" | "PATH" | "cache" | "pip";
}
type Env = Readonly<Record<string, string | undefined>>;
export const TEMPORAL_VERSION: string;
export class TemporalCliMissing extends Error {
  readonly code: "tool_missing";
}
export function cacheDir(env?: Env): string;
export function cachedCliPath(env?: Env): string;
export function findTemporalCli(env?: Env): Promise<TemporalCli | undefined>;
export function ensureTemporalCli(say?: (line: string) => void, env?: Env): Promise<TemporalCli>;
