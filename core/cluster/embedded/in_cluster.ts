import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { Api } from "./api.ts";
import type { Caller } from "./caller.ts";
import type { Kinds } from "./kinds.ts";
import type { LabelIndex } from "./label_index.ts";
import type { PendingWork } from "./pending_work.ts";
import type { Store } from "./store.ts";

/** What the controllers in the cluster work with: they read the store, and write as users do. */
export interface InCluster {
  readonly api: Api;
  readonly store: Store;
  readonly kinds: Kinds;
  readonly clock: Clock;
  readonly random: Random;
  readonly work: PendingWork;
  /** Pods by their labels. */
  readonly podLabels: LabelIndex;
}

/** How the controllers sign their writes. */
export const CONTROLLER_MANAGER: Caller = Object.freeze({
  userAgent: "kube-controller-manager",
  isTrusted: true,
});
export const SCHEDULER: Caller = Object.freeze({ userAgent: "kube-scheduler", isTrusted: true });
export const KUBELET: Caller = Object.freeze({ userAgent: "kubelet", isTrusted: true });
