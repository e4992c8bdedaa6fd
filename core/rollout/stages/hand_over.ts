/**
 * Hand-over: the Deployment that the template comes from is scaled down, as `scaleDown` says. Only
 * while no update is under way: until the first revision is available, users have the Deployment's
 * pods. A Deployment that somebody scales up later (a GitOps sync) is scaled down again.
 */
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { REPLICAS_BEFORE_ANNOTATION } from "../../api/names/names.ts";
import { DEPLOYMENTS } from "../../api/names/resources.ts";
import type { Workload } from "../../api/validation/workload.ts";
import type { Write } from "../../engine/mod.ts";
import { availablePods, normal, versionedPatch } from "../../sets/mod.ts";
import { CONTINUE, isFullyPromoted, type Situation, type Verdict } from "../situation.ts";

export function handOver(situation: Situation): Verdict {
  const { workload } = situation.world;
  if (workload?.type !== DEPLOYMENTS || situation.replicas === 0) return CONTINUE;
  if (!isFullyPromoted(situation)) return CONTINUE;
  const from = wantedPods(workload);
  const to = sizeOf(situation, workload);
  if (to === from) return CONTINUE;
  const { name } = workload.object.metadata;
  return {
    effects: [scaleDeployment(workload, { from, to })],
    then: "continue",
    why: `scale Deployment ${name} from ${from} to ${to}: ` +
      `the Rollout has ${availablePods(situation.sets.next)} of ${situation.replicas} pods`,
  };
}

/** Pods that the Deployment keeps. */
function sizeOf({ world, replicas, sets }: Situation, workload: Workload): number {
  const { status, spec: { workloadRef } } = world.rollout;
  const from = wantedPods(workload);
  const missing = Math.max(0, replicas - availablePods(sets.next));
  switch (workloadRef?.scaleDown) {
    case "onsuccess":
      return missing === 0 && status?.phase === "Healthy" ? 0 : from;
    case "progressively":
      // When the Rollout loses pods, the Deployment gets them back, until it is at 0.
      return from === 0 ? 0 : Math.min(sizeBefore(workload), missing);
    default:
      return from;
  }
}

/** The size that the Deployment had before it gave up its first pod. */
function sizeBefore(workload: Workload): number {
  const noted = Number(workload.object.metadata.annotations?.[REPLICAS_BEFORE_ANNOTATION]);
  const wanted = wantedPods(workload);
  return noted > wanted ? noted : wanted;
}

function wantedPods({ object }: Workload): number {
  const { spec } = object as { spec?: { replicas?: number } };
  return spec?.replicas ?? 1;
}

function scaleDeployment(
  workload: Workload,
  { from, to }: { from: number; to: number },
): Write {
  const { type, object } = workload;
  const annotations = { [REPLICAS_BEFORE_ANNOTATION]: String(sizeBefore(workload)) };
  const message = EVENT_MESSAGE.scalingDeployment(object.metadata.name, from, to);
  return {
    ...versionedPatch(type, object, { metadata: { annotations }, spec: { replicas: to } }),
    events: [normal(EVENT_REASON.scalingDeployment, message)],
    isOptional: true,
  };
}
