import assert from "node:assert/strict";
import { replicaSetStatus } from "../../../core/view/replica_set_status.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";

interface Row {
  name: string;
  generation?: number;
  replicas?: number;
  status: Record<string, unknown>;
  shown: string;
}

const FAILURE = { type: "ReplicaFailure", status: "True" };

const ROWS: Row[] = [
  { name: "all available", replicas: 2, status: { availableReplicas: 2 }, shown: "Healthy" },
  { name: "more than wanted", replicas: 2, status: { availableReplicas: 3 }, shown: "Healthy" },
  { name: "some missing", replicas: 2, status: { availableReplicas: 1 }, shown: "Progressing" },
  { name: "one is wanted where none is said", status: {}, shown: "Progressing" },
  { name: "none wanted", replicas: 0, status: {}, shown: "ScaledDown" },
  {
    name: "a size not yet observed",
    generation: 2,
    replicas: 0,
    status: { observedGeneration: 1 },
    shown: "Progressing",
  },
  {
    name: "a failure",
    replicas: 1,
    status: { availableReplicas: 1, conditions: [FAILURE] },
    shown: "ReplicaFailure",
  },
  {
    name: "a failure with pods missing",
    replicas: 2,
    status: { availableReplicas: 1, conditions: [FAILURE] },
    shown: "Progressing",
  },
  {
    name: "a failure that is over",
    replicas: 1,
    status: { availableReplicas: 1, conditions: [{ ...FAILURE, status: "False" }] },
    shown: "Healthy",
  },
];

for (const { name, generation = 1, replicas, status, shown } of ROWS) {
  Deno.test(`replicaSetStatus(): ${name} is ${shown}`, () => {
    const set: KubeObject = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: "web-1", generation },
      spec: replicas === undefined ? {} : { replicas },
      status: { observedGeneration: generation, ...status },
    };
    assert.equal(replicaSetStatus(set), shown);
  });
}
