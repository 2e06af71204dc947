/** The door of domain: the nouns of the service desk. No library, no clock, no I/O; knows no other room. */
export * from "./actors.ts";
export * from "./alert.ts";
export * from "./fields.ts";
export * from "./instant.ts";
export * from "./limits.ts";
export * from "./mail.ts";
export * from "./snapshot.ts";
export * from "./text.ts";
export * from "./ticket.ts";
export * from "./unreachable.ts";
export * from "./values.ts";
