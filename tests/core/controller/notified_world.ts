/** The whole controller on a cluster in memory, with services to be notified on loopback. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { NO_PLUGINS } from "../../../sdk/registry.ts";
import { CONFIG_MAPS, NAMESPACES, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import {
  type RunningController,
  startController,
} from "../../../core/controller/run_controller.ts";
import { CONFIG_MAP_NAME } from "../../../core/notify/mod.ts";
import { ApiError } from "../../../core/ports/api_error.ts";
import type { Cluster, Log } from "../../../core/ports/mod.ts";
import { analysisDefinitions } from "../../../core/simulate/simulated_analysis.ts";
import { plugins } from "../../../plugins/mod.ts";
import { turns } from "../engine/virtual_time.ts";

export const NAMESPACE = "argo-rollouts";

export class NotifiedWorld {
  readonly clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  readonly cluster = new EmbeddedCluster({
    clock: this.clock,
    random: seededRandom(1),
    customResources: [openDefinition(ROLLOUT_KIND), ...analysisDefinitions()],
  });
  readonly user = this.cluster.client("user");
  readonly lines: string[] = [];
  /** By namespace: the Secret, which a cluster in memory does not have. */
  readonly secrets = new Map<string, Readonly<Record<string, string>>>();
  controller: RunningController | undefined;

  async start(): Promise<void> {
    await this.user.create(NAMESPACES, object("v1", "Namespace", NAMESPACE)).catch(() => {});
    this.#startController();
  }

  #startController(): void {
    const say = (level: string) => (message: string, fields?: unknown) => {
      this.lines.push(JSON.stringify([level, message, fields]));
    };
    const log: Log = {
      debug: say("debug"),
      info: say("info"),
      warn: say("warn"),
      error: say("error"),
    };
    this.controller = startController({
      cluster: this.#withSecrets(this.cluster.client("sluice")),
      clock: this.clock,
      log,
      plugins: { ...NO_PLUGINS, notifiers: plugins.notifiers },
      isSelfServiceNotificationEnabled: true,
    });
  }

  /** Writes the ConfigMap of a namespace. */
  async configure(data: Readonly<Record<string, string>>, namespace = NAMESPACE): Promise<void> {
    const configMap = { ...object("v1", "ConfigMap", CONFIG_MAP_NAME, namespace), data };
    try {
      await this.user.create(CONFIG_MAPS, configMap);
    } catch {
      await this.user.update(CONFIG_MAPS, configMap);
    }
  }

  async deploy(name: string, annotations: Readonly<Record<string, string>>): Promise<void> {
    await this.user.create(ROLLOUTS, rollout(name, annotations));
  }

  /** Lets that much time pass, and everything happen that falls into it. */
  async advance(ms: number): Promise<void> {
    const endMs = this.clock.now() + ms;
    for (;;) {
      await turns();
      this.cluster.settle();
      await turns();
      if (this.clock.runDue()) continue;
      const nextMs = this.clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      this.clock.advanceTo(nextMs);
    }
    this.clock.advanceTo(endMs);
  }

  /** Waits for answers of servers on loopback, in real time; virtual time goes on meanwhile. */
  async until(isReached: () => boolean, what: string): Promise<void> {
    for (let tries = 0; tries < 1_000; tries++) {
      if (isReached()) {
        await this.advance(0);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      await this.advance(100);
    }
    throw new Error(`Not reached: ${what}`);
  }

  #withSecrets(cluster: Cluster): Cluster {
    return {
      get: async (type, ref) => {
        if (type.plural !== "secrets") return await cluster.get(type, ref);
        const data = this.secrets.get(ref.namespace ?? "");
        if (data === undefined) {
          throw new ApiError({ code: 404, reason: "NotFound", message: "no such Secret" });
        }
        const encoded = Object.entries(data).map(([key, value]) => [
          key,
          new TextEncoder().encode(value).toBase64(),
        ]);
        return { ...object("v1", "Secret", ref.name), data: Object.fromEntries(encoded) };
      },
      list: (...args) => cluster.list(...args),
      watch: (...args) => cluster.watch(...args),
      create: (...args) => cluster.create(...args),
      update: (...args) => cluster.update(...args),
      patch: (...args) => cluster.patch(...args),
      delete: (...args) => cluster.delete(...args),
    };
  }
}

function object(
  apiVersion: string,
  kind: string,
  name: string,
  namespace?: string,
): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

function rollout(name: string, annotations: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace: "default", annotations },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "web", image: "registry/web:1" }] },
      },
    },
  };
}
