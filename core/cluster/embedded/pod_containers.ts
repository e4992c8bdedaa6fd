import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "./json.ts";

/** The `containerStatuses` of a pod that was just placed. */
export function creatingContainers(pod: KubeObject): Fields[] {
  const state = { waiting: { reason: "ContainerCreating" } };
  return statuses(pod, (container) => waiting(container, state));
}

/** Images of some containers cannot be pulled; the others run, to no avail. */
export function pulledContainers(
  pod: KubeObject,
  { now, isFailing }: { readonly now: string; readonly isFailing: (image: unknown) => boolean },
): Fields[] {
  return statuses(pod, (container) => {
    if (!isFailing(container["image"])) return running(container, now);
    const message = `Back-off pulling image ${JSON.stringify(container["image"])}`;
    return waiting(container, { waiting: { reason: "ImagePullBackOff", message } });
  });
}

/** Some containers ended in failure and will be started again, in vain. */
export function crashedContainers(
  pod: KubeObject,
  { now, isCrashing }: {
    readonly now: string;
    readonly isCrashing: (container: Fields) => boolean;
  },
): Fields[] {
  return statuses(pod, (container) => {
    if (!isCrashing(container)) return running(container, now);
    const message = `back-off 10s restarting failed container=${container["name"]} ` +
      `pod=${pod.metadata.name}`;
    const terminated = { exitCode: 1, reason: "Error", startedAt: now, finishedAt: now };
    return {
      ...waiting(container, { waiting: { reason: "CrashLoopBackOff", message } }),
      lastState: { terminated },
      restartCount: 1,
    };
  });
}

/** All containers run and are ready. */
export function runningContainers(pod: KubeObject, now: string): Fields[] {
  return statuses(pod, (container) => running(container, now));
}

function statuses(pod: KubeObject, statusOf: (container: Fields) => Fields): Fields[] {
  return listOf(fieldsOf(pod["spec"])["containers"]).map((item) => statusOf(fieldsOf(item)));
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
