import assert from "node:assert/strict";
import { isWithinRollbackWindow } from "../../../core/rollout/rollback.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import { type SetShape, worldOf, type WorldShape } from "./world.ts";

const at = (hour: number) => `2026-03-01T0${hour}:00:00Z`;
const set = (hash: string, hour: number, shape: Partial<SetShape> = {}): SetShape => ({
  hash,
  size: 0,
  createdAt: at(hour),
  ...shape,
});

function isWithin(revisions: number | undefined, shape: WorldShape = {}): boolean {
  const rollbackWindow = revisions === undefined ? {} : { revisions };
  return isWithinRollbackWindow(situationOf(worldOf({
    stable: set("stable", 5, { size: 5 }),
    next: set("old", 1),
    past: [set("a", 2), set("b", 3)],
    spec: { rollbackWindow },
    ...shape,
  })));
}

Deno.test("a rollback is within its window when fewer other sets lie between", () => {
  assert.deepEqual([undefined, 0, 1, 2, 3, 4].map((revisions) => isWithin(revisions)), [
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});

Deno.test("sets outside, of the same moment, or of experiments are not counted", () => {
  const annotations = { "experiment.argoproj.io/name": "try" };
  const past = [set("x", 1), set("y", 5), set("z", 6), set("e", 3, { annotations })];
  assert.equal(isWithin(1, { past }), true);
});

Deno.test("what is newer, stable itself, or without stable is no rollback", () => {
  assert.equal(isWithin(9, { next: set("new", 6) }), false);
  assert.equal(isWithin(9, { stable: undefined as never, next: set("old", 1) }), false);
  assert.equal(isWithin(9, { stable: undefined as never, status: { stableRS: "" } }), false);
});
