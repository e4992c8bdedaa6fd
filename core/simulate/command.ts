/** What a script can say, once it is read. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { PromoteOptions } from "../command/mod.ts";
import type { DeleteOptions } from "../ports/cluster.ts";

/** Something that a user tells the cluster to do. */
export type UserCommand =
  | { readonly verb: "set image"; rollout: string; container: string; image: string }
  | { readonly verb: "promote"; rollout: string; options: PromoteOptions }
  | { readonly verb: "abort" | "retry" | "pause"; rollouts: readonly string[] }
  | { readonly verb: "restart"; rollout: string; delayMs: number; delayText: string }
  | { readonly verb: "undo"; rollout: string; toRevision: number }
  | { readonly verb: "scale"; rollout: string; replicas: number }
  | { readonly verb: "apply"; file: string }
  | { readonly verb: "delete"; type: ResourceType; name: string; cascade: Cascade }
  | { readonly verb: "delete-pod"; pod: PodChoice };

/** What becomes of what a deleted object owns. */
export type Cascade = NonNullable<DeleteOptions["propagationPolicy"]>;

/** A pod by its name, or one of a Rollout's: 0 is its oldest, which is meant without an index. */
export interface PodChoice {
  /** Of the pod, or of its Rollout. */
  readonly name: string;
  readonly which: number | "oldest" | "newest" | undefined;
}

/** Something that happens to the world. */
export type Fault =
  | { readonly verb: "fail-image" | "unschedulable" | "heal"; image: string }
  | { readonly verb: "crash"; image: string; afterMs: number }
  | { readonly verb: "nodes"; areFull: boolean }
  | { readonly verb: "quota"; pods: number | undefined }
  | { readonly verb: "pod-start"; delayMs: number };

/** One thing that a user or the world does. */
export type Command = UserCommand | Fault;
