/** The door of server: one process that takes alerts and answers the API. Knows nothing of its supervisor. */
export { publishOnStart, type PublishedOnStart } from "./publish-on-start.ts";
export { startServer, type RunningServer, type ServerSettings } from "./start-server.ts";
