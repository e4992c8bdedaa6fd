/** Many Rollouts of two replicas with three weight steps; and the same pods as Deployments. */
import type { KubeObject } from "../../../sdk/api/object.ts";

export const FIRST_IMAGE = "registry.example/web:1";
export const SECOND_IMAGE = "registry.example/web:2";

export interface FleetOptions {
  readonly count: number;
  readonly namespace: string;
  /** With two Services and an Istio VirtualService each. */
  readonly isRouted: boolean;
}

const REPLICAS = 2;
const STEPS = [{ setWeight: 20 }, { setWeight: 50 }, { setWeight: 80 }];

/** The name of one of them. */
export function nameOf(index: number): string {
  return `web-${index}`;
}

/** One Rollout, and after it what it is served by. */
export function rolloutOf(index: number, { namespace, isRouted }: FleetOptions): KubeObject {
  const name = nameOf(index);
  const services = { stableService: `${name}-stable`, canaryService: `${name}-canary` };
  const routing = {
    ...services,
    scaleDownDelaySeconds: 1,
    trafficRouting: { istio: { virtualService: { name } } },
  };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: { app: name } },
      template: podTemplate(name),
      strategy: { canary: { ...(isRouted ? routing : {}), steps: STEPS } },
    },
  };
}

export function servicesOf(index: number, namespace: string): KubeObject[] {
  const name = nameOf(index);
  return ["stable", "canary"].map((role) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `${name}-${role}`, namespace },
    spec: { ports: [{ port: 80 }], selector: { app: name } },
  }));
}

export function virtualServiceOf(index: number, namespace: string): KubeObject {
  const name = nameOf(index);
  const route = ["stable", "canary"].map((role) => ({
    destination: { host: `${name}-${role}` },
    weight: role === "stable" ? 100 : 0,
  }));
  return {
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "VirtualService",
    metadata: { name, namespace },
    spec: { hosts: [name], http: [{ route }] },
  };
}

export function deploymentOf(index: number, namespace: string): KubeObject {
  const name = nameOf(index);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: { app: name } },
      template: podTemplate(name),
    },
  };
}

function podTemplate(name: string) {
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: "web", image: FIRST_IMAGE }] },
  };
}
