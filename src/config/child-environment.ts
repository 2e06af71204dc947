/** The environment that `up` hands to the processes it starts: its own, with the flags and the addresses of the embedded servers put in. */
import type { Flags } from "./config.ts";

export function childEnvironment(flags: Flags): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...flags })) {
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** The environment of the embedded servers: nothing of ours, so no secret stands in the memory of a program that does not need it. */
export function bareEnvironment(): Readonly<Record<string, string>> {
  const kept = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER"];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
