/** Objects for the tests of the screen, made from what a test speaks of. */
import {
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
  SCALE_DOWN_DEADLINE_ANNOTATION,
} from "../../../core/api/names/names.ts";
import type { KubeObject, ObjectMeta } from "../../../sdk/api/object.ts";
import type {
  CanaryStrategy,
  Rollout,
  RolloutSpec,
  RolloutStatus,
} from "../../../sdk/api/rollout.ts";

/** The moment at which the tests look. */
export const NOW_MS = Date.parse("2026-01-02T03:04:05Z");

/** RFC 3339 time some seconds before (or, if negative, after) that moment. */
export function secondsAgo(seconds: number): string {
  return new Date(NOW_MS - seconds * 1000).toISOString();
}

/** A Rollout named `web`. */
export function webRollout(
  spec: RolloutSpec = {},
  status: RolloutStatus = {},
  metadata: Partial<ObjectMeta> = {},
): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: {
      name: "web",
      namespace: "prod",
      uid: "rollout-uid",
      generation: 1,
      creationTimestamp: secondsAgo(3 * 3600),
      ...metadata,
    },
    spec,
    status: { observedGeneration: "1", phase: "Healthy", ...status },
  };
}

/** A canary Rollout named `web`. */
export function webCanary(canary: CanaryStrategy = {}, status: RolloutStatus = {}): Rollout {
  return webRollout({ replicas: 5, strategy: { canary } }, status);
}

/** What tests say of a ReplicaSet of `web`. */
export interface SetFacts {
  hash: string;
  revision?: string;
  replicas?: number;
  available?: number;
  images?: string[];
  deadline?: string;
  ageSeconds?: number;
}

/** A ReplicaSet of `web`, with all wanted pods available unless told otherwise. */
export function webReplicaSet(facts: SetFacts): KubeObject {
  const { hash, revision = "1", replicas = 1, images = [], deadline, ageSeconds = 60 } = facts;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `web-${hash}`,
      uid: `set-${hash}`,
      generation: 1,
      creationTimestamp: secondsAgo(ageSeconds),
      labels: { [POD_TEMPLATE_HASH_LABEL]: hash },
      annotations: {
        [REVISION_ANNOTATION]: revision,
        ...(deadline === undefined ? {} : { [SCALE_DOWN_DEADLINE_ANNOTATION]: deadline }),
      },
      ownerReferences: [controller("Rollout", "rollout-uid")],
    },
    spec: {
      replicas,
      template: {
        spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      availableReplicas: facts.available ?? replicas,
    },
  };
}

/** A running, ready pod of the ReplicaSet with this hash. */
export function webPod(hash: string, suffix: string, ageSeconds = 60): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `web-${hash}-${suffix}`,
      creationTimestamp: secondsAgo(ageSeconds),
      ownerReferences: [controller("ReplicaSet", `set-${hash}`)],
    },
    spec: { containers: [{ name: "main" }] },
    status: {
      phase: "Running",
      containerStatuses: [{ name: "main", ready: true, restartCount: 0, state: { running: {} } }],
    },
  };
}

function controller(kind: string, uid: string) {
  return { apiVersion: "any/v1", kind, name: "any", uid, controller: true };
}
