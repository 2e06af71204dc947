/**
 * What runs in rule tests but not yet on a server: refused where a server is to put the set in force, never ignored in
 * silence. The one place that knows; a feature that a server runs leaves this table. Knows nothing of how they work.
 */
import type { Declaration, EventNode } from "../../grammar/ast.ts";
import type { Span } from "../diagnostics/index.ts";
import type { Checking } from "./checking.ts";

const events: Partial<Record<EventNode["kind"], string>> = {};

const declarations: Partial<Record<Declaration["kind"], string>> = {};

export function refuseEvent(checking: Checking, event: EventNode): void {
  refuse(checking, event.span, events[event.kind]);
}

/** Told at the name: the block may be long. */
export function refuseDeclaration(checking: Checking, declaration: Declaration): void {
  const name = "name" in declaration ? declaration.name : undefined;
  refuse(checking, name?.span ?? declaration.span, declarations[declaration.kind]);
}

function refuse({ report, runsLive }: Checking, span: Span, what: string | undefined): void {
  if (what === undefined || !runsLive) return;
  report.add("R1401", span, `${what} does not run on a server in this version yet`, {
    help: "leave it out until a version that runs it; what it says would be ignored otherwise",
  });
}
