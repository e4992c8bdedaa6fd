import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout, RolloutSpec } from "../../../sdk/api/rollout.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { Store } from "../../../core/engine/store.ts";
import { familyOf, indexRollouts, indexSets, keysOfSet } from "../../../core/rollout/ownership.ts";
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
  return { of: (type: ResourceType) => type === ROLLOUTS ? rolloutStore : setStore } as {
    of(name: unknown): Store;
  };
}

/** The names of a family's members. */
function namesFor(rollout: Rollout, sets: readonly KubeObject[]) {
  const family = familyOf(rollout, cachesOf([rollout], sets));
  return Object.fromEntries(
    Object.entries(family).map(([part, members]) => [
      part,
      (members as readonly KubeObject[]).map(({ metadata }) => metadata.name),
    ]),
  );
}

const WEB = rolloutNamed("web");

const FAMILIES: [what: string, set: KubeObject, part: "own" | "strays" | "orphans" | "none"][] = [
  ["controlled, with labels that match", setNamed("a", controlledBy("web")), "own"],
  [
    "controlled, with other labels",
    setNamed("a", {
      ...controlledBy("web"),
      labels: { app: "other", [HASH_LABEL]: "a" },
    }),
    "strays",
  ],
  [
    "controlled, with other labels, being deleted",
    setNamed("a", {
      ...controlledBy("web"),
      labels: { app: "other", [HASH_LABEL]: "a" },
      deletionTimestamp: "2030-01-01T00:00:00Z",
    }),
    "none",
  ],
  ["without a controller", setNamed("a"), "orphans"],
  [
    "with owners of whom none is the controller",
    setNamed("a", {
      ownerReferences: [{ apiVersion: "v1", kind: "Thing", name: "thing", uid: "thing" }],
    }),
    "orphans",
  ],
  ["with another Rollout as its controller", setNamed("a", controlledBy("other")), "none"],
  ["with another kind as its controller", setNamed("a", controlledBy("web2", "Thing")), "none"],
  ["free, with other labels", setNamed("a", { labels: { [HASH_LABEL]: "a" } }), "none"],
  ["free, without a template hash", setNamed("a", { labels: { app: "web" } }), "none"],
  ["free, in another namespace", setNamed("a", { namespace: "elsewhere" }), "none"],
  ["free, being deleted", setNamed("a", { deletionTimestamp: "2030-01-01T00:00:00Z" }), "none"],
];

for (const [what, set, part] of FAMILIES) {
  Deno.test(`a set ${what} is ${part === "none" ? "no part of the family" : `one of ${part}`}`, () => {
    const expected = { own: [], strays: [], orphans: [] };
    assert.deepEqual(
      namesFor(WEB, [set]),
      part === "none" ? expected : { ...expected, [part]: ["a"] },
    );
  });
}

Deno.test("a selector that says nothing takes nobody in and lets nobody go", () => {
  const sets = [setNamed("mine", controlledBy("web")), setNamed("free")];
  for (const selector of [{}, { matchLabels: {} }, undefined]) {
    const spec = selector === undefined ? {} : { selector };
    const names = namesFor(rolloutNamed("web", spec), sets);
    assert.deepEqual(names, { own: ["mine"], strays: [], orphans: [] });
  }
});

Deno.test("expressions of a selector count too", () => {
  const expression = { key: "app", operator: "In" as const, values: ["web", "shop"] };
  const rollout = rolloutNamed("web", { selector: { matchExpressions: [expression] } });
  assert.deepEqual(namesFor(rollout, [setNamed("free")])["orphans"], ["free"]);
});

Deno.test("a family stands in the order of age", () => {
  const aged = (name: string, hour: number, more: Partial<KubeObject["metadata"]> = {}) =>
    setNamed(name, { ...more, creationTimestamp: `2030-01-01T0${hour}:00:00Z` });
  const sets = [
    aged("young", 3),
    aged("old", 1),
    aged("mine", 2, controlledBy("web")),
    aged("first", 0, controlledBy("web")),
  ];
  assert.deepEqual(namesFor(WEB, sets), {
    own: ["first", "mine"],
    strays: [],
    orphans: ["old", "young"],
  });
});

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
  };
  assert.deepEqual(keysOfSet(setNamed("a", controlledBy("other")), caches), ["shop/other"]);
  assert.deepEqual(keysOfSet(setNamed("a", controlledBy("x", "Deployment")), caches), []);
});

const FREE = replicaSet({ name: "web-a", hash: "a", image: "web:1" });
delete FREE.metadata.ownerReferences;

Deno.test("only a pass that would take a set in asks whether its Rollout is still there", () => {
  const asked = (set: KubeObject) => controllerOver([rollout("web:1"), set, ...SERVED]).asks(0);
  assert.deepEqual(asked(replicaSet({ name: "web-a", hash: "a", image: "web:1" })), []);
  const labels = { ...FREE.metadata.labels, app: "other" };
  assert.deepEqual(asked({ ...FREE, metadata: { ...FREE.metadata, labels } }), []);
  assert.deepEqual(asked(FREE), [{
    type: ROLLOUTS,
    selection: { namespace: "shop", fieldSelector: "metadata.name=web" },
  }]);
});

Deno.test("a Rollout is confirmed by an answer with its uid that knows of no deletion", () => {
  const { observe } = controllerOver([rollout("web:1"), FREE, ...SERVED]);
  const answered = (metadata: Partial<KubeObject["metadata"]>) => {
    const present = rollout("web:1");
    const answer = { ...present, metadata: { ...present.metadata, ...metadata } };
    return observe(new Map([[ROLLOUTS, [answer]]]))?.isConfirmed;
  };
  assert.equal(answered({ resourceVersion: "9" }), true);
  assert.equal(answered({ uid: "another" }), false);
  assert.equal(answered({ deletionTimestamp: "2030-01-01T00:00:00Z" }), false);
  assert.equal(observe(new Map([[ROLLOUTS, []]]))?.isConfirmed, false);
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
