/** Who takes ready pods away: the Rollout, a restart, the user, or the world. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { DEPLOYMENTS, PODS, REPLICA_SETS, ROLLOUTS } from "../api/names/resources.ts";
import { controllerOf } from "../api/ownership.ts";
import type { WriteReport } from "../cluster/embedded/mod.ts";
import type { Membership } from "./membership.ts";
import { CONTROLLER } from "./simulated_world.ts";

/** Why a pod that was ready is no more. */
export type Cause = "rollout" | "restart" | "user" | "world";

/** A pod that was ready and is no more. */
export interface Loss {
  readonly cause: Cause;
  /** The keys of its Rollouts. */
  readonly rollouts: readonly string[];
}

/** Who wrote last how many pods an object has; without a writer of its own its owner tells. */
interface Sizing {
  readonly userAgent: string;
  readonly owner: string | undefined;
}

const CONTROLLER_MANAGER = "kube-controller-manager";
const SIZED: readonly string[] = [REPLICA_SETS, DEPLOYMENTS, ROLLOUTS].map(({ plural }) => plural);

/** Follows the writes of a cluster, and remembers the losses of the present instant. */
export class Losses {
  readonly #sizings = new Map<string, Sizing>();
  /** By the uid of the pod. */
  readonly #lost = new Map<string, Loss>();
  readonly #membership: Membership;
  readonly #user: string;

  /** `user` is the name under which the user writes. */
  constructor(membership: Membership, user: string) {
    this.#membership = membership;
    this.#user = user;
  }

  note(write: WriteReport): void {
    const { type, before, after, userAgent, changed } = write;
    if (!changed) return;
    if (type === PODS) this.#notePod(write);
    else if (SIZED.includes(type.plural) && sizeOf(before) !== sizeOf(after)) {
      const object = (after ?? before) as KubeObject;
      const owner = controllerOf(object)?.uid;
      this.#sizings.set(object.metadata.uid ?? "", { userAgent, owner });
    }
  }

  /** How a pod was lost in this instant; undefined: it was not. */
  find(uid: string): Loss | undefined {
    return this.#lost.get(uid);
  }

  /** Why the pods of a Rollout were lost that were lost in this instant. */
  causesOf(key: string): Cause[] {
    return [...this.#lost.values()]
      .filter(({ rollouts }) => rollouts.includes(key)).map(({ cause }) => cause);
  }

  /** Begins another instant. */
  clear(): void {
    this.#lost.clear();
  }

  #notePod({ before, after, userAgent, subresource }: WriteReport): void {
    if (before === undefined || !isReady(before)) return;
    const lose = (cause: Cause) =>
      this.#lost.set(before.metadata.uid ?? "", {
        cause,
        rollouts: this.#membership.rolloutsOf(PODS, before),
      });
    // The server deletes what is evicted, and says afterwards who asked for it.
    if (subresource === "eviction") lose(userAgent === CONTROLLER ? "restart" : "user");
    else if (after === undefined) lose(this.#causeOfEnd(before, userAgent));
    else if (!isReady(after)) lose("world");
  }

  #causeOfEnd(pod: KubeObject, userAgent: string): Cause {
    const agent = userAgent === CONTROLLER_MANAGER
      ? this.#sizer(controllerOf(pod)?.uid)
      : userAgent;
    if (agent === CONTROLLER) return "rollout";
    return agent === this.#user ? "user" : "world";
  }

  /** Who is behind the size of an object: controllers of the cluster do what they are told. */
  #sizer(uid: string | undefined): string | undefined {
    const sizing = uid === undefined ? undefined : this.#sizings.get(uid);
    if (sizing === undefined) return undefined;
    const { userAgent, owner } = sizing;
    return userAgent === CONTROLLER_MANAGER ? this.#sizer(owner) : userAgent;
  }
}

function sizeOf(object: KubeObject | undefined): unknown {
  if (object === undefined) return undefined;
  return (object as { spec?: { replicas?: number } }).spec?.replicas ?? 1;
}

/** True for a pod that gets requests. */
export function isReady(object: KubeObject | undefined): boolean {
  const { metadata, status } = (object ?? {}) as Pod;
  if (metadata?.deletionTimestamp !== undefined) return false;
  return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
    false;
}
