/** Reading rule text in tests: the one declaration of a file, and trees without their places. */
import { parseRuleFile, type Declaration } from "../../grammar/index.ts";
import { SourceText, type Diagnostic } from "../../src/diagnostics/index.ts";

export function parse(text: string, path = "case.rules") {
  return parseRuleFile(new SourceText(path, text));
}

/** The only declaration of a text that must give no diagnostic. */
export function declarationOf<Kind extends Declaration["kind"]>(
  kind: Kind,
  text: string,
): Extract<Declaration, { kind: Kind }> {
  const { file, diagnostics } = parse(text, kind === "test" ? "case.test.rules" : "case.rules");
  if (diagnostics.length > 0)
    throw new Error(diagnostics.map((one) => `${one.code} ${one.summary}`).join("\n"));
  const [declaration, ...others] = file.declarations;
  if (declaration?.kind !== kind || others.length > 0) throw new Error(`not one ${kind}`);
  return declaration as Extract<Declaration, { kind: Kind }>;
}

export function conditionOf(text: string) {
  return declarationOf("define", `define it as ${text}`).condition;
}

export function summaries(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((one) => `${one.code} ${one.summary}`);
}

/** A tree as short text: strings in quotes, paths with dots, everything else as `kind(parts)`. */
export function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape);
  if (typeof node !== "object" || node === null) return node;
  const record = node as Record<string, unknown>;
  if (record["kind"] === "string") return JSON.stringify(record["value"]);
  if (record["kind"] === "path") {
    const segments = record["segments"] as readonly { text: string; quoted: boolean }[];
    return segments.map(({ text, quoted }) => (quoted ? JSON.stringify(text) : text)).join(".");
  }
  if (record["kind"] === "duration") return `${String(record["ms"])} ms`;
  if (record["kind"] === "number" || record["kind"] === "boolean") return record["value"];
  if (record["kind"] === "clock") {
    return [record["hour"], record["minute"], record["second"]]
      .map((part) => String(part).padStart(2, "0"))
      .join(":");
  }
  if (typeof record["text"] === "string" && "quoted" in record) {
    return record["quoted"] === true ? JSON.stringify(record["text"]) : record["text"];
  }
  const entries = Object.entries(record)
    .filter(([key, value]) => !/span$/i.test(key) && value !== undefined && value !== false)
    .map(([key, value]) => [key, shape(value)] as const)
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(entries);
}
