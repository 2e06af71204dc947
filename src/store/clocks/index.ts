/** Operations on time: clocks of tickets, and schedules of rules. */
export * from "./rearm.ts";
export * from "./rules-in-force.ts";
export * from "./schedules.ts";
export * from "./startable-clocks.ts";
export * from "./ticket-clocks.ts";
