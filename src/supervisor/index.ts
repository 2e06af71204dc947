/** The door of supervisor: runs everything on this machine. Knows processes, files and ports; nothing of alerts and rules. */
export { keepAdminKey, readAdminKey } from "./admin-key.ts";
export { inspectMachine } from "./inspect.ts";
export type { Check } from "./inspect.ts";
export { startEmbeddedPostgres } from "./postgres.ts";
export type { EmbeddedPostgres } from "./postgres.ts";
export type { ReadyMessage } from "./program-child.ts";
export { SupervisorError } from "./supervisor-error.ts";
export { startTemporal } from "./temporal.ts";
export type { EmbeddedTemporal } from "./temporal.ts";
export { runUp } from "./up.ts";
export type { PublishedOnStart, RunningPlaces } from "./up.ts";
