/** What the conformance suite is told of Istio; nothing here uses the router. */
import { istio } from "../../../../plugins/traffic/istio/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import {
  CANARY_SERVICE,
  MANAGED_ROUTES,
  NAMESPACE,
  type ReadRoute,
  type RouterSubject,
  STABLE_SERVICE,
} from "../../../../sdk/testing/traffic_router.ts";
import type { TrafficRouter } from "../../../../sdk/traffic_router.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../../sdk/wire/json.ts";

const HASH_LABEL = "rollouts-pod-template-hash";
const MANAGED_BY = "argo-rollouts.argoproj.io/managed-by-rollouts";
const HOST = "web.shop.svc.cluster.local";

/** Which side a destination is of, by what names the sides. */
type Roles = Readonly<Record<string, string>>;
const SERVICES: Roles = { [STABLE_SERVICE]: "stable", [CANARY_SERVICE]: "canary" };
const SUBSETS: Roles = { "v-stable": "stable", "v-canary": "canary" };

function istioObject(kind: string, metadata: Fields, spec: Fields): KubeObject {
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind,
    metadata: { ...metadata, name: textOf(metadata["name"]), namespace: NAMESPACE },
    spec,
  };
}

/** A VirtualService of somebody who routes more than one Rollout with it. */
function virtualService(name: string, sides: readonly [Fields, Fields]): KubeObject {
  const [stable, canary] = sides;
  const archive = { destination: { host: "web-archive" } };
  const both = [
    { destination: stable, weight: 100, headers: { response: { set: { "x-side": "stable" } } } },
    { ...archive, weight: 0 },
    { destination: canary, weight: 0 },
  ];
  return istioObject("VirtualService", {
    name,
    labels: { team: "shop" },
    annotations: { "example.com/owner": "shop@example.com" },
  }, {
    hosts: ["shop.example.com"],
    gateways: ["mesh"],
    http: [
      { name: "robots", match: [{ uri: { prefix: "/robots" } }], route: [archive] },
      { name: "primary", retries: { attempts: 3 }, timeout: "5s", route: both },
      { name: "rest", fault: { abort: { httpStatus: 404 } }, route: [archive] },
    ],
    tls: [
      { match: [{ sniHosts: ["old.example.com"] }], route: [archive] },
      {
        match: [{ port: 443, sniHosts: ["shop.example.com"] }],
        route: [{ destination: canary, weight: 0 }, { destination: stable, weight: 100 }],
      },
    ],
    tcp: [
      { match: [{ port: 5432 }], route: [{ destination: { host: "database" }, weight: 100 }] },
      {
        match: [{ port: 9000 }],
        route: [{ destination: stable, weight: 100 }, { destination: canary, weight: 0 }],
      },
    ],
  });
}

const entry = (name: string) => ({
  name,
  routes: ["primary"],
  tlsRoutes: [{ port: 443, sniHosts: ["shop.example.com"] }],
  tcpRoutes: [{ port: 9000 }],
});

const toService = (host: string): Fields => ({ host, port: { number: 8080 } });

function subject(
  roles: Roles,
  { config, objects }: { config: Fields; objects: readonly KubeObject[] },
): RouterSubject {
  const each = (change: Changes) => (all: readonly KubeObject[]) =>
    all.map((object) => changed(object, change[object.kind as keyof Changes]));
  return {
    router: istio as TrafficRouter,
    config,
    objects,
    read: (all) => all.flatMap((object) => readRoutes(object, { all, roles })),
    foreign: (all) => all.map((object) => foreignOf(object, roles)),
    drift: each({
      VirtualService: ({ http, tls, tcp, ...spec }) => ({
        ...spec,
        http: fieldsIn(http).slice(1).map((route) => reweighted(route, roles)),
        tls: fieldsIn(tls).map((route) => reweighted(route, roles)),
        tcp: fieldsIn(tcp).map((route) => reweighted(route, roles)),
      }),
      DestinationRule: ({ subsets, ...spec }) => ({
        ...spec,
        subsets: fieldsIn(subsets).map((subset) => ({
          ...subset,
          labels: { ...fieldsOf(subset["labels"]), [HASH_LABEL]: "somethingelse" },
        })).map((subset, index) => index < 2 ? subset : fieldsIn(subsets)[index]),
      }),
    }),
    edit: each({
      VirtualService: ({ http, ...spec }) => ({
        ...spec,
        hosts: ["shop.example.com", "shop.example.org"],
        http: [
          { name: "images", route: [{ destination: { host: "web-static" } }] },
          ...fieldsIn(http).map(({ route, ...rest }) =>
            textOf(rest["name"]) !== "primary" ? { ...rest, route } : {
              ...rest,
              route: [{ destination: { host: "web-static" }, weight: 0 }, ...listOf(route)],
            }
          ),
        ],
      }),
      DestinationRule: ({ subsets, ...spec }) => ({
        ...spec,
        subsets: [{ name: "older", labels: { version: "0" } }, ...listOf(subsets)],
      }),
    }),
  };
}

export const istioServices: RouterSubject = subject(SERVICES, {
  config: { virtualServices: [entry("web"), entry("web-internal")] },
  objects: ["web", "web-internal"].map((name) =>
    virtualService(name, [toService(STABLE_SERVICE), toService(`${CANARY_SERVICE}.shop.svc`)])
  ),
});

export const istioSubsets: RouterSubject = subject(SUBSETS, {
  config: {
    virtualService: entry("web"),
    destinationRule: {
      name: "web",
      stableSubsetName: "v-stable",
      canarySubsetName: "v-canary",
    },
  },
  objects: [
    virtualService("web", [{ host: HOST, subset: "v-stable" }, { host: HOST, subset: "v-canary" }]),
    istioObject("DestinationRule", { name: "web", labels: { team: "shop" } }, {
      host: HOST,
      trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } },
      subsets: [
        { name: "v-stable", labels: { app: "web" } },
        { name: "v-canary", trafficPolicy: { loadBalancer: { simple: "RANDOM" } } },
        { name: "archive", labels: { version: "1" } },
      ],
    }),
  ],
});

type Change = (spec: Fields) => Fields;
interface Changes {
  readonly VirtualService: Change;
  readonly DestinationRule: Change;
}

function changed(object: KubeObject, change: Change): KubeObject {
  return { ...object, spec: change(fieldsOf(object["spec"])) };
}

function fieldsIn(list: unknown): Fields[] {
  return listOf(list).map(fieldsOf);
}

function destinationsOf(route: Fields): Fields[] {
  return fieldsIn(route["route"]);
}

/** `stable`, `canary`, or the name of another Service. */
function roleOf(destination: Fields, roles: Roles): string {
  const { host, subset } = fieldsOf(destination["destination"]);
  const service = textOf(host).split(".")[0] ?? "";
  return roles[textOf(subset)] ?? roles[service] ?? service;
}

function hasBoth(route: Fields, roles: Roles): boolean {
  const present = destinationsOf(route).map((each) => roleOf(each, roles));
  return present.includes("stable") && present.includes("canary");
}

function isManaged({ name }: Fields): boolean {
  return MANAGED_ROUTES.includes(textOf(name));
}

function reweighted(route: Fields, roles: Roles): Fields {
  if (!hasBoth(route, roles)) return route;
  const weights: Readonly<Record<string, number>> = { stable: 0, canary: 100 };
  return {
    ...route,
    route: destinationsOf(route).map((each) => ({
      ...each,
      weight: weights[roleOf(each, roles)] ?? 0,
    })),
  };
}

function readRoutes(
  object: KubeObject,
  { all, roles }: { all: readonly KubeObject[]; roles: Roles },
): ReadRoute[] {
  if (object.kind !== "VirtualService") return [];
  const { http, tls, tcp } = fieldsOf(object["spec"]);
  const managed = fieldsIn(http).filter(isManaged);
  const hashes = hashesOf(all);
  const rules = {
    headerRoutes: managed.filter((route) => !("mirror" in route)).map(readHeaderRoute),
    mirrorRoutes: managed.filter((route) => "mirror" in route).map((route) => ({
      name: textOf(route["name"]),
      percentage: Number(fieldsOf(route["mirrorPercentage"])["value"]),
    })),
  };
  return [http, tls, tcp].flatMap(fieldsIn).flatMap((route, index): ReadRoute[] => {
    if (isManaged(route) || !hasBoth(route, roles)) return [];
    const weights = destinationsOf(route).map((each): [string, number] => [
      roleOf(each, roles),
      Number(each["weight"]),
    ]);
    return [{
      name: `${object.metadata.name}[${index}]`,
      weights: Object.fromEntries(weights),
      // All lists share the rules, which stand in front of the routes of the VirtualService.
      ...rules,
      ...(hashes === undefined ? {} : { hashes }),
    }];
  });
}

function readHeaderRoute(route: Fields) {
  return {
    name: textOf(route["name"]),
    match: fieldsIn(route["match"]).map(({ headers }) => {
      const [headerName = "", headerValue] = Object.entries(fieldsOf(headers))[0] ?? [];
      return { headerName, headerValue: fieldsOf(headerValue) };
    }),
  };
}

function hashesOf(all: readonly KubeObject[]): ReadRoute["hashes"] {
  const rule = all.find(({ kind }) => kind === "DestinationRule");
  if (rule === undefined) return undefined;
  const hashOf = (name: string) => {
    const subset = fieldsIn(fieldsOf(rule["spec"])["subsets"])
      .find((each) => each["name"] === name);
    return textOf(fieldsOf(subset?.["labels"])[HASH_LABEL]);
  };
  return { stable: hashOf("v-stable"), canary: hashOf("v-canary") };
}

function foreignOf(object: KubeObject, roles: Roles): unknown {
  const { labels, annotations = {} } = object.metadata;
  const { [MANAGED_BY]: _, ...others } = annotations;
  const { http, tls, tcp, subsets, ...spec } = fieldsOf(object["spec"]);
  const routes = [http, tls, tcp].flatMap(fieldsIn).filter((route) => !isManaged(route));
  return {
    labels,
    annotations: others,
    spec,
    routes: routes.map((route) => ({
      ...route,
      route: destinationsOf(route)
        .filter((each) => !roleOf(each, roles).startsWith("web-exp-"))
        .map(({ weight, ...each }) =>
          ["stable", "canary"].includes(roleOf(each, roles)) ? each : { ...each, weight }
        ),
    })),
    subsets: fieldsIn(subsets)
      .filter(({ name }) => !textOf(name).startsWith("web-exp-"))
      .map(({ labels: own, ...subset }) => {
        const { [HASH_LABEL]: _hash, ...rest } = fieldsOf(own);
        return { ...subset, labels: rest };
      }),
  };
}
