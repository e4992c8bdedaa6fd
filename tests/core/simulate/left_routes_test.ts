/** Routed objects that a Rollout leaves behind when it is deleted: where requests go then. */
import assert from "node:assert/strict";
import type { Outcome } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { play, service, shop } from "./shop.ts";

const SERVICES = service("live") + service("next");
const VIRTUAL_SERVICE = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - {route: [{destination: {host: live}, weight: 100}, {destination: {host: next}, weight: 0}]}
`;
const SUBSETS = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:
    - {destination: {host: web, subset: live}, weight: 100}
    - {destination: {host: web, subset: next}, weight: 0}
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: web}
spec: {host: web, subsets: [{name: live}, {name: next}]}
`;
const HTTP_ROUTE = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: gateway}]
  rules:
  - backendRefs: [{name: live, port: 80, weight: 100}, {name: next, port: 80, weight: 0}]
`;
const INGRESS = `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: web.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: live, port: {number: 80}}}
`;

interface Router {
  readonly objects: string;
  readonly routing: string;
  readonly hasExperiments: boolean;
  readonly named?: false;
}

const ROUTERS: Record<string, Router> = {
  "a VirtualService": {
    objects: VIRTUAL_SERVICE,
    routing: "istio: {virtualService: {name: web}}",
    hasExperiments: true,
  },
  "a DestinationRule": {
    objects: SUBSETS,
    routing: "istio: {virtualService: {name: web}, destinationRule: " +
      "{name: web, stableSubsetName: live, canarySubsetName: next}}",
    hasExperiments: true,
    named: false,
  },
  "an HTTPRoute": {
    objects: HTTP_ROUTE,
    routing: "plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}",
    hasExperiments: true,
  },
  "an Ingress": {
    objects: INGRESS,
    routing: "nginx: {stableIngress: web}",
    hasExperiments: false,
  },
};

const CANARY = "{setWeight: 40}, {pause: {}}";
const EXPERIMENT = "{setWeight: 10}, {experiment: {templates: [" +
  "{name: old, specRef: stable, weight: 20}, {name: new, specRef: canary, weight: 20}]}}";

function shopRoutedBy(router: Router, steps: string): string {
  const named = router.named === false ? "" : "stableService: live, canaryService: next, ";
  const strategy = `canary: {${named}trafficRouting: {${router.routing}}, steps: [${steps}]}`;
  return shop(strategy, { replicas: 4 })
    .replace('image: "', 'ports: [{containerPort: 80}], image: "') + SERVICES + router.objects;
}

const STRATEGY_AGAIN = "canary: {stableService: live, canaryService: next, trafficRouting: " +
  `{istio: {virtualService: {name: web}}}, steps: [${CANARY}]}`;
const UPDATE = "10s: set image shop main=registry.example/shop:2";

/** The routed objects at the end, by kind and name. */
function routesOf({ objects }: Outcome): Record<string, Fields> {
  const kinds = ["VirtualService", "HTTPRoute", "Ingress", "DestinationRule"];
  const routed = objects.filter(({ kind }) => kinds.includes(kind));
  return Object.fromEntries(
    routed.map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, fieldsOf(spec)]),
  );
}

/** What has weight, by name of Service or subset, in the only route there is. */
function sharesOf(outcome: Outcome): Record<string, number> {
  const of = (kind: string) => outcome.objects.filter((object) => object.kind === kind);
  const shares = [
    ...of("VirtualService").flatMap(({ spec }) =>
      listOf(fieldsOf(listOf(fieldsOf(spec)["http"])[0])["route"]).map(fieldsOf)
        .map(({ destination, weight }): [string, unknown] => {
          const { host, subset } = fieldsOf(destination);
          return [textOf(subset) || textOf(host), weight];
        })
    ),
    ...of("HTTPRoute").flatMap(({ spec }) =>
      listOf(fieldsOf(listOf(fieldsOf(spec)["rules"])[0])["backendRefs"]).map(fieldsOf)
        .map(({ name, weight }): [string, unknown] => [textOf(name), weight])
    ),
    ...of("Ingress").filter(({ metadata }) => metadata.name === "shop-web-canary")
      .flatMap(({ metadata: { annotations } }): [string, unknown][] => {
        const weight = Number(annotations?.["nginx.ingress.kubernetes.io/canary-weight"]);
        return [["live", 100 - weight], ["next", weight]];
      }),
  ];
  return Object.fromEntries(
    shares.filter(([, weight]) => typeof weight === "number" && weight > 0),
  ) as Record<string, number>;
}

async function playRouted(router: Router, steps: string, commands: readonly string[]) {
  return await play(shopRoutedBy(router, steps), [UPDATE, ...commands], { plugins });
}

for (const [name, router] of Object.entries(ROUTERS)) {
  const cases = {
    "in a canary": CANARY,
    ...(router.hasExperiments ? { "in an experiment": EXPERIMENT } : {}),
  };
  for (const [what, steps] of Object.entries(cases)) {
    for (const cascade of ["background", "foreground"]) {
      Deno.test(`${name} leads to stable alone when its Rollout goes ${what}, ${cascade}`, async () => {
        const written = routesOf(await play(router.objects, [], { plugins }));
        const before = await playRouted(router, steps, []);
        assert.notDeepEqual(routesOf(before), written);
        const outcome = await playRouted(router, steps, [
          `1m: delete rollout/shop --cascade ${cascade}`,
        ]);
        assert.deepEqual(routesOf(outcome), written);
        assert.deepEqual(outcome.result.violations, []);
      });
    }
  }
}

for (const [name, router] of Object.entries(ROUTERS)) {
  Deno.test(`${name} keeps its shares while pods are left to be taken in again`, async () => {
    const kept = await playRouted(router, CANARY, ["1m: delete rollout/shop --cascade orphan"]);
    assert.deepEqual(sharesOf(kept), { live: 60, next: 40 });
    const sets = kept.objects.filter(({ kind }) => kind === "ReplicaSet");
    assert.equal(sets.length, 2);
    if (name === "an Ingress") return;
    const gone = await playRouted(router, CANARY, [
      "1m: delete rollout/shop --cascade orphan",
      ...sets.map(({ metadata }) => `2m: delete rs/${metadata.name}`),
    ]);
    assert.deepEqual(sharesOf(gone), { live: 100 });
  });
}

for (const [name, router] of Object.entries(ROUTERS)) {
  if (!router.hasExperiments) continue;
  Deno.test(`${name} loses an experiment at once, though its pods were left`, async () => {
    const outcome = await playRouted(router, EXPERIMENT, [
      "1m: delete rollout/shop --cascade orphan",
    ]);
    assert.deepEqual(sharesOf(outcome), { live: 90, next: 10 });
  });

  Deno.test(`${name} loses an experiment of a Rollout that somebody else keeps from going`, async () => {
    const outcome = await play(
      shopRoutedBy(router, EXPERIMENT).replace("{name: shop}", "{name: shop, finalizers: [x/y]}"),
      [UPDATE, "1m: delete rollout/shop"],
      { plugins },
    );
    assert.deepEqual(outcome.rollouts.map(({ metadata }) => metadata.name), ["shop"]);
    assert.deepEqual(sharesOf(outcome), { live: 90, next: 10 });
  });
}

const [ISTIO] = Object.values(ROUTERS) as [Router];

Deno.test("what somebody else wrote since the Rollout went stays", async () => {
  const theirs = VIRTUAL_SERVICE.replace("weight: 100", "weight: 30").replace(
    "weight: 0",
    "weight: 70",
  );
  const sets = (await playRouted(ISTIO, CANARY, [])).objects
    .filter(({ kind }) => kind === "ReplicaSet");
  const outcome = await play(shopRoutedBy(ISTIO, CANARY), [
    UPDATE,
    "1m: delete rollout/shop --cascade orphan",
    "90s: apply theirs",
    ...sets.map(({ metadata }) => `2m: delete rs/${metadata.name}`),
  ], { plugins, files: { theirs } });
  assert.deepEqual(sharesOf(outcome), { live: 30, next: 70 });
});

Deno.test("what somebody else wrote after the rollout was over stays", async () => {
  const theirs = VIRTUAL_SERVICE.replace("weight: 100", "weight: 30").replace(
    "weight: 0",
    "weight: 70",
  );
  const outcome = await play(shopRoutedBy(ISTIO, CANARY), [
    "1m: delete rollout/shop",
    "1m: apply theirs",
  ], { plugins, files: { theirs } });
  assert.deepEqual(sharesOf(outcome), { live: 30, next: 70 });
});

for (const pause of ["at once", "later"]) {
  Deno.test(`a Rollout that is applied again ${pause} has the routes`, async () => {
    const again = shop(STRATEGY_AGAIN, { replicas: 4 }).replace("shop:1", "shop:3");
    const outcome = await play(shopRoutedBy(ISTIO, EXPERIMENT), [
      UPDATE,
      "1m: delete rollout/shop",
      `${pause === "later" ? "2m" : "1m"}: apply again`,
      "3m: set image shop main=registry.example/shop:4",
    ], { plugins, files: { again } });
    assert.deepEqual(sharesOf(outcome), { live: 60, next: 40 });
    assert.deepEqual(outcome.result.violations, []);
  });
}

const NAMED_ROUTES = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - name: shop
    route: [{destination: {host: live}, weight: 100}, {destination: {host: next}, weight: 0}]
  - name: cafe
    route: [{destination: {host: open}, weight: 100}, {destination: {host: new}, weight: 0}]
`;

/** Two Rollouts in a canary, each with a route of its own in one VirtualService. */
async function playTwo(commands: readonly string[]) {
  const strategy = (route: string, stable: string, canary: string) =>
    `canary: {stableService: ${stable}, canaryService: ${canary}, trafficRouting: {istio: ` +
    `{virtualService: {name: web, routes: [${route}]}}}, steps: [${CANARY}]}`;
  const cafe = shop(strategy("cafe", "open", "new")).replaceAll("shop", "cafe");
  const services = SERVICES + service("open", "app: cafe") + service("new", "app: cafe");
  const manifests = shop(strategy("shop", "live", "next")) + services + NAMED_ROUTES + `---${cafe}`;
  return await play(manifests, [
    UPDATE,
    "10s: set image cafe main=registry.example/cafe:2",
    ...commands,
  ], { plugins });
}

Deno.test("of two Rollouts in one VirtualService, the other keeps its route", async () => {
  const weightsOf = (outcome: Outcome) =>
    listOf(routesOf(outcome)["VirtualService web"]?.["http"]).map(fieldsOf)
      .map(({ route }) => listOf(route).map(fieldsOf).map(({ weight }) => weight));
  assert.deepEqual(weightsOf(await playTwo([])), [[60, 40], [60, 40]]);
  const one = await playTwo(["1m: delete rollout/shop"]);
  assert.deepEqual(weightsOf(one), [[100, 0], [60, 40]]);
  const both = await playTwo(["1m: delete rollout/shop", "1m: delete rollout/cafe"]);
  assert.deepEqual(weightsOf(both), [[100, 0], [100, 0]]);
});
