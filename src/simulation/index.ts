/** The door of simulation: rule tests under a virtual clock, on the same decision as live. Pure; knows no files. */
export { Coverage } from "./coverage.ts";
export type { CoverageReport } from "./coverage.ts";
export { coverageAsLcov } from "./coverage-lcov.ts";
export { findTests, inRandomOrder } from "./find-tests.ts";
export { runTest } from "./test-run.ts";
export type { FinishedTest } from "./test-run.ts";
export type { TestFailure, TestResult } from "./types.ts";
export { writeTest } from "./write-test.ts";
export type { RecordedAlert } from "./write-test.ts";
