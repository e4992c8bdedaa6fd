/** Why sets lack pods, as far as they and their pods say. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { isReady, livingPods, type Pod } from "./pods.ts";
import { replicaFailureOf, type ReplicaSet } from "./replica_set.ts";

const LENGTH_MAX = 300;

/** One sentence; empty when nothing is known. The first set that has a trouble is named. */
export function podTrouble(
  sets: readonly (ReplicaSet | undefined)[],
  pods: readonly KubeObject[] = [],
): string {
  const asked = new Set(sets.filter((set) => set !== undefined));
  for (const set of asked) {
    const text = refusalOf(set) ?? troubleOf(livingPods(pods, set));
    if (text !== undefined) return shortened(text);
  }
  return "";
}

/** Cut where it would flood a screen. */
export function shortened(text: string): string {
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
}

/** What keeps a set from making its pods, such as a quota. */
function refusalOf(set: ReplicaSet): string | undefined {
  const failure = replicaFailureOf(set);
  if (failure === undefined) return undefined;
  return `Pods cannot be created: ${failure.message ?? failure.reason ?? "no reason is given"}`;
}

/** What most of the pods that are not ready have in common. */
function troubleOf(pods: readonly Pod[]): string | undefined {
  const waiting = pods.filter((pod) => !isReady(pod)).map(problemOf);
  const counts = new Map<string, { count: number; message: string }>();
  for (const { reason, message } of waiting) {
    const present = counts.get(reason);
    counts.set(reason, { count: (present?.count ?? 0) + 1, message: present?.message ?? message });
  }
  const [first] = [...counts].sort(([, a], [, b]) => b.count - a.count);
  if (first === undefined) return undefined;
  const [reason, { count, message }] = first;
  const verb = pods.length === 1 ? "pod is" : "pods are";
  return `${count} of ${pods.length} ${verb} not ready: ${reason}` +
    (message === "" ? "" : ` (${message})`);
}

interface Problem {
  readonly reason: string;
  readonly message: string;
}

function problemOf({ status = {} }: Pod): Problem {
  const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") return asProblem(scheduled, "Unschedulable");
  const containers = [
    ...status.initContainerStatuses ?? [],
    ...status.containerStatuses ?? [],
  ];
  for (const { state } of containers) {
    const { waiting } = state ?? {};
    if (waiting?.reason !== undefined && waiting.reason !== "PodInitializing") {
      return asProblem(waiting, "");
    }
  }
  for (const { state } of containers) {
    const { terminated } = state ?? {};
    if (terminated !== undefined && terminated.exitCode !== 0) {
      return asProblem(terminated, "Error");
    }
  }
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return asProblem(ready ?? {}, "NotReady");
}

function asProblem(
  { reason, message }: { reason?: string; message?: string },
  otherwise: string,
): Problem {
  return { reason: reason ?? otherwise, message: message ?? "" };
}
