/** A cluster on virtual time, with the smallest objects that tests put into it. */
import {
  EmbeddedCluster,
  type EmbeddedClusterOptions,
  seededRandom,
  VirtualClock,
  type WriteReport,
} from "../../../../core/cluster/embedded/mod.ts";
import type { Cluster, WatchHandle, WatchOptions } from "../../../../core/ports/mod.ts";
import type { ResourceType } from "../../../../sdk/wire/resource_type.ts";
import type { KubeObject, ObjectMeta } from "../../../../sdk/api/object.ts";

export const START_MS = Date.UTC(2026, 0, 1);

/** What a test works with. */
export interface World {
  readonly clock: VirtualClock;
  readonly cluster: EmbeddedCluster;
  /** The user "test". */
  readonly client: Cluster;
  readonly writes: WriteReport[];
  /** Runs all that happens within so many milliseconds. */
  elapse(durationMs: number): void;
  /** Opens a watch, and tells what it hears as `TYPE name`. */
  heard(type: ResourceType, options?: Partial<WatchOptions>): Heard;
}

/** What a watch heard. */
export interface Heard extends WatchHandle {
  readonly lines: string[];
  readonly objects: KubeObject[];
}

/** Makes a cluster with Widgets, a kind with status and scale. */
export function makeWorld(
  options: Partial<EmbeddedClusterOptions> & { seed?: number } = {},
): World {
  const { seed = 1, ...rest } = options;
  const clock = new VirtualClock(START_MS);
  const random = seededRandom(seed);
  const customResources = [widgetDefinition()];
  const cluster = new EmbeddedCluster({ clock, random, customResources, ...rest });
  const writes: WriteReport[] = [];
  cluster.onWrite((write) => writes.push(write));
  const client = cluster.client("test");
  return {
    clock,
    cluster,
    client,
    writes,
    elapse(durationMs) {
      const endMs = clock.now() + durationMs;
      for (;;) {
        cluster.settle();
        if (clock.runDue()) continue;
        const next = clock.nextDueMs();
        if (next === undefined || next > endMs) break;
        clock.advanceTo(next);
      }
      clock.advanceTo(endMs);
    },
    heard(type, watchOptions = {}) {
      const lines: string[] = [];
      const objects: KubeObject[] = [];
      const { stop } = client.watch(type, { resourceVersion: "0", ...watchOptions }, {
        event(event) {
          lines.push(`${event.type} ${event.object.metadata.name ?? ""}`.trim());
          objects.push(event.object);
        },
        end: (error) => lines.push(`END ${error?.message ?? ""}`.trim()),
      });
      return { lines, objects, stop };
    },
  };
}

export const WIDGETS: ResourceType = Object.freeze({
  group: "example.test",
  version: "v1",
  plural: "widgets",
  kind: "Widget",
  namespaced: true,
});

/** The definition of Widgets. */
export function widgetDefinition(schema: Record<string, unknown> = {}): KubeObject {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.test" },
    spec: {
      group: "example.test",
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets" },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: "object", properties: { spec: open, status: open, ...schema } },
        },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: ".spec.replicas",
            statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".status.selector",
          },
        },
      }],
    },
  };
}

export function widget(name: string, spec: Record<string, unknown> = {}): KubeObject {
  const metadata = { name, namespace: "default" };
  return { apiVersion: "example.test/v1", kind: "Widget", metadata, spec };
}

export function configMap(name: string, metadata: Partial<ObjectMeta> = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default", ...metadata },
    data: { a: "1" },
  };
}

export function pod(name: string, container: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "a" } },
    spec: { containers: [{ name: "main", image: "main:1", ...container }] },
  };
}

export function replicaSet(name: string, replicas: number): KubeObject {
  const labels = { app: "a", set: name };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "main", image: `main:${name}` }] },
      },
    },
  };
}

export function deployment(name: string, spec: Record<string, unknown> = {}): KubeObject {
  const { metadata, spec: wanted } = replicaSet(name, 1);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: { ...wanted as Record<string, unknown>, ...spec },
  };
}

export function service(name: string, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: { app: "a" }, ports: [{ port: 80 }], ...spec },
  };
}
