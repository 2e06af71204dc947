/** The door of mail: raw bytes to what they say. Knows no sockets, no database, no tickets. */
export type * from "./types.ts";
