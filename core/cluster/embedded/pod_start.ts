/** How long a pod takes to get ready, as far as its probes say. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { containersOf, initContainersOf, isSidecar } from "./pod_containers.ts";

const PERIOD_SECONDS = 10;

/**
 * How long after a pod was placed the probes of all its containers have succeeded. Every container
 * answers as soon as it is asked; an init container that is no sidecar takes no time.
 */
export function probedAfterMs(pod: KubeObject): number {
  let startSeconds = 0;
  let readySeconds = 0;
  for (const container of initContainersOf(pod).filter(isSidecar)) {
    readySeconds = Math.max(readySeconds, startSeconds + readyAfterSeconds(container));
    // The containers after a sidecar start when it has started.
    startSeconds += startedAfterSeconds(container);
  }
  for (const container of containersOf(pod)) {
    readySeconds = Math.max(readySeconds, startSeconds + readyAfterSeconds(container));
  }
  return readySeconds * 1000;
}

/** How long after such containers were started again their probes have succeeded. */
export function reprobedAfterMs(
  pod: KubeObject,
  isRestarted: (container: Fields) => boolean,
): number {
  const delays = containersOf(pod).filter(isRestarted).map(readyAfterSeconds);
  return Math.max(0, ...delays) * 1000;
}

/** Whether a container counts as started only when its startup probe says so. */
export function hasStartupProbe({ startupProbe }: Fields): boolean {
  return startupProbe !== undefined && startupProbe !== null;
}

/** The first round of its startup probe that is not too early. */
function startedAfterSeconds(container: Fields): number {
  if (!hasStartupProbe(container)) return 0;
  const { startupProbe } = container;
  const probe = fieldsOf(startupProbe);
  const period = seconds(probe, "periodSeconds", PERIOD_SECONDS);
  const delay = seconds(probe, "initialDelaySeconds", 0);
  return Math.ceil(delay / period) * period;
}

/** It waits for the startup probe; both delays count from the start of the container. */
function readyAfterSeconds(container: Fields): number {
  const readiness = fieldsOf(container["readinessProbe"]);
  const delay = seconds(readiness, "initialDelaySeconds", 0);
  const successes = seconds(readiness, "successThreshold", 1);
  const period = seconds(readiness, "periodSeconds", PERIOD_SECONDS);
  return Math.max(startedAfterSeconds(container), delay) + (successes - 1) * period;
}

function seconds(probe: Fields, field: string, otherwise: number): number {
  const value = Number(probe[field] ?? 0);
  return value > 0 ? value : otherwise;
}
