/** Texts: escapes, blocks, raw texts, holes and stars, and where each ends. */
import { describe, expect, it } from "vitest";
import type { StringNode } from "../../grammar/index.ts";
import { declarationOf, parse, shape, summaries } from "./reading.ts";

function textOf(written: string): StringNode {
  const [item] = declarationOf("list", `list a = [${written}]`).items;
  if (item?.kind !== "string") throw new Error("not a text");
  return item;
}

function pieces(written: string): readonly string[] {
  return textOf(written).pieces.map((piece) => {
    if (piece.kind === "chars") return piece.text;
    if (piece.kind === "star") return "<star>";
    if (piece.kind === "open-hole") return `<open ${piece.text}>`;
    return `<${JSON.stringify(shape(piece.value))}>`;
  });
}

describe("texts", () => {
  it.each([
    [String.raw`"a\"b\\c\nd\te\{f\*g"`, 'a"b\\c\nd\te{f*g'],
    [String.raw`'a\d{2}"x"'`, 'a\\d{2}"x"'],
    ['"{ticket.udf."Site code"} and {a or "b"}"', '{ticket.udf."Site code"} and {a or "b"}'],
    ['"#no comment"', "#no comment"],
    ['""', ""],
    ['"x ’ y"', "x ’ y"],
  ])("reads %s plainly", (written, value) => {
    expect(textOf(written).value).toBe(value);
  });

  it.each([
    ['"a {ticket.title} b"', ["a ", '<"ticket.title">', " b"]],
    ['"{ticket.udf."A B"}"', ['<"ticket.udf.\\"A B\\"">']],
    ['"{a.b or c or "none"}"', ['<{"kind":"fallback","of":["a.b","c","\\"none\\""]}>']],
    ['"{\\"id\\": 1} {2,3} {}"', ['{"id": 1} {2,3} {}']],
    ['"\\{ticket.title}"', ["{ticket.title}"]],
    ['"50 * {drive} *"', ["50 ", "<star>", " ", '<"drive">', " ", "<star>"]],
    ['"5 \\* 3"', ["5 * 3"]],
    ['"open {ticket.number"', ["open ", "<open {ticket.number>"]],
    ['"{not a path}"', ["<undefined>"]],
    ["'{x} * \\n'", ["{x} ", "<star>", " \\n"]],
  ])("takes %s apart", (written, expected) => {
    expect(pieces(written)).toEqual(expected);
  });

  it("ends a text at the first quote outside a complete hole", () => {
    const items = declarationOf("list", 'list a = ["{ticket.number", "b }", "{a."x"}", "c"]').items;
    expect(shape(items)).toEqual(['"{ticket.number"', '"b }"', '"{a.\\"x\\"}"', '"c"']);
  });

  it("removes a block's first line break, its last line's indentation and what all lines share", () => {
    expect(textOf('"""\n    a\n      b\n\n    c\n  """').value).toBe("a\n  b\n\nc\n");
    expect(textOf('"""\r\n\ta\r\n\tb"""').value).toBe("a\nb");
    expect(textOf('"""one line"""').value).toBe("one line");
    expect(textOf('"""\n  say "hi" \\"x\\" {t.u."v"}\n  """').value).toBe('say "hi" "x" {t.u."v"}\n');
    expect(textOf('""""""').value).toBe("");
  });

  it("reads a mail as typed: backslashes and braces are plain", () => {
    const { steps } = declarationOf(
      "test",
      'test "m"\n  receive mail """\n    Subject: C:\\d {x}\n\n    body\n    """\nend',
    );
    expect(steps[0]).toMatchObject({
      kind: "receive mail",
      message: { value: "Subject: C:\\d {x}\n\nbody\n" },
    });
  });

  it("trims names and brings them to one Unicode form", () => {
    expect(declarationOf("partner", 'partner "  Cafe\u0301 "').name?.text).toBe("Café");
  });

  it("gives one error for a missing quote, and reads the rest of the file", () => {
    const { file, diagnostics } = parse('list a = ["x\nlist b = ["y"]\nlist c = ["z"]');
    expect(summaries(diagnostics)).toEqual(["R1001 text without its closing quote"]);
    expect(file.declarations.length).toBe(3);
  });

  it("places an unclosed block at its opener and goes on behind it", () => {
    const { file, diagnostics } = parse(
      'template "a"\n  body """\n    x\nend\nrule "b"\n  when note added\n  then stop\nend',
    );
    expect(diagnostics.map((one) => [one.code, one.span.source.position(one.span.start).line])).toEqual([
      ["R1002", 2],
    ]);
    expect(file.declarations.map((one) => one.kind)).toEqual(["template", "rule"]);
  });
});
