/** Rollouts of three kinds, each with what stands around it: what faults are to leave unharmed. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { REPLICA_SETS, ROLLOUTS, SERVICES } from "../../core/api/names/resources.ts";
import type { Cluster } from "../../core/ports/mod.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { defineResource } from "../../sdk/wire/resource_type.ts";

export const VIRTUAL_SERVICES = defineResource(
  "networking.istio.io",
  "v1beta1",
  "virtualservices",
  "VirtualService",
);

export type Sort = "canary" | "routed" | "bluegreen";

/** Pods of each. */
export const REPLICAS = 4;

/** Two of each sort: `canary-1`, `canary-2`, `routed-1`, … */
export class MixedFleet {
  readonly names: readonly string[] = ["canary", "routed", "bluegreen"].flatMap((sort) => [
    `${sort}-1`,
    `${sort}-2`,
  ]);
  readonly #user: Cluster;
  readonly #namespace: string;
  /** How many templates each has had. */
  revisions = 0;

  constructor(user: Cluster, namespace: string) {
    this.#user = user;
    this.#namespace = namespace;
  }

  async create(): Promise<void> {
    for (const name of this.names) {
      for (const object of [service(name, "a"), service(name, "b")]) {
        await this.#create(SERVICES, object);
      }
      if (sortOf(name) === "routed") await this.#create(VIRTUAL_SERVICES, virtualService(name));
      await this.#create(ROLLOUTS, rollout(name));
    }
    this.revisions = 1;
  }

  /** Gives all another image. */
  async update(): Promise<void> {
    const image = `registry/web:${++this.revisions}`;
    const body = { spec: { template: { spec: { containers: [{ name: "web", image }] } } } };
    const namespace = this.#namespace;
    await Promise.all(
      this.names.map((name) =>
        this.#user.patch(ROLLOUTS, { namespace, name }, { type: "merge", body })
      ),
    );
  }

  /** True when each is where its spec wants it to be, and no former set has pods left. */
  async isSettled(): Promise<boolean> {
    const namespace = this.#namespace;
    const { items } = await this.#user.list(ROLLOUTS, { namespace });
    const own = (items as Rollout[]).filter(({ metadata }) => this.names.includes(metadata.name));
    const areHealthy = own.every(({ status, metadata }) =>
      status?.phase === "Healthy" && status.observedGeneration === String(metadata.generation)
    );
    if (!areHealthy || own.length < this.names.length) return false;
    const sets = (await this.#user.list(REPLICA_SETS, { namespace })).items;
    const standing = sets.filter(({ metadata, spec }) =>
      this.names.includes(metadata.ownerReferences?.[0]?.name ?? "") &&
      fieldsOf(spec)["replicas"] !== 0
    );
    return standing.length === this.names.length;
  }

  async #create(type: typeof ROLLOUTS, object: KubeObject): Promise<void> {
    const metadata = { ...object.metadata, namespace: this.#namespace };
    await this.#user.create(type, { ...object, metadata });
  }
}

export function sortOf(name: string): Sort {
  return name.replace(/-\d+$/, "") as Sort;
}

function strategyOf(name: string): NonNullable<Rollout["spec"]["strategy"]> {
  const services = { stableService: `${name}-a`, canaryService: `${name}-b` };
  const steps = [25, 50, 75].flatMap((setWeight) => [{ setWeight }, { pause: { duration: 1 } }]);
  switch (sortOf(name)) {
    case "canary":
      return { canary: { ...services, steps } };
    case "routed": {
      const istio = { virtualService: { name, routes: ["primary"] } };
      return {
        canary: { ...services, steps, scaleDownDelaySeconds: 1, trafficRouting: { istio } },
      };
    }
    case "bluegreen":
      return {
        blueGreen: {
          activeService: `${name}-a`,
          previewService: `${name}-b`,
          scaleDownDelaySeconds: 1,
        },
      };
  }
}

function rollout(name: string): Rollout {
  const labels = { app: name };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name },
    spec: {
      replicas: REPLICAS,
      // The default is longer than any of the faults, also on a busy machine.
      progressDeadlineAbort: true,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "registry/web:1" }] },
      },
      strategy: strategyOf(name),
    },
  };
}

export function service(name: string, part: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `${name}-${part}` },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
}

export function virtualService(name: string): KubeObject {
  const route = ["a", "b"].map((part, index) => ({
    destination: { host: `${name}-${part}` },
    weight: index === 0 ? 100 : 0,
  }));
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { name },
    spec: { hosts: [`${name}-a`], http: [{ name: "primary", route }] },
  };
}
