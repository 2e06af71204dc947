/**
 * A condition read from left to right, each part with the names that stand before it: the one place that says what a name
 * of `like` is where. Whether a condition holds, why, how near it came and how json-rules-engine is asked are all read by
 * this walk, so they cannot differ in it. Knows no values: what names are and what reading a part gives, its readers say.
 *
 *   title like "Disk {drive} is full"  and  device like "{drive}-*"  and  drive is "C:"
 *                      └── taken here               └── taken anew             └── the device's
 *
 *   like      behind it a name is what this one took, and missing where it failed, whatever an earlier one took: the name
 *             that an admin reads is the one written last before it
 *   a and b   b sees what a left, also where a failed: the leaves behind one that fails are told as well
 *   a or b    no branch sees another's. Behind it a name is what the first branch that holds left; where none holds, what
 *             any of them takes is missing
 *   not a     what a takes stays inside
 */
import type { ConditionIr, TestIr } from "../compiler/index.ts";
import { unreachable } from "../domain/index.ts";
import type { LeafIr } from "./types.ts";

/** One branch of an `or`: what reading it gave and the names behind it. */
export interface Branch<Names, Read> {
  readonly condition: ConditionIr;
  readonly read: Read;
  readonly names: Names;
}

export interface ConditionReader<Names, Read> {
  readonly leaf: (leaf: LeafIr, names: Names) => Read;
  readonly all: (parts: readonly Read[]) => Read;
  readonly any: (parts: readonly Read[]) => Read;
  readonly not: (condition: NotIr, part: Read) => Read;
  /** Names behind a `like`, `read` of which is what `leaf` gave. */
  readonly behindLike: (test: TestIr, before: Names, read: Read) => Names;
  /** Names behind an `or` whose branches take some. */
  readonly behindAny: (branches: readonly Branch<Names, Read>[], before: Names) => Names;
  /** Nothing behind this part of an `all` or `any` is asked for. Left out: everything is read. */
  readonly settles?: (kind: "all" | "any", part: Read) => boolean;
}

export type NotIr = Extract<ConditionIr, { readonly kind: "not" }>;

/** What reading the condition gave, and the names behind it. */
export function walkCondition<Names, Read>(
  condition: ConditionIr,
  before: Names,
  reader: ConditionReader<Names, Read>,
): { readonly read: Read; readonly names: Names } {
  switch (condition.kind) {
    case "always":
      return { read: reader.all([]), names: before };
    case "all": {
      const parts: Read[] = [];
      let names = before;
      for (const of of condition.of) {
        const part = walkCondition(of, names, reader);
        parts.push(part.read);
        names = part.names;
        if (reader.settles?.("all", part.read) === true) break;
      }
      return { read: reader.all(parts), names };
    }
    case "any": {
      const branches: Branch<Names, Read>[] = [];
      for (const of of condition.of) {
        const { read, names } = walkCondition(of, before, reader);
        branches.push({ condition: of, read, names });
        if (reader.settles?.("any", read) === true) break;
      }
      const read = reader.any(branches.map((branch) => branch.read));
      const isPlain = branches.every(({ names }) => names === before);
      return { read, names: isPlain ? before : reader.behindAny(branches, before) };
    }
    case "not":
      return { read: reader.not(condition, walkCondition(condition.of, before, reader).read), names: before };
    case "test": {
      const read = reader.leaf(condition, before);
      return { read, names: takesNames(condition) ? reader.behindLike(condition, before, read) : before };
    }
    case "calendar":
    case "count":
      return { read: reader.leaf(condition, before), names: before };
    default:
      return unreachable(condition);
  }
}

export function takesNames({ operator, pattern }: TestIr): boolean {
  return operator === "like" && pattern?.pieces.some(({ kind }) => kind === "hole") === true;
}

/** Names that the pattern of a `like` takes. */
export function namesOfLike({ pattern }: TestIr): readonly string[] {
  return (pattern?.pieces ?? []).flatMap((piece) => (piece.kind === "hole" ? [piece.name] : []));
}

/** Names that some `like` of the condition takes for what stands behind it. */
export function namesTaken(condition: ConditionIr): readonly string[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.flatMap(namesTaken);
    case "test":
      return takesNames(condition) ? namesOfLike(condition) : [];
    default:
      return [];
  }
}
