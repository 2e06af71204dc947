/** Regular expressions: RE2 syntax, of bounded size, so that they run in linear time whatever the text. */
import { RE2JS, RE2JSSyntaxException } from "re2js";
import { REGEX_CHARACTERS_MAX } from "../domain/index.ts";
import type { Expression, StringNode } from "../../grammar/ast.ts";
import type { Checking } from "./checking.ts";

export function checkPattern(checking: Checking, node: Expression): void {
  const { report } = checking;
  if (node.kind !== "string") {
    report.add("R1303", node.span, "a regular expression stands in quotes", {
      help: "write `matches '^disk [a-z]+'`",
    });
    return;
  }
  if (node.value.length > REGEX_CHARACTERS_MAX) {
    report.add("R1310", node.span, "the regular expression is too long", {
      help: `at most ${REGEX_CHARACTERS_MAX} characters; several rules or \`any of\` are easier to read`,
    });
    return;
  }
  const reason = whyUnreadable(node.value);
  if (reason === undefined) warnAboutPlainPattern(checking, node);
  else
    report.add("R1310", node.span, `the regular expression cannot be read: ${reason}`, {
      help: /\(\?[=!<]|\\[1-9]/.test(node.value)
        ? "look-around and references back are left out, so that every text is searched in linear time"
        : undefined,
    });
}

/** R2013 and R2012: a pattern that says nothing, or that words of the language say better. */
function warnAboutPlainPattern(checking: Checking, node: StringNode): void {
  const { report } = checking;
  if (/^\^?(\.\*\??)?\$?$/.test(node.value) && node.value !== "^$") {
    report.add("R2013", node.span, "this pattern matches every text", {
      help: "write `is not empty` when a value shall be there",
    });
    return;
  }
  const plain = /^(\^?)([^\\^$.|?*+()[\]{}]+)(\$?)$/.exec(node.value);
  if (plain === null) return;
  const [, start, text = "", end] = plain;
  const operator = start === "" ? (end === "" ? "contains" : "ends with") : end === "" ? "starts with" : "is";
  report.add("R2012", node.span, `this pattern is only a test whether the text ${operator} \`${text}\``, {
    help: `write \`${operator} "${text}"\`: it reads better and is found faster`,
  });
}

/** The library throws on bad patterns; a message of it is the author's mistake, anything else is told as such too. */
function whyUnreadable(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) {
      const part = error.getPattern();
      const said = error.getDescription();
      return part === null || part === "" ? said : `${said}, \`${part}\``;
    }
    return error instanceof Error ? error.message : String(error);
  }
}
