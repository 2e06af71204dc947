/** The door of grammar: rule text to tree and diagnostics. Knows the sentences of the language, not what their names mean. */
export * from "./ast.ts";
export { isTestPath, parseRuleFile, type ParsedRuleFile } from "./parse-rule-file.ts";
export { formatChecked, formatRuleFile, type Formatting } from "./format/format-rule-file.ts";
export { RuleFileReader } from "./kept-declarations.ts";
export { assistAt, plainTokens, type Assist, type PlainToken } from "./assist.ts";
