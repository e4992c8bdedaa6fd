/** Which caches a Rollout needs for its routers, and what is left of them. */
import assert from "node:assert/strict";
import { Memo } from "../../../../core/rollout/mod.ts";
import { plugins } from "../../../../plugins/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { routerRegistry, type RouteSight } from "../../../../core/rollout/routed/registry.ts";
import type { PluginPorts } from "../../../../sdk/ports.ts";
import { restingIntent } from "../../../../core/rollout/routed/last_intent.ts";
import { controllerOver, rollout, SERVED } from "../controller_world.ts";

const NGINX = { nginx: { stableIngress: "web" } };
const SUBSETS = {
  istio: {
    virtualService: { name: "web" },
    destinationRule: { name: "web", stableSubsetName: "stable", canarySubsetName: "canary" },
  },
};

/** A Rollout with these routers, that was routed or not. */
function routed(trafficRouting: Fields | undefined, wasRouted: boolean): Rollout {
  const plain = rollout("web:1");
  const { canary } = plain.spec.strategy ?? {};
  const weights = { canary: { weight: 0 }, stable: { weight: 100 } };
  return {
    ...plain,
    spec: {
      ...plain.spec,
      strategy: {
        canary: { ...canary, ...(trafficRouting === undefined ? {} : { trafficRouting }) },
      },
    },
    status: wasRouted ? { canary: { weights } } : {},
  } as Rollout;
}

function rule(name: string, manager: string): KubeObject {
  const annotations = { "argo-rollouts.argoproj.io/managed-by-rollouts": manager };
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "DestinationRule",
    metadata: { name, namespace: "shop", uid: name, resourceVersion: "4", annotations },
    spec: { subsets: [{ name: "canary", labels: { "rollouts-pod-template-hash": "abc" } }] },
  };
}

const over = (...objects: KubeObject[]) => controllerOver(objects, new Memo(plugins));

Deno.test("what a Rollout was routed by is looked for once it names no router any more", () => {
  const needed = (trafficRouting: Fields | undefined, wasRouted: boolean) =>
    over(routed(trafficRouting, wasRouted)).needs().map((need) => "type" in need && need.type.kind);
  assert.deepEqual(needed(undefined, false), []);
  assert.deepEqual(needed(undefined, true), ["DestinationRule"]);
  assert.deepEqual(needed(NGINX, true), ["Ingress"], "clusters without Istio are not asked for it");
  assert.deepEqual(needed(SUBSETS, true), ["VirtualService", "DestinationRule"]);
});

Deno.test("left is what bears the mark of the Rollout and is none of the objects that it names", () => {
  const left = (trafficRouting: Fields | undefined) =>
    over(
      routed(trafficRouting, true),
      rule("web", "web"),
      rule("old", "web"),
      rule("other", "somebody"),
    ).observe()?.left.map(({ name, hashes, release: { verb, ref } }) =>
      `${name} ${hashes}: ${verb} ${ref.name}`
    );
  const old = "DestinationRule old abc: patch old";
  assert.deepEqual(left(SUBSETS), [old]);
  assert.deepEqual(left(undefined), ["DestinationRule web abc: patch web", old]);
});

Deno.test("an object that may not be read is not said to be missing", () => {
  const seen = (trafficRouting: Fields, state: "filled" | "forbidden") => {
    const memo = new Memo(plugins);
    const { invalid, routers } = controllerOver(
      [
        routed(trafficRouting, true),
        ...SERVED,
      ],
      memo,
      state,
    ).observe() ?? {};
    return [invalid, routers?.map(({ unreadable }) => unreadable)];
  };
  const place = "spec.strategy.canary.trafficRouting.istio.virtualService.name";
  const [missing] = seen(SUBSETS, "filled");
  assert.match(String(missing), /virtualservices\.networking\.istio\.io "web" not found/);
  const cause = (kind: string) => `the controller may not list ${kind}, nor read the one it needs`;
  assert.deepEqual(seen(SUBSETS, "forbidden"), [
    `${place}: Invalid value: "web": ${cause("virtualservices.networking.istio.io")}`,
    [cause("virtualservices.networking.istio.io")],
  ]);
  const gateway = { plugins: { "argoproj-labs/gatewayAPI": { httpRoute: "web" } } };
  assert.deepEqual(seen(gateway, "filled"), [undefined, [undefined]]);
  assert.deepEqual(seen(gateway, "forbidden"), [
    undefined,
    [cause("httproutes.gateway.networking.k8s.io")],
  ]);
});

Deno.test("a plan that misses what may not be read says that it may not", async () => {
  const { planners } = routerRegistry(plugins, {} as PluginPorts);
  const { scope } = over(
    routed({ plugins: { "argoproj-labs/gatewayAPI": { httpRoute: "web" } } }, true),
    ...SERVED,
  ).observe()?.routers[0] ?? {};
  const intent = restingIntent(scope?.rollout as Rollout);
  const planned = async (unreadable: Partial<RouteSight>) => {
    const sight = { scope, seen: { routes: [], objects: [] }, settled: [], ...unreadable };
    const plan = planners?.get("gatewayAPI") ??
      planners?.get("argoproj-labs/gatewayAPI");
    return await Promise.resolve(plan?.plan(intent, sight, new AbortController().signal)).then(
      () => "",
      (error) => error.message,
    );
  };
  assert.equal(await planned({}), 'httproutes.gateway.networking.k8s.io "web" not found');
  assert.equal(await planned({ unreadable: "it may not" }), "it may not");
});
