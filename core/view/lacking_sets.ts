/** Sets that lack pods, and why. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { EXPERIMENT_TEMPLATE_NAME_ANNOTATION, REVISION_ANNOTATION } from "../api/names/names.ts";
import { isControlledBy } from "../api/ownership.ts";
import { podTrouble, type ReplicaSet } from "../sets/mod.ts";
import { podSummary } from "./pod_status.ts";

export interface LackingSet {
  readonly set: ReplicaSet;
  /** One sentence about it and its pods. */
  readonly text: string;
  /** One of its pods that is not ready; absent: there is none. */
  readonly pod?: KubeObject;
}

/** Those that want more pods than are available, the newest first. */
export function lackingSets(
  sets: readonly KubeObject[],
  pods: readonly KubeObject[],
): LackingSet[] {
  return (sets as readonly ReplicaSet[])
    .filter(({ spec, status }) => (status?.availableReplicas ?? 0) < (spec?.replicas ?? 1))
    .toSorted((one, other) => revisionOf(other) - revisionOf(one))
    .map((set) => {
      const own = pods.filter((pod) => isControlledBy(pod, set));
      const pod = own.find((one) => {
        const { readyContainers, totalContainers } = podSummary(one);
        return readyContainers < totalContainers || totalContainers === 0;
      });
      const available = `${set.status?.availableReplicas ?? 0} of ${set.spec?.replicas ?? 1}`;
      const trouble = podTrouble([set], own);
      const text = `ReplicaSet ${set.metadata.name} (${placeOf(set)}): ` +
        (trouble === "" ? `${available} pods are available` : trouble);
      return pod === undefined ? { set, text } : { set, text, pod };
    });
}

/** What it is among the sets of its owner: `revision 2`, or of an Experiment `template canary`. */
function placeOf(set: KubeObject): string {
  const template = set.metadata.annotations?.[EXPERIMENT_TEMPLATE_NAME_ANNOTATION];
  return template === undefined ? `revision ${revisionOf(set)}` : `template ${template}`;
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0) || 0;
}
