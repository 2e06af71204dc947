/** The door of cli: its commands. Knows every process by its door; nothing knows it. */
export { buildCommands } from "./commands.ts";
