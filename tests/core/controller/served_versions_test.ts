/** Kinds that a cluster serves in another version than the one that a router declares. */
import assert from "node:assert/strict";
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  PODS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import { OPEN_OBJECT, openDefinition } from "../../../core/api/schema/open_definition.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { startController } from "../../../core/controller/run_controller.ts";
import { ServedVersions } from "../../../core/cluster/served_versions.ts";
import type { WatchEvent } from "../../../core/ports/mod.ts";
import { istio } from "../../../plugins/traffic/istio/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { defineResource, type ResourceType } from "../../../sdk/wire/resource_type.ts";
import { RecordingLog } from "../engine/recording_log.ts";
import { turns } from "../engine/virtual_time.ts";

const GROUP = "networking.istio.io";
const DECLARED = {
  ...defineResource(GROUP, "v1beta1", "virtualservices", "VirtualService"),
  otherVersions: ["v1", "v1alpha3"],
  access: "change",
} as const;
const REF = { namespace: "default", name: "web" };

function definition(version: string): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${DECLARED.plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { kind: DECLARED.kind, plural: DECLARED.plural, singular: "virtualservice" },
      versions: [{
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { ...OPEN_OBJECT, properties: { spec: OPEN_OBJECT } } },
      }],
    },
  };
}

function virtualService(version: string): KubeObject {
  const route = [
    { destination: { host: "web-a" }, weight: 100 },
    { destination: { host: "web-b" }, weight: 0 },
  ];
  return {
    apiVersion: `${GROUP}/${version}`,
    kind: DECLARED.kind,
    metadata: { ...REF },
    spec: { hosts: ["web"], http: [{ route }] },
  };
}

const LABELS = { app: "web" };
const ROLLOUT = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { ...REF },
  spec: {
    replicas: 4,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: "web", image: "web:1" }] },
    },
    strategy: {
      canary: {
        stableService: "web-a",
        canaryService: "web-b",
        trafficRouting: { istio: { virtualService: { name: "web" } } },
        steps: [{ setWeight: 25 }, { pause: {} }],
      },
    },
  },
} as unknown as Rollout;

class World {
  readonly clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  readonly cluster: EmbeddedCluster;
  readonly log = new RecordingLog();

  constructor(...definitions: readonly KubeObject[]) {
    this.cluster = new EmbeddedCluster({
      clock: this.clock,
      random: seededRandom(1),
      customResources: [openDefinition(ROLLOUT_KIND), ...definitions],
    });
  }

  get user() {
    return this.cluster.client("user");
  }

  /** A controller, and a Rollout at its first revision. */
  async start(): Promise<() => Promise<void>> {
    const { clock, log } = this;
    // It is loaded when it is needed, which takes no virtual time.
    await istio.load?.();
    const cluster = this.cluster.client("controller");
    const controller = startController({ cluster, clock, log, plugins });
    for (const name of ["web-a", "web-b"]) {
      await this.user.create(SERVICES, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace: "default" },
        spec: { selector: LABELS, ports: [{ port: 80 }] },
      });
    }
    await this.user.create(ROLLOUTS, ROLLOUT);
    await this.advance(60_000);
    return async () => {
      const stopped = controller.stop();
      await this.advance(5_000);
      await stopped;
    };
  }

  async update(): Promise<void> {
    const containers = [{ name: "web", image: "web:2" }];
    const body = { spec: { template: { spec: { containers } } } };
    await this.user.patch(ROLLOUTS, REF, { type: "merge", body });
    await this.advance(60_000);
  }

  async settle(): Promise<void> {
    do {
      this.cluster.settle();
      await turns();
    } while (this.clock.runDue());
    this.cluster.settle();
  }

  async advance(byMs: number): Promise<void> {
    const endMs = this.clock.now() + byMs;
    await this.settle();
    for (let due = this.clock.nextDueMs(); due !== undefined && due <= endMs;) {
      this.clock.advanceTo(due);
      await this.settle();
      due = this.clock.nextDueMs();
    }
    this.clock.advanceTo(endMs);
  }

  async weights(version: string): Promise<unknown[]> {
    const { spec } = await this.user.get({ ...DECLARED, version }, REF);
    const { http } = spec as { http: { route: { weight: unknown }[] }[] };
    return http.flatMap(({ route }) => route.map(({ weight }) => weight));
  }
}

for (const version of ["v1beta1", "v1", "v1alpha3"]) {
  Deno.test(`a canary's weights are written where only ${version} is served`, async () => {
    const world = new World(definition(version));
    await world.user.create({ ...DECLARED, version }, virtualService(version));
    const stop = await world.start();
    await world.update();
    assert.deepEqual(await world.weights(version), [75, 25]);
    await stop();
  });
}

Deno.test("a kind that comes late, in another version, is used as soon as it is noticed", async () => {
  const world = new World();
  const stop = await world.start();
  const told = () =>
    world.log.lines.filter(({ fields }) => fields["resource"] === DECLARED.plural)
      .filter(({ level }) => level !== "debug").map(({ message }) => message);
  assert.deepEqual(told(), [
    "cannot list a resource: its kind is not installed; going on without it until that changes",
  ]);
  await world.user.create(CUSTOM_RESOURCE_DEFINITIONS, definition("v1alpha3"));
  await world.user.create({ ...DECLARED, version: "v1alpha3" }, virtualService("v1alpha3"));
  await world.advance(60_000);
  assert.equal(told().at(-1), "a resource can be listed now");
  await world.update();
  assert.deepEqual(await world.weights("v1alpha3"), [75, 25]);
  await stop();
});

/** A client whose kind is declared as v1beta1, and the versions in which the cluster was asked. */
function watched(world: World) {
  const asked: string[] = [];
  const noting = new Proxy(world.user, {
    get(client, verb: "get") {
      return (type: ResourceType, ...rest: [typeof REF]) => {
        asked.push(`${verb} ${type.version}`);
        return client[verb](type, ...rest);
      };
    },
  });
  return { cluster: new ServedVersions(noting, [DECLARED]), asked };
}

Deno.test("all verbs take the declared type, and the version is looked for once", async () => {
  const world = new World(definition("v1alpha3"));
  const { cluster, asked } = watched(world);
  await cluster.create(DECLARED, virtualService("v1beta1"));
  const present = await cluster.get(DECLARED, REF);
  assert.equal(present.apiVersion, `${GROUP}/v1alpha3`);
  const { items, resourceVersion } = await cluster.list(DECLARED);
  assert.equal(items.length, 1);
  const events: WatchEvent[] = [];
  const sink = { event: (event: WatchEvent) => void events.push(event), end: () => {} };
  const watch = cluster.watch(DECLARED, { resourceVersion }, sink);
  const body = { spec: { hosts: ["a"] } };
  const { metadata } = await cluster.patch(DECLARED, REF, { type: "merge", body });
  await cluster.update(DECLARED, { ...virtualService("v1beta1"), metadata });
  await cluster.delete(DECLARED, REF);
  await world.settle();
  watch.stop();
  assert.deepEqual(events.map(({ type }) => type), ["MODIFIED", "MODIFIED", "DELETED"]);
  assert.deepEqual(asked, [
    "create v1beta1",
    "create v1",
    ...["create", "get", "list", "watch", "patch", "update", "delete"]
      .map((verb) => `${verb} v1alpha3`),
  ]);
});

Deno.test("an object that is missing is no missing kind", async () => {
  const world = new World(definition("v1beta1"));
  const { cluster, asked } = watched(world);
  await assert.rejects(() => cluster.get(DECLARED, REF), /"web" not found/);
  assert.deepEqual(asked, ["get v1beta1"]);
});

Deno.test("a version that is served no more is looked for again", async () => {
  const world = new World(definition("v1alpha3"));
  const { cluster } = watched(world);
  await cluster.list(DECLARED);
  await world.user.delete(CUSTOM_RESOURCE_DEFINITIONS, { name: `virtualservices.${GROUP}` });
  await world.settle();
  await assert.rejects(() => cluster.list(DECLARED), { code: 404 });
  await world.user.create(CUSTOM_RESOURCE_DEFINITIONS, definition("v1"));
  await cluster.create(DECLARED, virtualService("v1beta1"));
  assert.equal((await cluster.get(DECLARED, REF)).apiVersion, `${GROUP}/v1`);
});

Deno.test("what is created below an object keeps its own version", async () => {
  const world = new World(definition("v1"));
  const created: KubeObject[] = [];
  const cluster = new ServedVersions(
    {
      ...world.user,
      create: (_, object) => {
        created.push(object);
        return Promise.resolve(object);
      },
    },
    [DECLARED],
  );
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { ...REF } };
  await cluster.create(PODS, eviction, { subresource: "eviction" });
  assert.deepEqual(created, [eviction]);
});
