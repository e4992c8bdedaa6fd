import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";

/** Which containers are in trouble. */
type IsBad = (container: Fields) => boolean;

/** The containers of a pod's spec. */
export function containersOf(pod: KubeObject): Fields[] {
  return listOf(fieldsOf(pod["spec"])["containers"]).map(fieldsOf);
}

/** The init containers of a pod's spec. */
export function initContainersOf(pod: KubeObject): Fields[] {
  return listOf(fieldsOf(pod["spec"])["initContainers"]).map(fieldsOf);
}

/** An init container that goes on running beside the others. */
export function isSidecar({ restartPolicy }: Fields): boolean {
  return restartPolicy === "Always";
}

/** The containers that run as long as the pod does: its sidecars, and its own. */
export function lastingContainersOf(pod: KubeObject): Fields[] {
  return [...initContainersOf(pod).filter(isSidecar), ...containersOf(pod)];
}

/** The statuses of the containers of a pod that was just placed. */
export function creatingContainers(pod: KubeObject): Fields {
  const isInitializing = initContainersOf(pod).length > 0;
  const reason = isInitializing ? "PodInitializing" : "ContainerCreating";
  const create = (container: Fields) => waiting(container, { waiting: { reason } });
  return statusesOf(pod, { init: create, main: create });
}

/** One init container is in trouble: those before it are through, the others have to wait. */
export function blockedContainers(
  pod: KubeObject,
  { now, blocker, isUnpullable, backOffMs }: {
    readonly now: string;
    readonly blocker: Fields;
    readonly isUnpullable: IsBad;
    readonly backOffMs: number;
  },
): Fields {
  const later = (container: Fields) =>
    waiting(container, { waiting: { reason: "PodInitializing" } });
  let isPast = false;
  return statusesOf(pod, {
    init(container) {
      if (isPast) return later(container);
      isPast = container === blocker;
      if (!isPast) return initialized(pod, container, now);
      return isUnpullable(container)
        ? unpulled(container)
        : stuck(pod, { container, now, backOffMs });
    },
    main: later,
  });
}

/** Images of some containers cannot be pulled; the others run, to no avail. */
export function pulledContainers(
  pod: KubeObject,
  { now, isFailing }: { readonly now: string; readonly isFailing: IsBad },
): Fields {
  return statusesOf(pod, {
    init: (container) => initialized(pod, container, now),
    main: (container) => isFailing(container) ? unpulled(container) : running(container, now),
  });
}

/** All containers run, and some do not get ready. */
export function heldContainers(
  pod: KubeObject,
  { now, isHeld }: { readonly now: string; readonly isHeld: IsBad },
): Fields {
  const hold = (container: Fields) => ({ ...running(container, now), ready: !isHeld(container) });
  return statusesOf(pod, {
    init: (one) => isSidecar(one) ? hold(one) : initialized(pod, one, now),
    main: hold,
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
): Fields {
  const lasting = (container: Fields) =>
    isCrashing(container)
      ? crashed(pod, { container, now, backOffMs })
      : { ...running(container, now), ...keptOf(statusOf(pod, container)) };
  return statusesOf(pod, {
    init: (one) => isSidecar(one) ? lasting(one) : initialized(pod, one, now),
    main: lasting,
  });
}

/** All containers run and are ready; it is kept how often they crashed. */
export function runningContainers(pod: KubeObject, now: string): Fields {
  const run = (container: Fields) => ({
    ...running(container, now),
    ...keptOf(statusOf(pod, container)),
  });
  return statusesOf(pod, {
    init: (one) => isSidecar(one) ? run(one) : initialized(pod, one, now),
    main: run,
  });
}

/** True when all containers that last run, ready or not. */
export function isRunning(pod: KubeObject): boolean {
  return lastingContainersOf(pod).every((one) => stateOf(pod, one)["running"] !== undefined);
}

/** True when a container that lasts crashed, and waits to be started again. */
export function isBackingOff(pod: KubeObject): boolean {
  return lastingContainersOf(pod)
    .some((one) => fieldsOf(stateOf(pod, one)["waiting"])["reason"] === "CrashLoopBackOff");
}

/** How often the containers of a pod crashed; the worst of them counts. */
export function crashesOf(pod: KubeObject): number {
  return Math.max(
    0,
    ...lastingContainersOf(pod).map((one) => {
      return Number(statusOf(pod, one)["restartCount"] ?? 0);
    }),
  );
}

/** The conditions of a pod some of whose containers are not ready; without names: all of them. */
export function unreadyCondition(pod: KubeObject, isBad: IsBad = () => true): readonly Fields[] {
  const names = lastingContainersOf(pod).filter(isBad).map(({ name }) => name);
  const unready = {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${names.join(" ")}]`,
  };
  return [{ type: "Ready", ...unready }, { type: "ContainersReady", ...unready }];
}

/** The condition of a pod whose init containers are still to run; without any, it is true. */
export function initializedCondition(pod: KubeObject, isThrough: boolean): Fields {
  const names = initContainersOf(pod).map(({ name }) => name);
  if (isThrough || names.length === 0) return { type: "Initialized", status: "True" };
  return {
    type: "Initialized",
    status: "False",
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${names.join(" ")}]`,
  };
}

function statusesOf(
  pod: KubeObject,
  { init, main }: Readonly<Record<"init" | "main", (container: Fields) => Fields>>,
): Fields {
  const initContainers = initContainersOf(pod);
  return {
    ...(initContainers.length === 0 ? {} : { initContainerStatuses: initContainers.map(init) }),
    containerStatuses: containersOf(pod).map(main),
  };
}

/** An init container that is through, or a sidecar that runs. */
function initialized(pod: KubeObject, container: Fields, now: string): Fields {
  const before = statusOf(pod, container);
  if (before["ready"] === true) return before;
  const kept = keptOf(before);
  if (isSidecar(container)) return { ...running(container, now), ...kept };
  const ended = { exitCode: 0, reason: "Completed", startedAt: now, finishedAt: now };
  return { ...waiting(container, { terminated: ended }), ...kept, ready: true };
}

function unpulled(container: Fields): Fields {
  const message = `Back-off pulling image ${JSON.stringify(container["image"])}`;
  return waiting(container, { waiting: { reason: "ImagePullBackOff", message } });
}

/** A container that ended in failure and stays so: told once. */
function stuck(
  pod: KubeObject,
  { container, ...how }: Readonly<{ container: Fields; now: string; backOffMs: number }>,
): Fields {
  const before = statusOf(pod, container);
  const { reason } = fieldsOf(fieldsOf(before["state"])["waiting"]);
  return reason === "CrashLoopBackOff" ? before : crashed(pod, { container, ...how });
}

function crashed(
  pod: KubeObject,
  { container, now, backOffMs }: Readonly<{ container: Fields; now: string; backOffMs: number }>,
): Fields {
  const before = statusOf(pod, container);
  const message = `back-off ${goSeconds(backOffMs / 1000)} restarting failed container=` +
    `${container["name"]} pod=${pod.metadata.name}`;
  const startedAt = fieldsOf(fieldsOf(before["state"])["running"])["startedAt"] ?? now;
  const terminated = { exitCode: 1, reason: "Error", startedAt, finishedAt: now };
  return {
    ...waiting(container, { waiting: { reason: "CrashLoopBackOff", message } }),
    lastState: { terminated },
    restartCount: Number(before["restartCount"] ?? 0) + 1,
  };
}

function stateOf(pod: KubeObject, container: Fields): Fields {
  return fieldsOf(statusOf(pod, container)["state"]);
}

function statusOf(pod: KubeObject, { name }: Fields): Fields {
  const { initContainerStatuses, containerStatuses } = fieldsOf(pod["status"]);
  return [...listOf(initContainerStatuses), ...listOf(containerStatuses)].map(fieldsOf)
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
