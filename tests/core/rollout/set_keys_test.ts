import assert from "node:assert/strict";
import type { Answers, CacheReader } from "../../../core/engine/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout, RolloutSpec } from "../../../sdk/api/rollout.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { Store } from "../../../core/engine/store.ts";
import { indexRollouts, keysOfSet } from "../../../core/rollout/set_keys.ts";
import { indexSets } from "../../../core/sets/mod.ts";
import { controllerOver, replicaSet, rollout, SERVED } from "./controller_world.ts";

const HASH_LABEL = "rollouts-pod-template-hash";

function rolloutNamed(name: string, spec: RolloutSpec = { selector: ofApp("web") }): Rollout {
  const metadata = { name, namespace: "shop", uid: `${name}-uid`, resourceVersion: "1" };
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata, spec };
}

function ofApp(app: string) {
  return { matchLabels: { app } };
}

function controlledBy(name: string, kind = "Rollout"): Partial<KubeObject["metadata"]> {
  const apiVersion = "argoproj.io/v1alpha1";
  return { ownerReferences: [{ apiVersion, kind, name, uid: `${name}-uid`, controller: true }] };
}

function setNamed(name: string, metadata: Partial<KubeObject["metadata"]> = {}): KubeObject {
  const labels = { app: "web", [HASH_LABEL]: name };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: "shop",
      uid: name,
      resourceVersion: "1",
      creationTimestamp: "2030-01-01T00:00:00Z",
      labels,
      ...metadata,
    },
    spec: { replicas: 0, selector: {}, template: {} },
  };
}

/** Caches that hold these. */
function cachesOf(rollouts: readonly Rollout[], sets: readonly KubeObject[]) {
  const [rolloutStore, setStore] = [new Store(ROLLOUTS), new Store(REPLICA_SETS)];
  indexRollouts(rolloutStore);
  indexSets(setStore);
  for (const rollout of rollouts) rolloutStore.merge(rollout);
  for (const set of sets) setStore.merge(set);
  return {
    of: (type: ResourceType) => type === ROLLOUTS ? rolloutStore : setStore,
    stateOf: () => "filled",
  } as CacheReader;
}

const WEB = rolloutNamed("web");

Deno.test("a free set wakes the Rollouts of its namespace whose selector matches it", () => {
  const elsewhere = rolloutNamed("far");
  elsewhere.metadata.namespace = "elsewhere";
  const other = rolloutNamed("other", { selector: ofApp("other") });
  const broken = { ...rolloutNamed("broken"), spec: undefined } as unknown as Rollout;
  const caches = cachesOf([broken, WEB, rolloutNamed("twin"), other, elsewhere], []);
  assert.deepEqual(keysOfSet(setNamed("a"), caches), ["shop/web", "shop/twin"]);
  assert.deepEqual(keysOfSet(setNamed("a", { labels: { app: "web" } }), caches), []);
});

Deno.test("a set with a controller wakes that alone, and looks at no other Rollout", () => {
  const caches = {
    of(): never {
      throw new Error("Cannot be needed: the set says whose it is");
    },
    stateOf: () => "filled" as const,
  };
  assert.deepEqual(keysOfSet(setNamed("a", controlledBy("other")), caches), ["shop/other"]);
  assert.deepEqual(keysOfSet(setNamed("a", controlledBy("x", "Deployment")), caches), []);
});

const FREE = replicaSet({ name: "web-a", hash: "a", image: "web:1" });
delete FREE.metadata.ownerReferences;

Deno.test("only a pass that would take a set in asks whether its Rollout is still there", () => {
  const asked = (set: KubeObject) => controllerOver([rollout("web:1"), set, ...SERVED]).asks(0);
  assert.deepEqual(asked(replicaSet({ name: "web-a", hash: "a", image: "web:1" })), {});
  const labels = { ...FREE.metadata.labels, app: "other" };
  assert.deepEqual(asked({ ...FREE, metadata: { ...FREE.metadata, labels } }), {});
  assert.deepEqual(asked(FREE), {
    confirmation: {
      kind: "list",
      type: ROLLOUTS,
      selection: { namespace: "shop", fieldSelector: "metadata.name=web" },
    },
  });
});

function answeredBy(value: readonly KubeObject[]): Answers {
  return new Map([["confirmation", { state: "answered", value, askedAtMs: 0 }]]);
}

Deno.test("a Rollout is confirmed by an answer with its uid that knows of no deletion", () => {
  const { observe } = controllerOver([rollout("web:1"), FREE, ...SERVED]);
  const answered = (metadata: Partial<KubeObject["metadata"]>) => {
    const present = rollout("web:1");
    const answer = { ...present, metadata: { ...present.metadata, ...metadata } };
    return observe(answeredBy([answer]))?.isConfirmed;
  };
  assert.equal(answered({ resourceVersion: "9" }), true);
  assert.equal(answered({ uid: "another" }), false);
  assert.equal(answered({ deletionTimestamp: "2030-01-01T00:00:00Z" }), false);
  assert.equal(observe(answeredBy([]))?.isConfirmed, false);
  assert.equal(observe(new Map([["confirmation", { state: "pending" }]]))?.isConfirmed, false);
  assert.equal(observe()?.isConfirmed, false);
});

Deno.test("a free set wakes a Rollout whose selector is its workload's", () => {
  const present = rollout("web:1");
  const workloadRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const { strategy } = present.spec;
  const referring = { ...present, spec: { workloadRef, strategy } } as Rollout;
  const { selector, template } = present.spec;
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", uid: "deployment", resourceVersion: "2" },
    spec: { selector, template },
  };
  assert.deepEqual(controllerOver([referring, deployment]).wakes(FREE), ["shop/web"]);
  assert.deepEqual(controllerOver([referring]).wakes(FREE), []);
});
