import { controllerOf } from "../../api/ownership.ts";
import { POD_DISRUPTION_BUDGETS, PODS, REPLICA_SETS } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { isTrue, withConditions } from "./condition.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import { selectorOf } from "./eviction.ts";
import { SelectorIndex } from "./label_index.ts";
import type { Labels } from "../../api/values/label_selector.ts";
import { podsIn } from "./pod_amount.ts";
import type { Change } from "./store.ts";
import { timestamp } from "../../api/values/time.ts";

/** Tells in each PodDisruptionBudget how many pods may be evicted. */
export class Disruptions {
  readonly #cluster: InCluster;
  readonly #pods: Kind;
  readonly #sets: Kind;
  readonly #budgets: Kind;
  /** Which budgets select a pod. */
  readonly #bySelector = new SelectorIndex();
  /** Has a budget told of, by its uid. */
  readonly #soon: (uid: string) => void;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#pods = cluster.kinds.find(PODS);
    this.#sets = cluster.kinds.find(REPLICA_SETS);
    this.#budgets = cluster.kinds.find(POD_DISRUPTION_BUDGETS);
    this.#soon = cluster.work.once((uid) => this.#tell(uid));
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice({ kind, type, object, before }: Change): void {
    const { namespace, labels, uid = "" } = object.metadata;
    if (kind === this.#budgets) {
      const isGone = type === "DELETED";
      this.#bySelector.set(object, isGone ? undefined : selectorOf(object));
      if (!isGone) this.#soon(uid);
    } else if (this.#bySelector.isEmpty) {
      return;
    } else if (kind === this.#pods) {
      this.#tellAbout(namespace, labels);
      if (before !== undefined) this.#tellAbout(namespace, before.metadata.labels);
    } else if (kind === this.#sets) {
      for (const pod of this.#cluster.store.controlledBy(uid, this.#pods)) {
        this.#tellAbout(namespace, pod.metadata.labels);
      }
    }
  }

  /** Has the budgets told of that select pods with these labels. */
  #tellAbout(namespace: string | undefined, labels: Labels | undefined): void {
    for (const uid of this.#bySelector.selecting(namespace, labels)) this.#soon(uid);
  }

  #tell(uid: string): void {
    const { api, store, clock } = this.#cluster;
    const budget = store.byUid(uid)?.object;
    if (budget === undefined) return;
    const status = this.#statusOf(budget, timestamp(clock.now()));
    if (isSameJson(status, budget["status"])) return;
    const told = { ...budget, status };
    api.update(CONTROLLER_MANAGER, POD_DISRUPTION_BUDGETS, told, { subresource: "status" });
  }

  #statusOf(budget: KubeObject, now: string): Fields {
    const { namespace, generation } = budget.metadata;
    const selector = selectorOf(budget);
    const pods = selector === undefined
      ? []
      : this.#cluster.podLabels.selected(selector, namespace);
    const { expectedPods, desiredHealthy } = this.#wantedOf(budget, pods);
    const currentHealthy = pods.filter((pod) => isTrue(pod, "Ready")).length;
    const spare = expectedPods > 0 ? currentHealthy - desiredHealthy : 0;
    const disruptionsAllowed = Math.max(0, spare);
    const condition = {
      type: "DisruptionAllowed",
      status: disruptionsAllowed > 0 ? "True" : "False",
      observedGeneration: generation,
      reason: disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods",
      message: "",
    };
    return {
      observedGeneration: generation,
      disruptionsAllowed,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      conditions: withConditions(budget, [condition], now)
        .map(({ lastProbeTime: _, ...told }) => told),
    };
  }

  /** A whole number to be available is one of pods; all else is one of what their sets ask for. */
  #wantedOf(
    budget: KubeObject,
    pods: readonly KubeObject[],
  ): { expectedPods: number; desiredHealthy: number } {
    const { minAvailable, maxUnavailable } = fieldsOf(budget["spec"]);
    if (typeof minAvailable === "number") {
      return { expectedPods: pods.length, desiredHealthy: minAvailable };
    }
    const expectedPods = this.#sizeOf(pods);
    if (maxUnavailable !== undefined) {
      const missing = podsIn(maxUnavailable, expectedPods, "up");
      return { expectedPods, desiredHealthy: Math.max(0, expectedPods - missing) };
    }
    return { expectedPods, desiredHealthy: podsIn(minAvailable ?? 0, expectedPods, "up") };
  }

  /** What the ReplicaSets of these pods ask for. */
  #sizeOf(pods: readonly KubeObject[]): number {
    const owners = new Set(pods.map((pod) => controllerOf(pod)?.uid));
    let size = 0;
    for (const uid of owners) {
      const set = uid === undefined ? undefined : this.#cluster.store.byUid(uid)?.object;
      size += Number(fieldsOf(set?.["spec"])["replicas"] ?? 0);
    }
    return size;
  }
}
