/** The door of compilation: rule files -> what they mean by a process's settings, in a thread of its own when they are many. */
export { compileFiles, type CompileFilesOptions } from "./compile-files.ts";
export type { CompiledFiles, CompileFiles } from "./compiled-files.ts";
