/** The door of compiler: checked rule sets become RuleIr. Knows nothing of tickets in a database. */
export type * from "./rule-ir.ts";
export { compileRules } from "./compile-rules.ts";
export { compileRuleSet, type CompiledRuleSet } from "./compile-rule-set.ts";
export { ruleSetHash } from "./canonical-hash.ts";
export { packRules, unpackRules, type PackedRules } from "./rules-transfer.ts";
