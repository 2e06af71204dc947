/** The door of decision: (view, events, rules) -> effects. Pure. */
export type * from "./types.ts";
