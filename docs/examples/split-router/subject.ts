/** What the conformance suite is told of the router for Splits; nothing here uses the router. */
import { fieldsOf, type KubeObject, listOf, textOf } from "@sluice/sdk";
import {
  CANARY_SERVICE,
  MANAGED_ROUTES,
  type ReadRoute,
  STABLE_SERVICE,
} from "@sluice/sdk/testing";
import { NAMESPACE, type RouterSubject } from "@sluice/sdk/testing";
import { type Config, type Seen, splitRouter } from "./split_router.ts";

/** A Split of somebody who has more in it than what a Rollout needs. */
export const SPLIT: KubeObject = {
  apiVersion: "routing.example.com/v1",
  kind: "Split",
  metadata: {
    name: "web",
    namespace: NAMESPACE,
    labels: { team: "shop" },
    annotations: { "example.com/owner": "shop@example.com" },
  },
  spec: {
    hosts: ["shop.example.com"],
    backends: [
      { service: STABLE_SERVICE, weight: 100, timeoutSeconds: 3 },
      { service: CANARY_SERVICE, weight: 0 },
      { service: "web-archive", weight: 0, note: "for the day after" },
    ],
    rules: [{ name: "robots", headers: [{ header: "user-agent" }], service: "web-archive" }],
    copies: [],
    retries: { attempts: 2 },
  },
};

const ROLE: Readonly<Record<string, string>> = {
  [STABLE_SERVICE]: "stable",
  [CANARY_SERVICE]: "canary",
};

export const splitSubject: RouterSubject<Config, Seen> = {
  router: splitRouter,
  config: { split: "web" },
  objects: [SPLIT],
  read: (objects) => objects.map(readSplit),
  foreign: (objects) => objects.map(foreignOf),
  drift: (objects) =>
    objects.map((object) =>
      withSpec(object, ({ backends, rules }) => ({
        backends: [
          { ...backends[0], weight: 0 },
          { ...backends[1], weight: 100 },
          ...backends.slice(2),
        ],
        rules: rules.slice(1),
      }))
    ),
  edit: (objects) =>
    objects.map((object) =>
      withSpec(object, ({ backends, rules }) => ({
        hosts: ["shop.example.com", "shop.example.org"],
        backends: [{ service: "web-static", weight: 0 }, ...backends],
        rules: [{ name: "images", headers: [], service: "web-static" }, ...rules],
      }))
    ),
};

interface Lists {
  readonly backends: readonly Readonly<Record<string, unknown>>[];
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly copies: readonly Readonly<Record<string, unknown>>[];
}

function listsOf(object: KubeObject): Lists {
  const { backends, rules, copies } = fieldsOf(object["spec"]);
  return {
    backends: listOf(backends).map(fieldsOf),
    rules: listOf(rules).map(fieldsOf),
    copies: listOf(copies).map(fieldsOf),
  };
}

function withSpec(object: KubeObject, change: (lists: Lists) => object): KubeObject {
  return { ...object, spec: { ...fieldsOf(object["spec"]), ...change(listsOf(object)) } };
}

function isManaged({ name }: Readonly<Record<string, unknown>>): boolean {
  return MANAGED_ROUTES.includes(textOf(name));
}

function readSplit(object: KubeObject): ReadRoute {
  const { backends, rules, copies } = listsOf(object);
  return {
    name: object.metadata.name,
    weights: Object.fromEntries(backends.map(({ service, weight }) => {
      const name = textOf(service);
      return [ROLE[name] ?? name, Number(weight)];
    })),
    headerRoutes: rules.filter(isManaged).map(({ name, headers }) => ({
      name: textOf(name),
      match: listOf(headers).map(fieldsOf).map(({ header, value }) => ({
        headerName: textOf(header),
        headerValue: fieldsOf(value),
      })),
    })),
    mirrorRoutes: copies.filter(isManaged).map(({ name, percentage }) => ({
      name: textOf(name),
      percentage: Number(percentage),
    })),
  };
}

function foreignOf(object: KubeObject): unknown {
  const { backends, rules, copies } = listsOf(object);
  const { labels, annotations } = object.metadata;
  const { backends: _backends, rules: _rules, copies: _copies, ...spec } = fieldsOf(object["spec"]);
  const own = [STABLE_SERVICE, CANARY_SERVICE];
  return {
    labels,
    annotations,
    spec,
    backends: backends
      .filter(({ service }) => !textOf(service).startsWith("web-exp-"))
      .map(({ weight, ...backend }) =>
        own.includes(textOf(backend["service"])) ? backend : { ...backend, weight }
      ),
    rules: [...rules, ...copies].filter((rule) => !isManaged(rule)),
  };
}
