/** What kubectl says in the STATUS column of a pod, and how many of its containers are ready. */
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
} from "kubernetes-types/core/v1.d.ts";
import type { KubeObject } from "../../sdk/api/object.ts";

/** The state of a pod in one word, with the counts that stand beside it. */
export interface PodSummary {
  status: string;
  readyContainers: number;
  totalContainers: number;
  restarts: number;
}

/**
 * Summary of a pod by kubectl's algorithm: the phase, overruled by the first init container that
 * is not through, else by the first container that waits or has ended, else by deletion.
 *
 * Quirk(sidecars-uncounted): init containers that keep running (sidecars) count neither as ready
 * nor in the total nor in the restarts, unlike in kubectl: Argo Rollouts shows `ready:1/1` for a
 * pod with one container and a sidecar.
 */
export function podSummary(object: KubeObject): PodSummary {
  const pod = object as Pod;
  const initializing = initialisation(pod);
  const blocked = initializing !== undefined && !hasCondition(pod, "Initialized");
  const main = mainContainers(pod);
  const status = initializing !== undefined && blocked
    ? initializing.status
    : main.status ?? initializing?.status ?? phaseOf(pod);
  return {
    status: deletionStatus(pod) ?? status,
    readyContainers: blocked ? 0 : main.ready,
    totalContainers: pod.spec?.containers.length ?? 0,
    restarts: blocked ? initializing.restarts : main.restarts,
  };
}

function phaseOf(pod: Pod): string {
  const status = pod.status;
  if (status?.phase === "Pending" && isSchedulingGated(pod)) return "SchedulingGated";
  return status?.reason || status?.phase || "Unknown";
}

function isSchedulingGated(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some((condition) =>
    condition.type === "PodScheduled" && condition.reason === "SchedulingGated"
  );
}

function hasCondition(pod: Pod, type: string): boolean {
  return (pod.status?.conditions ?? []).some((condition) =>
    condition.type === type && condition.status === "True"
  );
}

function deletionStatus(pod: Pod): string | undefined {
  if (pod.metadata?.deletionTimestamp === undefined) return undefined;
  if (pod.status?.reason === "NodeLost") return "Unknown";
  const phase = pod.status?.phase;
  // A pod that has ended keeps its verdict while its object is being removed.
  return phase === "Succeeded" || phase === "Failed" ? undefined : "Terminating";
}

/** The first init container that is not through, and the restarts of those up to it. */
function initialisation(pod: Pod): { status: string; restarts: number } | undefined {
  const containers = new Map<string, Container>(
    (pod.spec?.initContainers ?? []).map((container) => [container.name, container]),
  );
  let restarts = 0;
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    restarts += container.restartCount;
    if (container.state?.terminated?.exitCode === 0) continue;
    if (isRunningSidecar(containers.get(container.name), container)) continue;
    const reason = initReason(container.state ?? {});
    return { status: `Init:${reason ?? `${index}/${containers.size}`}`, restarts };
  }
  return undefined;
}

function isRunningSidecar(container: Container | undefined, status: ContainerStatus): boolean {
  return container?.restartPolicy === "Always" && status.started === true;
}

function initReason(state: ContainerState): string | undefined {
  if (state.terminated !== undefined) return endReason(state.terminated);
  const waiting = state.waiting?.reason;
  return waiting === "PodInitializing" || waiting === "" ? undefined : waiting;
}

function endReason(ended: NonNullable<ContainerState["terminated"]>): string {
  if (ended.reason !== undefined && ended.reason !== "") return ended.reason;
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`;
}

function mainContainers(pod: Pod): { status?: string; ready: number; restarts: number } {
  const containers = pod.status?.containerStatuses ?? [];
  const troubled = containers.find((container) => troubleOf(container) !== undefined);
  const status = troubled && troubleOf(troubled);
  const ready =
    containers.filter((container) => container.ready && container.state?.running).length;
  const restarts = containers.reduce((sum, container) => sum + container.restartCount, 0);
  if (status === undefined) return { ready, restarts };
  // One container of several is done: the pod as a whole still runs.
  const isRunning = status === "Completed" && ready > 0;
  const running = hasCondition(pod, "Ready") ? "Running" : "NotReady";
  return { status: isRunning ? running : status, ready, restarts };
}

function troubleOf(container: ContainerStatus): string | undefined {
  const { waiting, terminated } = container.state ?? {};
  if (waiting?.reason !== undefined && waiting.reason !== "") return waiting.reason;
  return terminated === undefined ? undefined : endReason(terminated);
}
