/** The parts that ReplicaSets play in a Rollout, as words beside their names and images. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { humanDuration } from "./human_duration.ts";
import {
  EXPERIMENT_TEMPLATE_NAME_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
  SCALE_DOWN_DEADLINE_ANNOTATION,
} from "../api/names/names.ts";

/** A part that a ReplicaSet plays. */
export type Role = "stable" | "canary" | "active" | "preview" | "ping" | "pong";

/** The parts that a ReplicaSet plays, in the order in which they are shown in its row. */
export function rolesOf(rollout: Rollout, replicaSet: KubeObject): Role[] {
  const hash = replicaSet.metadata.labels?.[POD_TEMPLATE_HASH_LABEL];
  if (hash === undefined || hash === "") return [];
  const isStable = hash === rollout.status?.stableRS;
  const stable: Role[] = isStable ? ["stable"] : [];
  if (rollout.spec.strategy?.blueGreen) return [...stable, ...blueGreenRoles(rollout, hash)];
  if (!rollout.spec.strategy?.canary) return stable;
  const isCanary = hash === rollout.status?.currentPodHash;
  if (!isStable && !isCanary) return [];
  return [...(isStable ? stable : ["canary" as const]), ...pingPong(rollout, isStable)];
}

/** What a ReplicaSet of an Experiment gives to its image: `Σ:` and the name of its template. */
export function experimentTags({ metadata }: KubeObject): string[] {
  const template = metadata.annotations?.[EXPERIMENT_TEMPLATE_NAME_ANNOTATION];
  return template === undefined ? [] : [`Σ:${template}`];
}

/** `delay:` and the time until the ReplicaSet is scaled down, or `delay:passed`; else nothing. */
export function delayOf(replicaSet: KubeObject, nowMs: number): string | undefined {
  const deadlineMs = Date.parse(
    replicaSet.metadata.annotations?.[SCALE_DOWN_DEADLINE_ANNOTATION] ?? "",
  );
  if (Number.isNaN(deadlineMs)) return undefined;
  return deadlineMs < nowMs ? "delay:passed" : `delay:${humanDuration(deadlineMs - nowMs)}`;
}

function blueGreenRoles(rollout: Rollout, hash: string): Role[] {
  const { activeSelector, previewSelector } = rollout.status?.blueGreen ?? {};
  if (hash === activeSelector) return ["active"];
  return hash === previewSelector ? ["preview"] : [];
}

function pingPong(rollout: Rollout, isStable: boolean): Role[] {
  if (!rollout.spec.strategy?.canary?.["pingPong"]) return [];
  // Before the first promotion nothing is written down: stable is then on the pong Service.
  const isStableOnPing = rollout.status?.canary?.["stablePingPong"] === "ping";
  return [isStable === isStableOnPing ? "ping" : "pong"];
}
