/** The whole controller on a cluster in memory, with services to be notified on loopback. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { NO_PLUGINS } from "../../../sdk/registry.ts";
import { CONFIG_MAPS, NAMESPACES, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import {
  type RunningController,
  startController,
} from "../../../core/controller/run_controller.ts";
import { HttpClient } from "../../../core/controller/http_client.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import type { HttpRequest, HttpResponse } from "../../../sdk/ports.ts";
import { ControllerMetrics } from "../../../core/controller/telemetry/mod.ts";
import { CONFIG_MAP_NAME } from "../../../core/notify/mod.ts";
import { ApiError } from "../../../core/ports/api_error.ts";
import type { Clock, Cluster, Log } from "../../../core/ports/mod.ts";
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
  readonly metrics = new ControllerMetrics(this.clock);
  /** By namespace: the Secret, which a cluster in memory does not have. */
  readonly secrets = new Map<string, Readonly<Record<string, string>>>();
  controller: RunningController | undefined;
  readonly #http = new HttpClient({ clock: systemClock });
  /** Requests under way. */
  #asking = 0;
  /** The controller's own clock: that of the cluster, or the wall's. */
  readonly #ownClock: Clock;
  /** Writes of the present controller that are never answered, as if it had died before them. */
  isLost: (type: ResourceType, body: unknown) => boolean = () => false;

  constructor({ isOnWallClock = false } = {}) {
    this.#ownClock = isOnWallClock ? systemClock : this.clock;
  }

  async start(): Promise<void> {
    // Loaded ahead of time: that takes real time.
    await import("../../../plugins/notify/slack/send.ts");
    await import("../../../plugins/notify/webhook/send.ts");
    await this.user.create(NAMESPACES, object("v1", "Namespace", NAMESPACE)).catch(() => {});
    this.startController();
  }

  /** Another one takes over: what the former was about to do is never done. */
  startController(): void {
    const isMine = this.isLost;
    const isLost: typeof this.isLost = (...write) => this.isLost !== isMine || isMine(...write);
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
      cluster: this.#withSecrets(this.cluster.client("sluice"), isLost),
      clock: this.#ownClock,
      metrics: this.metrics,
      log,
      plugins: { ...NO_PLUGINS, notifiers: plugins.notifiers },
      http: { send: (request, signal) => this.#send(request, signal) },
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

  async unconfigure(namespace = NAMESPACE): Promise<void> {
    await this.user.delete(CONFIG_MAPS, { namespace, name: CONFIG_MAP_NAME });
  }

  async deploy(name: string, annotations: Readonly<Record<string, string>>): Promise<void> {
    await this.user.create(ROLLOUTS, rollout(name, annotations));
  }

  /**
   * Lets that much time pass, and everything happen that falls into it. Servers on loopback take no
   * time: the clock stands still while one is asked.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.clock.now() + ms;
    for (;;) {
      await turns();
      this.cluster.settle();
      await turns();
      if (this.#asking > 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      if (this.clock.runDue()) continue;
      const nextMs = this.clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      this.clock.advanceTo(nextMs);
    }
    this.clock.advanceTo(endMs);
  }

  /** Lets the cluster go with the wall's clock until it is so. */
  async wait(isReached: () => boolean): Promise<void> {
    const [startMs, wallMs] = [this.clock.now(), performance.now()];
    while (!isReached()) {
      this.clock.advanceTo(Math.max(this.clock.now(), startMs + performance.now() - wallMs));
      while (this.clock.runDue()) this.cluster.settle();
      this.cluster.settle();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Lets time pass until it is so. */
  async until(isReached: () => boolean, what: string): Promise<void> {
    for (let tries = 0; tries < 1_000; tries++) {
      await this.advance(tries === 0 ? 0 : 100);
      if (isReached()) return;
    }
    throw new Error(`Not reached: ${what}`);
  }

  async #send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    this.#asking++;
    try {
      return await this.#http.send(request, signal);
    } finally {
      this.#asking--;
    }
  }

  #withSecrets(cluster: Cluster, isLost: NotifiedWorld["isLost"]): Cluster {
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
      patch: (type, ref, patch, options) =>
        isLost(type, patch.body) ? new Promise(() => {}) : cluster.patch(type, ref, patch, options),
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
