/** The door of analysis: what is wrong with a rule set as a whole. Knows nothing of tickets in a database. */
export { compileAndAnalyze, withAnalysis } from "./compile-and-analyze.ts";
