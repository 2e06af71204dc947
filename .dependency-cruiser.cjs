/**
 * The arrows between rooms (style.md part 3, ARCHITECTURE.md): an allow-list of direct imports per room. What is not
 * listed is forbidden; nothing flows back up. Packages with a keeper: pg in store, Temporal's client in dispatch.
 */
const rooms = {
  "src/domain": [],
  "src/calendar": ["src/domain"],
  "src/diagnostics": [],
  grammar: ["src/diagnostics", "src/domain"],
  "src/checker": ["src/calendar", "grammar", "src/diagnostics", "src/domain"],
  "src/compiler": ["src/calendar", "src/checker", "grammar", "src/diagnostics", "src/domain"],
  "src/matcher": ["src/calendar", "src/compiler", "src/domain"],
  "src/analysis": ["src/matcher", "src/compiler", "src/checker", "grammar", "src/diagnostics", "src/domain"],
  "src/interop": ["src/matcher", "src/compiler", "src/checker", "grammar", "src/diagnostics", "src/domain"],
  "src/decision": ["src/calendar", "src/matcher", "src/compiler", "src/mail/types.ts", "src/domain"],
  "src/simulation": [
    "src/mail",
    "src/decision",
    "src/matcher",
    "src/compiler",
    "src/checker",
    "src/calendar",
    "grammar",
    "src/diagnostics",
    "src/domain",
  ],
  "src/explain": [
    "src/decision",
    "src/matcher",
    "src/compiler",
    "src/calendar",
    "src/engine/types.ts",
    "src/domain",
  ],
  "src/mail": ["src/domain"],
  "src/smtp": ["src/mail", "src/config", "src/domain"],
  "src/config": ["src/domain"],
  "src/store": ["src/decision", "src/engine/types.ts", "src/domain"],
  "src/engine": [
    "src/mail",
    "src/store",
    "src/decision",
    "src/matcher",
    "src/compiler",
    "src/checker",
    "src/diagnostics",
    "src/domain",
  ],
  "src/callouts": ["src/decision", "src/config", "src/domain"],
  "src/notify": ["src/callouts", "src/config", "src/domain"],
  workflows: ["src/domain"],
  activities: ["workflows", "src/callouts", "src/notify", "src/store", "src/engine", "src/domain"],
  "src/dispatch": ["workflows", "src/store", "src/config", "src/domain"],
  "src/compilation": [
    "src/analysis",
    "src/callouts",
    "src/compiler",
    "src/checker",
    "src/diagnostics",
    "src/config",
    "src/domain",
  ],
  "src/worker": [
    "src/compilation",
    "workflows",
    "activities",
    "src/dispatch",
    "src/engine",
    "src/matcher",
    "src/compiler",
    "src/store",
    "src/callouts",
    "src/notify",
    "src/config",
    "src/domain",
  ],
  "src/ingest": ["src/engine", "src/domain"],
  "src/api": [
    "src/compilation",
    "src/callouts",
    "src/ingest",
    "src/engine",
    "src/store",
    "src/dispatch",
    "src/matcher",
    "src/compiler",
    "src/checker",
    "src/decision",
    "src/explain",
    "src/analysis",
    "src/diagnostics",
    "src/config",
    "src/domain",
  ],
  "src/server": [
    "src/compilation",
    "src/smtp",
    "src/mail",
    "src/api",
    "src/ingest",
    "src/engine",
    "src/matcher",
    "src/store",
    "src/dispatch",
    "src/diagnostics",
    "src/config",
    "src/domain",
  ],
  "src/supervisor": ["src/server", "src/store", "src/diagnostics", "src/config", "src/domain"],
  "src/lsp": ["src/analysis", "src/checker", "grammar", "src/diagnostics", "src/domain"],
  "src/cli": [
    "src/mail",
    "src/smtp",
    "src/lsp",
    "src/callouts",
    "src/supervisor",
    "src/server",
    "src/worker",
    "src/dispatch",
    "src/store",
    "src/ingest",
    "src/explain",
    "src/interop",
    "src/simulation",
    "src/analysis",
    "src/matcher",
    "src/compiler",
    "src/checker",
    "grammar",
    "src/diagnostics",
    "src/config",
    "src/domain",
  ],
};

const escape = (path) => path.replaceAll(".", "\\.");
const roomPattern = (room) => (room.endsWith(".ts") ? `^${escape(room)}$` : `^${escape(room)}/`);

const arrows = Object.entries(rooms).map(([room, allowed]) => ({
  name: `arrows-of-${room.replaceAll("/", "-")}`,
  severity: "error",
  comment: `${room} imports only: ${[room, ...allowed].join(", ")}`,
  from: { path: roomPattern(room) },
  to: {
    path: "^(grammar|src|workflows|activities|test|bench)/",
    pathNot: [room, ...allowed].map(roomPattern),
  },
}));

/** Other rooms enter by the door. Workflows are bundled file by file; engine/types.ts and the AST are types. */
const doors = {
  name: "one-door-per-room",
  severity: "error",
  comment: "another room is entered by its index.ts",
  from: { path: "^(grammar|src/[^/]+|workflows|activities)/" },
  to: {
    path: "^(grammar|src/[^/]+|activities)/",
    pathNot: [
      "^$1/",
      "/index\\.ts$",
      "^src/engine/types\\.ts$",
      "^src/mail/types\\.ts$",
      "^grammar/ast\\.ts$",
    ],
  },
};

const keepers = [
  ["pg", "^src/store/", "^pg$|node_modules/pg/"],
  ["temporal-client", "^src/dispatch/", "node_modules/@temporalio/client/"],
  ["json-rules-engine", "^src/matcher/", "node_modules/json-rules-engine/"],
  ["chevrotain", "^grammar/", "node_modules/chevrotain/"],
].map(([name, keeper, target]) => ({
  name: `only-the-keeper-imports-${name}`,
  severity: "error",
  from: { pathNot: keeper },
  to: { path: target },
}));

/** No clock, random, environment or I/O: node's modules are closed to the pure rooms (crypto hashes are pure). */
const pure = {
  name: "pure-rooms-do-no-io",
  severity: "error",
  from: {
    path: "^(grammar|src/(domain|calendar|diagnostics|checker|compiler|matcher|analysis|decision|explain|interop|simulation|mail))/",
  },
  to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|buffer)$" },
};

module.exports = {
  forbidden: [
    ...arrows,
    doors,
    ...keepers,
    pure,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: "specify",
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
