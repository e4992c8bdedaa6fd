/**
 * Nodes go in the middle of a routed update: one is drained under a budget, the other is lost with
 * all pods of stable. Who is left has all of the traffic till then, and the update finishes.
 */
import assert from "node:assert/strict";
import { POD_DISRUPTION_BUDGETS, PODS } from "../../core/api/names/resources.ts";
import { promote } from "../../core/command/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { makeNamespace } from "../contract/expect.ts";
import { disruptionBudget } from "../contract/manifests.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import { REPLICAS } from "./mixed_fleet.ts";
import { until } from "./real_cluster.ts";
import { RoutedStage } from "./routed_stage.ts";
import { NAME, NEW, OLD, RoutedStory } from "./routed_story.ts";
import { isReady, Witness } from "./witness.ts";

class Nodes {
  readonly #client: ApiClient;

  constructor(readonly stage: RoutedStage, readonly namespace: string) {
    this.#client = new ApiClient(stage.plane);
  }

  async podsOn(node: string): Promise<KubeObject[]> {
    const { items } = await this.stage.user.list(PODS, { namespace: this.namespace });
    return items.filter(({ spec, metadata }) =>
      fieldsOf(spec)["nodeName"] === node && metadata.deletionTimestamp === undefined
    );
  }

  async setOpen(node: string, isOpen: boolean): Promise<void> {
    await this.#client.expect("PATCH", `/api/v1/nodes/${node}`, {
      spec: { unschedulable: !isOpen },
    });
  }

  /** Evicts its pods, as far and as soon as the budget has it; gives how often that said no. */
  async drain(node: string): Promise<number> {
    let refusals = 0;
    await this.setOpen(node, false);
    await until(`${node} to be empty`, async () => {
      const pods = await this.podsOn(node);
      for (const { metadata: { name } } of pods) {
        const path = `/api/v1/namespaces/${this.namespace}/pods/${name}`;
        const { status } = await this.#client.request("POST", `${path}/eviction`, {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { name, namespace: this.namespace },
        });
        if (status === 429) refusals++;
        else assert.ok(status === 201 || status === 404, String(status));
      }
      return pods.length === 0;
    });
    await this.setOpen(node, true);
    return refusals;
  }

  /** Its pods are gone at once: nobody is there to end them in order. */
  async lose(node: string): Promise<number> {
    await this.setOpen(node, false);
    const pods = await this.podsOn(node);
    for (const { metadata: { name } } of pods) {
      await this.#client.expect("DELETE", `/api/v1/namespaces/${this.namespace}/pods/${name}`, {
        gracePeriodSeconds: 0,
      });
    }
    return pods.length;
  }

  close(): void {
    this.#client.close();
  }
}

/** How many pods with this image are ready. */
async function readyOf({ stage, namespace }: Nodes, image: string): Promise<number> {
  const { items } = await stage.user.list(PODS, { namespace });
  return items.filter((pod) => isReady(pod) && JSON.stringify(pod.spec).includes(image)).length;
}

Deno.test("nodes that go in the middle of a routed update take nobody's traffic along", async () => {
  await using stage = await RoutedStage.begin("nodes");
  const { user } = stage;
  const namespace = await makeNamespace(user);
  await using story = new RoutedStory(user, namespace);
  const nodes = new Nodes(stage, namespace);
  const program = await stage.start(namespace);
  try {
    await story.begin();
    await user.create(
      POD_DISRUPTION_BUDGETS,
      disruptionBudget(namespace, NAME, { minAvailable: REPLICAS }),
    );
    // Pods go that nobody can keep: what is judged is what is done about it.
    const witness = new Witness({ user, namespace, fleet: story.fleet, mayMiss: REPLICAS });
    await story.update();
    await story.when("it is paused", ({ isPaused }) => isPaused);
    const refusals = await nodes.drain("node-0");
    assert.ok(refusals > 0, "the budget lets one go after another");
    await promote(user, { namespace, name: NAME }, {});
    await story.when("half goes to the canary", ({ weight }) => weight === 50);
    assert.equal(await readyOf(nodes, NEW), 2);
    // After the drain, stable stands on the other node alone; the canary's new pod came later.
    const lost = await nodes.lose("node-1");
    assert.ok(lost > REPLICAS, `${lost} pods are lost`);
    await story.when("who is left has all of it", ({ weight }) => weight === 100);
    await story.when("stable is back", ({ weight }) => weight === 50);
    assert.ok(await readyOf(nodes, OLD) >= 2, "half of the traffic finds half of the pods");
    await story.when("all goes to the canary", ({ weight }) => weight === 100);
    assert.equal(await readyOf(nodes, NEW), REPLICAS, "they were there before the traffic");
    await story.untilUpdated();
    await witness.judge("nodes went");
    assert.match(story.weights.join(), /^0,25,(0,25,)?50,100,(75,)?50,100,0$/);
    assert.deepEqual(story.steps, [0, 1, 2, 3, 4]);
    assert.equal((await nodes.podsOn("node-0")).length, REPLICAS, "the other takes none");
  } finally {
    nodes.close();
    assert.equal(await program.stop(), 0);
  }
});
