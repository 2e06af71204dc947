/** The door of config: what a person sets. The only room that reads the environment; knows no other room. */
export { bareEnvironment, childEnvironment } from "./child-environment.ts";
export { ConfigError } from "./config-error.ts";
export { loadConfig } from "./config.ts";
export type { Config, Flags, TemporalTls } from "./config.ts";
export { SETTINGS, toFlag } from "./settings.ts";
export type { SettingName } from "./settings.ts";
export { codecKeyBytes, codecPath } from "./codec-access.ts";
