/** The door of interop: rules of json-rules-engine as rule files. Pure; knows no files. The way out is the matcher's form. */
export { importRules, type ImportedRules } from "./import-rules.ts";
