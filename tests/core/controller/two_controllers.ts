/** Two controllers on one embedded cluster; the first one can be frozen. */
import { EVENTS, LEASES, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { DEFAULT_TIMES, LeaderElection } from "../../../core/controller/leadership/mod.ts";
import {
  type RunningController,
  startController,
} from "../../../core/controller/run_controller.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Cluster } from "../../../core/ports/cluster.ts";
import { silentLog as log } from "../../../core/ports/log.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { turns } from "../engine/virtual_time.ts";
import { Freezer } from "./freezer.ts";

/** Where they agree on a leader. */
const LEASE = { namespace: "default", name: "argo-rollouts-controller-lock" };

const SELECTED = "rollouts-pod-template-hash";
const service = (name: string, app: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec: { selector: { app }, ports: [{ port: 80 }] },
});

/** Four pods `name`. */
export function rollout(name: string, strategy: Record<string, unknown>): Rollout {
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

export interface WorldOptions {
  /** They agree on a leader; else both act. */
  readonly areElected?: boolean;
}

export class World {
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
  /** Each change of a Rollout's step: `one 2`. */
  readonly steps: string[] = [];
  /** Each object that was made: `replicasets one-6cf7…`. */
  readonly made: string[] = [];
  /** Who made each write, in turn: `first`. */
  readonly acting: string[] = [];
  readonly elections: LeaderElection[] = [];
  readonly controllers: RunningController[] = [];
  readonly #areElected: boolean;

  constructor({ areElected = false }: WorldOptions = {}) {
    const { clock, cluster, freezer } = this;
    this.#areElected = areElected;
    this.#begin("first", {
      cluster: freezer.cluster(cluster.client("first")),
      clock: freezer.clock(clock),
    });
    this.cluster.onWrite(({ userAgent, verb, type, name, before, after }) => {
      if (type === LEASES) return;
      if (userAgent === "first" && type !== EVENTS) {
        this.written.push(`${verb} ${type.plural} ${name}`);
      }
      if (type !== EVENTS && isController(userAgent)) {
        this.acting.push(userAgent);
      }
      if (isController(userAgent) && verb === "create" && type !== EVENTS) {
        this.made.push(`${type.plural} ${name}`);
      }
      const [step, next] = [before, after].map((object) => stepOf(object));
      if (type.plural === ROLLOUTS.plural && next !== undefined && next !== step) {
        this.steps.push(`${name} ${next}`);
      }
      if (type !== SERVICES) return;
      const { selector = {} } = (after?.["spec"] ?? {}) as { selector?: Record<string, string> };
      const hashes = this.selected.get(name) ?? [];
      this.selected.set(name, hashes);
      const hash = selector[SELECTED] ?? "";
      if (hashes.at(-1) !== hash) hashes.push(hash);
    });
  }

  #begin(identity: string, ports: { readonly cluster: Cluster; readonly clock: Clock }): void {
    const options = { ...ports, log, plugins };
    if (!this.#areElected) return void this.controllers.push(startController(options));
    const candidate = { lease: LEASE, identity, times: DEFAULT_TIMES };
    const election = new LeaderElection(candidate, { ...ports, log, random: seededRandom(1) });
    this.elections.push(election);
    this.controllers.push(startController({ ...options, election }));
  }

  async start(): Promise<void> {
    // By now the first one leads, if they are elected.
    await this.settle();
    this.#begin("second", { cluster: this.cluster.client("second"), clock: this.clock });
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
    const stopped = Promise.all(this.controllers.map((one) => one.stop()));
    await this.advance(5_000);
    await stopped;
  }
}

function isController(userAgent: string): boolean {
  return userAgent === "first" || userAgent === "second";
}

function stepOf(rollout: KubeObject | undefined): number | undefined {
  return (rollout as Rollout | undefined)?.status?.currentStepIndex;
}
