/** Whose doing it is that users miss pods, on a cluster without a controller that would be right. */
import assert from "node:assert/strict";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { restViolations } from "../../../core/simulate/at_rest.ts";
import { Membership } from "../../../core/simulate/membership.ts";
import { START_MS } from "../../../core/simulate/scenario.ts";
import { CONTROLLER } from "../../../core/simulate/simulated_world.ts";
import { UserLevels } from "../../../core/simulate/user_levels.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { makeWorld } from "../cluster/embedded/world.ts";
import { objectsOf, service, shop } from "./shop.ts";

const NAMESPACE = "default";
const USER = "somebody";
const STABLE = "canary: {stableService: stable, canaryService: canary}";

/** A Rollout `shop` with the sets r1 and r2 of so many pods, each with its hash. */
async function worldWith(
  sizes: readonly number[],
  { strategy = STABLE, status = {} }: { strategy?: string; status?: Rollout["status"] } = {},
) {
  const world = makeWorld({ customResources: [openDefinition(ROLLOUT_KIND)] });
  const { cluster } = world;
  const membership = new Membership();
  const levels = new UserLevels(cluster, membership, USER);
  cluster.onWrite((write) => levels.note(write, membership.note(write), START_MS));
  const user = cluster.client(USER);
  const controller = cluster.client(CONTROLLER);
  const [rollout, ...services] = objectsOf(shop(strategy) + service("stable", "app: shop"));
  const inNamespace = (object: KubeObject) => ({
    ...object,
    metadata: { ...object.metadata, namespace: NAMESPACE },
  });
  for (const each of services) await user.create(SERVICES, inNamespace(each));
  const owner = await user.create(ROLLOUTS, inNamespace(rollout as KubeObject));
  await controller.patch(ROLLOUTS, { namespace: NAMESPACE, name: "shop" }, {
    type: "merge",
    body: { status: { stableRS: "h1", currentPodHash: "h2", ...status } },
  }, { subresource: "status" });
  for (const [index, size] of sizes.entries()) {
    await controller.create(REPLICA_SETS, setOf(owner, index + 1, size));
  }
  world.elapse(5000);
  const look = () => {
    world.elapse(0);
    return levels.look(START_MS + 10_000);
  };
  assert.deepEqual(look(), { warnings: new Map(), violations: [] });
  return { ...world, levels, user, controller, look };
}

function setOf({ metadata }: KubeObject, revision: number, replicas: number): KubeObject {
  const labels = { app: "shop", "rollouts-pod-template-hash": `h${revision}` };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `shop-h${revision}`,
      namespace: NAMESPACE,
      labels,
      annotations: { "rollout.argoproj.io/revision": String(revision) },
      ownerReferences: [{
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        name: "shop",
        uid: metadata.uid ?? "",
        controller: true,
      }],
    },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "main", image: "registry.example/shop:1" }] },
      },
    },
  } as KubeObject;
}

const FIRST_SET = { namespace: NAMESPACE, name: "shop-h1" };
const toSize = (replicas: number) => ({ type: "merge" as const, body: { spec: { replicas } } });

Deno.test("a Rollout that takes too many pods away breaks U1, and U2 with the last one", async () => {
  const { controller, look } = await worldWith([2, 0]);
  await controller.patch(REPLICA_SETS, FIRST_SET, toSize(0));
  const { warnings, violations } = look();
  assert.deepEqual([...warnings], [["default/shop", [
    "0 available pods, fewer than 2",
    "Service stable has no ready pod",
  ]]]);
  assert.deepEqual(violations.map(({ rule, message }) => `${rule} ${message}`), [
    "U1 at 10s the Rollout leaves 0 available pods, fewer than 2",
    "U2 at 10s the Rollout drains Service stable, which has no ready pod from then on",
  ]);
});

Deno.test("a Rollout that moves a Service to a set without pods breaks U2", async () => {
  const { controller, look } = await worldWith([2, 0]);
  await controller.patch(SERVICES, { namespace: NAMESPACE, name: "stable" }, {
    type: "merge",
    body: { spec: { selector: { "rollouts-pod-template-hash": "h2" } } },
  });
  const { violations } = look();
  assert.deepEqual(violations.map(({ rule, message }) => `${rule} ${message}`), [
    "U2 at 10s the Rollout moves Service stable, which has no ready pod from then on",
  ]);
});

Deno.test("a preview may be empty, and so may a Service that the Rollout does not name", async () => {
  for (const strategy of ["canary: {canaryService: stable}", "canary: {}"]) {
    const { controller, look } = await worldWith([2, 0], { strategy });
    await controller.patch(REPLICA_SETS, FIRST_SET, toSize(0));
    const { warnings, violations } = look();
    assert.equal(warnings.get("default/shop")?.length, 2);
    assert.deepEqual(violations.map(({ rule }) => rule), ["U1"]);
  }
});

Deno.test("of a blue-green the pods count that its active Service leads to", async () => {
  const strategy = "blueGreen: {activeService: stable}";
  const { controller, look } = await worldWith([2, 2], { strategy });
  await controller.patch(SERVICES, { namespace: NAMESPACE, name: "stable" }, {
    type: "merge",
    body: { spec: { selector: { "rollouts-pod-template-hash": "h2" } } },
  });
  await controller.patch(REPLICA_SETS, FIRST_SET, toSize(0));
  assert.deepEqual(look(), { warnings: new Map(), violations: [] });
  await controller.patch(REPLICA_SETS, { ...FIRST_SET, name: "shop-h2" }, toSize(1));
  assert.deepEqual(look().violations.map(({ rule }) => rule), ["U1"]);
});

Deno.test("what a user takes away is told, and breaks no rule", async () => {
  const { user, look } = await worldWith([2, 0]);
  await user.patch(REPLICA_SETS, FIRST_SET, toSize(0));
  const { warnings, violations } = look();
  assert.equal(warnings.get("default/shop")?.length, 2);
  assert.deepEqual(violations, []);
});

Deno.test("what a restart evicts is told, and breaks no rule", async () => {
  const { cluster, controller, look } = await worldWith([2, 0]);
  const [pod] = cluster.objects(PODS, { namespace: NAMESPACE });
  const metadata = { namespace: NAMESPACE, name: pod?.metadata.name ?? "" };
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
  await controller.create(PODS, eviction, { subresource: "eviction" });
  const { warnings, violations } = look();
  assert.deepEqual([...warnings.values()], [["1 available pod, fewer than 2"]]);
  assert.deepEqual(violations, []);
});

Deno.test("what a user takes in the same instant is not laid to the Rollout's charge", async () => {
  const { cluster, user, controller, look } = await worldWith([2, 1]);
  const mine = cluster.objects(PODS, { namespace: NAMESPACE })
    .find(({ metadata }) => metadata.name.startsWith("shop-h2-"));
  await user.delete(PODS, { namespace: NAMESPACE, name: mine?.metadata.name ?? "" });
  await controller.patch(REPLICA_SETS, { namespace: NAMESPACE, name: "shop-h2" }, toSize(0));
  assert.deepEqual(look().violations, []);
});

const RESTS: [name: string, sizes: number[], status: Rollout["status"], broken: string[]][] = [
  ["an abort that ended", [2, 0], { abort: true, phase: "Degraded" }, []],
  ["an abort that left a superseded set", [1, 1], { abort: true, phase: "Degraded" }, [
    "S8 aborted and at rest, but revision 2 keeps 1 pod",
    "S8 aborted and at rest, but stable revision 1 is to have 1 of 2 pods",
  ]],
  ["a Healthy Rollout with a set too many", [2, 1], { phase: "Healthy" }, [
    "U3 Healthy and at rest, but revision 2 keeps 1 pod",
  ]],
  ["a pause", [1, 1], { phase: "Paused" }, []],
];

for (const [name, sizes, status, broken] of RESTS) {
  Deno.test(`at rest: ${name}`, async () => {
    const { cluster } = await worldWith(sizes, status === undefined ? {} : { status });
    const rollout = cluster.object(ROLLOUTS, { namespace: NAMESPACE, name: "shop" }) as Rollout;
    const told = restViolations(cluster, rollout).map(({ rule, message }) => `${rule} ${message}`);
    assert.deepEqual(told, broken);
  });
}

const HELD_UP: [name: string, sizes: number[], broken: number][] = [
  ["users need the canary's pods", [1, 2], 0],
  ["it has more pods than they need", [1, 3], 2],
  ["there is room for stable's other pod", [1, 1], 2],
];

for (const [name, sizes, broken] of HELD_UP) {
  Deno.test(`at rest: an abort whose stable pods do not get ready, where ${name}`, async () => {
    const status: Rollout["status"] = { abort: true, phase: "Degraded" };
    const { cluster, controller } = await worldWith(sizes, { status });
    await controller.patch(REPLICA_SETS, FIRST_SET, {
      type: "merge",
      body: { status: { availableReplicas: 0 } },
    }, { subresource: "status" });
    const rollout = cluster.object(ROLLOUTS, { namespace: NAMESPACE, name: "shop" }) as Rollout;
    const told = restViolations(cluster, rollout);
    assert.deepEqual(told.map(({ rule }) => rule), Array(broken).fill("S8"));
  });
}
