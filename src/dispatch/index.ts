/** The door of dispatch: the only room with a Temporal client. */
export { openPayloads } from "./data-converter.ts";
export type { WirePayload } from "./data-converter.ts";
export { openDispatch } from "./dispatch.ts";
export { inspectWorkflowCode } from "./inspect-code.ts";
export type { WorkflowCode } from "./inspect-code.ts";
export type { Dispatch } from "./dispatch.ts";
export type { Relay } from "./relay.ts";
export type { NoticeSchedule } from "./start-options.ts";
export { inspectNamespace } from "./inspect-namespace.ts";
export { connectionOptions, dataConverterOf } from "./temporal.ts";
