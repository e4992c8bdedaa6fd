/** Small manifests that are right, to be made wrong in one place; and what lint finds in them. */
import { NOTIFICATION_READER } from "../../../core/lint/notification_reader.ts";
import { type Finding, judge, readSources } from "../../../core/lint/mod.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import { plugins } from "../../../plugins/mod.ts";

/** A JSON object. */

/** What a test says about its Rollout. */
export interface RolloutOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly spec?: Fields;
  readonly canary?: Fields;
  readonly blueGreen?: Fields;
  /** Fields of its one container. */
  readonly container?: Fields;
}

/** A Rollout in which lint finds nothing. */
export function rollout(
  { name = "web", namespace, spec, canary = {}, blueGreen, container }: RolloutOptions = {},
): Fields {
  const labels = { app: name };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      replicas: 5,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [web(container)] } },
      strategy: blueGreen === undefined ? { canary } : { blueGreen },
      ...spec,
    },
  };
}

function web(fields: Fields = {}): Fields {
  return { name: "web", image: "registry.example/web:1", readinessProbe: PROBE, ...fields };
}

const PROBE: Fields = { httpGet: { path: "/ready", port: 8080 } };

/** Any other object. */
export function object(apiVersion: string, kind: string, rest: Fields = {}): Fields {
  const { name = "web", namespace, ...fields } = rest;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion, kind, metadata, ...fields };
}

/** A Service that selects the pods of `rollout()`. */
export function service(name: string, app = "web"): Fields {
  return object("v1", "Service", { name, spec: { selector: { app }, ports: [{ port: 80 }] } });
}

/** An AnalysisTemplate with one metric. */
export function template(name: string, metric: Fields = {}, spec: Fields = {}): Fields {
  const metrics = [{
    name: "rate",
    successCondition: "result > 0.9",
    provider: { prometheus: { address: "http://prometheus.example", query: "rate" } },
    ...metric,
  }];
  return object("argoproj.io/v1alpha1", "AnalysisTemplate", { name, spec: { metrics, ...spec } });
}

/** The Services of a canary. */
export const SERVICES = { stableService: "web-stable", canaryService: "web-canary" };
const NGINX = { nginx: { stableIngress: "web" } };
const INGRESS = object("networking.k8s.io/v1", "Ingress", {
  spec: {
    rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "web-stable" } } }] } }],
  },
});
/** What a routed canary names. */
export const BESIDE = [service("web-stable"), service("web-canary"), INGRESS];

/** A canary behind a router, with what it names. */
export function routed(canary: Fields, rest: Omit<RolloutOptions, "canary"> = {}): Fields[] {
  return [
    rollout({ canary: { ...SERVICES, trafficRouting: NGINX, ...canary }, ...rest }),
    ...BESIDE,
  ];
}

/** A Deployment that Rollouts take their pods from; its image has no version. */
export const DEPLOYMENT = object("apps/v1", "Deployment", {
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "web" }] },
    },
  },
});

/** The reference to it. */
export const REFERENCE = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };

/** A Rollout that takes its pods from the Deployment. */
export function referring(reference: Fields = {}): Fields {
  return rollout({
    spec: { workloadRef: { ...REFERENCE, ...reference }, template: undefined, selector: undefined },
  });
}

/** What lint finds in objects of one file, in the order of its report. */
export function lintObjects(...objects: readonly Fields[]): Finding[] {
  const text = objects.map((each) => JSON.stringify(each)).join("\n---\n");
  return lintText(text);
}

/** What lint finds in a text, but for what changes with each version: what is not supported yet. */
export function lintText(text: string): Finding[] {
  const reading = readSources([{ file: "a.yaml", text, isNamed: true }]);
  return judge(reading, plugins, { notifications: NOTIFICATION_READER })
    .filter(({ rule }) => rule !== "not-supported");
}

/** Findings without their places: `rule path`. */
export function shown(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, path }) => `${rule} ${path}`);
}
