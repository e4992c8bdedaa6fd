/** What the conformance suite is told of Ingress-NGINX; nothing here uses the router. */
import { nginx } from "../../../../plugins/traffic/nginx/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import {
  CANARY_SERVICE,
  NAMESPACE,
  type RouterSubject,
  STABLE_SERVICE,
} from "../../../../sdk/testing/traffic_router.ts";
import type { TrafficRouter } from "../../../../sdk/traffic_router.ts";
import { type Fields, fieldsOf, listOf } from "../../../../sdk/wire/json.ts";

const WEIGHT = "nginx.ingress.kubernetes.io/canary-weight";
const TOTAL = `${WEIGHT}-total`;

const path = (prefix: string, service: string): Fields => ({
  path: prefix,
  pathType: "Prefix",
  backend: { service: { name: service, port: { number: 80 } } },
});

const STRAY: Fields = {
  host: "stray.example.com",
  http: { paths: [path("/", "web-archive")] },
};

/** An Ingress that serves more than the Rollout. */
function ingress(name: string, annotations: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: NAMESPACE, labels: { team: "shop" }, annotations },
    spec: {
      ingressClassName: "nginx",
      defaultBackend: { service: { name: "web-archive", port: { number: 80 } } },
      tls: [{ hosts: ["shop.example.com"], secretName: "shop-certificate" }],
      rules: [
        { host: "old.example.com", http: { paths: [path("/", "web-archive")] } },
        {
          host: "shop.example.com",
          http: { paths: [path("/", STABLE_SERVICE), path("/archive", "web-archive")] },
        },
      ],
    },
  };
}

const isCanary = ({ metadata }: KubeObject) => metadata.name.endsWith("-canary");

/** The Ingress beside a stable one sends to the canary what its stable one would get. */
function weightsOf(stable: KubeObject, objects: readonly KubeObject[]) {
  const canary = objects.find(({ metadata }) =>
    metadata.name === `web-${stable.metadata.name}-canary`
  );
  const text = JSON.stringify(canary?.["spec"] ?? {});
  const annotations = canary?.metadata.annotations ?? {};
  const leadsThere = text.includes(CANARY_SERVICE) && !text.includes(STABLE_SERVICE) &&
    annotations["nginx.ingress.kubernetes.io/canary"] === "true";
  const weight = leadsThere ? Number(annotations[WEIGHT]) : 0;
  return { stable: Number(annotations[TOTAL] ?? 100) - weight, canary: weight };
}

export const nginxIngresses: RouterSubject = {
  router: nginx as TrafficRouter,
  config: {
    stableIngresses: ["web", "web-internal"],
    additionalIngressAnnotations: { "canary-by-header": "x-canary" },
  },
  objects: [
    ingress("web", {
      "kubernetes.io/ingress.class": "nginx",
      "nginx.ingress.kubernetes.io/proxy-body-size": "8m",
    }),
    ingress("web-internal", { "example.com/owner": "shop@example.com" }),
  ],
  read: (objects) =>
    objects.filter((object) => !isCanary(object)).map((stable) => ({
      name: stable.metadata.name,
      weights: weightsOf(stable, objects),
    })),
  foreign: (objects) =>
    objects.flatMap((object): Fields[] => {
      const { labels, annotations = {} } = object.metadata;
      if (!isCanary(object)) return [{ labels, annotations, spec: object["spec"] }];
      const { "example.com/note": note } = annotations;
      return note === undefined ? [] : [{ note }];
    }),
  drift: (objects) =>
    objects.map((object) =>
      !isCanary(object) ? object : {
        ...object,
        metadata: {
          ...object.metadata,
          annotations: { ...object.metadata.annotations, [WEIGHT]: "77", [TOTAL]: "200" },
        },
        spec: { ...fieldsOf(object["spec"]), rules: [STRAY] },
      }
    ),
  edit: (objects) =>
    objects.map((object) => {
      const { annotations } = object.metadata;
      const metadata = {
        ...object.metadata,
        annotations: { ...annotations, "example.com/note": "mine" },
      };
      if (isCanary(object)) return { ...object, metadata };
      const spec = fieldsOf(object["spec"]);
      const more = { host: "new.example.com", http: { paths: [path("/", "web-static")] } };
      return { ...object, metadata, spec: { ...spec, rules: [more, ...listOf(spec["rules"])] } };
    }),
};
