/** The door of grammar: rule text to tree and diagnostics. Knows the sentences of the language, not what their names mean. */
export * from "./ast.ts";
export { parseRuleFile, type ParsedRuleFile } from "./parse-rule-file.ts";
