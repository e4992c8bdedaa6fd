/** Which caches a Rollout needs for its routers, and what is left of them. */
import assert from "node:assert/strict";
import { Memo } from "../../../../core/rollout/mod.ts";
import { plugins } from "../../../../plugins/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { controllerOver, rollout } from "../controller_world.ts";

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
