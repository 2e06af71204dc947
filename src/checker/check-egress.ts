/** R2018: addresses in rule files that the server at hand would refuse to call. Knows URLs; the policy is told from outside. */
import type { StringNode } from "../../grammar/ast.ts";
import type { Checking } from "./checking.ts";

/** `refusedAddress` says what the address of a whole URL is, when it is refused. */
export function warnAboutRefusedAddresses(
  { declarations, report }: Checking,
  refusedAddress: (url: string) => string | undefined,
): void {
  const webhooks = [...declarations.recipients.values()].flatMap((recipient) => recipient.webhooks);
  const callouts = [...declarations.callouts.values()].flatMap(({ url }) => url ?? []);
  for (const url of [...callouts, ...webhooks]) {
    const host = /^https?:\/\/([^/?#]*)/i.exec(literalOf(url, "{"))?.[1] ?? "";
    // A host that a ticket fills in is judged at each attempt.
    if (host.includes("{")) continue;
    const why = refusedAddress(literalOf(url, "x"));
    if (why === undefined) continue;
    report.add("R2018", url.span, `the server refuses to call \`${host}\`: it is ${why}`, {
      note: "every attempt will fail with this reason",
      help: `if it is meant, add \`${host}\` to \`TOCSIN_EGRESS_ALLOW\``,
    });
  }
}

function literalOf(url: StringNode, hole: string): string {
  return url.pieces.map((piece) => (piece.kind === "chars" ? piece.text : hole)).join("");
}
