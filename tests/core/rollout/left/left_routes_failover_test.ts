/** Routes of a Rollout that is deleted while the controller that leads is killed. */
import assert from "node:assert/strict";
import {
  EXPERIMENTS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../../core/api/schema/open_definition.ts";
import {
  EmbeddedCluster,
  seededRandom,
  VirtualClock,
} from "../../../../core/cluster/embedded/mod.ts";
import { Engine, EventRecorder } from "../../../../core/engine/mod.ts";
import { ExperimentController } from "../../../../core/experiment/mod.ts";
import { type Cluster, UnreachableError } from "../../../../core/ports/mod.ts";
import { silentLog as log } from "../../../../core/ports/log.ts";
import { rolloutControllers, routerRegistry } from "../../../../core/rollout/mod.ts";
import {
  routedDefinition,
  routedTypes,
  simulatedPorts,
} from "../../../../core/simulate/routed_kinds.ts";
import { analysisDefinitions } from "../../../../core/simulate/simulated_analysis.ts";
import { settleInstant } from "../../../../core/simulate/simulated_world.ts";
import { plugins } from "../../../../plugins/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { ResourceType } from "../../../../sdk/wire/resource_type.ts";
import { objectsOf, service, shop } from "../../simulate/shop.ts";

const VIRTUAL_SERVICE = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - {route: [{destination: {host: live}, weight: 100}, {destination: {host: next}, weight: 0}]}
`;
const STRATEGY = "canary: {stableService: live, canaryService: next, trafficRouting: {istio: " +
  "{virtualService: {name: web}}}, steps: [{setWeight: 10}, {experiment: {templates: [" +
  "{name: old, specRef: stable, weight: 20}, {name: new, specRef: canary, weight: 20}]}}]}";
const REF = { namespace: "default", name: "shop" };
const PORTS = [{ containerPort: 80 }];
const UPDATED = { spec: { containers: [{ name: "main", image: "shop:2", ports: PORTS }] } };
const ROUTED_TYPES = routedTypes(plugins);
const VIRTUAL_SERVICES = ROUTED_TYPES.find(({ kind }) => kind === "VirtualService")!;

/** The end of a process: at its n-th write after the deletion, which may have come true. */
interface Death {
  readonly write: number;
  readonly isDone: boolean;
}

/** A process: whether it leads, and how far it lives. */
class Process {
  readonly engine: Engine;
  readonly #listeners: (() => void)[] = [];
  #isLeading = false;
  #writes = 0;
  #death: Death | undefined;
  isOver = false;

  constructor(cluster: Cluster, clock: VirtualClock) {
    const ports = { cluster: this.#mortal(cluster), clock, log };
    this.engine = new Engine({
      ...ports,
      recorder: new EventRecorder({ ...ports, component: "sluice" }),
      retryClock: clock.background,
      registry: routerRegistry(plugins, simulatedPorts(clock)),
      leadership: {
        term: () => this.#isLeading ? 1 : undefined,
        onChange: (listener) => this.#listeners.push(listener),
      },
    });
    for (const controller of rolloutControllers(plugins)) this.engine.add(controller);
    this.engine.add(new ExperimentController());
    this.engine.start();
  }

  /** Nothing of a dead process is waited for. */
  get running(): number {
    return this.isOver ? 0 : this.engine.running;
  }

  lead(): void {
    this.#isLeading = true;
    for (const listener of this.#listeners) listener();
  }

  die(death: Death): void {
    this.#writes = 0;
    this.#death = death;
  }

  end(): void {
    this.isOver = true;
    this.engine.stop();
  }

  #mortal(cluster: Cluster): Cluster {
    const write = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
      const isLast = this.#death?.write === ++this.#writes;
      if (isLast && this.#death?.isDone === false) this.end();
      if (this.isOver) throw new UnreachableError("killed");
      const answer = await act();
      if (isLast) this.end();
      if (this.isOver) throw new UnreachableError("killed");
      return answer;
    };
    return {
      get: (...args) => cluster.get(...args),
      list: (...args) => cluster.list(...args),
      watch: (...args) => cluster.watch(...args),
      // Events are no state: a death beside them is one beside the next write.
      create: (type, ...args) =>
        type.plural === "events"
          ? cluster.create(type, ...args)
          : write(() => cluster.create(type, ...args)),
      update: (...args) => write(() => cluster.update(...args)),
      delete: (...args) => write(() => cluster.delete(...args)),
      patch: (...args) => write(() => cluster.patch(...args)),
    };
  }
}

/** A shop in its experiment; `first` leads. */
async function shopInExperiment() {
  const clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  const cluster = new EmbeddedCluster({
    clock,
    housekeepingClock: clock.background,
    random: seededRandom(1),
    customResources: [
      openDefinition(ROLLOUT_KIND),
      ...analysisDefinitions(),
      ...ROUTED_TYPES.map(routedDefinition),
    ],
  });
  for (const { load } of plugins.trafficRouters) await load?.();
  const user = cluster.client("user");
  const types = [ROLLOUTS, SERVICES, VIRTUAL_SERVICES];
  const text = shop(STRATEGY).replace('image: "', 'ports: [{containerPort: 80}], image: "');
  for (const object of objectsOf(text + service("live") + service("next") + VIRTUAL_SERVICE)) {
    const type = types.find(({ kind }) => kind === object.kind) as ResourceType;
    const metadata = { namespace: "default", ...object.metadata };
    await user.create(type, { ...object, metadata });
  }
  const processes: Process[] = [];
  const start = () => {
    const process = new Process(cluster.client("sluice"), clock);
    processes.push(process);
    return process;
  };
  const engine = {
    get running() {
      return processes.reduce((sum, { running }) => sum + running, 0);
    },
    waitingForClock: 0,
  } as Engine;
  const advance = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await settleInstant({ clock, cluster, engine, eventLoop: undefined });
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
  };
  const first = start();
  first.lead();
  await advance(60_000);
  await user.patch(ROLLOUTS, REF, { type: "merge", body: { spec: { template: UPDATED } } });
  await advance(60_000);
  const route = () => cluster.objects(VIRTUAL_SERVICES)[0]?.["spec"];
  return { advance, clock, cluster, first, route, start, user };
}

const [WRITTEN] = objectsOf(VIRTUAL_SERVICE) as [KubeObject];

for (const write of [1, 2, 3, 4]) {
  for (const isDone of [false, true]) {
    const when = isDone ? "after" : "before";
    Deno.test(`who stood by takes back what was left when the leader died ${when} write ${write}`, async () => {
      const { advance, cluster, first, route, start, user } = await shopInExperiment();
      assert.match(JSON.stringify(route()), /-new"/);
      const second = start();
      await advance(1000);
      first.die({ write, isDone });
      await user.delete(ROLLOUTS, REF, { propagationPolicy: "Background" });
      await advance(5000);
      first.end();
      second.lead();
      await advance(60_000);
      assert.deepEqual(route(), WRITTEN["spec"]);
      for (const type of [REPLICA_SETS, PODS, EXPERIMENTS]) {
        assert.deepEqual(cluster.objects(type), [], type.plural);
      }
      const versions = () =>
        [SERVICES, VIRTUAL_SERVICES].flatMap((type) =>
          cluster.objects(type).map(({ metadata }) => metadata.resourceVersion)
        );
      const before = versions();
      await advance(600_000);
      assert.deepEqual(versions(), before);
    });
  }
}

Deno.test("who starts after the Rollout went leaves its routes until it is applied again", async () => {
  const { advance, first, route, start, user } = await shopInExperiment();
  first.end();
  const before = route();
  await user.delete(ROLLOUTS, REF, { propagationPolicy: "Background" });
  await advance(5000);
  start().lead();
  await advance(60_000);
  assert.deepEqual(route(), before);
  const [rollout] = objectsOf(shop(STRATEGY)) as [KubeObject];
  await user.create(ROLLOUTS, { ...rollout, metadata: REF });
  await advance(60_000);
  assert.deepEqual(route(), WRITTEN["spec"]);
});
