/** A GitOps tool that applies the file of a route again and again, whatever the controller wrote. */
import assert from "node:assert/strict";
import { type Outcome, parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { objectsOf, service } from "./shop.ts";

const PERIOD_SECONDS = 30;
const FIRST_SECONDS = 15;
const LAST_SECONDS = 900;

/** A route as a file says it, and where its weights are shown. */
interface Applied {
  readonly routing: string;
  readonly route: string;
  readonly file: string;
  /** What the weights of the canary are listed under. */
  readonly canary: string;
}

const VIRTUAL_SERVICE = (destinations: string) => `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http: [{name: primary, route: [${destinations}]}]
`;

const ROUTES: Readonly<Record<string, Applied>> = {
  "a VirtualService": {
    routing: "{istio: {virtualService: {name: shop}}}",
    route: "VirtualService/shop",
    canary: "shop-canary",
    file: VIRTUAL_SERVICE(
      "{destination: {host: shop-stable}, weight: 100}, " +
        "{destination: {host: shop-canary}, weight: 0}",
    ),
  },
  "subsets of a DestinationRule": {
    routing: "{istio: {virtualService: {name: shop}, destinationRule: " +
      "{name: shop, stableSubsetName: stable, canarySubsetName: canary}}}",
    route: "VirtualService/shop",
    canary: "canary",
    file: VIRTUAL_SERVICE(
      "{destination: {host: shop, subset: stable}, weight: 100}, " +
        "{destination: {host: shop, subset: canary}, weight: 0}",
    ) + `
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: shop}
spec:
  host: shop
  subsets: [{name: stable, labels: {app: shop}}, {name: canary, labels: {app: shop}}]
`,
  },
  "an HTTPRoute": {
    routing: "{plugins: {argoproj-labs/gatewayAPI: {httpRoute: shop, namespace: default}}}",
    route: "HTTPRoute/shop",
    canary: "shop-canary",
    file: `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: gateway}]
  rules:
  - backendRefs:
    - {name: shop-stable, port: 80, weight: 100}
    - {name: shop-canary, port: 80, weight: 0}
`,
  },
  "the Ingress of stable": {
    routing: "{nginx: {stableIngress: shop}}",
    route: "Ingress/shop",
    canary: "shop-canary",
    file: `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
  - host: shop.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: shop-stable, port: {number: 80}}}
`,
  },
};

function manifests({ routing, file }: Applied, fields = ""): string {
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  strategy:
    canary:
      stableService: shop-stable
      canaryService: shop-canary
      trafficRouting: ${routing}
      steps: [{setWeight: 25}, {pause: {duration: 4m}}, {setWeight: 75}, {pause: {duration: 4m}}]
      ${fields}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
${service("shop-stable")}
${service("shop-canary")}
${service("shop")}
${file}`;
}

const UPDATE = "1m: set image shop main=registry.example/shop:2";

async function play(
  applied: Applied,
  { fields = "", isReapplied = true } = {},
): Promise<Outcome> {
  const applies = [UPDATE];
  const lastSeconds = isReapplied ? LAST_SECONDS : 0;
  for (let at = FIRST_SECONDS; at <= lastSeconds; at += PERIOD_SECONDS) {
    applies.push(`${at}s: apply route.yaml`);
  }
  return await simulate({
    objects: objectsOf(manifests(applied, fields)),
    script: [],
    timed: applies.map(parseTimedCommand),
    files: new Map([["route.yaml", objectsOf(applied.file)]]),
    untilMs: 1_200_000,
    seed: 1,
  }, { plugins });
}

/** The canary's weight at the end of each instant, whenever it is another than before. */
function restingWeights({ timeline }: Outcome, { route, canary }: Applied): string[] {
  const last = new Map<number, number>();
  for (const { atSeconds, routes } of timeline) {
    const weight = routes?.[route]?.[canary];
    if (weight !== undefined) last.set(atSeconds, weight);
  }
  const rows = [...last];
  return rows.filter(([, weight], index) => weight !== rows[index - 1]?.[1])
    .map(([at, weight]) => `${at}s ${weight}`);
}

for (const [what, applied] of Object.entries(ROUTES)) {
  Deno.test(`${what}, applied every ${PERIOD_SECONDS} s: weights are back in the same instant`, async () => {
    const outcome = await play(applied);
    assert.deepEqual(outcome.result.violations, []);
    assert.deepEqual(restingWeights(outcome, applied), [
      "0s 0",
      "61.2s 25",
      "303.2s 75",
      "545.2s 0",
    ]);
    assert.equal(outcome.timeline.at(-1)?.phase, "Healthy");
  });

  Deno.test(`${what}, applied every ${PERIOD_SECONDS} s: no pod comes or goes for it`, async () => {
    const fields = "dynamicStableScale: true";
    const outcome = await play(applied, { fields });
    const quiet = await play(applied, { fields, isReapplied: false });
    assert.deepEqual(outcome.result.violations, []);
    assert.equal(outcome.writes.byResource["replicasets"], quiet.writes.byResource["replicasets"]);
    assert.equal(outcome.timeline.at(-1)?.phase, "Healthy");
  });
}
