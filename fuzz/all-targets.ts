/** Every target by its name. */
import { mailTarget } from "./mail-target.ts";
import type { Random } from "./random.ts";
import { rulesTarget, type FuzzTarget } from "./targets.ts";

/** A target whose kind of input nobody else needs to know. */
export type AnyTarget = FuzzTarget<unknown>;

export const targets: ReadonlyMap<string, AnyTarget> = new Map(
  [anyTarget(rulesTarget), anyTarget(mailTarget)].map((target) => [target.name, target]),
);

/** Hands a target only inputs that it made, or made of those. */
function anyTarget<Input>(target: FuzzTarget<Input>): AnyTarget {
  const own = (input: unknown): Input => input as Input;
  return {
    name: target.name,
    extension: target.extension,
    make: (random: Random) => target.make(random),
    hold: (input) => target.hold(own(input)),
    textOf: (input) => target.textOf(own(input)),
    withText: (input, text) => target.withText(own(input), text),
  };
}
