import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { istio } from "../../../plugins/traffic/istio/mod.ts";
import { intentOf, rolloutWith, RoutedWorld, scopeOf } from "./routing.ts";

type Fields = Record<string, unknown>;

function virtualService(spec: Fields, metadata: Fields = {}): KubeObject {
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { name: "shop", namespace: "default", ...metadata },
    spec,
  };
}

const to = (host: string, weight: number, more: Fields = {}) => ({
  destination: { host, ...more },
  weight,
});
const STABLE: Fields = to("shop-stable", 100);
const CANARY: Fields = to("shop-canary.default.svc.cluster.local", 0);
const BOTH = [STABLE, CANARY];
const MANAGED = [{ name: "by-header" }, { name: "copies" }];

function worldOf(
  spec: Fields,
  { config = {}, objects = [], canary }: {
    config?: Fields;
    objects?: KubeObject[];
    canary?: Fields;
  } = {},
): RoutedWorld {
  const routing = {
    managedRoutes: MANAGED,
    istio: { virtualService: { name: "shop" }, ...config },
  };
  const scope = scopeOf(rolloutWith(routing, canary), "istio");
  return new RoutedWorld(istio, scope, [virtualService(spec), ...objects]);
}

const specOf = (world: RoutedWorld, name = "VirtualService/shop") =>
  world.get(name)?.["spec"] as { http: Fields[]; tls: Fields[]; tcp: Fields[]; subsets: Fields[] };

Deno.test("a weight is written where the routes lead to both Services, and nowhere else", async () => {
  const other = { name: "other", match: [{ uri: { prefix: "/x" } }], route: [to("other", 100)] };
  const retries = { attempts: 3 };
  const world = worldOf({
    hosts: ["shop"],
    http: [other, { name: "primary", retries, route: BOTH }],
  }, { config: { virtualService: { name: "shop", routes: ["primary"] } } });
  const events = await world.make(intentOf(20));
  assert.deepEqual(events, [
    "Updated VirtualService: VirtualService `shop` set to desiredWeight '20'",
  ]);
  assert.deepEqual(specOf(world), {
    hosts: ["shop"],
    http: [other, {
      name: "primary",
      retries,
      route: [{ ...STABLE, weight: 80 }, { ...CANARY, weight: 20 }],
    }],
  });
  assert.deepEqual(await world.routes(), [{
    type: istio.resources[0],
    ref: { name: "shop", namespace: "default" },
    route: "primary",
    weights: { "shop-stable": 80, "shop-canary": 20 },
  }]);
});

Deno.test("only what differs is patched, and on the version that was looked at", async () => {
  const world = worldOf({ http: [{ route: BOTH }] });
  const plan = await world.plan(intentOf(20));
  assert.deepEqual("writes" in plan && plan.writes.map(({ events: _, ...write }) => write), [{
    verb: "patch",
    type: istio.resources[0],
    ref: { name: "shop", namespace: "default" },
    decidedOn: "1",
    patch: {
      type: "json",
      body: [
        { op: "replace", path: "/spec/http/0/route/1/weight", value: 20 },
        { op: "replace", path: "/spec/http/0/route/0/weight", value: 80 },
      ],
    },
  }]);
});

Deno.test("TLS and TCP routes get the weights too, by port and by names", async () => {
  const world = worldOf({
    tls: [
      { match: [{ port: 443, sniHosts: ["a.example"] }], route: BOTH },
      { match: [{ port: 8443, sniHosts: ["b.example"] }], route: BOTH },
    ],
    tcp: [{ match: [{ port: 3000 }], route: BOTH }, { match: [{ port: 4000 }], route: BOTH }],
  }, {
    config: {
      virtualService: {
        name: "shop",
        tlsRoutes: [{ port: 443, sniHosts: ["a.example"] }],
        tcpRoutes: [{ port: 3000 }],
      },
    },
  });
  await world.make(intentOf(30));
  const weights = (routes: Fields[]) =>
    routes.map(({ route }) => (route as Fields[]).map(({ weight }) => weight));
  assert.deepEqual(weights(specOf(world).tls), [[70, 30], [100, 0]]);
  assert.deepEqual(weights(specOf(world).tcp), [[70, 30], [100, 0]]);
});

Deno.test("destinations of an experiment come by name and go, and sums stay the maximum", async () => {
  const world = worldOf({ http: [{ route: BOTH }] });
  const additional = [
    { service: "exp-b", podTemplateHash: "b", weight: 20 },
    { service: "exp-a", podTemplateHash: "a", weight: 20 },
  ];
  await world.make(intentOf(0, { additional }));
  assert.deepEqual(
    specOf(world).http[0]?.["route"],
    [
      { ...STABLE, weight: 60 },
      CANARY,
      to("exp-a", 20),
      to("exp-b", 20),
    ].map((entry) => structuredClone(entry)),
  );
  await world.make(intentOf(10));
  assert.deepEqual(specOf(world).http[0]?.["route"], [
    { ...STABLE, weight: 90 },
    { ...CANARY, weight: 10 },
  ]);
});

const RULE = {
  apiVersion: "networking.istio.io/v1beta1",
  kind: "DestinationRule",
  metadata: { name: "shop", namespace: "default" },
  spec: {
    host: "shop",
    subsets: [
      { name: "canary", labels: { app: "shop" }, trafficPolicy: { tls: { mode: "SIMPLE" } } },
      { name: "stable", labels: { app: "shop" } },
      { name: "vip", labels: { app: "shop", tier: "vip" } },
    ],
  },
};
const SUBSETS = [to("shop", 100, { subset: "stable" }), to("shop", 0, { subset: "canary" })];
const RULE_CONFIG = {
  destinationRule: { name: "shop", canarySubsetName: "canary", stableSubsetName: "stable" },
};

function subsetWorld(route: Fields[] = SUBSETS, config: Fields = RULE_CONFIG): RoutedWorld {
  return worldOf({ http: [{ name: "primary", route }] }, { config, objects: [RULE], canary: {} });
}

Deno.test("subsets select the pods of their side; fields and subsets of others stay", async () => {
  const world = subsetWorld();
  const events = await world.make(intentOf(20));
  assert.deepEqual(events, [
    "UpdatedDestinationRule: DestinationRule shop subset updated (canary: new, stable: old)",
    "Updated VirtualService: VirtualService `shop` set to desiredWeight '20'",
  ]);
  const hash = "rollouts-pod-template-hash";
  assert.deepEqual(specOf(world, "DestinationRule/shop").subsets, [
    {
      name: "canary",
      labels: { app: "shop", [hash]: "new" },
      trafficPolicy: { tls: { mode: "SIMPLE" } },
    },
    { name: "stable", labels: { app: "shop", [hash]: "old" } },
    { name: "vip", labels: { app: "shop", tier: "vip" } },
  ]);
  assert.deepEqual(world.get("DestinationRule/shop")?.metadata.annotations, {
    "argo-rollouts.argoproj.io/managed-by-rollouts": "shop",
  });
});

Deno.test("a superseded canary loses its weight before its subset turns to pods to come", async () => {
  const world = subsetWorld();
  await world.make(intentOf(40));
  const next = intentOf(0, {
    canary: { service: "", podTemplateHash: "newest", weight: 0 },
    stable: { service: "", podTemplateHash: "old", weight: 100 },
  });
  const plan = await world.plan(next);
  const kinds = "writes" in plan ? plan.writes.map(({ type }) => type.kind) : [];
  assert.deepEqual(kinds, ["VirtualService", "DestinationRule"]);
});

Deno.test("an experiment's subsets come before its weights, and go after them", async () => {
  const world = subsetWorld();
  await world.make(intentOf(0));
  const additional = [{ service: "exp", podTemplateHash: "e", weight: 20 }];
  const order = async (intent: ReturnType<typeof intentOf>) => {
    const plan = await world.plan(intent);
    return "writes" in plan ? plan.writes.map(({ type }) => type.kind) : [];
  };
  const withIt = intentOf(0, { additional });
  assert.deepEqual(await order(withIt), ["DestinationRule", "VirtualService"]);
  await world.make(withIt);
  assert.deepEqual(specOf(world, "DestinationRule/shop").subsets.map(({ name }) => name), [
    "canary",
    "stable",
    "vip",
    "exp",
  ]);
  assert.deepEqual(await order(intentOf(0)), ["VirtualService", "DestinationRule"]);
  await world.make(intentOf(0));
  assert.equal(specOf(world, "DestinationRule/shop").subsets.length, 3);
});

Deno.test("a subset with a weight of its own keeps it, and the canary gives way", async () => {
  const config = {
    destinationRule: { ...RULE_CONFIG.destinationRule, additionalSubsetNames: ["vip"] },
  };
  const world = subsetWorld([...SUBSETS, to("shop", 30, { subset: "vip" })], config);
  const weights = () => (specOf(world).http[0]?.["route"] as Fields[]).map(({ weight }) => weight);
  await world.make(intentOf(20));
  assert.deepEqual(weights(), [50, 20, 30]);
  await world.make(intentOf(100));
  assert.deepEqual(weights(), [0, 70, 30]);
});

const HEADER = {
  name: "by-header",
  match: [{ headerName: "x-canary", headerValue: { exact: "yes" } }],
};
const MIRROR = {
  name: "copies",
  match: [{ method: { exact: "GET" }, path: { prefix: "/api" } }],
  percentage: 35,
};

Deno.test("header and mirror routes stand first, in the order of managedRoutes, and go", async () => {
  const route = [to("shop-stable", 100, { port: { number: 8080 } }), to("shop-canary", 0)];
  const primary = { name: "primary", route };
  const world = worldOf({ http: [primary] }, {
    config: { virtualService: { name: "shop", routes: ["primary"] } },
  });
  const managedRoutes = MANAGED.map(({ name }) => name);
  await world.make(intentOf(10, { managedRoutes, mirrorRoutes: [MIRROR] }));
  const events = await world.make(
    intentOf(10, { managedRoutes, headerRoutes: [HEADER], mirrorRoutes: [MIRROR] }),
  );
  assert.deepEqual(events, [
    "Updated VirtualService: VirtualService `shop` set headerRoute 'by-header'",
  ]);
  const canary = { host: "shop-canary", port: { number: 8080 } };
  assert.deepEqual(specOf(world).http.slice(0, 2), [
    {
      name: "by-header",
      match: [{ headers: { "x-canary": { exact: "yes" } } }],
      route: [{ weight: 100, destination: canary }],
    },
    {
      name: "copies",
      match: [{ method: { exact: "GET" }, uri: { prefix: "/api" } }],
      route: [
        to("shop-stable", 90, { port: { number: 8080 } }),
        to("shop-canary", 10),
      ],
      mirror: canary,
      mirrorPercentage: { value: 35 },
    },
  ]);
  const cleared = await world.make(intentOf(0, { managedRoutes }));
  assert.deepEqual(cleared, [
    "Updated VirtualService: VirtualService `shop` removed all managed routes.",
    "Updated VirtualService: VirtualService `shop` set to desiredWeight '0'",
  ]);
  assert.deepEqual(specOf(world).http, [primary]);
});

Deno.test("several VirtualServices, one in another namespace, say the same", async () => {
  const elsewhere = virtualService({ http: [{ route: BOTH }] }, {
    name: "edge",
    namespace: "mesh",
  });
  const config = {
    virtualService: null,
    virtualServices: [{ name: "shop" }, { name: "edge.mesh" }],
  };
  const world = worldOf({ http: [{ route: BOTH }] }, { config, objects: [elsewhere] });
  await world.make(intentOf(25));
  const seen = await world.routes();
  assert.deepEqual(seen.map(({ ref, weights }) => [ref.namespace, weights]), [
    ["default", { "shop-stable": 75, "shop-canary": 25 }],
    ["mesh", { "shop-stable": 75, "shop-canary": 25 }],
  ]);
});

Deno.test("what is missing is said, and nothing is written", async () => {
  const scope = scopeOf(rolloutWith({ istio: { virtualService: { name: "shop" } } }), "istio");
  const empty = new RoutedWorld(istio, scope, []);
  const message = "VirtualService `shop` not found";
  assert.deepEqual(await empty.plan(intentOf(20)), {
    problem: {
      message,
      events: [{ type: "Warning", reason: "VirtualServiceNotFound", message }],
    },
  });
  const world = worldOf({ http: [{ route: SUBSETS }] }, { config: RULE_CONFIG, canary: {} });
  const plan = await world.plan(intentOf(20));
  assert.ok("problem" in plan);
  assert.equal(plan.problem.message, "DestinationRule `shop` not found");
});

Deno.test("release leaves the objects as if no Rollout had used them", async () => {
  const world = subsetWorld();
  await world.make(intentOf(40, {
    managedRoutes: ["by-header"],
    headerRoutes: [HEADER],
    additional: [{ service: "exp", podTemplateHash: "e", weight: 20 }],
  }));
  const plan = await world.release();
  assert.ok("writes" in plan);
  for (const write of plan.writes) world.carryOut(write);
  assert.deepEqual(specOf(world), { http: [{ name: "primary", route: SUBSETS }] });
  assert.deepEqual(specOf(world, "DestinationRule/shop"), RULE.spec);
  assert.deepEqual(world.get("DestinationRule/shop")?.metadata.annotations, undefined);
  assert.deepEqual(await world.release(), { writes: [] });
});

Deno.test("a route that leads to neither side is left alone", async () => {
  const http = [{ name: "other", route: [to("other", 100)] }];
  const world = worldOf({ http });
  const additional = [{ service: "trial", podTemplateHash: "t", weight: 5 }];
  await world.make(intentOf(20, { additional }));
  assert.deepEqual(specOf(world).http, http);
});
