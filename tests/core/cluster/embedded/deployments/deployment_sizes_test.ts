import assert from "node:assert/strict";
import {
  newestSize,
  oldSizes,
  proportionalSizes,
} from "../../../../../core/cluster/embedded/deployments/deployment_sizes.ts";

const QUARTERS = { replicas: 4, surge: 1, missing: 1 };

Deno.test("newestSize() fills what surge leaves, and shrinks to what is wanted", () => {
  const rows: [own: number, total: number, expected: number][] = [
    [0, 0, 4],
    [0, 4, 1],
    [1, 4, 2],
    [0, 5, 0],
    [0, 9, 0],
    [4, 7, 4],
    [6, 6, 4],
  ];
  for (const [own, total, expected] of rows) {
    assert.equal(newestSize(QUARTERS, own, total), expected, `${own} of ${total}`);
  }
});

Deno.test("oldSizes() gives up useless pods first, then those that are to spare", () => {
  const set = (size: number, available = size) => ({ size, available });
  const rows: {
    newest: ReturnType<typeof set>;
    old: ReturnType<typeof set>[];
    sizes: number[];
  }[] = [
    { newest: set(1, 0), old: [set(4)], sizes: [3] },
    { newest: set(2, 0), old: [set(3)], sizes: [3] },
    { newest: set(1), old: [set(3)], sizes: [2] },
    { newest: set(4), old: [set(1)], sizes: [0] },
    { newest: set(0), old: [set(3), set(2, 0)], sizes: [3, 0] },
    { newest: set(1, 0), old: [set(2, 0), set(3)], sizes: [0, 3] },
    { newest: set(0), old: [set(2), set(3)], sizes: [0, 3] },
  ];
  for (const { newest, old, sizes } of rows) {
    assert.deepEqual(oldSizes(QUARTERS, newest, old), sizes, JSON.stringify({ newest, old }));
  }
});

// The first three were seen on a real control plane, Kubernetes 1.36.
Deno.test("proportionalSizes() keeps the proportions, and all of the wanted size", () => {
  const shares = (max: number, ...sizes: number[]) => sizes.map((size) => ({ size, max }));
  const ten = { replicas: 10, surge: 3, missing: 2 };
  assert.deepEqual(proportionalSizes(ten, shares(5, 3, 2)), [8, 5]);
  assert.deepEqual(proportionalSizes({ replicas: 3, surge: 1, missing: 0 }, shares(13, 8, 5)), [
    2,
    2,
  ]);
  assert.deepEqual(proportionalSizes({ replicas: 0, surge: 0, missing: 0 }, shares(4, 2, 2)), [
    0,
    0,
  ]);
  assert.deepEqual(proportionalSizes(ten, shares(13, 8, 5)), [8, 5]);
});
