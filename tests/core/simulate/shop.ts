/** Small worlds in YAML, and what comes of them. */
import { readManifests } from "../../../core/api/manifest/mod.ts";
import {
  type Outcome,
  parseTimedCommand,
  renderTimeline,
  simulate,
  UNTIL_DEFAULT_MS,
} from "../../../core/simulate/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";

/** An image that is never pulled. */
export const BAD = "registry.example/does-not-exist:2";

/** The objects of a text of manifests. */
export function objectsOf(text: string): KubeObject[] {
  return readManifests({ file: "shop.yaml", text }).documents.map(({ object }) => object);
}

/** A Rollout `shop` with two pods of version 1; `strategy` and `fields` in YAML's flow style. */
export function shop(
  strategy = "canary: {steps: [{setWeight: 50}, {pause: {}}]}",
  { replicas = 2, labels = "app: shop", fields = "" } = {},
): string {
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: shop}}
  strategy: {${strategy}}
  ${fields}
  template:
    metadata: {labels: {${labels}}}
    spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
`;
}

/** A Service of that name; `selector` in YAML's flow style. */
export function service(name: string, selector = "app: shop"): string {
  return `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {${selector}}, ports: [{port: 80}]}
`;
}

/** A VirtualService `web` with these weights of the Services `stable` and `canary`. */
export function virtualService(stable = 100, canary = 0): string {
  return `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:
    - {destination: {host: stable}, weight: ${stable}}
    - {destination: {host: canary}, weight: ${canary}}
`;
}

/** What a Deployment of four such pods and a Rollout that takes them over look like. */
export function takeover(
  { scaleDown, replicas = "replicas: 4" }: { scaleDown: string; replicas?: string },
): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  ${replicas}
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: shop, scaleDown: ${scaleDown}}
  strategy: {canary: {}}
`;
}

/** Simulates manifests with commands; `files` are those that `apply` names. */
export async function play(
  manifests: string,
  commands: readonly string[] = [],
  { files = {}, untilMs = UNTIL_DEFAULT_MS, plugins }: {
    files?: Readonly<Record<string, string>>;
    untilMs?: number;
    plugins?: PluginRegistry;
  } = {},
): Promise<Outcome> {
  return await simulate({
    objects: objectsOf(manifests),
    script: [],
    timed: commands.map(parseTimedCommand),
    files: new Map(Object.entries(files).map(([name, text]) => [name, objectsOf(text)])),
    untilMs,
    seed: 1,
  }, { plugins });
}

/** The last lines of the text: how it ended, what users got, what was broken. */
export function summaryOf(outcome: Outcome): string[] {
  return renderTimeline(outcome).trimEnd().split("\n\n").at(-1)?.split("\n").slice(1) ?? [];
}

/** The lines of the table that hold this text. */
export function linesWith(outcome: Outcome, text: string): string[] {
  return renderTimeline(outcome).split("\n").filter((line) => line.includes(text));
}
