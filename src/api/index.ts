/** The door of api: the HTTP application over store and engine. Knows no process, no Temporal client and no environment. */
export { buildApi } from "./build-api.ts";
export type { ApiDependencies } from "./dependencies.ts";
export { hashKey, openKeyRing, type KeyRing } from "./key-ring.ts";
export { createMeasures, type Measures } from "./measures.ts";
export { openApiDocument } from "./openapi.ts";
export { importText } from "./routes/record-routes.ts";
export { organizationRecords } from "./routes/records.ts";
export { ROUTES } from "./routes/index.ts";
export { createRuleSets, hashFiles, type PublishOutcome, type RuleSets } from "./rule-sets.ts";
