/** Replica arithmetic with pods that are ready, and not available yet. */
import assert from "node:assert/strict";
import {
  type CanarySizes,
  type Fenceposts,
  nextSizes,
  type SetSize,
  type Split,
  splitByWeight,
} from "../../../core/rollout/replicas.ts";

const textOf = ({ canary, stable }: Split) => `${canary}/${stable}`;
const full = (wanted: number): SetSize => ({ wanted, available: wanted });

function sizes(
  { replicas, weight, posts, ...sets }: {
    replicas: number;
    weight: number;
    posts: Fenceposts;
    canary: SetSize;
    stable: SetSize;
  },
): CanarySizes {
  const desired = splitByWeight(replicas, weight, posts.surge);
  return { replicas, fenceposts: posts, ...sets, past: [], desired };
}

Deno.test("other revisions keep pods that are ready, as far as they are needed", () => {
  const posts = { surge: 1, unavailable: 1 };
  const start = sizes({ replicas: 5, weight: 20, posts, canary: full(0), stable: full(1) });
  const ready = (wanted: number, available: number, serving: number) => ({
    wanted,
    available,
    serving,
  });
  const rows = [
    { past: [ready(3, 0, 3)], sizes: [3] },
    { past: [ready(3, 0, 2)], sizes: [2] },
    { past: [ready(4, 1, 4)], sizes: [3] },
    // Ready pods let no available ones go.
    { past: [full(2), ready(3, 0, 3)], sizes: [2, 3] },
    { past: [ready(3, 0, 3), full(2)], sizes: [1, 2] },
  ];
  for (const row of rows) {
    assert.deepEqual(nextSizes({ ...start, past: row.past }).past, row.sizes);
  }
});

Deno.test("an abort keeps pods of others that are ready until stable has its own", () => {
  const posts = { surge: 1, unavailable: 1 };
  const stable = { wanted: 1, available: 0 };
  const canary = { wanted: 4, available: 0, serving: 4 };
  const start = sizes({ replicas: 4, weight: 0, posts, canary, stable });
  assert.equal(textOf(nextSizes({ ...start, isAborted: true })), "3/1");
  const dead = { ...canary, serving: 0 };
  assert.equal(textOf(nextSizes({ ...start, canary: dead, isAborted: true })), "0/1");
});

Deno.test("where nothing else moves, the canary gets the places of stable's dead pods", () => {
  const posts = { surge: 1, unavailable: 0 };
  const dead = { wanted: 1, available: 0 };
  const start = sizes({ replicas: 1, weight: 50, posts, canary: full(0), stable: dead });
  assert.equal(textOf(nextSizes({ ...start, past: [full(1)] })), "1/0");
  assert.equal(textOf(nextSizes({ ...start, past: [full(1), full(0)] })), "1/0");
  // Something else moves: a superseded pod goes first.
  assert.equal(textOf(nextSizes({ ...start, past: [full(2)] })), "0/1");
  assert.equal(textOf(nextSizes({ ...start, past: [full(1), full(1)] })), "0/1");
  // No more than the step asks for.
  const more = {
    replicas: 4,
    weight: 50,
    posts,
    canary: full(1),
    stable: { wanted: 3, available: 0 },
  };
  assert.equal(textOf(nextSizes({ ...sizes(more), past: [full(1)] })), "2/2");
  // A pod of stable that serves stays, and so does that of its floor.
  const serving = { ...dead, serving: 1 };
  assert.equal(textOf(nextSizes({ ...start, stable: serving, past: [full(1)] })), "0/1");
  assert.equal(textOf(nextSizes({ ...start, stableFloor: 1, past: [full(1)] })), "0/1");
  // Without a superseded revision in the way the canary has its place anyhow.
  assert.equal(textOf(nextSizes(start)), "1/1");
  // Nor do dead pods of the canary move it: as in Argo Rollouts, this waits for a pod.
  const none = {
    replicas: 4,
    weight: 50,
    posts,
    canary: dead,
    stable: { wanted: 4, available: 0 },
  };
  assert.equal(textOf(nextSizes(sizes(none))), "1/4");
});

Deno.test("a canary that is yet to be made takes no place, and no pod goes for it", () => {
  const at = (surge: number, unavailable: number): CanarySizes => ({
    replicas: 4,
    fenceposts: { surge, unavailable },
    canary: undefined,
    stable: full(2),
    past: [full(2)],
    desired: { canary: 2, stable: 2 },
  });
  assert.deepEqual(nextSizes(at(0, 1)), { canary: 0, stable: 2, past: [1] });
  assert.deepEqual(nextSizes(at(1, 0)), { canary: 1, stable: 2, past: [2] });
});
