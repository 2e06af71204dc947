/** From the concrete tree of one declaration to its node; the only door of this folder. */
import type { CstNode } from "chevrotain";
import type { Declaration } from "../ast.ts";
import type * as Cst from "../gen/cst.d.ts";
import { first, type TreeContext } from "./context.ts";
import {
  buildCalendarDeclaration,
  buildCategory,
  buildDefine,
  buildListDeclaration,
  buildLookup,
  buildMaintenance,
  buildPartner,
  buildRecipient,
  buildTemplate,
  buildUdf,
  buildValues,
} from "./declarations.ts";
import { buildCallout, buildMailbox } from "./exchange.ts";
import { buildRule } from "./rule.ts";
import { buildTest } from "./tests.ts";

export type { TreeContext } from "./context.ts";

type Builders = {
  readonly [Kind in keyof Cst.DeclarationCstChildren]-?: (
    context: TreeContext,
    node: NonNullable<Cst.DeclarationCstChildren[Kind]>[number],
  ) => Undocumented;
};
/** Distributes, so that the union of declarations stays one. */
type Undocumented = Declaration extends infer One
  ? One extends Declaration
    ? Omit<One, "doc">
    : never
  : never;

const builders: Builders = {
  rule: buildRule,
  test: buildTest,
  listDeclaration: buildListDeclaration,
  lookupDeclaration: buildLookup,
  valuesDeclaration: buildValues,
  defineDeclaration: buildDefine,
  calendarDeclaration: buildCalendarDeclaration,
  categoryDeclaration: buildCategory,
  recipientDeclaration: buildRecipient,
  templateDeclaration: buildTemplate,
  calloutDeclaration: buildCallout,
  partnerDeclaration: buildPartner,
  udfDeclaration: buildUdf,
  mailboxDeclaration: buildMailbox,
  maintenanceDeclaration: buildMaintenance,
};

type Builder = (context: TreeContext, node: unknown) => Undocumented;
const builderByKind = Object.entries(builders) as [string, Builder][];

export function buildDeclaration(
  context: TreeContext,
  tree: CstNode,
  doc: string | undefined,
): Declaration | undefined {
  for (const [kind, build] of builderByKind) {
    const node = first(tree.children[kind]);
    if (node !== undefined) return documented(build(context, node), doc);
  }
  return undefined;
}

function documented(node: Undocumented, doc: string | undefined): Declaration {
  return { ...node, doc };
}
