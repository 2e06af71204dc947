/** The door of supervisor: runs everything on this machine. Knows processes, files and ports; nothing of alerts and rules. */
export { startEmbeddedPostgres } from "./postgres.ts";
export type { EmbeddedPostgres, PostgresOptions } from "./postgres.ts";
export { SupervisorError } from "./supervisor-error.ts";
export { startTemporal } from "./temporal.ts";
export type { EmbeddedTemporal, TemporalOptions } from "./temporal.ts";
