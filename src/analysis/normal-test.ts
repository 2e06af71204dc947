/** `like "disk*"` is `starts with "disk"`: patterns that are plain tests, as those. Knows nothing of fields. */
import type { LikePattern, TestIr, TestOperator } from "../compiler/index.ts";

export function normalTest(test: TestIr): TestIr {
  if (test.operator !== "like" || test.pattern === undefined) return test;
  const plain = plainTest(test.pattern);
  if (plain === undefined) return test;
  const right = [{ kind: "const", value: plain.text }] as const;
  return { ...test, operator: plain.operator, right, pattern: undefined };
}

function plainTest({
  pieces,
}: LikePattern): { readonly operator: TestOperator; readonly text: string } | undefined {
  const kinds = pieces.map((piece) => piece.kind).join(" ");
  const [text] = pieces.flatMap((piece) => (piece.kind === "literal" ? [piece.text] : []));
  const operator = operators[kinds];
  return text === undefined || operator === undefined ? undefined : { operator, text };
}

const operators: Readonly<Record<string, TestOperator>> = {
  literal: "equals",
  "literal star": "starts-with",
  "star literal": "ends-with",
  "star literal star": "contains",
};
