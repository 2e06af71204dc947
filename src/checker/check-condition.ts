/**
 * Walks a condition: what each test may read, what its values are, and which names `like` surely took when it holds.
 *
 *   a and b      names of both; b sees those of a          not a, none of   none; inside they are usable
 *   a or b       names that every branch takes             a definition     none; it keeps its own
 */
import type { Span } from "../diagnostics/index.ts";
import { COUNT_THRESHOLD_MAX, exactText, foldText } from "../domain/index.ts";
import type {
  CalendarTest,
  ChangedTest,
  Condition,
  CountTest,
  DefineDeclaration,
  Expression,
  GroupCondition,
  NameCondition,
  PathNode,
} from "../../grammar/ast.ts";
import { checkDuration, checkInteger } from "./amounts.ts";
import { fitsTogether } from "./check-kinds.ts";
import { checkComparison } from "./check-comparison.ts";
import { newScope, openPlace, type Checking, type Place, type Reads } from "./checking.ts";
import { namesTaken } from "./names-taken.ts";
import { findNamed } from "./names.ts";
import { readOnce, useReads } from "./reads.ts";
import { replace } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";
import { comparedReading, kindWords, typeOf } from "./value-type.ts";
import { checkWord } from "./vocabularies.ts";

type Names = ReadonlyMap<string, Span>;
const none: Names = new Map();

export function withBound(place: Place, names: Names): Place {
  return names.size === 0 ? place : { ...place, bound: new Map([...place.bound, ...names]) };
}

/** Gives the names that are surely taken when the condition holds. */
export function checkCondition(checking: Checking, place: Place, node: Condition): Names {
  switch (node.kind) {
    case "group":
      return checkGroup(checking, place, node);
    case "mixed":
      for (const part of node.of) loosen(place, checkCondition(checking, place, part), "in brackets to come");
      return none;
    case "not":
      if (node.of !== undefined) loosen(place, checkCondition(checking, place, node.of), "inside a `not`");
      return none;
    case "comparison":
      return checkComparison(checking, place, node);
    case "empty":
      typeOf(checking, place, node.left, comparedReading);
      return none;
    case "between":
      checkBetween(checking, place, node);
      return none;
    case "changed":
      checkChanged(checking, place, node);
      return none;
    case "calendar":
      checkCalendarTest(checking, place, node);
      return none;
    case "count":
      checkCount(checking, place, node);
      return none;
    case "name":
      checkDefinitionUse(checking, place, node);
      return none;
  }
}

function checkGroup(checking: Checking, place: Place, node: GroupCondition): Names {
  if (node.quantifier === "all") {
    const taken = new Map<string, Span>();
    for (const part of node.of)
      for (const [name, span] of checkCondition(checking, withBound(place, taken), part))
        taken.set(name, span);
    return taken;
  }
  const branches = node.of.map((part) => checkCondition(checking, place, part));
  if (node.quantifier === "none") {
    for (const names of branches) loosen(place, names, "inside `none of`");
    return none;
  }
  const sure = new Map<string, Span>();
  for (const [name, span] of branches.flatMap((names) => [...names])) {
    const missing = branches.findIndex((names) => !names.has(name));
    if (missing === -1) sure.set(name, span);
    else
      place.scope.loose.set(name, {
        span: node.of[missing]?.span ?? span,
        why: `this branch does not take \`${name}\``,
      });
  }
  return sure;
}

function loosen(place: Place, names: Names, where: string): void {
  for (const [name, span] of names) place.scope.loose.set(name, { span, why: `taken ${where} only` });
}

function checkBetween(checking: Checking, place: Place, node: Extract<Condition, { kind: "between" }>): void {
  const left = typeOf(checking, place, node.left, comparedReading);
  const ends = [node.low, node.high].filter((end) => end !== undefined);
  const types = ends.map((end) => ({ end, type: typeOf(checking, place, end, comparedReading) }));
  if (left.kind === "wrong" || types.some(({ type }) => type.kind === "wrong")) return;
  const { vocabulary } = left;
  const ordered = vocabulary === undefined ? isOrdered(left.kind, ends) : vocabulary.ranks !== undefined;
  if (!ordered) {
    const what = vocabulary === undefined ? kindWords(left) : `a value of \`${vocabulary.path}\``;
    checking.report.add("R1302", node.left.span, `${what} has no order, so that nothing lies between`);
    return;
  }
  for (const { end, type } of types) {
    const side = { node: end, type, at: end.span, listed: false };
    if (!fitsTogether(checking, { left, leftNode: node.left, side })) return;
    if (vocabulary !== undefined && end.kind === "string") checkWord(checking, end, vocabulary);
  }
}

function isOrdered(kind: string, ends: readonly Expression[]): boolean {
  if (kind === "text") return ends.every((end) => end.kind === "number");
  return kind === "number" || kind === "time" || kind === "duration" || kind === "any";
}

function checkChanged(checking: Checking, place: Place, node: ChangedTest): void {
  const type = typeOf(checking, place, node.left, comparedReading);
  if (type.kind === "wrong") return;
  if (type.field?.apiName === undefined) {
    checking.report.add("R1303", node.left.span, `\`${type.field?.path ?? "this"}\` does not change`, {
      help: "fields of a ticket change: `ticket.queue changed to ...`",
    });
    return;
  }
  checkChangeValues(checking, place, node.left, [...node.from, ...node.to]);
}

/** Values behind `from` and `to`, of a condition or an event. */
export function checkChangeValues(
  checking: Checking,
  place: Place,
  path: ChangedTest["left"],
  values: readonly Expression[],
): void {
  const left = typeOf(checking, place, path, comparedReading);
  for (const value of values) {
    const type = typeOf(checking, place, value, comparedReading);
    if (left.kind === "wrong" || type.kind === "wrong") continue;
    // A record changes to its name: history tells it so.
    const side = { node: value, type, at: value.span, listed: false };
    const record = left.kind === "entity" && type.kind === "text";
    if (!record && !fitsTogether(checking, { left, leftNode: path, side })) return;
    if (left.vocabulary !== undefined && value.kind === "string") checkWord(checking, value, left.vocabulary);
  }
}

function checkCount(checking: Checking, place: Place, node: CountTest): void {
  checkDuration(checking.report, node.within, "the span of a count");
  checkInteger(checking.report, node.count, "a count", {
    min: 1,
    max: COUNT_THRESHOLD_MAX,
  });
  checkPer(checking, place, node.per, "alerts are counted per path of the alert");
}

/** `during` and `outside`: of the moment, or of a path that is a time. */
function checkCalendarTest(checking: Checking, place: Place, node: CalendarTest): void {
  findNamed(checking, "calendar", node.calendar);
  if (node.left === undefined) return;
  const type = typeOf(checking, place, node.left, comparedReading);
  if (type.kind === "wrong" || type.kind === "time") return;
  checking.report.add("R1303", node.left.span, `${kindWords(type)} does not lie within hours`, {
    help: 'for the moment of the event leave the path out: `if during "business hours"`',
  });
}

/** Paths by which alerts are told apart, of a count or a silence. */
export function checkPer(checking: Checking, place: Place, per: readonly PathNode[], what: string): void {
  const seen = new Map<string, Span>();
  for (const path of per) {
    const type = typeOf(checking, place, path, comparedReading);
    if (type.kind === "wrong") continue;
    if (type.field?.root !== "alert") {
      checking.report.add("R1303", path.span, what, { help: "for example `per alert.organization`" });
      continue;
    }
    const earlier = seen.get(type.field.path);
    if (earlier !== undefined)
      checking.report.add("R1313", path.span, `\`${type.field.path}\` is in the key twice`, {
        labels: [{ span: earlier, text: "first here" }],
      });
    seen.set(type.field.path, path.span);
  }
}

function checkDefinitionUse(checking: Checking, place: Place, node: NameCondition): void {
  const { declarations, report, used } = checking;
  const name = exactText(node.name.text);
  const definition = declarations.defines.get(name);
  if (definition !== undefined) {
    used.add(definition);
    useReads(checking, place, readDefinition(checking, definition), node.name.span);
    loosen(place, namesTaken(definition.condition), "inside a definition");
    return;
  }
  const list = declarations.lists.get(name);
  if (list !== undefined) {
    used.add(list);
    report.add("R1303", node.name.span, `\`${name}\` is a list, which neither holds nor not`, {
      help: `write what shall be in it: \`alert.source in ${name}\``,
    });
    return;
  }
  const near = suggest(name, declarations.defines.keys());
  const meant = near === undefined ? undefined : declarations.defines.get(near.text);
  if (meant !== undefined) used.add(meant);
  const rank = rankWords.get(foldText(name));
  if (near === undefined && rank !== undefined) {
    report.add("R1105", node.name.span, `\`or ${name}\` is written \`${rank}\` before the value`, {
      help: `write \`${rank} "..."\`, such as \`alert.severity ${rank} "major"\``,
    });
    return;
  }
  const truth = ["true", "false", "yes", "no"].includes(foldText(name));
  report.add("R1201", node.name.span, `unknown definition \`${name}\``, {
    help:
      near !== undefined
        ? `did you mean \`${near.text}\`?`
        : truth
          ? "a condition says what is asked: `alert.organization.mapped is true`"
          : `declare it: \`define ${name} as ...\`, or say what shall hold of it: \`... is "..."\``,
    fixes: near === undefined ? [] : [replace(node.name.span, near.text, near.sure)],
  });
}

/** `is "major" or higher` */
const rankWords: ReadonlyMap<string, string> = new Map([
  ...["higher", "above", "greater", "worse", "more", "up", "over", "later"].map(
    (word) => [word, "at least"] as const,
  ),
  ...["lower", "below", "less", "fewer", "under", "earlier"].map((word) => [word, "at most"] as const),
]);

/** Looked at once; cycles are told by `checkCycles`, and what was read so far is enough then. */
export function readDefinition(checking: Checking, definition: DefineDeclaration): Reads {
  return readOnce(checking, definition, (reads) => {
    const { condition } = definition;
    if (condition === undefined) return;
    const taken = namesTaken(condition);
    const place = { ...openPlace(reads), scope: newScope(taken) };
    checkCondition(checking, place, condition);
  });
}
