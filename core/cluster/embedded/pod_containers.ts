import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";

/** Which containers are in trouble. */
type IsBad = (container: Fields) => boolean;

/** The containers of a pod's spec. */
export function containersOf(pod: KubeObject): Fields[] {
  return listOf(fieldsOf(pod["spec"])["containers"]).map(fieldsOf);
}

/** The `containerStatuses` of a pod that was just placed. */
export function creatingContainers(pod: KubeObject): Fields[] {
  const state = { waiting: { reason: "ContainerCreating" } };
  return containersOf(pod).map((container) => waiting(container, state));
}

/** Images of some containers cannot be pulled; the others run, to no avail. */
export function pulledContainers(
  pod: KubeObject,
  { now, isFailing }: { readonly now: string; readonly isFailing: IsBad },
): Fields[] {
  return containersOf(pod).map((container) => {
    if (!isFailing(container)) return running(container, now);
    const message = `Back-off pulling image ${JSON.stringify(container["image"])}`;
    return waiting(container, { waiting: { reason: "ImagePullBackOff", message } });
  });
}

/** Some containers ended in failure, once more, and are started again after a while. */
export function crashedContainers(
  pod: KubeObject,
  { now, isCrashing, backOffMs }: {
    readonly now: string;
    readonly isCrashing: IsBad;
    readonly backOffMs: number;
  },
): Fields[] {
  return containersOf(pod).map((container) => {
    const before = statusOf(pod, container);
    if (!isCrashing(container)) return { ...running(container, now), ...keptOf(before) };
    const message = `back-off ${goSeconds(backOffMs / 1000)} restarting failed container=` +
      `${container["name"]} pod=${pod.metadata.name}`;
    const startedAt = fieldsOf(fieldsOf(before["state"])["running"])["startedAt"] ?? now;
    const terminated = { exitCode: 1, reason: "Error", startedAt, finishedAt: now };
    return {
      ...waiting(container, { waiting: { reason: "CrashLoopBackOff", message } }),
      lastState: { terminated },
      restartCount: Number(before["restartCount"] ?? 0) + 1,
    };
  });
}

/** All containers run and are ready. */
export function runningContainers(pod: KubeObject, now: string): Fields[] {
  return containersOf(pod).map((container) => running(container, now));
}

/** All containers run and are ready again, and it is known how often they crashed. */
export function restartedContainers(pod: KubeObject, now: string): Fields[] {
  return containersOf(pod)
    .map((container) => ({ ...running(container, now), ...keptOf(statusOf(pod, container)) }));
}

/** How often the containers of a pod crashed; the worst of them counts. */
export function crashesOf(pod: KubeObject): number {
  const statuses = listOf(fieldsOf(pod["status"])["containerStatuses"]).map(fieldsOf);
  return Math.max(0, ...statuses.map(({ restartCount }) => Number(restartCount)));
}

/** The conditions of a pod some of whose containers are not ready; without names: all of them. */
export function unreadyCondition(pod: KubeObject, isBad: IsBad = () => true): readonly Fields[] {
  const names = containersOf(pod).filter(isBad).map(({ name }) => name);
  const unready = {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${names.join(" ")}]`,
  };
  return [{ type: "Ready", ...unready }, { type: "ContainersReady", ...unready }];
}

function statusOf(pod: KubeObject, { name }: Fields): Fields {
  return listOf(fieldsOf(pod["status"])["containerStatuses"]).map(fieldsOf)
    .find((status) => status["name"] === name) ?? {};
}

function keptOf({ restartCount = 0, lastState = {} }: Fields): Fields {
  return { restartCount, lastState };
}

/** `10s`, `1m20s`: as Go writes whole seconds. */
function goSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function waiting({ name, image }: Fields, state: Fields): Fields {
  return {
    name,
    state,
    lastState: {},
    ready: false,
    restartCount: 0,
    image,
    imageID: "",
    started: false,
  };
}

function running(container: Fields, startedAt: string): Fields {
  return { ...waiting(container, { running: { startedAt } }), ready: true, started: true };
}
