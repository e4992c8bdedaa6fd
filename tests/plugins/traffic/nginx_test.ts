import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { nginx } from "../../../plugins/traffic/nginx/mod.ts";
import { intentOf, rolloutWith, RoutedWorld, scopeOf } from "./routing.ts";

type Fields = Record<string, unknown>;

const path = (name: string, at = "/") => ({
  path: at,
  pathType: "Prefix",
  backend: { service: { name, port: { number: 80 } } },
});

function ingress(name = "web", { annotations = {}, spec = {} }: {
  annotations?: Record<string, string>;
  spec?: Fields;
} = {}): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "default", annotations },
    spec: {
      ingressClassName: "nginx",
      tls: [{ hosts: ["shop.example"], secretName: "cert" }],
      rules: [
        { host: "shop.example", http: { paths: [path("shop-stable"), path("api", "/api")] } },
        { host: "other.example", http: { paths: [path("other")] } },
      ],
      ...spec,
    },
  };
}

function worldOf(config: Fields = {}, objects: KubeObject[] = [ingress()]): RoutedWorld {
  const rollout = rolloutWith({ nginx: { stableIngress: "web", ...config } });
  return new RoutedWorld(nginx, scopeOf(rollout, "nginx"), objects);
}

const CANARY = "Ingress/shop-web-canary";
const PREFIX = "nginx.ingress.kubernetes.io";

Deno.test("a canary Ingress is made beside the stable one, with the paths of its Service", async () => {
  const world = worldOf();
  const events = await world.make(intentOf(0));
  assert.deepEqual(events, [
    "CreatingCanaryIngress: Creating canary ingress `shop-web-canary` with weight `0`",
  ]);
  const made = world.get(CANARY);
  assert.deepEqual(made?.["spec"], {
    ingressClassName: "nginx",
    tls: [{ hosts: ["shop.example"], secretName: "cert" }],
    rules: [{
      host: "shop.example",
      http: { paths: [path("shop-canary"), path("api", "/api")] },
    }],
  });
  assert.deepEqual(made?.metadata.annotations, {
    [`${PREFIX}/canary`]: "true",
    [`${PREFIX}/canary-weight`]: "0",
  });
  assert.deepEqual(made?.metadata.ownerReferences, [{
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    name: "shop",
    uid: "u1",
    controller: true,
    blockOwnerDeletion: true,
  }]);
});

Deno.test("a weight is one annotation; annotations of others stay", async () => {
  const world = worldOf();
  await world.make(intentOf(0));
  const made = world.get(CANARY) as KubeObject;
  const annotations = { ...made.metadata.annotations, "team/owner": "web" };
  world.put({ ...made, metadata: { ...made.metadata, annotations } });
  const plan = await world.plan(intentOf(20));
  assert.ok("writes" in plan);
  assert.deepEqual(plan.writes.map((write) => write.verb === "patch" && write.patch), [{
    type: "merge",
    body: { metadata: { annotations: { [`${PREFIX}/canary-weight`]: "20" } } },
  }]);
  assert.deepEqual(await world.make(intentOf(20)), [
    "PatchingCanaryIngress: Updating Ingress `shop-web-canary` to desiredWeight '20'",
  ]);
  assert.equal(world.get(CANARY)?.metadata.annotations?.["team/owner"], "web");
  const [seen] = await world.routes();
  assert.deepEqual(seen?.weights, { "shop-stable": 80, "shop-canary": 20 });
});

Deno.test("a change of the stable Ingress is followed", async () => {
  const world = worldOf();
  await world.make(intentOf(20));
  world.put(ingress("web", { spec: { tls: null, ingressClassName: "public" } }));
  await world.make(intentOf(20));
  const spec = world.get(CANARY)?.["spec"] as Fields;
  assert.deepEqual([spec["tls"], spec["ingressClassName"]], [undefined, "public"]);
});

Deno.test("annotations that the configuration names are set, with their prefix once", async () => {
  const world = worldOf({
    annotationPrefix: "custom.nginx",
    additionalIngressAnnotations: {
      "canary-by-header": "X-Canary",
      "custom.nginx/canary-by-header-value": "yes",
    },
    canaryIngressAnnotations: { "team/note": "canary", "custom.nginx/canary": "TRUE" },
  }, [ingress("web", { annotations: { "kubernetes.io/ingress.class": "nginx" } })]);
  await world.make(intentOf(5, { maxWeight: 1000, canary: weightOf(5), stable: weightOf(995) }));
  assert.deepEqual(world.get(CANARY)?.metadata.annotations, {
    "kubernetes.io/ingress.class": "nginx",
    "custom.nginx/canary-by-header": "X-Canary",
    "custom.nginx/canary-by-header-value": "yes",
    "custom.nginx/canary": "TRUE",
    "custom.nginx/canary-weight": "5",
    "custom.nginx/canary-weight-total": "1000",
    "team/note": "canary",
  });
});

function weightOf(weight: number) {
  return { service: "", podTemplateHash: "", weight };
}

Deno.test("several stable Ingresses have a canary Ingress each", async () => {
  const config = { stableIngress: null, stableIngresses: ["web", "edge"] };
  const world = worldOf(config, [ingress("web"), ingress("edge")]);
  await world.make(intentOf(10));
  for (const name of [CANARY, "Ingress/shop-edge-canary"]) {
    const annotations = world.get(name)?.metadata.annotations;
    assert.equal(annotations?.[`${PREFIX}/canary-weight`], "10", name);
  }
  const names = nginx.creations?.(world.scope).map(({ name }) => name);
  assert.deepEqual(names, ["shop-web-canary", "shop-edge-canary"]);
});

Deno.test("what cannot be is said, and nothing is written", async () => {
  const rows: [RoutedWorld, string][] = [
    [worldOf({}, []), 'ingress.networking.k8s.io "web" not found'],
    [
      worldOf({}, [ingress("web", { spec: { rules: [] } })]),
      "ingress `web` has no rules using service shop-stable backend",
    ],
    [
      worldOf({}, [ingress(), ingress("shop-web-canary")]),
      "canary ingress `shop-web-canary` controlled by different object",
    ],
  ];
  for (const [world, message] of rows) {
    assert.deepEqual(await world.plan(intentOf(20)), { problem: { message } });
  }
});

Deno.test("release takes the canary Ingress away, and never one of others", async () => {
  const world = worldOf();
  await world.make(intentOf(50));
  const plan = await world.release();
  assert.ok("writes" in plan);
  for (const write of plan.writes) world.carryOut(write);
  assert.equal(world.get(CANARY), undefined);
  const foreign = worldOf({}, [ingress(), ingress("shop-web-canary")]);
  assert.deepEqual(await foreign.release(), { writes: [] });
});
