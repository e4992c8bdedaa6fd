import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout, RolloutSpec } from "../../../sdk/api/rollout.ts";
import {
  DEPLOYMENTS,
  POD_TEMPLATES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../core/api/names/resources.ts";
import { Memo, RolloutController } from "../../../core/rollout/mod.ts";
import { controllerOver, replicaSet, rollout, SERVED } from "./controller_world.ts";

type Reference = NonNullable<RolloutSpec["workloadRef"]>;

const DEPLOYMENT: Reference = { apiVersion: "apps/v1", kind: "Deployment", name: "base" };
const LABELS = { app: "web" };
const OTHER_SETS = "!rollouts-pod-template-hash";

/** The Rollout `web`, which takes its template, and its selector, from elsewhere. */
function referring(workloadRef: Reference, generation = 1): Rollout {
  const { spec: { selector: _, template: __, ...spec }, ...rest } = rollout("web:1", generation);
  return { ...rest, spec: { ...spec, workloadRef } };
}

/** A workload called `base` whose pods run an image. */
function workload(
  kind: "Deployment" | "ReplicaSet" | "PodTemplate",
  image: string,
  { generation = 1, uid = "base" }: { generation?: number; uid?: string } = {},
): KubeObject {
  const template = {
    metadata: { labels: LABELS },
    spec: { containers: [{ name: "web", image }] },
  };
  const metadata = {
    name: "base",
    namespace: "shop",
    uid,
    generation,
    resourceVersion: `${generation}0`,
  };
  return kind === "PodTemplate" ? { apiVersion: "v1", kind, metadata, template } : {
    apiVersion: "apps/v1",
    kind,
    metadata,
    spec: { selector: { matchLabels: LABELS }, template },
  };
}

function imageOf(spec: RolloutSpec | undefined): string | undefined {
  return spec?.template?.spec?.containers?.[0]?.image;
}

for (const kind of ["Deployment", "ReplicaSet", "PodTemplate"] as const) {
  Deno.test(`observe() takes template and selector from a ${kind}, in the snapshot only`, () => {
    const apiVersion = kind === "PodTemplate" ? "v1" : "apps/v1";
    const base = workload(kind, "web:7");
    const written = referring({ apiVersion, kind, name: "base" });
    const { observe, caches } = controllerOver([written, base, ...SERVED]);
    const world = observe();
    assert.equal(world?.invalid, undefined);
    assert.equal(imageOf(world?.rollout.spec), "web:7");
    assert.deepEqual(
      world?.rollout.spec.selector,
      kind === "PodTemplate" ? undefined : { matchLabels: LABELS },
    );
    assert.equal(world?.workload?.object, base);
    assert.deepEqual(caches.of(ROLLOUTS).get("shop", "web"), written);
  });
}

Deno.test("observe() prefers the Rollout's own selector", () => {
  const selector = { matchLabels: { app: "web", tier: "front" } };
  const written = referring(DEPLOYMENT);
  const own = { ...written, spec: { ...written.spec, selector } };
  const base = workload("Deployment", "web:7");
  const world = controllerOver([own, base, ...SERVED]).observe();
  assert.deepEqual(world?.rollout.spec.selector, selector);
  assert.match(world?.invalid ?? "", /^spec\.template\.metadata\.labels: Invalid value: /);
});

Deno.test("observe() notices what changes of the workload, or that it is another", () => {
  const base = workload("Deployment", "web:1");
  const { observe, caches } = controllerOver([referring(DEPLOYMENT), base, ...SERVED]);
  const hash = observe()?.templateHash;
  assert.equal(hash, controllerOver([rollout("web:1"), ...SERVED]).observe()?.templateHash);
  caches.of(DEPLOYMENTS).merge(workload("Deployment", "web:2", { generation: 2 }));
  assert.notEqual(observe()?.templateHash, hash);
  // Deleted and made anew: its generations begin at 1 again.
  const again = workload("Deployment", "web:1", { generation: 2, uid: "another" });
  again.metadata.resourceVersion = "30";
  caches.of(DEPLOYMENTS).merge(again);
  assert.equal(observe()?.templateHash, hash);
});

Deno.test("observe() says in few words why there is no template", () => {
  const rows: [Reference, string][] = [
    [DEPLOYMENT, 'deployments.apps "shop/base" not found'],
    [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "base" },
      'replicasets.apps "shop/base" not found',
    ],
    [
      { apiVersion: "v1", kind: "PodTemplate", name: "base" },
      'podtemplates "shop/base" not found',
    ],
    [
      { apiVersion: "apps/v1", kind: "StatefulSet", name: "base" },
      "workload of type apps/StatefulSet is not supported",
    ],
  ];
  for (const [reference, text] of rows) {
    const world = controllerOver([referring(reference), ...SERVED]).observe();
    assert.equal(world?.invalid, text);
    assert.equal(world?.workload, undefined);
  }
});

Deno.test("observe() does not call a workload absent that it cannot know of", () => {
  for (
    const [state, text] of [
      ["forbidden", "the controller may not list deployments.apps, nor read the one it needs"],
      ["missing", "the cluster does not serve deployments.apps"],
    ] as const
  ) {
    const world = controllerOver([referring(DEPLOYMENT), ...SERVED], new Memo(), state).observe();
    assert.equal(world?.invalid, text);
  }
});

Deno.test("observe() goes on with the set's template when an aborted Rollout lost its workload", () => {
  const { hash = "", set } = aborted();
  const status = { abort: true, currentPodHash: hash };
  const lost = { ...referring(DEPLOYMENT), status };
  const world = controllerOver([lost, set, ...SERVED]).observe();
  assert.equal(world?.invalid, undefined);
  assert.equal(world?.nextSet, set);
  assert.equal(world?.workload, undefined);
  assert.equal(imageOf(world?.rollout.spec), "web:7");
  assert.deepEqual(world?.rollout.spec.selector, { matchLabels: LABELS });
  assert.deepEqual(world?.rollout.spec.template?.metadata?.labels, LABELS);

  const missing = 'deployments.apps "shop/base" not found';
  const rows: [what: string, objects: KubeObject[]][] = [
    ["not aborted", [{ ...lost, status: { ...status, abort: false } }, set]],
    ["no set", [lost]],
    ["somebody else's set", [lost, aborted("stranger").set]],
  ];
  for (const [what, objects] of rows) {
    assert.equal(controllerOver([...objects, ...SERVED]).observe()?.invalid, missing, what);
  }
});

/** The set of `web:7`, as the Rollout made it. */
function aborted(owner = "rollout") {
  const base = workload("Deployment", "web:7");
  const hash = controllerOver([referring(DEPLOYMENT), base, ...SERVED]).observe()?.templateHash;
  const set = replicaSet({ name: `web-${hash}`, hash: hash ?? "", image: "web:7", owner });
  return { hash, set };
}

Deno.test("observe() refuses a template of its own beside that of a workload", () => {
  const written = rollout("web:1");
  const both = { ...written, spec: { ...written.spec, workloadRef: DEPLOYMENT } };
  const world = controllerOver([both, workload("Deployment", "web:7"), ...SERVED]).observe();
  assert.equal(
    world?.invalid,
    "spec.template: Internal error: template must be empty for workload reference rollout",
  );
});

Deno.test("needs() names the workload and its cache, and none without one", () => {
  const needed = (reference: Reference) => controllerOver([referring(reference)]).needs();
  const refs = [{ namespace: "shop", name: "base" }];
  assert.deepEqual(needed(DEPLOYMENT), [{ type: DEPLOYMENTS, refs }]);
  assert.deepEqual(needed({ ...DEPLOYMENT, name: "" }), [{ type: DEPLOYMENTS, refs: [] }]);
  assert.deepEqual(needed({ apiVersion: "v1", kind: "PodTemplate", name: "base" }), [
    { type: POD_TEMPLATES, refs },
  ]);
  assert.deepEqual(needed({ apiVersion: "apps/v1", kind: "ReplicaSet", name: "base" }), [
    { type: REPLICA_SETS, labelSelector: OTHER_SETS, refs },
  ]);
  assert.deepEqual(needed({ apiVersion: "apps/v1", kind: "StatefulSet", name: "base" }), []);
  assert.deepEqual(controllerOver([rollout("web:1")]).needs(), []);
  assert.deepEqual(controllerOver([]).needs(), []);
});

Deno.test("no cache of workloads or analyses is filled before a Rollout refers to one", () => {
  const { sources } = new RolloutController();
  const onDemand = sources.filter(({ isOnDemand }) => isOnDemand === true)
    .map(({ type, labelSelector = "" }) => `${type.plural} ${labelSelector}`);
  assert.deepEqual(onDemand, [
    "deployments ",
    `replicasets ${OTHER_SETS}`,
    "podtemplates ",
    "analysisruns ",
    "analysistemplates ",
    "clusteranalysistemplates ",
    "experiments ",
  ]);
});

Deno.test("a workload wakes the Rollouts that refer to it, and nobody else", () => {
  const { wakes } = controllerOver([referring(DEPLOYMENT), ...SERVED]);
  const base = workload("Deployment", "web:1");
  assert.deepEqual(wakes(base), ["shop/web"]);
  assert.deepEqual(wakes(workload("ReplicaSet", "web:1")), []);
  assert.deepEqual(wakes(workload("PodTemplate", "web:1")), []);
  assert.deepEqual(wakes({ ...base, metadata: { ...base.metadata, namespace: "other" } }), []);
  assert.deepEqual(wakes({ ...base, metadata: { ...base.metadata, name: "other" } }), []);
});

Deno.test("a set of another Rollout may be a workload too", () => {
  const reference = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "other-a" };
  const set = replicaSet({ name: "other-a", hash: "a", image: "web:7", owner: "other" });
  const { observe, wakes } = controllerOver([referring(reference), set, ...SERVED]);
  assert.equal(imageOf(observe()?.rollout.spec), "web:7");
  const [owner] = set.metadata.ownerReferences ?? [];
  assert.ok(owner !== undefined);
  const owned = { ...set.metadata, ownerReferences: [{ ...owner, name: "other" }] };
  assert.deepEqual(wakes({ ...set, metadata: owned }).sort(), ["shop/other", "shop/web"]);
});

Deno.test("inquiries() for pods by the selector of the workload", () => {
  const restartAt = "2026-03-01T12:00:00Z";
  const written = referring(DEPLOYMENT);
  const restarted = { ...written, spec: { ...written.spec, restartAt } };
  const { asks } = controllerOver([restarted, workload("Deployment", "web:1"), ...SERVED]);
  assert.deepEqual(asks(Date.parse(restartAt)), {
    pods: {
      kind: "list",
      type: PODS,
      selection: { namespace: "shop", labelSelector: "app=web" },
    },
  });
});
