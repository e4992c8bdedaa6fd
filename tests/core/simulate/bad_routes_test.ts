/**
 * Routes that are not as a router needs them: the Rollout says what is wrong and waits, touches
 * nothing meanwhile, and goes on once it is mended.
 */
import assert from "node:assert/strict";
import { promote, setImage } from "../../../core/command/mod.ts";
import { objectsOf } from "./shop.ts";
import { routedShop, RoutedWorld } from "./routed_world.ts";

interface BadRoute {
  readonly routing: string;
  /** What is routed, as it should be. */
  readonly good: string;
  /** The same with the fault; absent: it is not there. */
  readonly bad?: string;
  /** What stands where the router makes an object of its own. */
  readonly others?: string;
  /** What people read. */
  readonly says: RegExp;
}

const virtualService = (http: string, rest = "") => `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec: {hosts: [shop], ${http === "" ? "" : `http: [${http}]`}${rest}}
`;
const toService = (name: string, weight = 0) => `{destination: {host: ${name}}, weight: ${weight}}`;
const toSubset = (name: string, weight = 0) =>
  `{destination: {host: shop, subset: ${name}}, weight: ${weight}}`;
const services = `route: [${toService("shop-stable", 100)}, ${toService("shop-canary")}]`;
const subsets = `route: [${toSubset("stable", 100)}, ${toSubset("canary")}]`;
const rule = (names: readonly string[]) => `
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: shop}
spec: {host: shop, subsets: [${names.map((name) => `{name: ${name}, labels: {app: shop}}`)}]}
`;
const ingress = (service: string) => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
  - host: shop.example
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: ${service}, port: {number: 80}}}}
`;
const canaryIngress = (weight: string) =>
  ingress("shop-canary").replace(
    "{name: shop}",
    `{name: shop-shop-canary, annotations: ${
      `{nginx.ingress.kubernetes.io/canary: "true", ` +
      `nginx.ingress.kubernetes.io/canary-weight: "${weight}"}`
    }}`,
  );
const httpRoute = (names: readonly string[]) =>
  httpRouteOf(names.map((name) => `{name: ${name}, port: 80}`));
const httpRouteOf = (backends: readonly string[]) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: gateway}]
  rules: [{backendRefs: [${backends}]}]
`;

const ISTIO = "{istio: {virtualService: {name: shop}}}";
const NAMED = "{istio: {virtualService: {name: shop, routes: [primary]}}}";
const TLS =
  "{istio: {virtualService: {name: shop, tlsRoutes: [{port: 443, sniHosts: [a.example]}]}}}";
const SUBSETS = "{istio: {virtualService: {name: shop}, destinationRule: " +
  "{name: shop, stableSubsetName: stable, canarySubsetName: canary}}}";
const NGINX = "{nginx: {stableIngress: shop}}";
const GATEWAY = "{plugins: {argoproj-labs/gatewayAPI: {httpRoute: shop, namespace: default}}}";
const BOTH = ["shop-stable", "shop-canary"];

const ROWS: Readonly<Record<string, BadRoute>> = {
  "Istio: no VirtualService": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    says: /virtualservices\.networking\.istio\.io "shop" not found/,
  },
  "Istio: a route of another name": {
    routing: NAMED,
    good: virtualService(`{name: primary, ${services}}`),
    bad: virtualService(`{name: secondary, ${services}}`),
    says: /HTTP Route 'primary' is not found in the defined Virtual Service\./,
  },
  "Istio: several routes, and none is named": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    bad: virtualService(`{name: a, ${services}}, {name: b, ${services}}`),
    says: /spec\.http\[\] should be set in VirtualService and it must have exactly one route/,
  },
  "Istio: no route at all": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    bad: virtualService(""),
    says: /Unable to get any of the HTTP, TCP or TLS routes/,
  },
  "Istio: no TLS route of that port": {
    routing: TLS,
    good: virtualService("", `tls: [{match: [{port: 443, sniHosts: [a.example]}], ${services}}]`),
    bad: virtualService("", `tls: [{match: [{port: 444, sniHosts: [a.example]}], ${services}}]`),
    says: /No matching TLS routes found in the defined Virtual Service\./,
  },
  "Istio: the canary's Service is no destination": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    bad: virtualService(`{route: [${toService("shop-stable", 100)}]}`),
    says: /Canary Service 'shop-canary' not found in route/,
  },
  "Istio: stable's Service is no destination": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    bad: virtualService(`{route: [${toService("shop-canary", 100)}]}`),
    says: /Stable Service 'shop-stable' not found in route/,
  },
  "Istio: the canary's subset is no destination": {
    routing: SUBSETS,
    good: virtualService(`{${subsets}}`) + rule(["stable", "canary"]),
    bad: virtualService(`{route: [${toSubset("stable", 100)}]}`) + rule(["stable", "canary"]),
    says: /Canary DestinationRule subset 'canary' not found in route/,
  },
  "NGINX: no stable Ingress": {
    routing: NGINX,
    good: ingress("shop-stable"),
    says: /ingress\.networking\.k8s\.io "shop" not found/,
  },
  "NGINX: an Ingress of another Service": {
    routing: NGINX,
    good: ingress("shop-stable"),
    bad: ingress("other"),
    says: /ingress `shop` has no rules using service shop-stable backend/,
  },
  "NGINX: an Ingress of somebody else has the canary's name": {
    routing: NGINX,
    good: ingress("shop-stable"),
    bad: ingress("shop-stable"),
    others: canaryIngress("7"),
    says: /canary ingress `shop-shop-canary` controlled by different object/,
  },
  "Istio: no DestinationRule": {
    routing: SUBSETS,
    good: virtualService(`{${subsets}}`) + rule(["stable", "canary"]),
    bad: virtualService(`{${subsets}}`),
    says: /DestinationRule `shop` not found/,
  },
  "Gateway API: no HTTPRoute": {
    routing: GATEWAY,
    good: httpRoute(BOTH),
    says: /httproutes\.gateway\.networking\.k8s\.io "shop" not found/,
  },
  "Gateway API: an HTTPRoute without the canary's Service": {
    routing: GATEWAY,
    good: httpRoute(BOTH),
    bad: httpRoute(["shop-stable"]),
    says: /backendRef was not found in httpRoute/,
  },
};

const UPDATE = { container: "main", image: "registry.example/shop:2" };

function isTold({ told }: RoutedWorld, says: RegExp): void {
  assert.ok(told.some((text) => says.test(text)), JSON.stringify(told));
}

/** Makes these objects all that is routed. */
async function replace(world: RoutedWorld, before: string, after: string): Promise<void> {
  const kinds = (manifests: string) =>
    manifests === "" ? [] : objectsOf(manifests).map(({ kind }) => kind);
  if (kinds(before).some((kind) => !kinds(after).includes(kind))) await world.remove(before);
  if (after !== "") await world.put(after);
}

for (const [what, { routing, good, bad = "", others = "", says }] of Object.entries(ROWS)) {
  Deno.test(`${what}, from the start: it says so, touches no route, and goes on`, async () => {
    const world = new RoutedWorld();
    await world.start(routedShop(routing) + bad + others);
    await world.pass(60);
    isTold(world, says);
    assert.deepEqual(world.written.filter((text) => !/ (replicasets|services)\//.test(text)), []);
    if (others !== "") await world.remove(others);
    await replace(world, bad, good);
    await world.pass(60);
    assert.deepEqual([world.phase, world.weight], ["Healthy", 0]);
  });

  Deno.test(`${what}, in mid-rollout: weights and pods stay, and it goes on`, async () => {
    const world = new RoutedWorld();
    await world.start(routedShop(routing) + good);
    await setImage(world.user, world.shop, UPDATE);
    await world.pass(30);
    assert.deepEqual([world.phase, world.weight], ["Paused", 50]);
    world.writes.length = 0;
    if (others === "") await replace(world, good, bad);
    else {
      await world.remove(others);
      await world.put(others);
    }
    await world.pass(30);
    isTold(world, says);
    await promote(world.user, world.shop);
    await world.pass(60);
    assert.deepEqual(world.written, []);
    assert.equal(world.weight, 50);
    if (others !== "") await world.remove(others);
    await replace(world, bad, good);
    await world.pass(120);
    const { stableRS, currentPodHash } = world.rollout.status ?? {};
    assert.deepEqual([world.phase, world.weight, stableRS], ["Healthy", 0, currentPodHash]);
  });
}

/** What somebody wrote into weights, and where they stand. */
interface Drift {
  readonly routing: string;
  readonly good: string;
  readonly drift: string;
  readonly written: string;
}

const weighted = (stable: string, canary: string) => [
  `{name: shop-stable, port: 80${stable}}`,
  `{name: shop-canary, port: 80${canary}}`,
];

const DRIFTS: Readonly<Record<string, Drift>> = {
  "Istio: too much in all": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    drift: virtualService(
      `{route: [${toService("shop-stable", 80)}, ${toService("shop-canary", 90)}]}`,
    ),
    written: "patch virtualservices/shop",
  },
  "Istio: too little in all": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    drift: virtualService(
      `{route: [${toService("shop-stable", 10)}, ${toService("shop-canary", 10)}]}`,
    ),
    written: "patch virtualservices/shop",
  },
  "Istio: a destination of somebody else has the rest": {
    routing: ISTIO,
    good: virtualService(`{${services}}`),
    drift: virtualService(
      `{route: [${toService("shop-stable", 40)}, ${toService("shop-canary", 20)}, ` +
        `${toService("other", 40)}]}`,
    ),
    written: "patch virtualservices/shop",
  },
  "Gateway API: no weights, which are 1 each": {
    routing: GATEWAY,
    good: httpRoute(BOTH),
    drift: httpRoute(BOTH),
    written: "patch httproutes/shop",
  },
  "Gateway API: weights that sum to something else": {
    routing: GATEWAY,
    good: httpRoute(BOTH),
    drift: httpRouteOf(weighted(", weight: 3", ", weight: 9")),
    written: "patch httproutes/shop",
  },
  "NGINX: more than all": {
    routing: NGINX,
    good: ingress("shop-stable"),
    drift: canaryIngress("150"),
    written: "patch ingresses/shop-shop-canary",
  },
  "NGINX: no number": {
    routing: NGINX,
    good: ingress("shop-stable"),
    drift: canaryIngress("many"),
    written: "patch ingresses/shop-shop-canary",
  },
};

for (const [what, { routing, good, drift, written }] of Object.entries(DRIFTS)) {
  Deno.test(`${what}: the weights are mended at once, and once`, async () => {
    const world = new RoutedWorld();
    await world.start(routedShop(routing) + good);
    for (const weight of [0, 50]) {
      assert.equal(world.weight, weight);
      world.writes.length = 0;
      await world.put(drift);
      await world.pass(0);
      assert.deepEqual(world.written, [written]);
      await world.pass(600);
      assert.deepEqual(world.written, [written]);
      assert.equal(world.weight, weight);
      await setImage(world.user, world.shop, UPDATE);
      await world.pass(30);
    }
  });
}

const LATER: Readonly<Record<string, Pick<Drift, "routing" | "good">>> = {
  VirtualService: { routing: ISTIO, good: virtualService(`{${services}}`) },
  HTTPRoute: { routing: GATEWAY, good: httpRoute(BOTH) },
};

for (const [kind, { routing, good }] of Object.entries(LATER)) {
  Deno.test(`the kind ${kind} is installed later: then the Rollout goes on`, async () => {
    const world = new RoutedWorld();
    await world.uninstall(kind);
    await world.start(routedShop(routing));
    isTold(world, /the cluster does not serve (virtualservices|httproutes)\./);
    await world.pass(3_600);
    assert.ok(world.writes.length < 20, "it does not go on trying for ever at full speed");
    await world.install(kind);
    await world.put(good);
    await world.pass(60);
    assert.deepEqual([world.phase, world.weight], ["Healthy", 0]);
  });
}
