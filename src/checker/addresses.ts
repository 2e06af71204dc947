/** URLs and mail addresses that can be used, without a password that every reader of the file sees. */
import type { StringNode } from "../../grammar/ast.ts";
import type { Report } from "./report.ts";

/** `literal` is the text with `x` in place of each value that is filled in. */
export function checkUrl(report: Report, url: StringNode | undefined): void {
  if (url === undefined) return;
  const literal = url.pieces.map((p) => (p.kind === "chars" ? p.text : "x")).join("");
  if (!/^https?:\/\//i.test(literal)) {
    const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(literal)?.[0];
    report.add("R1308", url.span, "a URL begins with `http://` or `https://`", {
      ...(scheme === undefined ? {} : { note: `\`${scheme}\` is not called from here` }),
      help: scheme === undefined ? `did you mean \`https://${url.value}\`?` : undefined,
    });
    return;
  }
  const authority = /^https?:\/\/([^/?#]*)/i.exec(literal)?.[1] ?? "";
  if (authority.includes("@")) {
    report.add("R1307", url.span, "a user or a password in a URL can be read by everybody", {
      help: 'write `auth basic "user" secret "name"` instead',
    });
    return;
  }
  if (authority.replace(/:\d*$/, "") === "" || !URL.canParse(literal))
    report.add("R1308", url.span, "this is not a whole URL", {
      help: "a URL has a host: `https://host.example/path`",
    });
}

export function checkEmail(report: Report, email: StringNode): void {
  if (/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(email.value.trim())) return;
  report.add("R1308", email.span, `\`${email.value}\` is not a mail address`, {
    help: 'an address has one `@`: `"noc@msp.example"`',
  });
}
