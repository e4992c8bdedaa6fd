/** A Rollout controller over caches that hold what a test puts there. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import {
  type CacheName,
  type CacheState,
  NO_ANSWERS,
  type Sight,
  type UnseenTime,
} from "../../../core/engine/mod.ts";
import { Store } from "../../../core/engine/store.ts";
import { Memo } from "../../../core/rollout/memo.ts";
import { RolloutController } from "../../../core/rollout/mod.ts";

const HASH_LABEL = "rollouts-pod-template-hash";
const LABELS = { app: "web" };

/** A canary `web` in `shop` with two Services. */
export function rollout(image: string, generation = 1): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: {
      name: "web",
      namespace: "shop",
      uid: "rollout",
      generation,
      resourceVersion: String(generation),
    },
    spec: {
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: { containers: [{ name: "web", image }] } },
      strategy: { canary: { stableService: "web-stable", canaryService: "web-canary" } },
    },
  };
}

/** A set as an API server stored it: with defaults that nobody wrote. */
export function replicaSet(
  { name, hash, image, owner = "rollout" }: {
    name: string;
    hash: string;
    image: string;
    owner?: string;
  },
): KubeObject {
  const labels = { ...LABELS, [HASH_LABEL]: hash };
  const container = { name: "web", image, resources: {}, terminationMessagePolicy: "File" };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: "shop",
      uid: name,
      resourceVersion: "5",
      labels,
      ownerReferences: [{
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        name: "web",
        uid: owner,
        controller: true,
      }],
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [container], dnsPolicy: "ClusterFirst", restartPolicy: "Always" },
      },
    },
  };
}

/** A Service of those pods. */
export function service(name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop", uid: name, resourceVersion: "3" },
    spec: { selector: LABELS },
  };
}

/** Whether a cache is for this object: of sets there are two, those of Rollouts and the others. */
function holds({ type, labelSelector }: CacheName, { kind, metadata }: KubeObject): boolean {
  if (type.kind !== kind) return false;
  return labelSelector === undefined ||
    labelSelector.startsWith("!") !== Object.hasOwn(metadata.labels ?? {}, HASH_LABEL);
}

/** A controller over caches that hold these objects, or of which a test says another state. */
export function controllerOver(
  objects: readonly KubeObject[],
  memo = new Memo(),
  state: CacheState = "filled",
) {
  const controller = new RolloutController(memo);
  const { name = "web" } = objects.find(({ kind }) => kind === "Rollout")?.metadata ?? {};
  const key = `shop/${name}`;
  const stores = controller.sources.map((source) => {
    const store = new Store(source.type);
    source.prepare?.(store);
    return { source, store };
  });
  const unseen: { type: ResourceType; time: UnseenTime }[] = [];
  const caches = {
    stateOf: () => state,
    unseen: (types: readonly ResourceType[]) =>
      unseen.filter(({ type }) => types.includes(type)).map(({ time }) => time),
    of(name: ResourceType | CacheName): Store {
      const found = stores.find(({ source }) =>
        "type" in name
          ? source.type === name.type && source.labelSelector === name.labelSelector
          : source.type === name
      );
      return found?.store as Store;
    },
  };
  for (const object of objects) {
    stores.find(({ source }) => holds(source, object))?.store.merge(object);
  }
  const observe = (answers: Sight["answers"] = NO_ANSWERS) =>
    controller.observe(key, { caches, nowMs: 0, answers });
  const needs = () => controller.needs(key, caches);
  /** What is asked, by the id of its inquiry. */
  const asks = (nowMs: number) =>
    Object.fromEntries(
      controller.inquiries(key, caches, nowMs).map(({ id, question }) => [id, question]),
    );
  /** By the cache that the object is in. */
  const wakes = (object: KubeObject) => {
    const found = stores.find(({ source }) => holds(source, object));
    return [...found?.source.wakes(object, caches) ?? []];
  };
  return { observe, needs, asks, wakes, caches, unseen };
}

/** What a spec of `rollout()` needs beside it to be valid. */
export const SERVED = [service("web-stable"), service("web-canary")];
