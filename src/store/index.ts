/** The door of store: the only room with pg. Operations take what they run on (`Queryable`); nobody outside writes SQL. */
export { migrate, MigrationConflict } from "./migrate.ts";
export type { Queryable, Statement, Transaction } from "./statement.ts";
export { openStore } from "./store.ts";
export type { Store, StoreOptions } from "./store.ts";
export { isStoreUnavailable, StoreUnavailable } from "./store-unavailable.ts";
export * from "./deliveries/index.ts";
export * from "./notifications/index.ts";
export * from "./outbox/index.ts";
export * from "./windows/index.ts";
