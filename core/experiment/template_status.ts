/** What becomes of one template: of its pods as they are, the clock, and the end of it all. */
import type { TemplatePhase, TemplateStatus } from "../../sdk/api/experiment.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../api/names/defaults.ts";
import { isUnset } from "../../sdk/wire/json.ts";
import { EXPERIMENT_MESSAGE } from "../api/names/names.ts";
import { timeMs, timestamp } from "../api/values/time.ts";
import { endSeenMs } from "../engine/mod.ts";
import { availablePods, hashOf, presentPods, readyPods } from "../sets/mod.ts";
import { isServiceWanted, serviceNameOf } from "./service_writes.ts";
import type { ExperimentWorld, TemplateFacts } from "./world.ts";

const FINAL: readonly TemplatePhase[] = ["Successful", "Failed", "Error"];

export function isFinal(phase: TemplatePhase | undefined): boolean {
  return phase !== undefined && FINAL.includes(phase);
}

/** Pods that a template asks for. */
export function podsOf({ template }: TemplateFacts): number {
  return template.replicas ?? 1;
}

/** What the whole experiment has come to, as far as a template needs to know. */
export interface Course {
  /** The duration is over. */
  readonly isOver: boolean;
  /** It ends before that. */
  readonly isTerminating: boolean;
}

/** The status of a template, which stays final once it is. */
export function templateStatus(
  world: ExperimentWorld,
  facts: TemplateFacts,
  course: Course,
): TemplateStatus {
  const { template, set, service } = facts;
  const before = statusBefore(world, template.name);
  const judged = isFinal(before?.status)
    ? { status: before?.status, message: before?.message }
    : judge(world, facts, { course, before });
  const isSame = judged.status === before?.status;
  const since = isSame ? before?.lastTransitionTime : timestamp(world.nowMs);
  return {
    name: template.name,
    replicas: presentPods(set),
    updatedReplicas: presentPods(set),
    readyReplicas: readyPods(set),
    availableReplicas: availablePods(set),
    ...(before?.collisionCount === undefined ? {} : { collisionCount: before.collisionCount }),
    ...judged.status === undefined ? {} : { status: judged.status },
    ...(judged.message === undefined ? {} : { message: judged.message }),
    ...(since === undefined ? {} : { lastTransitionTime: since }),
    ...(service === undefined || set === undefined
      ? {}
      : { serviceName: service.metadata.name, podTemplateHash: hashOf(set) }),
  } as TemplateStatus;
}

export function statusBefore(
  { experiment }: ExperimentWorld,
  name: string,
): TemplateStatus | undefined {
  return experiment.status?.templateStatuses?.find((one) => one.name === name);
}

/** A status, and why. */
type Judgement = Pick<TemplateStatus, "status" | "message">;

function judge(
  world: ExperimentWorld,
  facts: TemplateFacts,
  { course, before }: { course: Course; before: TemplateStatus | undefined },
): Judgement {
  const { isOver, isTerminating } = course;
  const clash = isTerminating ? undefined : clashOf(facts);
  if (clash !== undefined) return clash;
  if (isComplete(facts)) {
    return isOver || isTerminating
      ? { status: "Successful" }
      : { status: "Running", ...unreached(facts) };
  }
  const deadlineMs = progressDeadlineMs(world, before);
  if (deadlineMs !== undefined && deadlineMs <= world.nowMs) {
    const seconds = progressDeadlineSeconds(world);
    const message = EXPERIMENT_MESSAGE.deadlineExceeded(facts.template.name, seconds);
    return { status: "Failed", message };
  }
  return { status: isTerminating ? "Successful" : "Progressing" };
}

/** True with all pods, and the Service through which they are reached. */
function isComplete(facts: TemplateFacts): boolean {
  const { set, service } = facts;
  if (set === undefined || availablePods(set) !== podsOf(facts)) return false;
  return service !== undefined || !isServiceWanted(facts);
}

/** Why nobody reaches the pods of a template by the Service that it asks for. */
function unreached(facts: TemplateFacts): Pick<Judgement, "message"> {
  const isAsked = !isUnset(facts.template.service);
  if (!isAsked || isServiceWanted(facts)) return {};
  return { message: EXPERIMENT_MESSAGE.withoutPort(facts.template.name) };
}

/** What keeps a template from ever getting its pods or its Service. */
function clashOf(facts: TemplateFacts): Judgement | undefined {
  const { template, setName, setHolder, serviceHolder, refusedService } = facts;
  if (setHolder !== undefined && !isLeaving(setHolder)) {
    return { status: "Error", message: EXPERIMENT_MESSAGE.setTaken(setName, template.name) };
  }
  if (serviceHolder !== undefined && !isLeaving(serviceHolder)) {
    const taken = EXPERIMENT_MESSAGE.serviceTaken(serviceNameOf(facts), template.name);
    return withoutService(facts, taken);
  }
  return refusedService === undefined ? undefined : withoutService(facts, refusedService);
}

function withoutService(facts: TemplateFacts, error: string): Judgement {
  const { template } = facts;
  const message = EXPERIMENT_MESSAGE.serviceFailed(serviceNameOf(facts), template.name, error);
  return { status: "Error", message };
}

function isLeaving({ metadata }: { metadata: { deletionTimestamp?: string } }): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function progressDeadlineSeconds({ experiment }: ExperimentWorld): number {
  return experiment.spec.progressDeadlineSeconds ?? PROGRESS_DEADLINE_DEFAULT_SECONDS;
}

/** By when a template without all its pods must have them; undefined: the clock has not begun. */
export function progressDeadlineMs(
  world: ExperimentWorld,
  status: TemplateStatus | undefined,
): number | undefined {
  if (status?.status !== "Progressing") return undefined;
  const sinceMs = timeMs(status.lastTransitionTime);
  if (sinceMs === undefined) return undefined;
  return endSeenMs({ sinceMs, durationMs: progressDeadlineSeconds(world) * 1000 }, world);
}
