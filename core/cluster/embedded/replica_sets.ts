import { controllerOf, controllerReference } from "../../api/ownership.ts";
import { PODS, REPLICA_SETS, RESOURCE_QUOTAS } from "../../api/names/resources.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { conditionOf, isTrue } from "./condition.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import { KeyedTimers } from "./keyed_timers.ts";
import type { Kind } from "./kind.ts";
import {
  type LabelSelector,
  labelSelectorOf,
  matchesLabels,
} from "../../api/values/label_selector.ts";
import { adopted } from "./adoption.ts";
import { scaleDownOrder } from "./scale_down_order.ts";
import type { Change } from "./store.ts";
import { timestamp } from "../../api/values/time.ts";

/** Makes and removes the pods of ReplicaSets, and counts them. */
export class ReplicaSets {
  readonly #cluster: InCluster;
  readonly #pods: Kind;
  readonly #sets: Kind;
  readonly #selectors = new WeakMap<object, LabelSelector>();
  readonly #timers: KeyedTimers;
  /** Sets that were refused a pod. */
  readonly #failing = new Set<string>();
  /** Has a set looked at, by its uid. */
  readonly #soon: (uid: string) => void;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#timers = new KeyedTimers(cluster.clock);
    this.#pods = cluster.kinds.find(PODS);
    this.#sets = cluster.kinds.find(REPLICA_SETS);
    this.#soon = cluster.work.once((uid) => this.#reconcile(uid));
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice({ kind, type, object, before }: Change): void {
    if (kind === this.#sets) {
      const { uid = "" } = object.metadata;
      if (type !== "DELETED") return this.#soon(uid);
      this.#timers.clear(uid);
      this.#failing.delete(uid);
    } else if (kind === this.#pods) {
      const owner = controllerOf(object);
      const formerOwner = before === undefined ? undefined : controllerOf(before);
      for (const uid of new Set([owner?.uid, formerOwner?.uid])) {
        if (uid !== undefined) this.#soon(uid);
      }
      if (owner === undefined && type !== "DELETED") this.#offer(object);
    } else if (kind.type === RESOURCE_QUOTAS) {
      // There may be room now: a real controller finds out by asking again and again.
      for (const uid of this.#failing) this.#soon(uid);
    }
  }

  /** A pod that nobody controls may find a ReplicaSet that takes it. */
  #offer(pod: KubeObject): void {
    for (const set of this.#cluster.store.list(this.#sets, pod.metadata.namespace)) {
      if (matchesLabels(this.#selectorOf(set), pod.metadata.labels)) {
        this.#soon(set.metadata.uid ?? "");
      }
    }
  }

  #reconcile(uid: string): void {
    const stored = this.#cluster.store.byUid(uid);
    if (stored === undefined || stored.kind !== this.#sets) return;
    const set = stored.object;
    const selector = this.#selectorOf(set);
    const pods = adopted(this.#cluster, {
      owner: set,
      kind: this.#pods,
      selector,
      isFree: isActive,
    }).filter(isActive);
    const failure = set.metadata.deletionTimestamp === undefined
      ? this.#manage(set, pods)
      : undefined;
    if (failure === undefined) this.#failing.delete(uid);
    else this.#failing.add(uid);
    this.#count(set, pods, failure);
  }

  /** Makes missing pods, removes superfluous ones; answers the refusal if there is one. */
  #manage(set: KubeObject, pods: readonly KubeObject[]): Fields | undefined {
    const { api, clock } = this.#cluster;
    const wanted = Number(fieldsOf(set["spec"])["replicas"] ?? 1);
    const surplus = pods.length - wanted;
    try {
      for (let count = surplus; count < 0; count++) {
        api.create(CONTROLLER_MANAGER, PODS, podOf(set));
      }
      const leaving = surplus > 0 ? scaleDownOrder(pods, clock.now()).slice(0, surplus) : [];
      for (const { metadata } of leaving) api.delete(CONTROLLER_MANAGER, PODS, metadata);
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const reason = surplus < 0 ? "FailedCreate" : "FailedDelete";
      return { type: "ReplicaFailure", status: "True", reason, message: error.message };
    }
  }

  /** Tells what was there before this pass; its own changes come back and are counted then. */
  #count(set: KubeObject, pods: readonly KubeObject[], failure: Fields | undefined): void {
    const spec = fieldsOf(set["spec"]);
    const minReadyMs = Number(spec["minReadySeconds"] ?? 0) * 1000;
    const labels = Object.entries(
      fieldsOf(fieldsOf(fieldsOf(spec["template"])["metadata"])["labels"]),
    );
    const nowMs = this.#cluster.clock.now();
    let [fullyLabeled, ready, available] = [0, 0, 0];
    let nextMs = Infinity;
    for (const pod of pods) {
      if (labels.every(([key, value]) => pod.metadata.labels?.[key] === value)) fullyLabeled++;
      if (!isTrue(pod, "Ready")) continue;
      ready++;
      const since = conditionOf(pod, "Ready")?.["lastTransitionTime"];
      const availableMs = minReadyMs === 0 ? 0 : Date.parse(String(since)) + minReadyMs;
      if (availableMs <= nowMs) available++;
      else nextMs = Math.min(nextMs, availableMs);
    }
    const old = fieldsOf(set["status"]);
    const conditions = this.#conditionsOf(set, failure);
    const status: Fields = {
      replicas: pods.length,
      ...(fullyLabeled > 0 && { fullyLabeledReplicas: fullyLabeled }),
      ...(ready > 0 && { readyReplicas: ready }),
      ...(available > 0 && { availableReplicas: available }),
      terminatingReplicas: 0,
      observedGeneration: set.metadata.generation,
      ...(conditions.length > 0 && { conditions }),
    };
    if (!isSameJson(status, old)) this.#writeStatus(set, status);
    // Pods become available by the passing of time alone.
    const { uid = "" } = set.metadata;
    this.#timers.set(uid, nextMs - nowMs, () => this.#reconcile(uid));
  }

  /** The first refusal is told until there is none any more; conditions of others stay. */
  #conditionsOf(set: KubeObject, failure: Fields | undefined): readonly unknown[] {
    const conditions = listOf(fieldsOf(set["status"])["conditions"]);
    const isTold = conditionOf(set, "ReplicaFailure") !== undefined;
    if (failure === undefined) {
      return isTold
        ? conditions.filter((one) => fieldsOf(one)["type"] !== "ReplicaFailure")
        : conditions;
    }
    const lastTransitionTime = timestamp(this.#cluster.clock.now());
    return isTold ? conditions : [...conditions, { ...failure, lastTransitionTime }];
  }

  #writeStatus(set: KubeObject, status: Fields): void {
    const { api } = this.#cluster;
    api.update(CONTROLLER_MANAGER, REPLICA_SETS, { ...set, status }, { subresource: "status" });
  }

  #selectorOf(set: KubeObject): LabelSelector {
    const selector = fieldsOf(fieldsOf(set["spec"])["selector"]);
    let parsed = this.#selectors.get(selector);
    if (parsed === undefined) this.#selectors.set(selector, parsed = labelSelectorOf(selector));
    return parsed;
  }
}

function isActive(pod: KubeObject): boolean {
  const { phase } = fieldsOf(pod["status"]);
  const hasEnded = phase === "Succeeded" || phase === "Failed";
  return !hasEnded && pod.metadata.deletionTimestamp === undefined;
}

/** The pod that a set makes. */
export function podOf(set: KubeObject): KubeObject {
  const { metadata, spec } = fieldsOf(fieldsOf(set["spec"])["template"]);
  const { labels, annotations, finalizers } = fieldsOf(metadata);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
      ...(listOf(finalizers).length > 0 && { finalizers }),
      ownerReferences: [controllerReference(set)],
    } as KubeObject["metadata"],
    spec,
  };
}
