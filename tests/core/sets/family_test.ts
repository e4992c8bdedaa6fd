import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { LabelSelector } from "../../../sdk/api/rollout.ts";
import { REPLICA_SETS } from "../../../core/api/names/resources.ts";
import { Store } from "../../../core/engine/store.ts";
import { familyOf, indexSets, type SetOwner } from "../../../core/sets/mod.ts";

const HASH_LABEL = "rollouts-pod-template-hash";

/** A Rollout, or whoever else has sets. */
function ownerNamed(name: string, selector: LabelSelector | undefined = ofApp("web")): SetOwner {
  const metadata = { name, namespace: "shop", uid: `${name}-uid`, resourceVersion: "1" };
  return { object: { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata }, selector };
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

/** A cache that holds these. */
function cachesOf(sets: readonly KubeObject[]) {
  const store = new Store(REPLICA_SETS);
  indexSets(store);
  for (const set of sets) store.merge(set);
  return { of: () => store, stateOf: () => "filled" as const };
}

/** The names of a family's members. */
function namesFor(owner: SetOwner, sets: readonly KubeObject[]) {
  const family = familyOf(owner, cachesOf(sets));
  return Object.fromEntries(
    Object.entries(family).map(([part, members]) => [
      part,
      (members as readonly KubeObject[]).map(({ metadata }) => metadata.name),
    ]),
  );
}

const WEB = ownerNamed("web");

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
    const names = namesFor({ ...WEB, selector }, sets);
    assert.deepEqual(names, { own: ["mine"], strays: [], orphans: [] });
  }
});

Deno.test("expressions of a selector count too", () => {
  const expression = { key: "app", operator: "In" as const, values: ["web", "shop"] };
  const owner = ownerNamed("web", { matchExpressions: [expression] });
  assert.deepEqual(namesFor(owner, [setNamed("free")])["orphans"], ["free"]);
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
