/**
 * A Rollout that is invalid is left alone, but for an abort, by a user or by an analysis that fails
 * meanwhile: what can be done about that without what is wrong or missing is done. Stable's
 * template is known from its set, and whoever aborts wants its pods back.
 */
import type { Rollout, RolloutSpec, RolloutStatus } from "../../sdk/api/rollout.ts";
import { fieldsOf, isFields, isIntOrString, listOf } from "../../sdk/wire/json.ts";
import { CONDITION_MESSAGE } from "../api/names/condition_reason.ts";
import { serviceErrors } from "../api/validation/validate_services.ts";
import { findCondition } from "../api/values/conditions.ts";
import { invalidSpecConditions } from "./conditions.ts";
import { degradedPhase } from "./phase.ts";
import { hashOf, type ReplicaSet } from "../sets/mod.ts";
import { isBlueGreen, isRouted, type Situation, type Stage } from "./situation.ts";
import { situationOf } from "./situation_of.ts";
import { abort } from "./abort.ts";
import { planRuns } from "./analysis/plan_runs.ts";
import { analysis } from "./stages/analysis.ts";
import { backToStable } from "./stages/active_service.ts";
import { scale } from "./stages/scale.ts";
import { services } from "./stages/services.ts";
import { traffic } from "./stages/traffic.ts";
import type { RolloutWorld, Service } from "./world.ts";

/** What people are told. */
export function invalidMessage({ rollout, invalid = "" }: RolloutWorld): string {
  return CONDITION_MESSAGE.invalidSpec(rollout.metadata.name, invalid);
}

/** The status with what is wrong: that is the phase, whatever else is the case. */
export function invalidStatus(world: RolloutWorld, status: RolloutStatus = {}): RolloutStatus {
  const { rollout, nowMs } = world;
  const before = findCondition(rollout.status?.conditions, "InvalidSpec");
  const others = (status.conditions ?? []).filter(({ type }) => type !== "InvalidSpec");
  const isKept = status.conditions?.some(({ type }) => type === "InvalidSpec");
  const present = isKept || before === undefined ? status.conditions : [...others, before];
  const said = { ...rollout, status: { ...status, conditions: present ?? [] } };
  const conditions = invalidSpecConditions(said, { message: invalidMessage(world), nowMs });
  return {
    blueGreen: {},
    canary: {},
    ...status,
    conditions: [...conditions],
    observedGeneration: String(rollout.metadata.generation ?? 0),
    ...degradedPhase(conditions.filter(({ type }) => type === "InvalidSpec")),
  };
}

/** The stages of an abort that need nothing but sets and Services. */
export function abortStages(situation: Situation): readonly Stage[] {
  if (isRouted(situation)) return [analysis, abort, services, traffic, scale];
  return [analysis, abort, isBlueGreen(situation) ? backToStable : services, scale];
}

/** What an invalid Rollout that is aborted comes to; undefined: there is nothing to abort. */
export function abortedSituation(world: RolloutWorld): Situation | undefined {
  const { rollout, replicaSets } = world;
  const { abort: isAborted, stableRS, currentPodHash = "" } = rollout.status ?? {};
  const stable = replicaSets.find((set) => hashOf(set) === stableRS);
  const spec = readableSpec(rollout);
  if (stable === undefined || spec === undefined) return undefined;
  if (stableRS === currentPodHash) return undefined;
  const situation = situationOf({
    ...world,
    rollout: { ...rollout, spec },
    // What was aborted is the revision that the status is about, whatever the template is now.
    templateHash: currentPodHash,
    nextSet: replicaSets.find((set) => hashOf(set) === currentPodHash),
    services: soundServices(world, stable),
  });
  return isAborted === true || hasFailedRun(situation) ? situation : undefined;
}

/** True when a run that the update listens to has failed: its template may be what is missing. */
function hasFailedRun(situation: Situation): boolean {
  return Object.values(planRuns(situation).inCharge)
    .some(({ status }) => status === "Failed" || status === "Error");
}

/** The fields that an abort reads, where they can be read; undefined: sizes are not known. */
function readableSpec(rollout: Rollout): RolloutSpec | undefined {
  const spec = fieldsOf(rollout.spec);
  const { replicas, strategy, paused, progressDeadlineSeconds, workloadRef } = spec;
  const { canary, blueGreen } = fieldsOf(strategy);
  const isSize = replicas === undefined || replicas === null ||
    (Number.isInteger(replicas) && Number(replicas) >= 0);
  if (!isSize || isFields(canary) === isFields(blueGreen)) return undefined;
  return {
    ...(typeof replicas === "number" ? { replicas } : {}),
    ...(typeof paused === "boolean" ? { paused } : {}),
    ...(isFields(workloadRef) ? { workloadRef } : {}),
    ...(typeof progressDeadlineSeconds === "number" ? { progressDeadlineSeconds } : {}),
    strategy: isFields(canary) ? { canary: readable(canary) } : { blueGreen: readable(blueGreen) },
  } as RolloutSpec;
}

/** Without routing an abort would take pods away that routers still send requests to. */
const KEPT_OBJECTS: readonly string[] = [
  "trafficRouting",
  "pingPong",
  "analysis",
  "prePromotionAnalysis",
  "postPromotionAnalysis",
];

/** A strategy whose limits, numbers and names are such. */
function readable(strategy: unknown): Record<string, unknown> {
  const { steps, maxSurge, maxUnavailable, ...fields } = fieldsOf(strategy);
  const isPods = (value: unknown) => isIntOrString(value) && !(Number(value) < 0);
  const kept = Object.entries(fields)
    .filter(([field, value]) =>
      isIntOrString(value) || typeof value === "boolean" ||
      (KEPT_OBJECTS.includes(field) && isFields(value))
    );
  return {
    ...Object.fromEntries(kept),
    ...(isPods(maxSurge) ? { maxSurge } : {}),
    ...(isPods(maxUnavailable) ? { maxUnavailable } : {}),
    ...(steps === undefined ? {} : { steps: listOf(steps).filter(isFields) }),
  };
}

/** The Services that may point to stable: those that are its own, and select such pods. */
function soundServices(world: RolloutWorld, stable: ReplicaSet): Map<string, Service> {
  const { labels } = stable.spec.template.metadata ?? {};
  const sound = [...world.services].filter(([name, service]) => {
    const find = (asked: string) => asked === name ? service : undefined;
    return serviceErrors(world.rollout, { find, labels }).wrong.length === 0;
  });
  return new Map(sound);
}
