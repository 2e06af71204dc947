/** Headers of a callout: names that HTTP takes, none that the program sends itself, none that carries a password. */
import type { Span } from "../diagnostics/index.ts";
import type { CalloutDeclaration } from "../../grammar/ast.ts";
import type { Checking, Place } from "./checking.ts";
import { checkSent } from "./value-type.ts";

/** Sent by the program, the same on every try (contract.md 4, Callouts), or set by the connection. */
const reserved: ReadonlySet<string> = new Set([
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
]);

export function checkHeaders(checking: Checking, place: Place, callout: CalloutDeclaration): void {
  const seen = new Map<string, Span>();
  const { auth } = callout;
  if (auth?.kind === "header" && auth.header !== undefined)
    checkName(checking, auth.header.value, auth.header.span, seen);
  for (const { name, value } of callout.headers) {
    checkName(checking, name.value, name.span, seen);
    if (value === undefined) continue;
    if (value.kind === "secret")
      checking.report.add("R1306", value.span, "a secret stands in `auth` and `sign with` only", {
        help: `write \`auth header "${name.value}" secret "..."\``,
      });
    else if (name.value.trim().toLowerCase() === "authorization")
      checking.report.add("R1307", value.span, "a password in plain text can be read by everybody", {
        help: 'write `auth bearer secret "name"` or `auth basic ...`',
      });
    else checkSent(checking, place, value);
  }
}

function checkName(checking: Checking, written: string, span: Span, seen: Map<string, Span>): void {
  const name = written.trim().toLowerCase();
  const earlier = seen.get(name);
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
    checking.report.add("R1317", span, `\`${written}\` is not a header's name`, {
      help: "letters, digits and `-`",
    });
  else if (reserved.has(name))
    checking.report.add("R1317", span, `\`${written}\` is sent by the program itself`);
  else if (earlier !== undefined)
    checking.report.add("R1110", span, `the header \`${written}\` is written twice`, {
      labels: [{ span: earlier, text: "first here" }],
    });
  seen.set(name, span);
}
