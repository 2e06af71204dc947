/** Gathers the names that the files declare and reports those declared twice. Knows nothing of what is inside them. */
import type { Span } from "../diagnostics/index.ts";
import { exactText, foldName } from "../domain/index.ts";
import type { Declaration, Name, RuleFile, RuleNode, UdfScope } from "../../grammar/ast.ts";
import type { Declarations, UdfEntry } from "./checked-rules.ts";
import type { Report } from "./report.ts";

type Kind = Declaration["kind"];
type OfKind<K extends Kind> = Extract<Declaration, { readonly kind: K }>;

/** Lists, lookups and definitions are written bare, so that one name must mean one of them. */
const bareKinds: ReadonlySet<Kind> = new Set(["list", "lookup", "define"]);

interface Seen {
  readonly kind: Kind;
  readonly text: string;
  readonly span: Span;
}

export function collectDeclarations(files: readonly RuleFile[], report: Report): Declarations {
  const all = files.flatMap((file) => file.declarations);
  const seen = new Map<string, Seen>();
  const first: Declaration[] = [];
  for (const declaration of all) {
    const name = nameOf(declaration);
    if (name === undefined) continue;
    const space = bareKinds.has(declaration.kind) ? "bare" : declaration.kind;
    if (claim(seen, `${space} ${foldName(name.text)}`, declaration.kind, name, report))
      first.push(declaration);
  }
  const firstByKind = Map.groupBy(first, ({ kind }) => kind);
  const of = <K extends Kind>(kind: K): ReadonlyMap<string, OfKind<K>> => {
    const found = new Map<string, OfKind<K>>();
    for (const declaration of firstByKind.get(kind) ?? []) {
      const name = nameOf(declaration);
      if (name !== undefined && isKind(declaration, kind)) found.set(exactText(name.text), declaration);
    }
    return found;
  };
  const partners = [...of("partner").values()].flatMap((p) => (p.name === undefined ? [] : [p.name]));
  return {
    lists: of("list"),
    lookups: of("lookup"),
    defines: of("define"),
    calendars: of("calendar"),
    categories: of("category"),
    recipients: of("recipient"),
    templates: of("template"),
    callouts: of("callout"),
    maintenance: of("maintenance"),
    mailboxes: of("mailbox"),
    partners: new Map(partners.map((name) => [foldName(name.text), exactText(name.text)])),
    udfs: collectUdfs(all, partners, report),
    rules: all.filter((d): d is RuleNode => d.kind === "rule"),
  };
}

function isKind<K extends Kind>(declaration: Declaration, kind: K): declaration is OfKind<K> {
  return declaration.kind === kind;
}

/** Names that one map keeps; `values` and `udf` have maps of their own. */
function nameOf(declaration: Declaration): Name | undefined {
  switch (declaration.kind) {
    case "values":
    case "udf":
      return undefined;
    case "mailbox":
      return declaration.address;
    default:
      return declaration.name;
  }
}

/** False when the name is taken; says so at the later one, with a label at the first. */
function claim(seen: Map<string, Seen>, key: string, kind: Kind, name: Name, report: Report): boolean {
  const text = exactText(name.text);
  const earlier = seen.get(key);
  if (earlier === undefined) {
    seen.set(key, { kind, text, span: name.span });
    return true;
  }
  const labels = [{ span: earlier.span, text: "first declared here" }];
  if (earlier.text !== text)
    report.add("R1202", name.span, `\`${text}\` and \`${earlier.text}\` differ only in case`, { labels });
  else if (earlier.kind !== kind)
    report.add("R1202", name.span, `\`${text}\` is already the name of a ${word(earlier.kind)}`, { labels });
  else report.add("R1202", name.span, `the ${word(kind)} \`${text}\` is declared twice`, { labels });
  return false;
}

function word(kind: Kind): string {
  return kind === "define" ? "definition" : kind;
}

const partnerFields: readonly { readonly scope: UdfScope; readonly suffix: string }[] = [
  { scope: "organization", suffix: "Customer ID" },
  { scope: "device", suffix: "Device ID" },
  { scope: "ticket", suffix: "Alert ID" },
  { scope: "ticket", suffix: "Ticket ID" },
];

/** Those of `udf` lines, and the four that each partner brings (seed 003). */
function collectUdfs(
  all: readonly Declaration[],
  partners: readonly Name[],
  report: Report,
): ReadonlyMap<string, UdfEntry> {
  const udfs = new Map<string, UdfEntry>();
  const folded = new Map<string, UdfEntry>();
  const add = (entry: UdfEntry): void => {
    const key = `${entry.scope} ${foldName(entry.name)}`;
    const earlier = folded.get(key);
    if (earlier === undefined) {
      folded.set(key, entry);
      udfs.set(`${entry.scope} ${entry.name}`, entry);
      return;
    }
    const by = earlier.partner === undefined ? "" : `: partner \`${earlier.partner}\` brings it`;
    report.add("R1202", entry.span, `the ${entry.scope} field \`${entry.name}\` is declared twice${by}`, {
      labels: [{ span: earlier.span, text: "first declared here" }],
    });
  };
  for (const partner of partners)
    for (const { scope, suffix } of partnerFields) {
      const name = exactText(partner.text);
      add({ scope, name: `${name} ${suffix}`, type: "text", partner: name, span: partner.span });
    }
  for (const d of all)
    if (d.kind === "udf" && d.name !== undefined)
      add({
        scope: d.scope,
        name: exactText(d.name.text),
        type: d.type ?? "text",
        partner: undefined,
        span: d.name.span,
      });
  return udfs;
}
