/** Operations on the list of live workers. */
export { forgetWorker, recordWorker } from "./record-worker.ts";
