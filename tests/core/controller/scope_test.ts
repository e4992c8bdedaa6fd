/** Which objects a controller looks after: by instance id, by namespace, and how often. */
import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { INSTANCE_ID_LABEL } from "../../../core/api/names/names.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  NAMESPACES,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import {
  type ControllerOptions,
  startController,
} from "../../../core/controller/run_controller.ts";
import { type Cluster, type LogFields, silentLog as log } from "../../../core/ports/mod.ts";
import { analysisDefinitions } from "../../../core/simulate/simulated_analysis.ts";
import { routedDefinition, routedTypes } from "../../../core/simulate/routed_kinds.ts";
import { plugins } from "../../../plugins/mod.ts";
import { VIRTUAL_SERVICES } from "../../../plugins/traffic/istio/virtual_services.ts";
import { turns } from "../engine/virtual_time.ts";

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
  /** `web gets services/web-stable`: what was asked one by one. */
  readonly asked: string[] = [];

  start(name: string, options: Partial<ControllerOptions>) {
    return startController({
      cluster: this.#heard(name),
      clock: this.clock,
      log,
      plugins,
      ...options,
    });
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

  phases(): Record<string, string | undefined> {
    const rollouts = this.cluster.objects(ROLLOUTS) as Rollout[];
    return Object.fromEntries(
      rollouts.map(({ metadata: { namespace, name }, status }) => [
        `${namespace}/${name}`,
        status?.phase,
      ]),
    );
  }

  #heard(name: string): Cluster {
    const cluster = this.cluster.client(name);
    return {
      get: (type, ref) => {
        this.asked.push(`${name} gets ${type.plural}/${ref.name}`);
        return cluster.get(type, ref);
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

function rollout(name: string, { namespace = "default", id }: { namespace?: string; id?: string }) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace, ...(id && { labels: { [INSTANCE_ID_LABEL]: id } }) },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "web", image: "web:1" }] },
      },
      strategy: {
        canary: {
          stableService: name,
          analysis: { templates: [{ templateName: "rate" }] },
          steps: [{ setWeight: 50 }, { pause: {} }],
        },
      },
    },
  } as unknown as Rollout;
}

function service(name: string, namespace = "default"): KubeObject {
  const spec = { selector: { app: name }, ports: [{ port: 80 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}

function template(id?: string): KubeObject {
  const labels = id === undefined ? {} : { [INSTANCE_ID_LABEL]: id };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name: "rate", namespace: "default", labels },
    spec: { metrics: [{ name: "rate", interval: "1h", provider: { web: { url: "http://x" } } }] },
  };
}

async function updateImage(world: World, name: string): Promise<void> {
  const containers = [{ name: "web", image: "web:2" }];
  await world.user.patch(ROLLOUTS, { namespace: "default", name }, {
    type: "merge",
    body: { spec: { template: { spec: { containers } } } },
  });
}

Deno.test("of two controllers with different instance ids each looks after its own objects alone", async () => {
  const world = new World();
  for (const name of ["plain", "blue"]) await world.user.create(SERVICES, service(name));
  await world.user.create(ROLLOUTS, rollout("plain", {}));
  await world.user.create(ROLLOUTS, rollout("blue", { id: "b" }));
  await world.user.create(ANALYSIS_TEMPLATES, template("b"));
  const plain = world.start("plain", {});
  await world.advance(5_000);
  assert.deepEqual(world.phases(), { "default/plain": "Degraded", "default/blue": undefined });
  const [invalid] = world.cluster.objects(ROLLOUTS, { namespace: "default" })
    .filter(({ metadata }) => metadata.name === "plain") as Rollout[];
  assert.match(
    invalid?.status?.message ?? "",
    /AnalysisTemplate 'rate' not found/,
    "the template is another's",
  );
  const blue = world.start("blue", { instanceId: "b" });
  await world.advance(5_000);
  assert.equal(world.phases()["default/blue"], "Healthy");
  assert.equal(world.phases()["default/plain"], "Degraded");
  await updateImage(world, "blue");
  await world.advance(5_000);
  assert.equal(world.phases()["default/blue"], "Paused");
  const runs = world.cluster.objects(ANALYSIS_RUNS);
  assert.deepEqual(runs.map(({ metadata }) => metadata.labels?.[INSTANCE_ID_LABEL]), ["b"]);
  assert.equal((runs[0]?.["status"] as { phase?: string }).phase, "Running", "its own run");
  // A Service of the other's Rollout is not taken for one that was left behind.
  const selected = () =>
    (world.cluster.objects(SERVICES).find(({ metadata }) => metadata.name === "blue")
      ?.["spec"] as { selector: Record<string, string> }).selector;
  assert.ok("rollouts-pod-template-hash" in selected());
  assert.ok(world.asked.includes("plain gets rollouts/blue"));
  const asked = world.asked.length;
  await world.advance(600_000);
  assert.ok("rollouts-pod-template-hash" in selected());
  assert.ok(world.asked.length - asked < 10, `${world.asked.slice(asked)}`);

  await world.user.delete(ROLLOUTS, { namespace: "default", name: "blue" });
  await world.advance(10_000);
  assert.deepEqual(Object.keys(selected()), ["app"], "its own controller releases it");
  await Promise.all([plain.stop(), blue.stop(), world.advance(1_000)]);
});

Deno.test("a controller of two namespaces looks after both, tells of both, and leaves the third alone", async () => {
  const world = new World();
  for (const name of ["a", "b", "c"]) {
    const metadata = { name };
    await world.user.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata });
    const { spec: { strategy: _, ...spec }, ...rest } = rollout("web", { namespace: name });
    await world.user.create(ROLLOUTS, { ...rest, spec: { ...spec, strategy: { canary: {} } } });
  }
  const controller = world.start("both", { namespaces: ["a", "b"] });
  await world.advance(5_000);
  assert.deepEqual(world.phases(), { "a/web": "Healthy", "b/web": "Healthy", "c/web": undefined });
  assert.equal(controller.isReady, true);
  const told = [...controller.objects(ROLLOUTS)].map(({ metadata }) => metadata.namespace);
  assert.deepEqual(told, ["a", "b"]);
  const standing = controller.caches()
    .filter(({ type, isStanding }) => isStanding && type === REPLICA_SETS);
  assert.deepEqual(standing.map(({ namespace }) => namespace), ["a", "b"]);
  await Promise.all([controller.stop(), world.advance(1_000)]);
});

Deno.test("everything is looked at again after the time of --rollout-resync, and nothing is written", async () => {
  const world = new World();
  const { spec: { strategy: _, ...spec }, ...rest } = rollout("web", {});
  await world.user.create(ROLLOUTS, { ...rest, spec: { ...spec, strategy: { canary: {} } } });
  const seen: string[] = [];
  const debug = (message: string, fields: LogFields = {}) => {
    if (fields["rollout"] !== undefined) seen.push(message);
  };
  const controller = world.start("one", { resyncMs: 900_000, log: { ...log, debug } });
  await world.advance(5_000);
  const version = () => world.cluster.objects(ROLLOUTS)[0]?.metadata.resourceVersion;
  const [before, passes] = [version(), seen.length];
  await world.advance(894_000);
  assert.equal(seen.length, passes);
  await world.advance(2_000);
  assert.equal(seen.length, passes + 1);
  await world.advance(900_000);
  assert.equal(seen.length, passes + 2);
  assert.equal(version(), before);
  await Promise.all([controller.stop(), world.advance(1_000)]);
});

/** A Rollout of namespace "a" whose VirtualService is in "c". */
async function routedElsewhere(world: World): Promise<void> {
  for (const name of ["a", "c"]) {
    const metadata = { name };
    await world.user.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata });
  }
  const route = ["one", "two"].map((host) => ({ destination: { host }, weight: 50 }));
  await world.user.create(VIRTUAL_SERVICES, {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { name: "web", namespace: "c" },
    spec: { hosts: ["web"], http: [{ name: "primary", route }] },
  });
  for (const name of ["one", "two"]) {
    const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
    const metadata = { name, namespace: "a" };
    await world.user.create(SERVICES, { apiVersion: "v1", kind: "Service", metadata, spec });
  }
  const { spec, ...rest } = rollout("web", { namespace: "a" });
  const canary = {
    stableService: "one",
    canaryService: "two",
    trafficRouting: { istio: { virtualService: { name: "web.c" } } },
  };
  await world.user.create(ROLLOUTS, { ...rest, spec: { ...spec, strategy: { canary } } });
}

Deno.test("a route in a namespace that the controller does not watch is told as that, not as missing", async () => {
  const world = new World();
  await routedElsewhere(world);
  const controller = world.start("one", { namespaces: ["a", "b"] });
  await world.advance(5_000);
  const [{ status } = {}] = world.cluster.objects(ROLLOUTS) as Rollout[];
  assert.equal(status?.phase, "Degraded");
  assert.equal(
    status?.message,
    'InvalidSpec: The Rollout "web" is invalid: ' +
      'spec.strategy.canary.trafficRouting.istio.virtualService.name: Invalid value: "web": ' +
      'the controller does not watch namespace "c" for Rollouts of "a": move the ' +
      'virtualservices.networking.istio.io to "a", or start the controller for all namespaces',
  );
  await Promise.all([controller.stop(), world.advance(1_000)]);

  const all = world.start("all", {});
  await world.advance(20_000);
  assert.deepEqual(world.phases(), { "a/web": "Healthy" }, "who watches all sees it");
  await Promise.all([all.stop(), world.advance(1_000)]);
});
