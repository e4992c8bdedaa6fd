/** What keeps the pods of a set from getting ready, or from being made. */
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ReplicaSet } from "../sets/mod.ts";
import { isReady } from "./losses.ts";

/** One cause; what several pods of a set have in common is told once. */
export interface Trouble {
  /** Whose pods: `revision 2`, `Deployment web`. */
  readonly of: string;
  readonly reason: string;
  readonly message: string;
}

/** What every pod that starts goes through. */
const STARTING: readonly string[] = ["ContainerCreating", "PodInitializing", "ContainersNotReady"];

/** The causes of one set with its pods. */
export function troublesOf(of: string, set: ReplicaSet, pods: readonly KubeObject[]): Trouble[] {
  const found = new Map<string, Trouble>();
  const failure = set.status?.conditions?.find(({ type }) => type === "ReplicaFailure");
  const causes = [
    failure,
    ...pods.filter((pod) => !isReady(pod)).map((pod) => causeOf(pod as Pod)),
  ];
  for (const { reason = "", message = "" } of causes.filter((cause) => cause !== undefined)) {
    if (reason !== "" && !found.has(reason)) found.set(reason, { of, reason, message });
  }
  return [...found.values()];
}

interface Cause {
  reason?: string;
  message?: string;
}

function causeOf({ status = {} }: Pod): Cause | undefined {
  const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") return scheduled;
  const containers = [
    ...status.initContainerStatuses ?? [],
    ...status.containerStatuses ?? [],
  ];
  for (const { state } of containers) {
    const { waiting, terminated } = state ?? {};
    if (waiting?.reason !== undefined && !STARTING.includes(waiting.reason)) return waiting;
    if (terminated !== undefined && terminated.exitCode !== 0) return terminated;
  }
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return STARTING.includes(ready?.reason ?? "") ? undefined : ready;
}

/** `revision 2: CrashLoopBackOff (back-off 10s restarting …)` */
export function troubleText({ of, reason, message }: Trouble): string {
  return `${of}: ${reason}${message === "" ? "" : ` (${message})`}`;
}
