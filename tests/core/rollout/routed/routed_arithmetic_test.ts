import assert from "node:assert/strict";
import vectors from "../../../fixtures/vectors/routed_at_rest.json" with { type: "json" };
import {
  podsForWeight,
  type RoutedScale,
  routedSizes,
  type RoutedSizesInput,
  sizeForWeight,
  wantedSizes,
  weightForPods,
  type WrittenWeights,
} from "../../../../core/rollout/routed/sizes.ts";
import { routedWeight, type RoutedWeightInput } from "../../../../core/rollout/routed/weight.ts";

const WEIGHT_MAX = 100;
const SOME_WEIGHTS = [0, 1, 19, 20, 33, 50, 67, 99, 100];

Deno.test("wantedSizes() are Argo's own at every weight of a routed canary", () => {
  assert.equal(vectors.length, 30);
  for (const { replicas, dynamicStableScale, minPodsPerReplicaSet, at } of vectors) {
    for (const { weight, stable, canary } of at) {
      const podsMin = minPodsPerReplicaSet ?? 0;
      const written = { canary: weight, stable: WEIGHT_MAX - weight };
      const input = inputOf({ replicas, podsMin, weight, isStableDynamic: dynamicStableScale });
      assert.deepEqual(wantedSizes(input), { canary, stable }, JSON.stringify(input));
      assert.deepEqual(routedSizes({ ...input, written }), { canary, stable });
    }
  }
});

Deno.test("routedSizes() leave every set the pods that its written weight needs (S4)", () => {
  for (const input of sizeInputs()) {
    const sizes = routedSizes(input);
    const { written, replicas, isStableDynamic } = input;
    const text = `${JSON.stringify(input)} gives ${JSON.stringify(sizes)}`;
    assert.ok(sizes.canary >= podsForWeight(written.canary, input), text);
    assert.ok(sizes.stable >= podsForWeight(written.stable, input), text);
    assert.ok(sizes.canary <= replicas && sizes.stable <= replicas, text);
    if (!isStableDynamic) assert.equal(sizes.stable, replicas, text);
  }
});

Deno.test("a setCanaryScale step names the canary's size, whatever its weight needs", () => {
  const input = inputOf({ replicas: 10, weight: 50, written: { canary: 50, stable: 50 } });
  assert.equal(routedSizes({ ...input, canaryScale: { pods: 2 } }).canary, 2);
  assert.equal(routedSizes({ ...input, canaryScale: { weight: 25 } }).canary, 3);
  assert.equal(routedSizes({ ...input, canaryScale: { pods: 0 } }).stable, 10);
});

Deno.test("minPodsPerReplicaSet raises a set that has pods, and never above all of them", () => {
  const scale = { replicas: 5, weightMax: WEIGHT_MAX, podsMin: 2 };
  assert.equal(sizeForWeight(0, scale), 0);
  assert.equal(sizeForWeight(1, scale), 2);
  assert.equal(sizeForWeight(100, scale), 5);
  assert.equal(sizeForWeight(1, { ...scale, podsMin: 9 }), 5);
});

Deno.test("another maxTrafficWeight counts the same shares in other units", () => {
  const scale = { replicas: 8, weightMax: 1000, podsMin: 0 };
  assert.equal(podsForWeight(1, scale), 1);
  assert.equal(podsForWeight(125, scale), 1);
  assert.equal(podsForWeight(126, scale), 2);
  assert.equal(weightForPods(1, scale), 125);
});

Deno.test("routedWeight() keeps S1, S2, S3 and S5 for every number of available pods", () => {
  let ways = 0;
  for (const input of weightInputs()) {
    ways++;
    const canary = routedWeight(input);
    const stable = WEIGHT_MAX - input.others - canary;
    const text = `${JSON.stringify(input)} gives ${canary}`;
    assert.ok(canary >= 0 && stable >= 0, `S5: ${text}`);
    const { canaryPods, stablePods, written } = input;
    if (canaryPods === 0 && stablePods > 0) assert.equal(canary, 0, `S2: ${text}`);
    if (stablePods === 0 && canaryPods > 0) assert.equal(stable, 0, `S2: ${text}`);
    if (canaryPods === 0 || stablePods === 0) continue;
    if (input.isAborted) assertAborted(input, canary, text);
    else if (!input.isCapacityWaived) {
      const most = (pods: number, weight: number) => Math.max(weight, weightForPods(pods, input));
      assert.ok(canary <= most(canaryPods, written.canary), `S1, canary: ${text}`);
      assert.ok(stable <= most(stablePods, written.stable), `S1, stable: ${text}`);
    }
  }
  assert.ok(ways > 500_000, `${ways}`);
});

function assertAborted(input: RoutedWeightInput, canary: number, text: string): void {
  assert.ok(canary <= input.written.canary, `S3, raised: ${text}`);
  if (input.isStableWhole || input.isAbortOverdue) assert.equal(canary, 0, `S3: ${text}`);
  const canTake = weightForPods(input.stablePods, input);
  const left = WEIGHT_MAX - input.others - canary;
  assert.ok(canary === 0 || left >= Math.min(canTake, WEIGHT_MAX - input.others), `S3: ${text}`);
}

Deno.test("with pods that come in any order, sizes and weight end where the step wants them", () => {
  for (let replicas = 1; replicas <= 12; replicas++) {
    for (let from = 0; from <= WEIGHT_MAX; from += 4) {
      for (const weight of [0, 1, 7, 25, 50, 66, 99, 100]) {
        for (const isStableDynamic of [false, true]) {
          for (const podsMin of [0, 3]) {
            settle({ replicas, from, weight, isStableDynamic, podsMin });
          }
        }
      }
    }
  }
});

interface Course {
  readonly replicas: number;
  readonly from: number;
  readonly weight: number;
  readonly isStableDynamic: boolean;
  readonly podsMin: number;
}

/** Plays passes: a weight, then sizes, then one pod more of each set gets available. */
function settle(course: Course): void {
  const { replicas, from, weight, isStableDynamic, podsMin } = course;
  let written: WrittenWeights = { canary: from, stable: WEIGHT_MAX - from };
  const start = inputOf({ replicas, podsMin, weight: from, isStableDynamic, written });
  let present = wantedSizes(start);
  let available = present;
  const passesMax = 3 * replicas + 6;
  for (let pass = 0; pass < passesMax; pass++) {
    const input = inputOf({ replicas, podsMin, weight, isStableDynamic, written });
    const canary = routedWeight({
      ...input,
      wanted: weight,
      others: 0,
      canaryPods: available.canary,
      stablePods: available.stable,
      isCapacityWaived: false,
      isAborted: false,
      isStableWhole: available.stable >= replicas,
      isAbortOverdue: false,
    });
    written = { canary, stable: WEIGHT_MAX - canary };
    present = routedSizes({ ...input, written });
    available = {
      canary: Math.min(present.canary, available.canary + 1),
      stable: Math.min(present.stable, available.stable + 1),
    };
    assert.ok(available.canary >= podsForWeight(Math.min(written.canary, from), input) - 1);
  }
  const text = JSON.stringify(course);
  assert.equal(written.canary, weight, text);
  assert.deepEqual(present, wantedSizes(inputOf({ ...course, written })), text);
  assert.deepEqual(available, present, text);
}

function inputOf(input: Partial<RoutedSizesInput> & { replicas: number }): RoutedSizesInput {
  return {
    weightMax: WEIGHT_MAX,
    podsMin: 0,
    weight: 0,
    isStableDynamic: false,
    written: { canary: 0, stable: WEIGHT_MAX },
    ...input,
  };
}

function* sizeInputs(): Generator<RoutedSizesInput> {
  for (let replicas = 0; replicas <= 12; replicas++) {
    for (let weight = 0; weight <= WEIGHT_MAX; weight++) {
      for (const canary of SOME_WEIGHTS) {
        for (const isStableDynamic of [false, true]) {
          for (const podsMin of [0, 2, 20]) {
            const written = { canary, stable: WEIGHT_MAX - canary };
            yield inputOf({ replicas, weight, isStableDynamic, podsMin, written });
          }
        }
      }
    }
  }
}

function* weightInputs(): Generator<RoutedWeightInput> {
  const flags = [false, true];
  for (let replicas = 1; replicas <= 12; replicas++) {
    const scale: RoutedScale = { replicas, weightMax: WEIGHT_MAX, podsMin: 0 };
    for (let wanted = 0; wanted <= WEIGHT_MAX; wanted += 5) {
      for (const canary of SOME_WEIGHTS) {
        for (const others of [0, 20]) {
          if (canary + others > WEIGHT_MAX) continue;
          for (let canaryPods = 0; canaryPods <= replicas; canaryPods++) {
            for (let stablePods = 0; stablePods <= replicas; stablePods++) {
              const isAborted = (wanted + canaryPods) % 2 === 1;
              for (const isCapacityWaived of flags) {
                yield {
                  ...scale,
                  wanted,
                  others,
                  written: { canary, stable: WEIGHT_MAX - others - canary },
                  canaryPods,
                  stablePods,
                  isCapacityWaived,
                  isAborted,
                  isStableWhole: stablePods >= replicas - Math.floor(replicas / 4),
                  isAbortOverdue: stablePods % 5 === 4,
                };
              }
            }
          }
        }
      }
    }
  }
}
