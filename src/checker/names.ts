/** References to declarations by name: recipients, templates, callouts, calendars, categories. */
import { exactText } from "../domain/index.ts";
import type { Declaration, Name } from "../../grammar/ast.ts";
import type { Declarations, Named } from "./checked-rules.ts";
import type { Checking } from "./checking.ts";
import { replace } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";

/** Which map of the declarations holds names of a kind, and which declarations that is. */
type Maps = {
  readonly [
    K in keyof Declarations as Declarations[K] extends Named<infer D extends Declaration> ? D["kind"] : never
  ]: Declarations[K];
};
type NamedKind = "calendar" | "category" | "recipient" | "template" | "callout";
type Found<K extends NamedKind> = Maps[K] extends Named<infer D extends Declaration> ? D : never;

const mapOf: Record<NamedKind, (declarations: Declarations) => Named<Declaration>> = {
  calendar: (d) => d.calendars,
  category: (d) => d.categories,
  recipient: (d) => d.recipients,
  template: (d) => d.templates,
  callout: (d) => d.callouts,
};

function helpFor(kind: NamedKind, text: string): string {
  if (kind === "recipient" && /^\S+@\S+$/.test(text))
    return `an address stands in a declaration: \`recipient "..." email "${text}" end\`, and \`notify\` names that`;
  if (kind === "callout" && /^https?:/i.test(text))
    return `a URL stands in a declaration: \`callout "..." post "${text}" end\`, and \`run callout\` names that`;
  return `declare it: \`${kind} "${text}" ... end\``;
}

/** The declaration, marked as used; undefined when it was left out or reported. */
export function findNamed<K extends NamedKind>(
  checking: Checking,
  kind: K,
  name: Pick<Name, "text" | "span"> | undefined,
): Found<K> | undefined {
  if (name === undefined) return undefined;
  const map = mapOf[kind](checking.declarations);
  const text = exactText(name.text);
  const found = map.get(text);
  if (found !== undefined) {
    checking.used.add(found);
    return found as Found<K>;
  }
  const near = suggest(text, map.keys());
  const meant = near === undefined ? undefined : map.get(near.text);
  if (meant !== undefined) checking.used.add(meant);
  checking.report.add("R1201", name.span, `unknown ${kind} \`${text}\``, {
    help: near === undefined ? helpFor(kind, text) : `did you mean \`"${near.text}"\`?`,
    fixes: near === undefined ? [] : [replace(name.span, `"${near.text}"`, near.sure)],
  });
  return undefined;
}
