/** Rollouts of two kinds, each with its Services: what several controllers work on at once. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { ROLLOUTS, SERVICES } from "../../core/api/names/resources.ts";
import type { Cluster } from "../../core/ports/mod.ts";
import { auditedWrites } from "./audit_log.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

/** `web-1`, `web-2`, …: each fifth is a blue-green. */
export class Fleet {
  readonly names: readonly string[];
  readonly #user: Cluster;
  readonly #namespace: string;

  constructor(user: Cluster, namespace: string, count: number) {
    this.#user = user;
    this.#namespace = namespace;
    this.names = Array.from({ length: count }, (_, index) => `web-${index + 1}`);
  }

  async create(): Promise<void> {
    for (const name of this.names) {
      for (const part of ["a", "b"]) {
        await this.#user.create(SERVICES, service(this.#namespace, `${name}-${part}`, name));
      }
      await this.#user.create(ROLLOUTS, rollout(this.#namespace, name));
    }
  }

  async update(image: string, names = this.names): Promise<void> {
    const body = { spec: { template: { spec: { containers: [{ name: "web", image }] } } } };
    await Promise.all(
      names.map((name) =>
        this.#user.patch(ROLLOUTS, { namespace: this.#namespace, name }, { type: "merge", body })
      ),
    );
  }

  /** True when each is where its spec wants it to be. */
  async isHealthy(): Promise<boolean> {
    const { items } = await this.#user.list(ROLLOUTS, { namespace: this.#namespace });
    return (items as Rollout[]).every(({ status, metadata }) =>
      status?.phase === "Healthy" && status.observedGeneration === String(metadata.generation)
    );
  }
}

function rollout(namespace: string, name: string): Rollout {
  const labels = { app: name };
  const strategy = name.endsWith("5")
    ? {
      blueGreen: {
        activeService: `${name}-a`,
        previewService: `${name}-b`,
        scaleDownDelaySeconds: 1,
      },
    }
    : {
      canary: {
        stableService: `${name}-a`,
        canaryService: `${name}-b`,
        steps: [{ setWeight: 25 }, { pause: { duration: 1 } }, { setWeight: 50 }],
      },
    };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "registry/web:1" }] },
      },
      strategy,
    },
  };
}

function service(namespace: string, name: string, app: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app }, ports: [{ port: 80 }] },
  };
}

/** What that controller wrote from that time on, as far as it came true. */
export async function written(
  plane: ControlPlane,
  userAgent: string,
  sinceMs: number,
): Promise<string[]> {
  const writes = await auditedWrites(plane, userAgent);
  return writes.filter(({ atMs, isRefused }) => atMs >= sinceMs && !isRefused)
    .map(({ verb, resource, subresource, name, atMs, body }) =>
      `${verb} ${resource}/${subresource} ${name} after ${atMs - sinceMs} ms: ` +
      JSON.stringify(body)
    );
}
