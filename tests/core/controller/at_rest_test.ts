/** What a controller does once its Rollouts are where they belong: nothing, until it is to look again. */
import assert from "node:assert/strict";
import { ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { startController } from "../../../core/controller/run_controller.ts";
import type { Cluster } from "../../../core/ports/cluster.ts";
import { type Log, type LogFields, silentLog } from "../../../core/ports/log.ts";
import { routedDefinition, routedTypes } from "../../../core/simulate/routed_kinds.ts";
import { analysisDefinitions } from "../../../core/simulate/simulated_analysis.ts";
import { plugins } from "../../../plugins/mod.ts";
import { VIRTUAL_SERVICES } from "../../../plugins/traffic/istio/virtual_services.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { apiVersionOf } from "../../../sdk/wire/resource_type.ts";
import { turns } from "../engine/virtual_time.ts";
import { rollout } from "./two_controllers.ts";

const MINUTE_MS = 60_000;
/** Of the controller at rest; Argo Rollouts has 15 minutes. */
const RESYNC_MS = 10 * MINUTE_MS;
const STEPS = [{ setWeight: 20 }, { setWeight: 50 }, { setWeight: 80 }];
const STRATEGIES: Readonly<Record<string, Record<string, unknown>>> = {
  plain: { canary: { steps: STEPS } },
  routed: {
    canary: {
      stableService: "routed-a",
      canaryService: "routed-b",
      scaleDownDelaySeconds: 30,
      trafficRouting: { istio: { virtualService: { name: "routed" } } },
      steps: STEPS,
    },
  },
  bluegreen: {
    blueGreen: {
      activeService: "bluegreen-a",
      previewService: "bluegreen-b",
      scaleDownDelaySeconds: 30,
    },
  },
};

class World {
  readonly clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  readonly cluster = new EmbeddedCluster({
    clock: this.clock,
    housekeepingClock: this.clock.background,
    random: seededRandom(1),
    customResources: [
      openDefinition(ROLLOUT_KIND),
      ...analysisDefinitions(),
      ...routedTypes(plugins).map(routedDefinition),
    ],
  });
  readonly user = this.cluster.client("user");
  /** Each pass: `rollout plain`. */
  passes: string[] = [];
  /** Each request but watches: `patch services`. */
  requests: string[] = [];

  start() {
    const note = (_: string, fields: LogFields = {}) => {
      if (fields["durationMs"] === undefined) return;
      const [controller, name] =
        Object.entries(fields).find(([field]) =>
          field === "rollout" || field === "notifications"
        ) ?? ["other", fields["namespace"]];
      this.passes.push(`${controller} ${name}`);
    };
    const log: Log = { ...silentLog, debug: note, info: note };
    const cluster = this.#heard();
    return startController({ cluster, clock: this.clock, log, plugins, resyncMs: RESYNC_MS });
  }

  async createAll(): Promise<void> {
    for (const [name, strategy] of Object.entries(STRATEGIES)) {
      for (const part of ["a", "b"]) await this.user.create(SERVICES, service(name, part));
      await this.user.create(ROLLOUTS, rollout(name, strategy));
    }
    const route = ["a", "b"].map((part) => ({ destination: { host: `routed-${part}` } }));
    await this.user.create(VIRTUAL_SERVICES, {
      apiVersion: apiVersionOf(VIRTUAL_SERVICES),
      kind: "VirtualService",
      metadata: { name: "routed", namespace: "default" },
      spec: { hosts: ["routed"], http: [{ route }] },
    });
  }

  async updateAll(): Promise<void> {
    const body = {
      spec: { template: { spec: { containers: [{ name: "web", image: "web:2" }] } } },
    };
    for (const name of Object.keys(STRATEGIES)) {
      await this.user.patch(ROLLOUTS, { namespace: "default", name }, { type: "merge", body });
    }
  }

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

  #heard(): Cluster {
    const cluster = this.cluster.client("sluice");
    const heard = <Verb extends Exclude<keyof Cluster, "watch">>(verb: Verb): Cluster[Verb] => {
      const call = cluster[verb].bind(cluster) as (...args: unknown[]) => unknown;
      return ((...args: unknown[]) => {
        this.requests.push(`${verb} ${(args[0] as { plural: string }).plural}`);
        return call(...args);
      }) as Cluster[Verb];
    };
    return {
      get: heard("get"),
      list: heard("list"),
      watch: (...args) => cluster.watch(...args),
      create: heard("create"),
      update: heard("update"),
      patch: heard("patch"),
      delete: heard("delete"),
    };
  }
}

function service(name: string, part: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `${name}-${part}`, namespace: "default" },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
}

Deno.test("after an update nothing is looked at, asked or written, but by the resync", async () => {
  // Loaded when it is needed, it would come at a time of the machine.
  for (const router of plugins.trafficRouters) await router.load?.();
  const world = new World();
  const controller = world.start();
  await world.createAll();
  await world.advance(MINUTE_MS);
  await world.updateAll();
  await world.advance(6 * MINUTE_MS);
  const rollouts = world.cluster.objects(ROLLOUTS) as Rollout[];
  assert.deepEqual(
    rollouts.map(({ status }) => [status?.phase, status?.replicas]),
    [["Healthy", 4], ["Healthy", 4], ["Healthy", 4]],
  );

  world.passes = [];
  world.requests = [];
  await world.advance(2 * MINUTE_MS);
  assert.deepEqual([world.passes, world.requests], [[], []]);

  // The resync falls into these.
  await world.advance(5 * MINUTE_MS);
  const names = Object.keys(STRATEGIES).toSorted();
  assert.deepEqual(world.passes.toSorted(), [
    ...names.map((name) => `notifications ${name}`),
    ...names.map((name) => `rollout ${name}`),
  ]);
  assert.deepEqual(world.requests.filter((request) => !request.startsWith("get ")), []);
  const stopped = controller.stop();
  await world.advance(MINUTE_MS);
  await stopped;
});
