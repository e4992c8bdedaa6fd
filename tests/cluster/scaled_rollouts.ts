/** What autoscalers and disruption budgets do to Rollouts in the middle of an update. */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import {
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { promote, restart } from "../../core/command/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { disruptionBudget } from "../contract/manifests.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import { type Stage, withProgram } from "./fault_stage.ts";
import { until } from "./real_cluster.ts";
import { isReady } from "./witness.ts";

const SERVICE = { ports: [{ port: 80 }] };

/** One of the Rollouts that is scaled, as its autoscaler and its users see it. */
class Scaled {
  readonly #stage: Stage;
  readonly #client: ApiClient;
  readonly name: string;
  #watching: Promise<void> | undefined;
  /** The fewest pods that users had since this was last asked. */
  #fewest = Infinity;
  #isOver = false;

  constructor(stage: Stage, client: ApiClient, name: string) {
    this.#stage = stage;
    this.#client = client;
    this.name = name;
  }

  async create(strategy: Rollout["spec"]["strategy"]): Promise<void> {
    const { user, namespace } = this.#stage;
    const labels = { app: this.name };
    await user.create(ROLLOUTS, {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name: this.name, namespace },
      spec: {
        replicas: 4,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: "web", image: "registry/web:1" }] },
        },
        ...(strategy === undefined ? {} : { strategy }),
      },
    } as Rollout);
    await this.reach("Healthy");
    this.#watching = this.#watch();
  }

  async rollout(): Promise<Rollout> {
    const { user, namespace } = this.#stage;
    return await user.get(ROLLOUTS, { namespace, name: this.name }) as Rollout;
  }

  async reach(phase: string): Promise<void> {
    await until(`${this.name} to be ${phase}`, async () => {
      const { metadata, status } = await this.rollout();
      return status?.phase === phase && status.observedGeneration === String(metadata.generation);
    }, 120_000);
  }

  async update(): Promise<void> {
    const { user, namespace } = this.#stage;
    const containers = [{ name: "web", image: "registry/web:2" }];
    const body = { spec: { template: { spec: { containers } } } };
    await user.patch(ROLLOUTS, { namespace, name: this.name }, { type: "merge", body });
  }

  async pods(): Promise<KubeObject[]> {
    const { user, namespace } = this.#stage;
    const labelSelector = `app=${this.name}`;
    return (await user.list(PODS, { namespace, labelSelector })).items.filter(isReady);
  }

  /** What the sets are to have, the oldest first. */
  async sizes(): Promise<unknown[]> {
    const { user, namespace } = this.#stage;
    const sets = (await user.list(REPLICA_SETS, { namespace, labelSelector: `app=${this.name}` }))
      .items;
    const revision = ({ metadata }: KubeObject) =>
      Number(metadata.annotations?.["rollout.argoproj.io/revision"]);
    return [...sets].sort((one, other) => revision(one) - revision(other))
      .map(({ spec }) => fieldsOf(spec)["replicas"]);
  }

  /** As an autoscaler does. */
  async scale(replicas: number): Promise<void> {
    const body = { spec: { replicas } };
    await this.#client.expect("PATCH", this.#path, body, "application/merge-patch+json");
  }

  /** What an autoscaler counts: the size, and the pods that the selector finds. */
  async counted(): Promise<{ wanted: number; replicas: number; selected: number }> {
    const { user, namespace } = this.#stage;
    const { spec, status } = await this.#client.expect("GET", this.#path);
    const found = await user.list(PODS, { namespace, labelSelector: status.selector });
    const selected = found.items.filter(isReady).length;
    return { wanted: spec.replicas, replicas: status.replicas, selected };
  }

  async untilCounted(count: number): Promise<void> {
    let seen = "";
    await until(`an autoscaler to count ${count} of ${this.name}`, async () => {
      const { wanted, replicas, selected } = await this.counted();
      seen = `${wanted}, ${replicas}, ${selected}`;
      return wanted === count && replicas === count && selected === count;
    }, 60_000).catch((error) => {
      throw new Error(`${error.message}: it counts ${seen}`);
    });
  }

  /** The fewest available pods since the last call. */
  fewest(): number {
    const fewest = this.#fewest;
    this.#fewest = Infinity;
    return fewest;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }

  get #path(): string {
    const root = `/apis/argoproj.io/v1alpha1/namespaces/${this.#stage.namespace}`;
    return `${root}/rollouts/${this.name}/scale`;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      const { length } = await this.pods();
      // Asked for only now: somebody may have begun to count anew while the pods were listed.
      this.#fewest = Math.min(this.#fewest, length);
      await sleep(systemClock, 150);
    }
  }
}

/** Scaled up and down at 25 %, then promoted. */
async function scaleCanary(canary: Scaled, { user, namespace }: Stage): Promise<void> {
  await canary.untilCounted(4);
  await canary.update();
  await canary.reach("Paused");
  assert.deepEqual(await canary.sizes(), [3, 1]);
  await canary.scale(8);
  await canary.untilCounted(8);
  assert.deepEqual(await canary.sizes(), [6, 2]);
  assert.ok(canary.fewest() >= 3, "a quarter of 4 may be missing");
  await canary.scale(4);
  await canary.untilCounted(4);
  assert.deepEqual(await canary.sizes(), [3, 1]);
  assert.ok(canary.fewest() >= 3);
  await promote(user, { namespace, name: canary.name }, {});
  await canary.reach("Healthy");
  await canary.untilCounted(4);
  assert.deepEqual(await canary.sizes(), [0, 4]);
  assert.ok(canary.fewest() >= 3);
}

/** Scaled up while both sets stand: the autoscaler counts the active one alone. */
async function scaleBlueGreen(blueGreen: Scaled, { user, namespace }: Stage): Promise<void> {
  await blueGreen.untilCounted(4);
  await blueGreen.update();
  await blueGreen.reach("Paused");
  await blueGreen.untilCounted(4);
  assert.deepEqual(await blueGreen.sizes(), [4, 4]);
  await blueGreen.scale(6);
  await blueGreen.untilCounted(6);
  await until("the preview to follow", async () => `${await blueGreen.sizes()}` === "6,6");
  assert.ok(blueGreen.fewest() >= 4, "users never have fewer than before");
  await promote(user, { namespace, name: blueGreen.name }, {});
  await blueGreen.reach("Healthy");
  await blueGreen.untilCounted(6);
  assert.ok(blueGreen.fewest() >= 6);
}

/** No pod may go: none does. One may: each is replaced. */
async function restartUnderBudget(canary: Scaled, { user, namespace }: Stage): Promise<void> {
  const target = { namespace, name: canary.name };
  const uids = async () => (await canary.pods()).map(({ metadata: { uid } }) => uid).sort();
  const budget = { minAvailable: 4, selector: { matchLabels: { app: canary.name } } };
  const object = disruptionBudget(namespace, canary.name, budget);
  await user.create(POD_DISRUPTION_BUDGETS, object);
  const before = await uids();
  assert.equal(before.length, 4);
  canary.fewest();
  // Pods that are older than the wish are restarted; times on the wire have no fractions.
  await sleep(systemClock, 2_000);
  await restart(user, target, { nowMs: systemClock.now(), delayMs: 0, delayText: "0s" });
  await sleep(systemClock, 6_000);
  assert.deepEqual(await uids(), before, "the budget allows none to go");
  assert.equal(canary.fewest(), 4);
  const body = { spec: { minAvailable: 3 } };
  await user.patch(POD_DISRUPTION_BUDGETS, target, { type: "merge", body });
  await until("all pods to be replaced", async () => {
    const now = await uids();
    return now.length === 4 && now.every((uid) => !before.includes(uid));
  }, 150_000);
  await canary.reach("Healthy");
  assert.ok(canary.fewest() >= 3, "one at a time");
}

export async function playScaling(stage: Stage): Promise<void> {
  const { plane, user, namespace } = stage;
  const client = new ApiClient(plane);
  const canary = new Scaled(stage, client, "scaled-canary");
  const blueGreen = new Scaled(stage, client, "scaled-bluegreen");
  try {
    await withProgram(stage, async (program) => {
      for (const part of ["active", "preview"]) {
        await client.expect("POST", `/api/v1/namespaces/${namespace}/services`, {
          metadata: { name: part },
          spec: { ...SERVICE, selector: { app: blueGreen.name } },
        });
      }
      const services = { activeService: "active", previewService: "preview" };
      await Promise.all([
        canary.create({ canary: { steps: [{ setWeight: 25 }, { pause: {} }] } }),
        blueGreen.create({
          blueGreen: { ...services, autoPromotionEnabled: false, scaleDownDelaySeconds: 1 },
        }),
      ]);
      await Promise.all([scaleCanary(canary, stage), scaleBlueGreen(blueGreen, stage)]);
      await restartUnderBudget(canary, stage);
      const errors = program.lines.filter(({ level }) => level === "error");
      assert.deepEqual(errors, []);
    });
  } finally {
    await Promise.all([canary.stop(), blueGreen.stop()]);
    for (const { name } of [canary, blueGreen]) await user.delete(ROLLOUTS, { namespace, name });
    client.close();
  }
}
