/**
 * Builds the snapshots that stages are tried on: a Rollout called `web` in `shop`, its ReplicaSets
 * `web-<hash>`, its Services, all deep-frozen. What a test does not name is as a settled controller
 * leaves it.
 */
import type {
  BlueGreenStrategy,
  CanaryStep,
  CanaryStrategy,
  RolloutCondition,
  RolloutSpec,
  RolloutStatus,
} from "../../../sdk/api/rollout.ts";
import { DEPLOYMENTS } from "../../../core/api/names/resources.ts";
import type { Workload } from "../../../core/api/validation/workload.ts";
import type { RolloutWorld, Service } from "../../../core/rollout/mod.ts";
import { type ExperimentFacts, NO_EXPERIMENTS } from "../../../core/rollout/experiments/facts.ts";
import { type AnalysisFacts, NO_ANALYSES } from "../../../core/rollout/analysis/facts.ts";
import type { RouterFacts } from "../../../core/rollout/routed/router_facts.ts";
import { NO_STEP_PLUGINS, type StepPluginFacts } from "../../../core/rollout/step_plugins/facts.ts";
import type { UnseenTime } from "../../../core/engine/mod.ts";
import type { ReplicaSet } from "../../../core/sets/mod.ts";
import type { Pod } from "../../../core/sets/pods.ts";
import {
  DESIRED_REPLICAS_ANNOTATION,
  MANAGED_BY_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
} from "../../../core/api/names/names.ts";
import { unservedField } from "../../../core/rollout/unserved.ts";
import { plugins } from "../../../plugins/mod.ts";
import { stepHash } from "../../../core/api/hash/step_hash.ts";

/** The instant at which worlds are looked at unless they say otherwise. */
export const NOON = "2026-03-01T12:00:00Z";

/** One ReplicaSet; a number stands for a set with so many pods, all available. */
export interface SetShape {
  hash: string;
  size: number;
  revision?: number;
  /** Pods there are; default: `size`. */
  present?: number;
  /** Default: what is present. */
  ready?: number;
  /** Default: what is ready. */
  available?: number;
  /** The Rollout's replicas when it was scaled; default: as they are now. */
  desired?: number;
  minReadySeconds?: number;
  createdAt?: string;
  annotations?: Record<string, string>;
  /** Labels that its template has besides its own. */
  labels?: Record<string, string>;
  /** Merged over `metadata`. */
  metadata?: Partial<ReplicaSet["metadata"]>;
  /** Merged over `status`. */
  status?: ReplicaSet["status"];
}

/** Which hash a Service selects; `isManaged` false: nobody steered it yet. */
export interface ServiceShape {
  selects?: string;
  isManaged?: boolean;
}

/** What a test says about its world. */
export interface WorldShape {
  now?: string;
  replicas?: number;
  steps?: CanaryStep[];
  canary?: CanaryStrategy;
  /** Makes it a blue-green. */
  blueGreen?: BlueGreenStrategy;
  spec?: Partial<RolloutSpec>;
  generation?: number;
  annotations?: Record<string, string>;
  /** Merged over the status that follows from the sets. */
  status?: RolloutStatus;
  /** The set of the present template; undefined: to be created. */
  next?: SetShape | undefined;
  /** Another stable set; absent: `next` is it, unless `status.stableRS` says otherwise. */
  stable?: SetShape;
  past?: SetShape[];
  services?: Record<string, ServiceShape>;
  /** Hash of the present template; default: that of `next`. */
  templateHash?: string;
  isNameTaken?: boolean;
  /** Undefined: the pass did not list them. */
  pods?: Pod[];
  arePodsPending?: boolean;
  unseen?: UnseenTime[];
  analysis?: Partial<AnalysisFacts>;
  routers?: RouterFacts[];
  /** What `spec.workloadRef` names. */
  workload?: Workload;
  experiment?: Partial<ExperimentFacts>;
  stepPlugins?: Partial<StepPluginFacts>;
  invalid?: string;
}

/** A pod of the set `web-<hash>`; default: Ready, and as old as the sets. */
export function podOf(
  hash: string,
  name: string,
  { createdAt = "2026-03-01T00:00:00Z", isReady = true, isLeaving = false, ...metadata }:
    & { createdAt?: string; isReady?: boolean; isLeaving?: boolean }
    & Partial<Pick<Pod["metadata"], "labels" | "annotations">> = {},
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid: `${name}-uid`,
      creationTimestamp: createdAt,
      ...(isLeaving ? { deletionTimestamp: createdAt } : {}),
      ownerReferences: [{
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name: `web-${hash}`,
        uid: `${hash}-uid`,
        controller: true,
      }],
      labels: { app: "web", [POD_TEMPLATE_HASH_LABEL]: hash },
      ...metadata,
    },
    status: { conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
  };
}

/** A frozen snapshot. */
export function worldOf(shape: WorldShape): RolloutWorld {
  const { replicas = 5, steps, generation = 3, next, stable, past = [] } = shape;
  const canary: CanaryStrategy = { ...(steps === undefined ? {} : { steps }), ...shape.canary };
  const shapes = [stable, ...past, next].filter((set) => set !== undefined);
  const replicaSets = shapes.map((set, index) => replicaSet(set, { index, replicas }));
  const nextSet = next === undefined ? undefined : replicaSets.at(-1);
  const hash = shape.templateHash ?? next?.hash ?? "unknown";
  const status = statusFor(shape, { steps, hash, generation });
  const rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: {
      name: "web",
      namespace: "shop",
      uid: "rollout-uid",
      resourceVersion: "100",
      generation,
      annotations: {
        ...(nextSet === undefined ? {} : revisionAnnotation(nextSet)),
        ...shape.annotations,
      },
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: podTemplate(hash),
      ...shape.spec,
      strategy: shape.blueGreen === undefined ? { canary } : { blueGreen: shape.blueGreen },
      ...(shape.spec?.strategy === undefined ? {} : { strategy: shape.spec.strategy }),
    },
    status,
  };
  return deepFreeze({
    nowMs: Date.parse(shape.now ?? NOON),
    rollout,
    workload: shape.workload,
    templateHash: hash,
    stepHash: shape.blueGreen === undefined ? stepHash(steps) : "",
    nextSet,
    replicaSets,
    orphans: [],
    strays: [],
    isConfirmed: false,
    isNameTaken: shape.isNameTaken ?? false,
    services: serviceMap(shape.services ?? {}),
    experiment: { ...NO_EXPERIMENTS, ...shape.experiment },
    analysis: { ...NO_ANALYSES, ...shape.analysis },
    stepPlugins: { ...NO_STEP_PLUGINS, ...shape.stepPlugins },
    pods: shape.pods,
    routers: shape.routers ?? [],
    left: [],
    arePodsPending: shape.arePodsPending ?? false,
    ...(shape.unseen === undefined ? {} : { unseen: shape.unseen }),
    unserved: unservedField(rollout, plugins),
    invalid: shape.invalid,
  });
}

/** A condition that has held since long before noon, and what else it says. */
export function condition(
  type: RolloutCondition["type"],
  saying: Partial<RolloutCondition>,
): RolloutCondition {
  return {
    type,
    status: "True",
    reason: "",
    message: "",
    lastUpdateTime: "2026-03-01T01:00:00Z",
    lastTransitionTime: "2026-03-01T01:00:00Z",
    ...saying,
  };
}

/** The same snapshot with another status. */
export function withStatus(world: RolloutWorld, status: RolloutStatus): RolloutWorld {
  return deepFreeze({ ...world, rollout: { ...world.rollout, status } });
}

function statusFor(
  shape: WorldShape,
  { steps, hash, generation }: {
    steps: CanaryStep[] | undefined;
    hash: string;
    generation: number;
  },
): RolloutStatus {
  const stableHash = shape.stable?.hash ?? hash;
  return {
    observedGeneration: String(generation),
    currentPodHash: hash,
    ...(shape.blueGreen === undefined ? { currentStepHash: stepHash(steps) } : {}),
    stableRS: stableHash,
    ...(steps === undefined || steps.length === 0
      ? {}
      : { currentStepIndex: stableHash === hash ? steps.length : 0 }),
    ...shape.status,
  };
}

function podTemplate(hash: string) {
  return {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: `web:${hash}` }] },
  };
}

function revisionAnnotation(set: ReplicaSet): Record<string, string> {
  const revision = set.metadata.annotations?.[REVISION_ANNOTATION];
  return revision === undefined ? {} : { [REVISION_ANNOTATION]: revision };
}

function replicaSet(
  shape: SetShape,
  { index, replicas }: { index: number; replicas: number },
): ReplicaSet {
  const { hash, size, present = size, minReadySeconds } = shape;
  const ready = shape.ready ?? shape.available ?? present;
  const available = shape.available ?? ready;
  const label = { [POD_TEMPLATE_HASH_LABEL]: hash };
  const template = podTemplate(hash);
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `web-${hash}`,
      namespace: "shop",
      uid: `${hash}-uid`,
      resourceVersion: String(200 + index),
      generation: 1,
      creationTimestamp: shape.createdAt ?? `2026-03-01T0${index}:00:00Z`,
      labels: { app: "web", ...label },
      annotations: {
        [REVISION_ANNOTATION]: String(shape.revision ?? index + 1),
        [DESIRED_REPLICAS_ANNOTATION]: String(shape.desired ?? replicas),
        ...shape.annotations,
      },
      ...shape.metadata,
    },
    spec: {
      replicas: size,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { matchLabels: { app: "web", ...label } },
      template: { ...template, metadata: { labels: { app: "web", ...label, ...shape.labels } } },
    },
    status: {
      replicas: present,
      readyReplicas: ready,
      availableReplicas: available,
      observedGeneration: 1,
      ...shape.status,
    },
  };
}

function serviceMap(shapes: Record<string, ServiceShape>): Map<string, Service> {
  const services = Object.entries(shapes).map(([name, shape], index): [string, Service] => [name, {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      namespace: "shop",
      resourceVersion: String(300 + index),
      ...((shape.isManaged ?? true) ? { annotations: { [MANAGED_BY_ANNOTATION]: "web" } } : {}),
    },
    spec: {
      selector: {
        app: "web",
        ...(shape.selects === undefined ? {} : { [POD_TEMPLATE_HASH_LABEL]: shape.selects }),
      },
    },
  }]);
  return new Map(services);
}

/** The Deployment `base` that the template comes from; without a size it does not say one. */
export function deploymentOf(
  { size, generation = 1, annotations }: {
    size?: number;
    generation?: number;
    annotations?: Record<string, string>;
  },
): Workload {
  const selector = { matchLabels: { app: "web" } };
  const template = podTemplate("base");
  return {
    type: DEPLOYMENTS,
    object: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "base",
        namespace: "shop",
        uid: "base-uid",
        resourceVersion: "400",
        generation,
        ...(annotations === undefined ? {} : { annotations }),
      },
      spec: { ...(size === undefined ? {} : { replicas: size }), selector, template },
    },
    selector,
    template,
  };
}

/** Freezes a value and all that is in it: whoever writes into a snapshot throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const inner = value instanceof Map ? value.values() : Object.values(value);
  for (const part of inner) deepFreeze(part);
  return Object.freeze(value);
}
