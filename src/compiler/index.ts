/** The door of compiler: checked rule sets become RuleIr. Knows nothing of tickets in a database. */
export type * from "./rule-ir.ts";
