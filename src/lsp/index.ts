/** The door of lsp: rule files in an editor. Knows the language rooms and the protocol; no server, no database. */
export { runLanguageServer, type LanguageServerParts } from "./language-server.ts";
