/** Rules about steps: which share of the traffic goes where, and for how long. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { pauseSeconds } from "../../api/values/durations.ts";
import { type Fields, fieldsOf, isFields, isUnset, listOf } from "../../../sdk/wire/json.ts";
import {
  forEachRollout,
  numberOf,
  type RolloutRemark,
  type RolloutSubject,
} from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";

/** Rules about steps and weights. */
export const WEIGHT_RULES: readonly CheckedRule[] = [
  {
    name: "scale-below-weight",
    severity: "warning",
    reports: "setCanaryScale keeps fewer pods than the canary's share of the traffic needs.",
    why: "The weight is raised all the same: these pods get more than their share, and may fail.",
    check: forEachRollout(scaleBelowWeight),
  },
  {
    name: "progress-threshold",
    severity: "warning",
    reports: "replicaProgressThreshold lets a step go on before all of its pods are available.",
    why: "The weight is raised while the pods that are to carry it are not there yet.",
    check: forEachRollout(progressThreshold),
  },
  {
    name: "experiment-weight",
    severity: "warning",
    reports: "An experiment's pods get a share of the traffic of their own.",
    why: "The share stays as it is when pods of the experiment become unavailable.",
    check: forEachRollout(experimentWeight),
  },
  {
    name: "weights-beyond-all",
    severity: "warning",
    reports: "An experiment's weights and the canary's are more than all of the traffic.",
    why: "Nothing is left for the stable pods while the experiment runs.",
    check: forEachRollout(weightsBeyondAll),
  },
  {
    name: "experiment-without-port",
    severity: "warning",
    reports: "An experiment's template has a weight, and no container of its pods has a port.",
    why: "It gets no Service then, and so none of the traffic.",
    check: forEachRollout(experimentWithoutPort),
  },
  {
    name: "last-weight-without-wait",
    severity: "warning",
    reports: "The last setWeight is below the maximum, and no step after it waits for anything.",
    why: "The rest follows as soon as the pods for that weight are there: nobody looks at it.",
    check: forEachRollout(lastWeightWithoutWait),
  },
  {
    name: "weight-goes-down",
    severity: "warning",
    reports: "A setWeight is lower than the one before it.",
    why: "Users go back and forth between two versions in one update.",
    check: forEachRollout(weightGoesDown),
  },
  {
    name: "pause-of-zero",
    severity: "warning",
    reports: "A pause has a duration of no time.",
    why: "It waits for nothing; a pause without a duration waits until somebody promotes.",
    check: forEachRollout(pauseOfZero),
  },
];

const STEPS: FieldLocation = ["spec", "strategy", "canary", "steps"];

interface Weight {
  readonly index: number;
  readonly weight: number;
}

function weightsOf(steps: readonly Fields[]): Weight[] {
  return steps.flatMap((step, index) => {
    const weight = numberOf(step["setWeight"]);
    return weight === undefined ? [] : [{ index, weight }];
  });
}

/** The weight that is in force at a step. */
function weightAt(steps: readonly Fields[], index: number): number {
  return weightsOf(steps).findLast((each) => each.index <= index)?.weight ?? 0;
}

function scaleBelowWeight({ steps, routing, weightMax, replicas }: RolloutSubject) {
  if (routing === undefined) return [];
  const remarks: RolloutRemark[] = [];
  let scale: Fields = {};
  let isTold = false;
  for (const [index, step] of steps.entries()) {
    if (isFields(step["setCanaryScale"])) {
      scale = step["setCanaryScale"];
      isTold = false;
    }
    const share = weightAt(steps, index) / weightMax;
    const kept = keptText(scale, { share, replicas });
    if (kept === undefined || isTold) continue;
    isTold = true;
    const field = isFields(step["setCanaryScale"]) ? "setCanaryScale" : "setWeight";
    const percent = Math.round(share * 100);
    remarks.push({
      at: [...STEPS, index, field],
      text: `setCanaryScale keeps ${kept}, but ${percent} % of the traffic goes to the canary`,
    });
  }
  return remarks;
}

/** What is kept where it is less than a share needs; undefined where it is enough. */
function keptText(
  scale: Fields,
  { share, replicas }: { share: number; replicas: number | undefined },
): string | undefined {
  const [weight, pods] = [numberOf(scale["weight"]), numberOf(scale["replicas"])];
  if (weight !== undefined) return weight / 100 < share ? `${weight} % of the pods` : undefined;
  if (pods === undefined || replicas === undefined) return undefined;
  const needed = Math.ceil(share * replicas);
  return pods < needed ? `${pods} of the ${needed} pods that it needs` : undefined;
}

function progressThreshold({ canary, routing }: RolloutSubject) {
  if (routing === undefined || isUnset(canary?.["replicaProgressThreshold"])) return [];
  return [{
    at: ["spec", "strategy", "canary", "replicaProgressThreshold"],
    text: "the weight is raised before all pods of the canary are available",
  }];
}

/** What the templates of an experiment step get of the traffic. */
function experimentShare(step: Fields): number {
  return listOf(fieldsOf(step["experiment"])["templates"])
    .map((template) => Math.max(numberOf(fieldsOf(template)["weight"]) ?? 0, 0))
    .reduce((sum, weight) => sum + weight, 0);
}

function experimentWeight({ steps, routing }: RolloutSubject) {
  if (routing === undefined) return [];
  return steps.flatMap((step, index) => {
    const share = experimentShare(step);
    if (share === 0) return [];
    const text = `its pods get ${share} % of the traffic, also when they become unavailable`;
    return [{ at: [...STEPS, index, "experiment"], text }];
  });
}

function weightsBeyondAll({ steps, routing, weightMax }: RolloutSubject) {
  if (routing === undefined) return [];
  return steps.flatMap((step, index) => {
    const share = experimentShare(step);
    const canary = weightAt(steps, index);
    if (share === 0 || share + canary <= weightMax) return [];
    const text = share > weightMax
      ? `its templates ask for ${share} of ${weightMax}: those that do not fit get nothing`
      : `its pods get ${share} and the canary ${canary} of ${weightMax}: ` +
        "nothing is left for the stable pods";
    return [{ at: [...STEPS, index, "experiment"], text }];
  });
}

/** The templates of a step are those of the Rollout: what ports they have is known. */
function experimentWithoutPort({ steps, routing, template }: RolloutSubject) {
  if (routing === undefined || template === undefined) return [];
  if (template.containers.some(({ ports }) => listOf(ports).length > 0)) return [];
  return steps.flatMap((step, index) =>
    experimentShare(step) === 0 ? [] : [{
      at: [...STEPS, index, "experiment"],
      text: "its templates get no Service and no traffic: no container of the pods has a port",
    }]
  );
}

const WAITING_STEPS = ["pause", "analysis", "experiment", "plugin"];

function lastWeightWithoutWait({ steps, weightMax }: RolloutSubject) {
  const last = weightsOf(steps).at(-1);
  if (last === undefined || last.weight >= weightMax) return [];
  const after = steps.slice(last.index + 1);
  const waits = after.some((step) => WAITING_STEPS.some((kind) => !isUnset(step[kind])));
  if (waits) return [];
  const text = "no step after it waits: the rest follows as soon as the pods for it are there";
  return [{ at: [...STEPS, last.index, "setWeight"], text }];
}

function weightGoesDown({ steps }: RolloutSubject) {
  const weights = weightsOf(steps);
  return weights.flatMap(({ index, weight }, position) => {
    const before = weights[position - 1]?.weight ?? 0;
    if (weight >= before) return [];
    const text = `goes down from ${before} to ${weight}`;
    return [{ at: [...STEPS, index, "setWeight"], text }];
  });
}

function pauseOfZero({ steps }: RolloutSubject) {
  return steps.flatMap((step, index) => {
    const { duration } = fieldsOf(step["pause"]);
    if (typeof duration !== "number" && typeof duration !== "string") return [];
    if (pauseSeconds(duration) !== 0) return [];
    const text = "waits for nothing; without a duration it would wait until somebody promotes";
    return [{ at: [...STEPS, index, "pause", "duration"], text }];
  });
}
