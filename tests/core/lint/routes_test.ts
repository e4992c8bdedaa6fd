/** Routes among the files at hand: do they lead to both sides, and to ports that are there. */
import assert from "node:assert/strict";
import type { Fields } from "../../../sdk/wire/json.ts";
import { lintObjects, object, rollout, service } from "./manifests.ts";

const ROUTING = "spec.strategy.canary.trafficRouting";
const GATEWAY = `${ROUTING}.plugins["argoproj-labs/gatewayAPI"].httpRoute`;

function canary(trafficRouting: Fields): Fields[] {
  return [
    rollout({ canary: { stableService: "stable", canaryService: "canary", trafficRouting } }),
    service("stable"),
    service("canary"),
  ];
}

const ISTIO = canary({ istio: { virtualService: { name: "web" } } });
const SUBSETS = canary({
  istio: {
    virtualService: { name: "web" },
    destinationRule: { name: "web", stableSubsetName: "old", canarySubsetName: "fresh" },
  },
});
const NGINX = canary({ nginx: { stableIngress: "web" } });
const HTTP_ROUTE = canary({ plugins: { "argoproj-labs/gatewayAPI": { httpRoute: "web" } } });

function virtualService(...destinations: Fields[]): Fields {
  const route = destinations.map((destination) => ({ destination }));
  return object("networking.istio.io/v1", "VirtualService", { spec: { http: [{ route }] } });
}

function rule(...names: string[]): Fields {
  const subsets = names.map((name) => ({ name, labels: { app: "web" } }));
  return object("networking.istio.io/v1", "DestinationRule", { spec: { host: "web", subsets } });
}

function ingress(name: string, port: Fields): Fields {
  const paths = [{ path: "/", pathType: "Prefix", backend: { service: { name, port } } }];
  const spec = { rules: [{ host: "web.example", http: { paths } }] };
  return object("networking.k8s.io/v1", "Ingress", { spec });
}

function httpRoute(...backendRefs: Fields[]): Fields {
  const spec = { rules: [{ backendRefs }] };
  return object("gateway.networking.k8s.io/v1", "HTTPRoute", { spec });
}

const host = (name: string, number?: number): Fields => ({
  host: name,
  ...(number === undefined ? {} : { port: { number } }),
});
const backend = (name: string, port = 80): Fields => ({ name, port });

const ROWS: [what: string, objects: Fields[], findings: string[]][] = [
  [
    "Istio: both Services, with ports and without",
    [...ISTIO, virtualService(host("stable", 80), host("canary"))],
    [],
  ],
  [
    "Istio: a VirtualService without the canary",
    [...ISTIO, virtualService(host("stable"))],
    [
      `${ROUTING}.istio.virtualService.name: Istio VirtualService has invalid HTTP routes. ` +
      "Error: Canary Service 'canary' not found in route",
    ],
  ],
  [
    "Istio: a port that the canary's Service has not",
    [...ISTIO, virtualService(host("stable", 80), host("canary", 8080))],
    [
      `${ROUTING}.istio.virtualService.name: VirtualService "web" sends to port 8080 of Service ` +
      '"canary", which has no such port',
    ],
  ],
  [
    "Istio: a port of a host that may be anywhere",
    [
      ...ISTIO,
      virtualService(host("stable.shop.svc.cluster.local", 8080), host("canary.shop", 8080)),
    ],
    [],
  ],
  [
    "Istio: a subset that the DestinationRule has not",
    [
      ...SUBSETS,
      virtualService({ host: "web", subset: "old" }, { host: "web", subset: "fresh" }),
      rule("old"),
    ],
    [
      `${ROUTING}.istio.destinationRule.canarySubsetName: DestinationRule "web" has no subset ` +
      '"fresh"',
    ],
  ],
  [
    "Istio: a route without the canary's subset",
    [...SUBSETS, virtualService({ host: "web", subset: "old" }), rule("old", "fresh")],
    [
      `${ROUTING}.istio.virtualService.name: Istio VirtualService has invalid HTTP routes. ` +
      "Error: Canary DestinationRule subset 'fresh' not found in route",
    ],
  ],
  ["NGINX: an Ingress of the stable Service", [...NGINX, ingress("stable", { number: 80 })], []],
  [
    "NGINX: an Ingress of another Service",
    [...NGINX, ingress("other", { number: 80 }), service("other")],
    [`${ROUTING}.nginx.stableIngress: ingress \`web\` has no rules using service stable backend`],
  ],
  [
    "NGINX: a port by a name that neither Service has",
    [...NGINX, ingress("stable", { name: "http" })],
    ["canary", "stable"].map((name) =>
      `${ROUTING}.nginx.stableIngress: Ingress "web" sends to port http of Service "${name}", ` +
      "which has no such port"
    ),
  ],
  [
    "Gateway API: both backends",
    [...HTTP_ROUTE, httpRoute(backend("stable"), backend("canary"))],
    [],
  ],
  [
    "Gateway API: an HTTPRoute without the canary",
    [...HTTP_ROUTE, httpRoute(backend("stable"))],
    [
      `${GATEWAY}: HTTPRoute "web" has no rule with the backends "stable" and "canary": ` +
      "no weight can be set",
    ],
  ],
  [
    "Gateway API: a port that the canary's Service has not",
    [...HTTP_ROUTE, httpRoute(backend("stable"), backend("canary", 8080))],
    [`${GATEWAY}: HTTPRoute "web" sends to port 8080 of Service "canary", which has no such port`],
  ],
];

for (const [what, objects, findings] of ROWS) {
  Deno.test(`lint of routes: ${what}`, () => {
    const found = lintObjects(...objects).filter(({ severity }) => severity === "error")
      .map(({ path, text }) => `${path}: ${text.replace(/^.*Invalid value: "[^"]*": /, "")}`);
    assert.deepEqual(found, findings);
  });
}
