/** DestinationRules that no Rollout steers any more: which pods their subsets select then. */
import assert from "node:assert/strict";
import type { Cluster } from "../../../core/ports/cluster.ts";
import { PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { routedTypes } from "../../../core/simulate/routed_kinds.ts";
import { createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { objectsOf, service, shop } from "./shop.ts";

const HASH = "rollouts-pod-template-hash";
const MANAGED_BY = "argo-rollouts.argoproj.io/managed-by-rollouts";
const ROUTED_TYPES = routedTypes(plugins);
const ROUTES = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:
    - {destination: {host: web, subset: stable}, weight: 100}
    - {destination: {host: web, subset: canary}, weight: 0}
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: web}
spec:
  host: web
  subsets:
  - {name: stable}
  - {name: canary, labels: {app: shop}}
`;
const STEPS = "steps: [{setWeight: 25}, {pause: {}}]";
const ROUTED = "canary: {trafficRouting: {istio: {virtualService: {name: web}, destinationRule: " +
  `{name: web, stableSubsetName: stable, canarySubsetName: canary}}}, ${STEPS}}`;
const PLAIN = `canary: {${STEPS}}`;
const BLUE_GREEN = "blueGreen: {activeService: web, autoPromotionEnabled: false}";

function typeOf({ kind }: KubeObject): ResourceType {
  const types = [ROLLOUTS, SERVICES, REPLICA_SETS, ...ROUTED_TYPES];
  const type = types.find((one) => one.kind === kind);
  assert.ok(type !== undefined, kind);
  return type;
}

const RULES = typeOf({ kind: "DestinationRule" } as KubeObject);
const VIRTUAL_SERVICES = typeOf({ kind: "VirtualService" } as KubeObject);

/** A routed shop at revision 1, and a user who changes it. */
async function shopWorld() {
  const world = createWorld(1, { plugins });
  const { clock, cluster, engine } = world;
  const user = cluster.client("user");
  const ref = { namespace: "default", name: "shop" };
  const shopOf = (strategy: string, version: number) =>
    objectsOf(shop(strategy, { replicas: 4 }).replace("shop:1", `shop:${version}`))[0]!;
  const rule = () => cluster.objects(RULES)[0]!;
  const subsets = () => listOf(fieldsOf(rule()["spec"])["subsets"]).map(fieldsOf);
  const weightOf = (subset: unknown) => {
    const [virtualService] = cluster.objects(VIRTUAL_SERVICES);
    const [http] = listOf(fieldsOf(virtualService?.["spec"])["http"]).map(fieldsOf);
    return listOf(http?.["route"]).map(fieldsOf)
      .find((route) => fieldsOf(route["destination"])["subset"] === subset)?.["weight"];
  };
  /** When a subset with traffic had no ready pod though there were some. */
  const emptied: string[] = [];
  const look = () => {
    const ready = cluster.objects(PODS).filter(({ status, metadata }) =>
      metadata.deletionTimestamp === undefined &&
      listOf(fieldsOf(status)["conditions"]).map(fieldsOf)
        .some((condition) => condition["type"] === "Ready" && condition["status"] === "True")
    );
    for (const { name, labels } of subsets()) {
      if ((weightOf(name) ?? 0) === 0) continue;
      const has = ready.some(({ metadata }) =>
        Object.entries(fieldsOf(labels)).every(([key, text]) => metadata.labels?.[key] === text)
      );
      if (ready.length > 0 && !has) emptied.push(`${name} ${new Date(clock.now()).toISOString()}`);
    }
  };
  const advance = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await settleInstant(world);
      look();
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
  };
  const apply = async (strategy: string, version: number) => {
    const { spec } = shopOf(strategy, version);
    const present = await user.get(ROLLOUTS, ref);
    await user.update(ROLLOUTS, { ...present, spec });
    await advance(60_000);
  };
  const say = async (status: Record<string, unknown>) => {
    await user.patch(ROLLOUTS, ref, { type: "merge", body: { status } }, { subresource: "status" });
    await advance(120_000);
  };
  const remove = async (propagationPolicy: "Background" | "Orphan") => {
    await user.delete(ROLLOUTS, ref, { propagationPolicy });
    await advance(60_000);
  };
  for (const object of [shopOf(ROUTED, 1), ...objectsOf(service("web") + ROUTES)]) {
    const metadata = { namespace: "default", ...object.metadata };
    await user.create(typeOf(object), { ...object, metadata });
  }
  for (const { load } of plugins.trafficRouters) await load?.();
  engine.start();
  await advance(60_000);
  assert.deepEqual(hashesOf(subsets()).map((hash) => hash === undefined), [false, false]);
  return {
    advance,
    apply,
    cluster,
    emptied,
    remove,
    say,
    hashes: () => hashesOf(subsets()),
    rule,
    user,
  };
}

function hashesOf(subsets: readonly Record<string, unknown>[]) {
  return subsets.map(({ labels }) => fieldsOf(labels)[HASH]);
}

/** As the user wrote it. */
function assertGivenBack(rule: KubeObject): void {
  const [, written] = objectsOf(ROUTES);
  assert.deepEqual(rule["spec"], written?.["spec"]);
  assert.equal(rule.metadata.annotations?.[MANAGED_BY], undefined);
}

async function routeByServices(user: Cluster): Promise<void> {
  for (const object of objectsOf(service("live") + service("next"))) {
    const metadata = { namespace: "default", ...object.metadata };
    await user.create(SERVICES, { ...object, metadata });
  }
  const route = [
    { destination: { host: "live" }, weight: 75 },
    { destination: { host: "next" }, weight: 25 },
  ];
  await user.patch(VIRTUAL_SERVICES, { namespace: "default", name: "web" }, {
    type: "merge",
    body: { spec: { http: [{ route }] } },
  });
}

const REMOVED = {
  "a canary by pods": PLAIN,
  "a blue-green": BLUE_GREEN,
  "a canary by Services": "canary: {trafficRouting: {istio: {virtualService: {name: web}}}, " +
    `stableService: live, canaryService: next, ${STEPS}}`,
};
const ENDS = {
  "is promoted": { pauseConditions: null, controllerPause: null, promoteFull: true },
  "is aborted": { abort: true },
};

for (const [strategy, text] of Object.entries(REMOVED)) {
  for (const [end, status] of Object.entries(ENDS)) {
    Deno.test(`subsets left in mid-update by ${strategy} that ${end} lose no pods`, async () => {
      const world = await shopWorld();
      await world.apply(ROUTED, 2);
      if (text.includes("live")) await routeByServices(world.user);
      await world.apply(text, 2);
      await world.say(status);
      assert.deepEqual(world.emptied, []);
      assertGivenBack(world.rule());
    });
  }
}

Deno.test("subsets of a Rollout at rest select all pods again when it is routed no more", async () => {
  const world = await shopWorld();
  await world.apply(PLAIN, 1);
  assertGivenBack(world.rule());
});

Deno.test("subsets of a Rollout that was deleted select all pods again", async () => {
  const world = await shopWorld();
  await world.remove("Background");
  assertGivenBack(world.rule());
});

Deno.test("subsets that an experiment brought go with the Rollout; others stay", async () => {
  const world = await shopWorld();
  const subsets = listOf(fieldsOf(world.rule()["spec"])["subsets"]);
  const brought = ["shop-6f7c-2-0-trial", "shop-6f7c-2-0-1-trial"]
    .map((name) => ({ name, labels: { [HASH]: "57b9" } }));
  const own = { name: "shop-tested", labels: { tested: "yes" } };
  await world.user.patch(RULES, { namespace: "default", name: "web" }, {
    type: "merge",
    body: { spec: { subsets: [...subsets, ...brought, own] } },
  });
  await world.remove("Background");
  const names = listOf(fieldsOf(world.rule()["spec"])["subsets"]).map(fieldsOf)
    .map(({ name }) => name);
  assert.deepEqual(names, ["stable", "canary", "shop-tested"]);
  assert.deepEqual(world.hashes(), [undefined, undefined, undefined]);
});

Deno.test("subsets keep the hash of pods that were left to be taken in again", async () => {
  const world = await shopWorld();
  const before = world.hashes();
  await world.remove("Orphan");
  assert.deepEqual(world.hashes(), before);
  for (const { metadata } of world.cluster.objects(REPLICA_SETS)) {
    await world.user.delete(REPLICA_SETS, metadata, {});
  }
  await world.advance(60_000);
  assertGivenBack(world.rule());
});

Deno.test("a DestinationRule of somebody else is left alone", async () => {
  const world = await shopWorld();
  await world.user.patch(RULES, { namespace: "default", name: "web" }, {
    type: "merge",
    body: { metadata: { annotations: { [MANAGED_BY]: null } } },
  });
  await world.remove("Background");
  assert.deepEqual(world.hashes().map((hash) => hash === undefined), [false, false]);
});
