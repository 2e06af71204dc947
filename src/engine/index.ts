/** The door of engine: one batch of events, one transaction. */
export type * from "./types.ts";
