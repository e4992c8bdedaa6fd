/** A controller that stood still while another one went on, and wakes with what it knew. */
import assert from "node:assert/strict";
import { EVENTS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { startController } from "../../../core/controller/run_controller.ts";
import { silentLog as log } from "../../../core/ports/log.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { turns } from "../engine/virtual_time.ts";
import { Freezer, type Held } from "./freezer.ts";

const SELECTED = "rollouts-pod-template-hash";
/** What a process may hear of first when it wakes. */
const ORDERS: readonly (readonly Held[])[] = [
  ["answer", "call", "services", "timer"],
  ["services", "timer", "answer", "call"],
  ["timer", "services", "rollouts", "answer", "call"],
  ["call", "answer", "replicasets", "timer"],
  ["rollouts", "timer", "call", "answer"],
];

const service = (name: string, app: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec: { selector: { app }, ports: [{ port: 80 }] },
});

function rollout(name: string, strategy: Record<string, unknown>): Rollout {
  const labels = { app: name };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } },
      strategy,
    },
  } as Rollout;
}

const STEPS = [
  { setWeight: 25 },
  { pause: { duration: 2 } },
  { setWeight: 50 },
  { pause: { duration: 2 } },
];
const STRATEGIES: Readonly<Record<string, Record<string, unknown>>> = {
  one: { canary: { stableService: "one-a", canaryService: "one-b", steps: STEPS } },
  two: { canary: { stableService: "two-a", canaryService: "two-b", maxSurge: 1 } },
  three: {
    blueGreen: { activeService: "three-a", previewService: "three-b", scaleDownDelaySeconds: 5 },
  },
};

class World {
  readonly clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  readonly cluster = new EmbeddedCluster({
    clock: this.clock,
    random: seededRandom(1),
    customResources: [openDefinition(ROLLOUT_KIND)],
  });
  readonly freezer = new Freezer();
  readonly user = this.cluster.client("user");
  /** What the first controller wrote: `patch services one-a`. */
  readonly written: string[] = [];
  /** What each Service selected, in turn. */
  readonly selected = new Map<string, string[]>();
  readonly #controllers = [
    startController({
      cluster: this.freezer.cluster(this.cluster.client("first")),
      clock: this.freezer.clock(this.clock),
      log,
      plugins,
    }),
    startController({ cluster: this.cluster.client("second"), clock: this.clock, log, plugins }),
  ];

  constructor() {
    this.cluster.onWrite(({ userAgent, verb, type, name, after }) => {
      if (userAgent === "first" && type !== EVENTS) {
        this.written.push(`${verb} ${type.plural} ${name}`);
      }
      if (type !== SERVICES) return;
      const { selector = {} } = (after?.["spec"] ?? {}) as { selector?: Record<string, string> };
      const hashes = this.selected.get(name) ?? [];
      this.selected.set(name, hashes);
      const hash = selector[SELECTED] ?? "";
      if (hashes.at(-1) !== hash) hashes.push(hash);
    });
  }

  async start(): Promise<void> {
    for (const [name, strategy] of Object.entries(STRATEGIES)) {
      for (const part of ["a", "b"]) {
        await this.user.create(SERVICES, service(`${name}-${part}`, name));
      }
      await this.user.create(ROLLOUTS, rollout(name, strategy));
    }
    await this.advance(30_000);
  }

  async update(): Promise<void> {
    const containers = [{ name: "web", image: "web:2" }];
    const body = { spec: { template: { spec: { containers } } } };
    for (const name of Object.keys(STRATEGIES)) {
      await this.user.patch(ROLLOUTS, { namespace: "default", name }, { type: "merge", body });
    }
  }

  /** Whatever happens at this instant. */
  async settle(): Promise<void> {
    do {
      this.cluster.settle();
      await turns();
    } while (this.clock.runDue());
    this.cluster.settle();
  }

  async advance(byMs: number, until: () => boolean = () => false): Promise<void> {
    const endMs = this.clock.now() + byMs;
    await this.settle();
    for (;;) {
      const dueMs = this.clock.nextDueMs();
      if (until() || dueMs === undefined || dueMs > endMs) break;
      this.clock.advanceTo(dueMs);
      await this.settle();
    }
    if (!until()) this.clock.advanceTo(endMs);
  }

  phases(): (string | undefined)[] {
    return this.cluster.objects(ROLLOUTS).map((one) => (one as Rollout).status?.phase);
  }

  /** Freezes the first controller as its nth write arrives; false when there are not so many. */
  async freezeAt(nth: number): Promise<boolean> {
    const before = this.written.length;
    let isFrozen = false;
    this.cluster.onWrite(() => {
      if (isFrozen || this.written.length < before + nth) return;
      isFrozen = true;
      this.freezer.freeze();
    });
    await this.update();
    await this.advance(60_000, () => isFrozen);
    return isFrozen;
  }

  async stop(): Promise<void> {
    const stopped = Promise.all(this.#controllers.map((one) => one.stop()));
    await this.advance(5_000);
    await stopped;
  }
}

Deno.test("a controller that wakes after another has finished writes nothing", async () => {
  let count = 0;
  for (let nth = 1; nth <= 24; nth += 2) {
    const world = new World();
    await world.start();
    assert.deepEqual(world.phases(), Array(3).fill("Healthy"));
    if (!await world.freezeAt(nth)) break;
    await world.advance(90_000);
    assert.deepEqual(world.phases(), Array(3).fill("Healthy"), `the second goes on at ${nth}`);
    const before = world.written.length;
    await world.freezer.thaw(ORDERS[nth % ORDERS.length] ?? [], () => world.settle());
    await world.advance(60_000);
    assert.deepEqual(world.written.slice(before), [], `frozen at write ${nth}`);
    await world.stop();
    count++;
  }
  assert.ok(count >= 6, `${count} moments were tried`);
});

Deno.test("a controller that wakes in the middle of what another does takes nothing back", async () => {
  let count = 0;
  for (let nth = 1; nth <= 24; nth += 4) {
    for (const frozenMs of [3_500, 5_000, 9_000]) {
      const world = new World();
      await world.start();
      if (!await world.freezeAt(nth)) continue;
      await world.advance(frozenMs);
      const order = ORDERS[(nth + frozenMs) % ORDERS.length] ?? [];
      await world.freezer.thaw(order, () => world.settle());
      await world.advance(90_000);
      assert.deepEqual(world.phases(), Array(3).fill("Healthy"));
      for (const [name, hashes] of world.selected) {
        assert.equal(new Set(hashes).size, hashes.length, `${name}: ${hashes}, frozen at ${nth}`);
      }
      const sizes = world.cluster.objects(REPLICA_SETS)
        .map(({ spec }) => (spec as { replicas: number }).replicas);
      assert.deepEqual(sizes.sort(), [0, 0, 0, 4, 4, 4]);
      await world.stop();
      count++;
    }
  }
  assert.ok(count >= 9, `${count} moments were tried`);
});
