/** What the conformance suite is told of the Gateway API; nothing here uses the router. */
import { gatewayApi } from "../../../../plugins/traffic/gatewayapi/mod.ts";
import { abilities } from "../../../../sdk/router_abilities.ts";
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

const LABEL = "rollouts.argoproj.io/gatewayapi-canary";
const ROLE: Readonly<Record<string, string>> = {
  [STABLE_SERVICE]: "stable",
  [CANARY_SERVICE]: "canary",
};

const backend = (name: string, weight: number, more: Fields = {}): Fields => ({
  group: "",
  kind: "Service",
  name,
  port: 8080,
  weight,
  ...more,
});
const both = [
  backend("web-archive", 0),
  backend(STABLE_SERVICE, 100),
  backend(CANARY_SERVICE, 0),
];

function route(kind: string, version: string, parts: {
  name: string;
  labels?: Readonly<Record<string, string>>;
  spec: Fields;
}): KubeObject {
  const { name, labels, spec } = parts;
  return {
    apiVersion: `gateway.networking.k8s.io/${version}`,
    kind,
    metadata: {
      name,
      namespace: NAMESPACE,
      ...(labels === undefined ? {} : { labels }),
      annotations: { "example.com/owner": "shop@example.com" },
    },
    spec: { parentRefs: [{ name: "public" }], ...spec },
  };
}

const HTTP_ROUTE = route("HTTPRoute", "v1", {
  name: "web",
  labels: { team: "shop" },
  spec: {
    hostnames: ["shop.example.com"],
    rules: [
      {
        name: "archive",
        matches: [{ path: { type: "PathPrefix", value: "/archive" } }],
        backendRefs: [backend("web-archive", 1)],
      },
      {
        name: "primary",
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        filters: [{
          type: "RequestHeaderModifier",
          requestHeaderModifier: { set: [{ name: "x-shop", value: "1" }] },
        }],
        timeouts: { request: "5s" },
        backendRefs: both,
      },
      { matches: [{ path: { type: "Exact", value: "/health" } }], backendRefs: both },
    ],
  },
});

const GRPC_ROUTE = route("GRPCRoute", "v1", {
  name: "web-calls",
  spec: {
    rules: [{
      matches: [{ method: { service: "shop.Orders" } }],
      backendRefs: both,
    }],
  },
});

const TLS_ROUTE = route("TLSRoute", "v1alpha2", {
  name: "web-tls",
  spec: { hostnames: ["shop.example.com"], rules: [{ name: "all", backendRefs: both }] },
});

const TCP_ROUTE = route("TCPRoute", "v1alpha2", {
  name: "web-raw",
  labels: { app: "web" },
  spec: { rules: [{ backendRefs: [backend("web-archive", 1)] }, { backendRefs: both }] },
});

const base: Pick<RouterSubject, "read" | "foreign" | "drift" | "edit"> = {
  read: (objects) => objects.flatMap(readRoute),
  foreign: (objects) => objects.map(foreignOf),
  drift: (objects) =>
    objects.map((object) =>
      withRules(object, (rules) =>
        rules.filter((rule) => managedNameOf(rule) !== "web-header-a")
          .map((rule) => isManaged(rule) ? rule : drifted(rule)))
    ),
  edit: (objects) =>
    objects.map((object) =>
      withRules(object, (rules) => [
        { name: "images", backendRefs: [backend("web-static", 1)] },
        ...rules.map((rule) =>
          hasBoth(rule)
            ? { ...rule, backendRefs: [backend("web-static", 0), ...backendsOf(rule)] }
            : rule
        ),
      ])
    ),
};

export const gatewayHeaders: RouterSubject = {
  ...base,
  router: gatewayApi as TrafficRouter,
  config: {
    httpRoutes: [{ name: "web", useHeaderRoutes: true }],
    grpcRoutes: [{ name: "web-calls", useHeaderRoutes: true }],
  },
  objects: [GRPC_ROUTE, HTTP_ROUTE],
};

/** Routes that know no headers; one by name, one by label. */
export const gatewayStreams: RouterSubject = {
  ...base,
  router: { ...gatewayApi, abilities: abilities("additionalDestinations") } as TrafficRouter,
  config: { tlsRoute: "web-tls", tcpRouteSelector: { matchLabels: { app: "web" } } },
  objects: [TCP_ROUTE, TLS_ROUTE],
};

function fieldsIn(list: unknown): Fields[] {
  return listOf(list).map(fieldsOf);
}

function rulesOf(object: KubeObject): Fields[] {
  return fieldsIn(fieldsOf(object["spec"])["rules"]);
}

function backendsOf(rule: Fields): Fields[] {
  return fieldsIn(rule["backendRefs"]);
}

function withRules(object: KubeObject, change: (rules: Fields[]) => Fields[]): KubeObject {
  return { ...object, spec: { ...fieldsOf(object["spec"]), rules: change(rulesOf(object)) } };
}

function hasBoth(rule: Fields): boolean {
  const names = backendsOf(rule).map(({ name }) => name);
  return names.includes(STABLE_SERVICE) && names.includes(CANARY_SERVICE);
}

function drifted(rule: Fields): Fields {
  if (!hasBoth(rule)) return rule;
  const weights: Readonly<Record<string, number>> = { [STABLE_SERVICE]: 3, [CANARY_SERVICE]: 97 };
  return {
    ...rule,
    backendRefs: backendsOf(rule).map((each) => ({
      ...each,
      weight: weights[textOf(each["name"])] ?? each["weight"],
    })),
  };
}

/** `web-header-a` of `web-header-a-1`: the name of a route, and which rule it was made from. */
function managedNameOf(rule: Fields): string | undefined {
  return MANAGED_ROUTES.find((name) => indexIn(name, rule) !== undefined);
}

function indexIn(managed: string, { name }: Fields): number | undefined {
  if (name === managed) return 0;
  const [, digits] = textOf(name).match(`^${managed}-([0-9]+)$`) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function isManaged(rule: Fields): boolean {
  return managedNameOf(rule) !== undefined;
}

function readRoute(object: KubeObject): ReadRoute[] {
  const rules = rulesOf(object);
  return rules.filter(hasBoth).map((rule, source): ReadRoute => ({
    name: `${object.kind} ${object.metadata.name}, rule ${source}`,
    weights: Object.fromEntries(
      backendsOf(rule).map(({ name, weight = 1 }) => {
        const service = textOf(name);
        return [ROLE[service] ?? service, Number(weight)];
      }),
    ),
    headerRoutes: rules.flatMap((each) => {
      const name = managedNameOf(each);
      if (name === undefined || indexIn(name, each) !== source) return [];
      const match = fieldsIn(each["matches"]).flatMap(({ headers }) => fieldsIn(headers))
        .map((header) => ({
          headerName: textOf(header["name"]),
          headerValue: { exact: textOf(header["value"]) },
        }));
      return [{ name, match }];
    }),
  }));
}

function foreignOf(object: KubeObject): unknown {
  const { labels = {}, annotations } = object.metadata;
  const { [LABEL]: _, ...others } = labels;
  const { rules: _rules, ...spec } = fieldsOf(object["spec"]);
  return {
    labels: others,
    annotations,
    spec,
    rules: rulesOf(object).filter((rule) => !isManaged(rule)).map((rule) => ({
      ...rule,
      backendRefs: backendsOf(rule)
        .filter(({ name }) => !textOf(name).startsWith("web-exp-"))
        .map(({ weight, ...each }) =>
          ROLE[textOf(each["name"])] === undefined ? { ...each, weight } : each
        ),
    })),
  };
}
