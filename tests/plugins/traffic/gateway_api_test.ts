import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { gatewayApi } from "../../../plugins/traffic/gatewayapi/mod.ts";
import { intentOf, rolloutWith, RoutedWorld, scopeOf } from "./routing.ts";

type Fields = Record<string, unknown>;
const NAME = "argoproj-labs/gatewayAPI";

const backend = (name: string, weight?: number): Fields => ({
  name,
  port: 80,
  ...(weight === undefined ? {} : { weight }),
});
const BOTH = [backend("shop-stable", 100), backend("shop-canary", 0)];

function route(rules: Fields[], { kind = "HTTPRoute", name = "shop", labels }: {
  kind?: string;
  name?: string;
  labels?: Record<string, string>;
} = {}): KubeObject {
  const version = kind === "HTTPRoute" || kind === "GRPCRoute" ? "v1" : "v1alpha2";
  return {
    apiVersion: `gateway.networking.k8s.io/${version}`,
    kind,
    metadata: { name, namespace: "default", ...(labels === undefined ? {} : { labels }) },
    spec: { parentRefs: [{ name: "gateway" }], rules },
  };
}

function worldOf(objects: KubeObject[], config: Fields = { httpRoute: "shop" }): RoutedWorld {
  const managedRoutes = [{ name: "by-header" }];
  const rollout = rolloutWith({ managedRoutes, plugins: { [NAME]: config } });
  return new RoutedWorld(gatewayApi, scopeOf(rollout, NAME), objects);
}

const rulesOf = (world: RoutedWorld, name = "HTTPRoute/shop") =>
  (world.get(name)?.["spec"] as { rules: Fields[] }).rules;
const weightsOf = (rule: Fields) =>
  (rule["backendRefs"] as Fields[]).map(({ name, weight }) => [name, weight]);
const LABEL = "rollouts.argoproj.io/gatewayapi-canary";

Deno.test("every rule that leads to both Services gets the weights; all else stays", async () => {
  const filters = [{ type: "RequestHeaderModifier", requestHeaderModifier: { remove: ["x"] } }];
  const other = { backendRefs: [backend("other")] };
  const canaryOnly = {
    matches: [{ path: { value: "/c" } }],
    backendRefs: [backend("shop-canary")],
  };
  const world = worldOf([route([{ filters, backendRefs: BOTH }, other, canaryOnly, {
    backendRefs: [...BOTH, backend("metrics", 3)],
  }])]);
  assert.deepEqual(await world.make(intentOf(20)), []);
  const [first, second, third, fourth] = rulesOf(world);
  assert.deepEqual(first, {
    filters,
    backendRefs: [backend("shop-stable", 80), backend("shop-canary", 20)],
  });
  assert.deepEqual([second, third], [other, canaryOnly]);
  assert.deepEqual(weightsOf(fourth ?? {}), [
    ["shop-stable", 80],
    ["shop-canary", 20],
    ["metrics", 3],
  ]);
  assert.deepEqual(world.get("HTTPRoute/shop")?.metadata.labels, { [LABEL]: "in-progress" });
});

Deno.test("a weight is patched alone, in the version in which the route was read", async () => {
  const world = worldOf([route([{ backendRefs: BOTH }])], {
    httpRoute: "shop",
    disableInProgressLabel: true,
  });
  const plan = await world.plan(intentOf(20));
  assert.ok("writes" in plan);
  assert.deepEqual(plan.writes.map((write) => write.verb === "patch" && write.patch.body), [[
    { op: "replace", path: "/spec/rules/0/backendRefs/0/weight", value: 80 },
    { op: "replace", path: "/spec/rules/0/backendRefs/1/weight", value: 20 },
  ]]);
  assert.equal(plan.writes[0]?.type.version, "v1");
});

Deno.test("routes of four kinds are weighted, by name and by label", async () => {
  const labels = { app: "shop" };
  const objects = [
    route([{ backendRefs: BOTH }], { name: "one" }),
    route([{ backendRefs: BOTH }], { kind: "GRPCRoute", name: "two" }),
    route([{ backendRefs: BOTH }], { kind: "TCPRoute", name: "three" }),
    route([{ backendRefs: BOTH }], { kind: "TLSRoute", name: "four", labels }),
  ];
  const world = worldOf(objects, {
    httpRoutes: [{ name: "one" }],
    grpcRoute: "two",
    tcpRoute: "three",
    tlsRouteSelector: { matchLabels: labels },
  });
  await world.make(intentOf(30));
  for (const name of ["HTTPRoute/one", "GRPCRoute/two", "TCPRoute/three", "TLSRoute/four"]) {
    assert.deepEqual(weightsOf(rulesOf(world, name)[0] ?? {}), [
      ["shop-stable", 70],
      ["shop-canary", 30],
    ], name);
  }
  assert.deepEqual(gatewayApi.selections?.(world.scope), [{
    type: gatewayApi.resources[3],
    namespace: "default",
    selector: { matchLabels: labels },
  }]);
});

const HEADER = {
  name: "by-header",
  match: [{ headerName: "x-canary", headerValue: { prefix: "a.b" } }],
};

Deno.test("each rule gets a rule for its headers, which goes without a trace", async () => {
  const rules = [
    { matches: [{ path: { type: "PathPrefix", value: "/a" } }], backendRefs: BOTH },
    { backendRefs: BOTH },
  ];
  const world = worldOf([route(rules)]);
  const managedRoutes = ["by-header"];
  await world.make(intentOf(0, { managedRoutes, headerRoutes: [HEADER] }));
  const header = { type: "RegularExpression", name: "x-canary", value: "a\\.b.*" };
  const backendRefs = [{ group: "", kind: "Service", name: "shop-canary", port: 80 }];
  assert.deepEqual(rulesOf(world).slice(2), [
    {
      name: "by-header",
      matches: [{ path: { type: "PathPrefix", value: "/a" }, headers: [header] }],
      backendRefs,
    },
    { name: "by-header-1", matches: [{ headers: [header] }], backendRefs },
  ]);
  await world.make(intentOf(0, { managedRoutes }));
  assert.deepEqual(rulesOf(world), rules);
  assert.deepEqual(world.get("HTTPRoute/shop")?.metadata.labels, undefined);
});

Deno.test("what the server adds to a rule for headers is no reason to write it again", async () => {
  const world = worldOf([route([{ backendRefs: BOTH }])]);
  const intent = intentOf(0, { managedRoutes: ["by-header"], headerRoutes: [HEADER] });
  await world.make(intent);
  const stored = structuredClone(world.get("HTTPRoute/shop")) as KubeObject;
  const made = (stored["spec"] as { rules: Fields[] }).rules[1] as Fields;
  (made["backendRefs"] as Fields[])[0]!["weight"] = 1;
  (made["matches"] as Fields[])[0]!["path"] = { type: "PathPrefix", value: "/" };
  world.put(stored);
  assert.deepEqual(await world.plan(intent), { writes: [] });
});

Deno.test("destinations of an experiment come with a share, and go when it is over", async () => {
  const world = worldOf([route([{ backendRefs: [...BOTH, backend("metrics", 0)] }])]);
  const additional = [{ service: "exp", podTemplateHash: "e", weight: 20 }];
  await world.make(intentOf(10, { additional }));
  const shares = () => weightsOf(rulesOf(world)[0] ?? {});
  assert.deepEqual(shares(), [
    ["shop-stable", 70],
    ["shop-canary", 10],
    ["metrics", 0],
    ["exp", 20],
  ]);
  const weights = { additional: [{ serviceName: "exp", weight: 20 }] };
  Object.assign(world.scope.rollout, { status: { canary: { weights } } });
  await world.make(intentOf(10));
  assert.deepEqual(shares(), [["shop-stable", 90], ["shop-canary", 10], ["metrics", 0]]);
});

Deno.test("a route that several Rollouts share stays labelled while the other one goes on", async () => {
  const shared = route([
    { backendRefs: BOTH },
    { backendRefs: [backend("cart-stable", 60), backend("cart-canary", 40)] },
  ], { labels: { [LABEL]: "in-progress" } });
  const world = worldOf([shared]);
  await world.make(intentOf(0));
  assert.deepEqual(world.get("HTTPRoute/shop")?.metadata.labels, { [LABEL]: "in-progress" });
  assert.deepEqual(weightsOf(rulesOf(world)[1] ?? {}), [["cart-stable", 60], ["cart-canary", 40]]);
});

Deno.test("what cannot be is said, and nothing is written", async () => {
  const rows: [RoutedWorld, RegExp][] = [
    [worldOf([]), /^httproutes.gateway.networking.k8s.io "shop" not found$/],
    [worldOf([], {}), /^No routes configured\. At least one of httpRoute, httpRoutes, /],
    [
      worldOf([route([{ backendRefs: [backend("other")] }])]),
      /^backendRef was not found in httpRoute$/,
    ],
    [
      worldOf([route([{ backendRefs: [backend("other")] }], { kind: "TCPRoute" })], {
        tcpRoute: "shop",
      }),
      /^backendRef was not found in tcpRoute$/,
    ],
  ];
  for (const [world, message] of rows) {
    const plan = await world.plan(intentOf(20));
    assert.ok("problem" in plan);
    assert.match(plan.problem.message, message);
  }
});

Deno.test("release leaves all weight on stable, and nothing of ours", async () => {
  const before = route([{ backendRefs: BOTH }]);
  const world = worldOf([before]);
  const managedRoutes = ["by-header"];
  await world.make(intentOf(40, { managedRoutes, headerRoutes: [HEADER] }));
  const plan = await world.release();
  assert.ok("writes" in plan);
  for (const write of plan.writes) world.carryOut(write);
  assert.deepEqual(world.get("HTTPRoute/shop")?.["spec"], before["spec"]);
  assert.deepEqual(world.get("HTTPRoute/shop")?.metadata.labels, undefined);
});

Deno.test("release takes an experiment away that no status has named yet", async () => {
  const trial = backend("shop-6f7c-2-0-trial", 20);
  const theirs = backend("shop-metrics", 3);
  const world = worldOf([route([{ backendRefs: [...BOTH, trial, theirs] }])]);
  const plan = await world.release();
  assert.ok("writes" in plan);
  for (const write of plan.writes) world.carryOut(write);
  assert.deepEqual(weightsOf(rulesOf(world)[0] ?? {}), [
    ["shop-stable", 100],
    ["shop-canary", 0],
    ["shop-metrics", 3],
  ]);
});

Deno.test("of ping and pong the intent says whose turn it is; rules of the last turn go", async () => {
  const backends = [backend("ping", 100), backend("pong", 0)];
  const rollout = rolloutWith({
    managedRoutes: [{ name: "by-header" }],
    plugins: { [NAME]: { httpRoute: "shop" } },
  }, { pingPong: { pingService: "ping", pongService: "pong" } });
  const world = new RoutedWorld(gatewayApi, scopeOf(rollout, NAME), [
    route([{ backendRefs: backends }]),
  ]);
  const turn = (stable: string, canary: string, weight: number) => ({
    stable: { service: stable, podTemplateHash: "old", weight: 100 - weight },
    canary: { service: canary, podTemplateHash: "new", weight },
    managedRoutes: ["by-header"],
  });
  const now = () => rulesOf(world).map(weightsOf);
  await world.make(intentOf(0, { ...turn("ping", "pong", 20), headerRoutes: [HEADER] }));
  assert.deepEqual(now(), [[["ping", 80], ["pong", 20]], [["pong", undefined]]]);
  await world.make(intentOf(0, turn("pong", "ping", 0)));
  assert.deepEqual(now(), [[["ping", 0], ["pong", 100]]]);
  assert.deepEqual((await world.routes()).map(({ weights }) => weights), [{ ping: 0, pong: 100 }]);
});

Deno.test("a stable and a canary Service that are named come before ping and pong", async () => {
  const rollout = rolloutWith({ plugins: { [NAME]: { httpRoute: "shop" } } }, {
    stableService: "shop-stable",
    canaryService: "shop-canary",
    pingPong: { pingService: "ping", pongService: "pong" },
  });
  const world = new RoutedWorld(gatewayApi, scopeOf(rollout, NAME), [
    route([{ backendRefs: BOTH }]),
  ]);
  await world.make(intentOf(0, {
    stable: { service: "ping", podTemplateHash: "old", weight: 70 },
    canary: { service: "pong", podTemplateHash: "new", weight: 30 },
  }));
  const [seen] = await world.routes();
  assert.deepEqual([seen?.weights, seen?.sides], [
    { "shop-stable": 70, "shop-canary": 30 },
    { stable: "shop-stable", canary: "shop-canary" },
  ]);
});
