import assert from "node:assert/strict";
import { scaleDownOrder } from "../../../../core/cluster/embedded/scale_down_order.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { START_MS } from "./world.ts";

interface Trait {
  readonly isPlaced?: boolean;
  readonly phase?: string;
  /** How many seconds the pod has been ready; absent: it is not. */
  readonly readySeconds?: number;
  readonly ageSeconds?: number;
  readonly restarts?: number;
  readonly cost?: string;
}

function podOf(uid: string, trait: Trait): KubeObject {
  const { isPlaced = true, phase = "Running", readySeconds, ageSeconds = 1000 } = trait;
  const at = (seconds: number) => new Date(START_MS - seconds * 1000).toISOString();
  const cost = trait.cost && { "controller.kubernetes.io/pod-deletion-cost": trait.cost };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: uid,
      uid,
      creationTimestamp: at(ageSeconds),
      ...(cost && { annotations: cost }),
    },
    spec: isPlaced ? { nodeName: "node-1" } : {},
    status: {
      phase,
      conditions: [
        readySeconds === undefined
          ? { type: "Ready", status: "False" }
          : { type: "Ready", status: "True", lastTransitionTime: at(readySeconds) },
      ],
      containerStatuses: [{ restartCount: trait.restarts ?? 0 }],
    },
  };
}

// In each row, the first pod goes first; the uids tell against it.
const rows: Record<string, [Trait, Trait]> = {
  "one without a node": [{ isPlaced: false, readySeconds: 9 }, {}],
  "a pending one": [{ phase: "Pending", cost: "9" }, { phase: "Running" }],
  "one that is not ready": [{ cost: "9" }, { readySeconds: 1 }],
  "a cheaper one": [{ readySeconds: 99, cost: "-1" }, { readySeconds: 1 }],
  "one that has been ready for much less": [{ readySeconds: 10 }, { readySeconds: 100 }],
  "one with more restarts": [{ readySeconds: 9, restarts: 2 }, { readySeconds: 9, restarts: 1 }],
  "a much younger one": [{ readySeconds: 5, ageSeconds: 9 }, { readySeconds: 5, ageSeconds: 99 }],
};

for (const [what, [first, second]] of Object.entries(rows)) {
  Deno.test(`scaleDownOrder() gives up first ${what}`, () => {
    const pods = [podOf("a", second), podOf("z", first)];
    assert.deepEqual(scaleDownOrder(pods, START_MS).map(({ metadata }) => metadata.uid), [
      "z",
      "a",
    ]);
    pods.reverse();
    assert.deepEqual(scaleDownOrder(pods, START_MS).map(({ metadata }) => metadata.uid), [
      "z",
      "a",
    ]);
  });
}

Deno.test("scaleDownOrder() compares times roughly, and lets the uid decide then", () => {
  const readySince = [podOf("b", { readySeconds: 100 }), podOf("a", { readySeconds: 110 })];
  assert.deepEqual(scaleDownOrder(readySince, START_MS).map(({ metadata }) => metadata.uid), [
    "a",
    "b",
  ]);
  const created = [podOf("b", { ageSeconds: 100 }), podOf("a", { ageSeconds: 100 })];
  assert.deepEqual(scaleDownOrder(created, START_MS).map(({ metadata }) => metadata.uid), [
    "a",
    "b",
  ]);
});
