import assert from "node:assert/strict";
import type { IntOrString } from "../../../sdk/api/rollout.ts";
import {
  type CanarySizes,
  type Fenceposts,
  fenceposts,
  nextSizes,
  scaleOnce,
  type SetSize,
  type Split,
  splitByWeight,
} from "../../../core/rollout/replicas.ts";
import splits from "../../fixtures/vectors/canary_split.json" with { type: "json" };
import atRest from "../../fixtures/vectors/canary_at_rest.json" with { type: "json" };

const textOf = ({ canary, stable }: Split) => `${canary}/${stable}`;

Deno.test("fenceposts: numbers stand for themselves, strings for percentages", () => {
  const rows: {
    replicas: number;
    maxSurge?: IntOrString;
    maxUnavailable?: IntOrString;
    posts: Fenceposts;
  }[] = [
    { replicas: 10, posts: { surge: 3, unavailable: 2 } },
    { replicas: 4, posts: { surge: 1, unavailable: 1 } },
    { replicas: 3, posts: { surge: 1, unavailable: 0 } },
    { replicas: 1, posts: { surge: 1, unavailable: 0 } },
    { replicas: 10, maxSurge: 4, maxUnavailable: 3, posts: { surge: 4, unavailable: 3 } },
    { replicas: 10, maxSurge: "4", maxUnavailable: "39", posts: { surge: 1, unavailable: 3 } },
    { replicas: 10, maxSurge: "25", maxUnavailable: "25", posts: { surge: 3, unavailable: 2 } },
    { replicas: 10, maxSurge: "1%", maxUnavailable: "9%", posts: { surge: 1, unavailable: 0 } },
    { replicas: 3, maxSurge: "100%", maxUnavailable: "100%", posts: { surge: 3, unavailable: 3 } },
    { replicas: 3, maxSurge: "200%", maxUnavailable: 0, posts: { surge: 6, unavailable: 0 } },
  ];
  for (const { replicas, posts, ...limits } of rows) {
    assert.deepEqual(fenceposts(replicas, limits), posts, JSON.stringify({ replicas, ...limits }));
  }
});

Deno.test("fenceposts: without any room one pod may be missing", () => {
  assert.deepEqual(fenceposts(5, { maxSurge: 0, maxUnavailable: 0 }), { surge: 0, unavailable: 1 });
  assert.deepEqual(fenceposts(5, { maxSurge: "0%", maxUnavailable: "0" }), {
    surge: 0,
    unavailable: 1,
  });
  // A percentage that comes to no pod counts as none.
  assert.deepEqual(fenceposts(3, { maxSurge: 0, maxUnavailable: "25%" }), {
    surge: 0,
    unavailable: 1,
  });
});

Deno.test("fenceposts: what is no percentage stands for no pod", () => {
  assert.deepEqual(fenceposts(4, { maxSurge: "half", maxUnavailable: 2 }), {
    surge: 0,
    unavailable: 2,
  });
  assert.deepEqual(fenceposts(4, { maxSurge: 1, maxUnavailable: "" }).unavailable, 0);
});

Deno.test("fenceposts: never more pods may be missing than are wanted", () => {
  assert.deepEqual(fenceposts(3, { maxSurge: 1, maxUnavailable: 7 }), { surge: 1, unavailable: 3 });
  assert.deepEqual(fenceposts(3, { maxSurge: 0, maxUnavailable: "200%" }).unavailable, 3);
  assert.deepEqual(fenceposts(0, { maxSurge: 1, maxUnavailable: 1 }), { surge: 1, unavailable: 0 });
  assert.deepEqual(fenceposts(0, { maxSurge: 0, maxUnavailable: 0 }), { surge: 0, unavailable: 0 });
  assert.deepEqual(fenceposts(0, {}), { surge: 0, unavailable: 0 });
});

/** Where Argo empties the canary in mid-update: an exact tie, no surge, and all pods rounded up. */
const TIES: Readonly<Record<string, string>> = { "2@75": "1/1", "5@90": "4/1", "10@95": "9/1" };

Deno.test("splitByWeight: without surge the pods split as Argo's do, exact ties aside", () => {
  let ties = 0;
  for (const [replicas, row] of Object.entries(splits.noSurge)) {
    for (const [column, split] of row.entries()) {
      const weight = splits.weights[column]!;
      const tie = TIES[`${replicas}@${weight}`];
      if (tie !== undefined) {
        ties++;
        assert.equal(split, `0/${replicas}`, "the difference is this one only");
      }
      const actual = textOf(splitByWeight(Number(replicas), weight, 0));
      assert.equal(actual, tie ?? split, `${replicas} pods at ${weight} %`);
    }
  }
  assert.equal(ties, Object.keys(TIES).length);
});

Deno.test("splitByWeight: with surge one pod more may serve the split", () => {
  for (const [replicas, row] of Object.entries(splits.surge)) {
    for (const [column, split] of row.entries()) {
      const weight = splits.weights[column]!;
      for (const surge of [1, 2, Number(replicas)]) {
        const actual = textOf(splitByWeight(Number(replicas), weight, surge));
        assert.equal(actual, split, `${replicas} pods at ${weight} %, surge ${surge}`);
      }
    }
  }
});

Deno.test("splitByWeight: 0 and 100 are all or nothing, and no pods split into none", () => {
  for (const surge of [0, 1, 5]) {
    for (const replicas of [1, 2, 5, 10, 101]) {
      assert.equal(textOf(splitByWeight(replicas, 0, surge)), `0/${replicas}`);
      assert.equal(textOf(splitByWeight(replicas, 100, surge)), `${replicas}/0`);
    }
    for (const weight of [0, 1, 50, 100]) {
      assert.equal(textOf(splitByWeight(0, weight, surge)), "0/0");
    }
  }
});

Deno.test("splitByWeight: a running Argo Rollouts comes to rest at the same sizes", () => {
  assert.ok(atRest.length >= 60);
  for (const { replicas, at, ...limits } of atRest) {
    const posts = fenceposts(replicas, limits);
    for (const { weight, split } of at) {
      const place = `${JSON.stringify({ replicas, ...limits })} at ${weight} %`;
      assert.equal(textOf(splitByWeight(replicas, weight, posts.surge)), split, place);
    }
  }
});

/** A canary and a stable set whose pods are all available, unless told otherwise. */
function sizes(
  { replicas, weight, posts, canary, stable }: {
    replicas: number;
    weight: number;
    posts: Fenceposts;
    canary: SetSize;
    stable: SetSize;
  },
): CanarySizes {
  const desired = splitByWeight(replicas, weight, posts.surge);
  return { replicas, fenceposts: posts, canary, stable, past: [], desired };
}

const full = (wanted: number): SetSize => ({ wanted, available: wanted });

Deno.test("one application gives the reference sizes", () => {
  const rows = [
    { replicas: 10, weight: 10, surge: 1, unavailable: 1, start: "0/10", end: "1/9" },
    { replicas: 10, weight: 30, surge: 3, unavailable: 0, start: "0/10", end: "3/10" },
    { replicas: 10, weight: 30, surge: 0, unavailable: 5, start: "0/10", end: "0/7" },
    { replicas: 1, weight: 5, surge: 1, unavailable: 0, start: "0/1", end: "1/1" },
    { replicas: 1, weight: 95, surge: 1, unavailable: 0, start: "0/1", end: "1/1" },
  ];
  for (const { replicas, weight, surge, unavailable, start, end } of rows) {
    const [canary = 0, stable = 0] = start.split("/").map(Number);
    const actual = scaleOnce(sizes({
      replicas,
      weight,
      posts: { surge, unavailable },
      canary: full(canary),
      stable: full(stable),
    }));
    assert.equal(textOf(actual), end, `${replicas} pods at ${weight} %`);
  }
});

/** `moves`: to which weight, and the sizes after each pass until they rest. */
interface Sequence {
  replicas: number;
  maxSurge: IntOrString;
  maxUnavailable: IntOrString;
  moves: { to: number; passes: string }[];
}

const SEQUENCES: readonly Sequence[] = [
  {
    replicas: 5,
    maxSurge: "25%",
    maxUnavailable: "25%",
    moves: [
      { to: 20, passes: "1/4" },
      { to: 40, passes: "2/3" },
      { to: 60, passes: "3/2" },
      { to: 80, passes: "4/1" },
      { to: 100, passes: "5/0" },
    ],
  },
  {
    replicas: 4,
    maxSurge: 1,
    maxUnavailable: 0,
    moves: [
      { to: 25, passes: "1/4 1/3" },
      { to: 50, passes: "2/3 2/2" },
      { to: 100, passes: "3/2 3/1 4/1 4/0" },
    ],
  },
  {
    replicas: 10,
    maxSurge: "25%",
    maxUnavailable: "25%",
    moves: [
      { to: 10, passes: "1/9" },
      { to: 50, passes: "4/7 5/5" },
      { to: 100, passes: "8/3 10/0" },
    ],
  },
  {
    replicas: 3,
    maxSurge: 2,
    maxUnavailable: 0,
    moves: [{ to: 100, passes: "2/3 2/1 3/1 3/0" }],
  },
  {
    replicas: 3,
    maxSurge: "25%",
    maxUnavailable: "25%",
    moves: [{ to: 20, passes: "1/3" }, { to: 100, passes: "1/2 2/2 2/1 3/1 3/0" }],
  },
  {
    replicas: 2,
    maxSurge: "25%",
    maxUnavailable: "25%",
    moves: [{ to: 10, passes: "1/2" }, { to: 100, passes: "1/1 2/1 2/0" }],
  },
  {
    replicas: 1,
    maxSurge: "25%",
    maxUnavailable: "25%",
    moves: [{ to: 50, passes: "1/1" }, { to: 100, passes: "1/0" }],
  },
  {
    replicas: 4,
    maxSurge: "100%",
    maxUnavailable: "25%",
    moves: [{ to: 100, passes: "4/3 4/0" }],
  },
];

Deno.test("one application a pass walks Argo's way to each weight when pods come at once", () => {
  for (const { replicas, maxSurge, maxUnavailable, moves } of SEQUENCES) {
    const posts = fenceposts(replicas, { maxSurge, maxUnavailable });
    let present: Split = { canary: 0, stable: replicas };
    for (const { to, passes } of moves) {
      const walked: string[] = [];
      for (let pass = 0; pass < 10; pass++) {
        const [canary, stable] = [full(present.canary), full(present.stable)];
        const next = scaleOnce(sizes({ replicas, weight: to, posts, canary, stable }));
        if (textOf(next) === textOf(present)) break;
        walked.push(textOf(next));
        present = next;
      }
      assert.equal(walked.join(" "), passes, `${replicas} pods to ${to} %`);
    }
  }
});

Deno.test("a canary that never gets ready takes the surge and nothing else", () => {
  let [canary, stable] = [0, 4];
  const walked: string[] = [];
  for (const replicas of [4, 4, 8, 8, 4, 4]) {
    const next = nextSizes(sizes({
      replicas,
      weight: 100,
      posts: { surge: 2, unavailable: 0 },
      canary: { wanted: canary, available: 0 },
      stable: full(stable),
    }));
    [canary, stable] = [next.canary, next.stable];
    walked.push(textOf(next));
  }
  assert.deepEqual(walked, ["2/4", "2/4", "6/4", "6/4", "2/4", "2/4"]);
});

Deno.test("a pass sizes the canary by what stable is about to be, as Argo does", () => {
  const posts = fenceposts(10, {});
  const start = { replicas: 10, weight: 100, posts, canary: full(5), stable: full(5) };
  assert.equal(textOf(scaleOnce(sizes(start))), "8/3");
  assert.equal(textOf(nextSizes(sizes(start))), "10/3");
  const five = {
    ...start,
    replicas: 5,
    posts: fenceposts(5, {}),
    canary: full(2),
    stable: full(3),
  };
  assert.equal(textOf(nextSizes(sizes(five))), "5/2");
});

Deno.test("other revisions give up unavailable pods first, then what can be spared", () => {
  const posts = { surge: 1, unavailable: 1 };
  const start = sizes({ replicas: 5, weight: 20, posts, canary: full(0), stable: full(4) });
  const rows = [
    { past: [{ wanted: 3, available: 0 }], sizes: [0] },
    { past: [{ wanted: 3, available: 1 }], sizes: [0] },
    { past: [{ wanted: 2, available: 2 }, { wanted: 2, available: 2 }], sizes: [0, 0] },
  ];
  for (const row of rows) {
    assert.deepEqual(nextSizes({ ...start, past: row.past }).past, row.sizes);
  }
  const scarce = { ...start, stable: full(1) };
  // Four must stay available; stable has one of them.
  assert.deepEqual(nextSizes({ ...scarce, past: [full(2), full(3)] }).past, [0, 3]);
  assert.deepEqual(nextSizes({ ...scarce, past: [full(1), full(1)] }).past, [1, 1]);
  // What is not available goes even then.
  assert.deepEqual(nextSizes({ ...scarce, past: [{ wanted: 3, available: 1 }] }).past, [1]);
});

Deno.test("where there is not room for both, stable gets its pods first", () => {
  const posts = { surge: 1, unavailable: 1 };
  const start = sizes({ replicas: 5, weight: 20, posts, canary: full(0), stable: full(2) });
  assert.equal(textOf(scaleOnce({ ...start, past: [full(3)] })), "0/3");
  assert.equal(textOf(scaleOnce({ ...start, past: [full(1)] })), "1/4");
});

Deno.test("stable keeps its floor, and the canary does not take the place that it holds", () => {
  const posts = { surge: 0, unavailable: 1 };
  const start = sizes({ replicas: 5, weight: 100, posts, canary: full(4), stable: full(1) });
  assert.equal(textOf(nextSizes(start)), "5/0");
  assert.equal(textOf(nextSizes({ ...start, stableFloor: 1 })), "4/1");
});

Deno.test("without another stable set all pods come as fast as the fenceposts let them", () => {
  const posts = { surge: 0, unavailable: 1 };
  const alone: CanarySizes = {
    replicas: 3,
    fenceposts: posts,
    canary: undefined,
    stable: undefined,
    past: [],
    desired: { canary: 3, stable: 0 },
  };
  assert.deepEqual(nextSizes(alone), { canary: 3, stable: 0, past: [] });
  assert.equal(nextSizes({ ...alone, canary: { wanted: 7, available: 0 } }).canary, 3);
  // Going back to stable in mid-update: the abandoned canary's pods still count.
  const back = { ...alone, canary: full(1), past: [full(2)] };
  assert.deepEqual(nextSizes(back), { canary: 1, stable: 0, past: [1] });
});

Deno.test("an abort lets go of what is not available elsewhere, and keeps to the limits", () => {
  const aborted = (
    { replicas, posts, canary, stable, past = [] }: {
      replicas: number;
      posts: [surge: number, unavailable: number];
      canary: [wanted: number, available: number];
      stable: [wanted: number, available: number];
      past?: [wanted: number, available: number][];
    },
  ): string => {
    const size = ([wanted, available]: [number, number]): SetSize => ({ wanted, available });
    const sizes = nextSizes({
      replicas,
      fenceposts: { surge: posts[0], unavailable: posts[1] },
      canary: size(canary),
      stable: size(stable),
      past: past.map(size),
      desired: { canary: 0, stable: replicas },
      isAborted: true,
    });
    return [textOf(sizes), ...sizes.past].join(" ");
  };
  // The dead pod of the newest goes first; its place is free in the next pass.
  const two = { replicas: 2, posts: [1, 0] as [number, number] };
  assert.equal(
    aborted({ ...two, canary: [1, 0], stable: [1, 1], past: [[1, 1]] }),
    "0/1 1",
    "canary/stable, then the superseded set",
  );
  assert.equal(aborted({ ...two, canary: [0, 0], stable: [1, 1], past: [[1, 1]] }), "0/2 1");
  assert.equal(aborted({ ...two, canary: [0, 0], stable: [2, 1], past: [[1, 1]] }), "0/2 1");
  assert.equal(aborted({ ...two, canary: [0, 0], stable: [2, 2], past: [[1, 1]] }), "0/2 0");
  // Stable is raised as far as there is room, counted with what only now goes.
  const five = { replicas: 5, posts: [2, 1] as [number, number] };
  assert.equal(aborted({ ...five, canary: [3, 1], stable: [2, 2] }), "1/4");
  assert.equal(aborted({ ...five, canary: [5, 0], stable: [2, 2] }), "0/2");
  assert.equal(aborted({ ...five, canary: [2, 0], stable: [2, 2], past: [[2, 0]] }), "0/3 0");
  // Available pods of the canary wait for the superseded sets, and for stable.
  assert.equal(aborted({ ...five, canary: [2, 2], stable: [3, 2], past: [[1, 1]] }), "2/4 0");
  assert.equal(aborted({ ...five, canary: [2, 2], stable: [5, 2] }), "2/5");
  assert.equal(aborted({ ...five, canary: [2, 2], stable: [5, 4] }), "0/5");
  // A superseded set without an available pod holds nobody up.
  assert.equal(aborted({ ...five, canary: [2, 2], stable: [5, 4], past: [[1, 0]] }), "0/5 0");
  // More than all of stable: what is not available there goes too.
  assert.equal(aborted({ ...five, canary: [0, 0], stable: [8, 1] }), "0/5");
  assert.equal(aborted({ ...five, canary: [0, 0], stable: [8, 7] }), "0/5");
  assert.equal(aborted({ ...five, canary: [1, 1], stable: [8, 3] }), "1/5");
});

Deno.test("each pod is kept, given or taken for a reason", () => {
  type Pods = [wanted: number, available: number];
  const setOf = ([wanted, available]: Pods): SetSize => ({ wanted, available });
  const rows: {
    name: string;
    posts: [surge: number, unavailable: number];
    canary?: Pods;
    stable?: Pods;
    past?: Pods[];
    next: string;
  }[] = [
    {
      name: "a falling canary gives its place only to what stable lacks",
      posts: [1, 0],
      canary: [2, 0],
      stable: [1, 0],
      next: "1/1",
    },
    {
      name: "what stable has not asked for yet is no spare pod of it",
      posts: [1, 0],
      canary: [2, 0],
      stable: [0, 0],
      next: "1/0",
    },
    {
      name: "with nothing to spare no size falls, above the surge too",
      posts: [1, 0],
      canary: [1, 0],
      stable: [2, 0],
      next: "1/2",
    },
    {
      name: "one pod of another revision goes before one of stable",
      posts: [0, 1],
      canary: [0, 0],
      stable: [2, 0],
      past: [[1, 0]],
      next: "0/2 0",
    },
    {
      name: "a set that is yet to be created has no available pod",
      posts: [2, 0],
      past: [[1, 1], [1, 1]],
      next: "1/0 0,1",
    },
  ];
  for (const { name, posts: [surge, unavailable], canary, stable, past = [], next } of rows) {
    const sizes = nextSizes({
      replicas: 1,
      fenceposts: { surge, unavailable },
      canary: canary && setOf(canary),
      stable: stable && setOf(stable),
      past: past.map(setOf),
      desired: { canary: 0, stable: 1 },
    });
    assert.equal([textOf(sizes), sizes.past.join()].join(" ").trim(), next, name);
  }
});
