/** Several routers, or several objects of one, of which one cannot be told. */
import assert from "node:assert/strict";
import { plugins } from "../../../plugins/mod.ts";
import { play, service, shop, virtualService } from "./shop.ts";

const ROUTE = virtualService();
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
        backend: {service: {name: stable, port: {number: 80}}}
`;
const HTTP_ROUTE = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: gateway}]
  rules:
  - backendRefs: [{name: stable, port: 80, weight: 100}, {name: canary, port: 80, weight: 0}]
`;
/** The same object under another name. */
const other = (text: string) => text.replace("{name: web}", "{name: other}");

const shopBy = (routing: string) =>
  shop(
    "canary: {stableService: stable, canaryService: canary, " +
      `steps: [{setWeight: 50}, {pause: {}}], trafficRouting: {${routing}}}`,
  ) + service("stable") + service("canary");
const BOTH = shopBy("istio: {virtualService: {name: web}}, nginx: {stableIngress: web}") + ROUTE +
  INGRESS;

const ROWS = [
  { objects: BOTH, lost: "virtualservice/web", kept: "Ingress/web" },
  { objects: BOTH, lost: "ingress/web", kept: "VirtualService/web" },
  {
    objects: shopBy("nginx: {stableIngresses: [web, other]}") + INGRESS + other(INGRESS),
    lost: "ingress/web",
    kept: "Ingress/other",
  },
  {
    objects: shopBy("istio: {virtualServices: [{name: web}, {name: other}]}") + ROUTE +
      other(ROUTE),
    lost: "virtualservice/web",
    kept: "VirtualService/other",
  },
  {
    objects: shopBy(
      "plugins: {argoproj-labs/gatewayAPI: {httpRoutes: [{name: web}, {name: other}]}}",
    ) + HTTP_ROUTE + other(HTTP_ROUTE),
    lost: "httproute/web",
    kept: "HTTPRoute/other",
  },
];

for (const { objects, lost, kept } of ROWS) {
  Deno.test(`an abort takes the weight of ${kept} back, ${lost} being gone`, async () => {
    const { timeline, result, events } = await play(objects, [
      "10s: set image shop main=registry.example/shop:2",
      `1m: delete ${lost}`,
      "2m: abort shop",
    ], { plugins, untilMs: 300_000 });
    assert.deepEqual(result.violations, []);
    assert.deepEqual(timeline.at(-1)?.routes?.[kept], { stable: 100, canary: 0 });
    // Before the abort nothing was changed, and what is missing is told all the time.
    assert.ok(
      timeline.some(({ atSeconds, routes }) =>
        atSeconds === 60 && routes?.[kept]?.["canary"] === 50
      ),
    );
    assert.match(events.at(-1)?.message ?? "", /not found/);
  });
}
