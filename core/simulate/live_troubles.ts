/** What is wrong with pods that were read from a cluster, and goes on where a run goes on. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { PODS, REPLICA_SETS } from "../api/names/resources.ts";
import { timeOf } from "./live_times.ts";
import { START_MS } from "./scenario.ts";

/** An unready pod that has been running for so long is not merely starting. */
const STARTING_MAX_MS = 60_000;
const PULL_REASONS = ["ImagePullBackOff", "ErrImagePull", "InvalidImageName"];

/**
 * What is wrong with the pods, as commands of a script: new pods of these images fare no better.
 * Readiness gates that somebody opens are opened for new pods too. The times in the objects are
 * those of the simulation.
 */
export function troublesIn(objects: readonly KubeObject[]): string[] {
  const commands = objects.flatMap((object) => {
    if (object.kind === PODS.kind) return [...troublesOf(object), ...gatesOfPod(object)];
    return object.kind === REPLICA_SETS.kind ? gatesOfSet(object) : [];
  });
  return [...new Set(commands)].sort();
}

function gatesOfPod(pod: KubeObject): string[] {
  const isOpen = (gate: string) => isTrue(fieldsOf(pod["status"]), gate);
  return gatesIn(fieldsOf(pod["spec"])).filter(isOpen).map(opened);
}

/** Ready pods of a set have all their gates open. */
function gatesOfSet(set: KubeObject): string[] {
  const { template } = fieldsOf(set["spec"]);
  const hasReady = Number(fieldsOf(set["status"])["readyReplicas"] ?? 0) > 0;
  return hasReady ? gatesIn(fieldsOf(fieldsOf(template)["spec"])).map(opened) : [];
}

function gatesIn(podSpec: Fields): string[] {
  return listOf(podSpec["readinessGates"]).map((gate) => String(fieldsOf(gate)["conditionType"]));
}

function opened(gate: string): string {
  return `gate ${gate} open`;
}

function isTrue(status: Fields, condition: string): boolean {
  return listOf(status["conditions"]).map(fieldsOf)
    .some(({ type, status }) => type === condition && status === "True");
}

function troublesOf(pod: KubeObject): string[] {
  const status = fieldsOf(pod["status"]);
  const spec = fieldsOf(pod["spec"]);
  const scheduled = listOf(status["conditions"]).map(fieldsOf)
    .find(({ type }) => type === "PodScheduled");
  if (scheduled?.["reason"] === "Unschedulable" && scheduled["status"] === "False") {
    const isFull = /Insufficient|Too many pods/.test(String(scheduled["message"]));
    return isFull ? ["nodes full"] : imagesOf(spec).map((image) => `unschedulable ${image}`);
  }
  const containers = [...listOf(spec["initContainers"]), ...listOf(spec["containers"])]
    .map(fieldsOf);
  const statuses = [
    ...listOf(status["initContainerStatuses"]),
    ...listOf(status["containerStatuses"]),
  ].map(fieldsOf);
  return statuses.flatMap((one) => {
    const image = containers.find(({ name }) => name === one["name"])?.["image"];
    const trouble = troubleOf(one);
    return image === undefined || trouble === undefined ? [] : [trouble(String(image))];
  });
}

function imagesOf(spec: Fields): string[] {
  return listOf(spec["containers"]).map((container) => String(fieldsOf(container)["image"]));
}

function troubleOf(status: Fields): ((image: string) => string) | undefined {
  const { waiting, running } = fieldsOf(status["state"]);
  const { reason } = fieldsOf(waiting);
  if (PULL_REASONS.includes(String(reason))) return (image) => `fail-image ${image}`;
  if (reason === "CrashLoopBackOff") {
    const { startedAt, finishedAt } = fieldsOf(fieldsOf(status["lastState"])["terminated"]);
    const ranMs = (timeOf(finishedAt) ?? 0) - (timeOf(startedAt) ?? 0);
    const after = ranMs > 0 ? ` --after ${ranMs / 1000}s` : "";
    return (image) => `crash ${image}${after}`;
  }
  const sinceMs = timeOf(fieldsOf(running)["startedAt"]);
  const isStuck = status["ready"] === false && sinceMs !== undefined &&
    START_MS - sinceMs > STARTING_MAX_MS;
  return isStuck ? (image) => `unready ${image}` : undefined;
}
