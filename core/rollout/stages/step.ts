/** Step: completes the current step when its pods are there. */
import type { CanaryStep } from "../../../sdk/api/rollout.ts";
import { isUnset } from "../../../sdk/wire/json.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { stepText } from "../../api/names/step_text.ts";
import { mayAdvance } from "../abort.ts";
import { awaitsRun, isSuccessful, namesTemplates, waitingText } from "../analysis/gates.ts";
import { currentExperiment } from "../experiments/plan_experiments.ts";
import { missingPods } from "../enough_pods.ts";
import { availablePods, normal, presentPods, wantedPods } from "../../sets/mod.ts";
import {
  CONTINUE,
  currentStep,
  isRouted,
  outgoingSet,
  type Situation,
  type Verdict,
} from "../situation.ts";
import type { UpdateState } from "../update_state.ts";
import { entryOf, isOutstanding, isRunOver } from "../step_plugins/entries.ts";
import { unknownPlugin } from "../step_plugins/unknown_plugin.ts";

export function step(situation: Situation): Verdict {
  const { state, world } = situation;
  const current = currentStep(situation);
  // The first set of a Rollout takes no steps; promotion makes it stable.
  if (current === undefined || !mayAdvance(situation) || state.stableHash === "") {
    return CONTINUE;
  }
  if (awaitsRun(current)) return stepOfRun(situation);
  if (!isUnset(current.experiment)) return stepOfExperiment(situation);
  if (isOfPlugin(current)) return stepOfPlugin(situation);
  const missing = isRouted(situation) ? missingForRoutedStep(situation) : missingForStep(situation);
  if (missing !== undefined) return { then: "settle", why: missing };
  const why = world.rollout.spec.strategy?.canary?.replicaProgressThreshold
    ? "enough pods are available"
    : "all pods are available";
  return completeStep(situation, { why });
}

/** A step that is complete once its run is successful. */
function stepOfRun(situation: Situation): Verdict {
  const { Step } = situation.state.runs;
  if (Step !== undefined && isSuccessful(Step)) {
    return completeStep(situation, { why: `analysis run ${Step.name} was successful` });
  }
  const why = namesTemplates(currentStep(situation)?.["analysis"])
    ? waitingText("Step", Step)
    : "the analysis of the step names no templates";
  return { then: "settle", why };
}

/** A step that is complete once its experiment is successful. */
function stepOfExperiment(situation: Situation): Verdict {
  const { currentExperiment: name } = situation.state;
  const phase = currentExperiment(situation)?.status?.phase ?? "";
  if (phase === "Successful") {
    const why = `experiment ${name} was successful`;
    return completeStep(situation, { state: { currentExperiment: "" }, why });
  }
  const why = name === ""
    ? "waiting for the experiment to begin"
    : `waiting for experiment ${name}${phase === "" ? "" : `: ${phase}`}`;
  const unfit = situation.plan().traffic?.unfit;
  return { then: "settle", why: unfit === undefined ? why : `${why}; ${unfit}` };
}

/** True for a step that is complete once its plugin is done; others go on beside theirs. */
function isOfPlugin(step: CanaryStep): boolean {
  const { setWeight, setCanaryScale, setHeaderRoute, setMirrorRoute, plugin } = step;
  const others = [setWeight, setCanaryScale, setHeaderRoute, setMirrorRoute];
  return !isUnset(plugin) && others.every(isUnset);
}

function stepOfPlugin(situation: Situation): Verdict {
  const { stepEntries, stepIndex: index = 0 } = situation.state;
  const { phase = "", message = "", name = "" } = entryOf(stepEntries, index, "Run") ?? {};
  if (stepEntries.some(isOutstanding)) {
    return { then: "settle", why: "waiting for step plugins to undo what was aborted" };
  }
  if (isRunOver(stepEntries, index)) {
    return completeStep(situation, { why: `step plugin ${name}: ${phase}` });
  }
  const plugin = currentStep(situation)?.plugin?.name ?? "";
  const found = message === "" ? phase : `${phase} (${message})`;
  const why = unknownPlugin(situation) ??
    `waiting for step plugin ${plugin}${found === "" ? "" : `: ${found}`}`;
  return { then: "settle", why };
}

/** The same, and a pass that completes a step goes on to what comes next: a saved status write. */
export function stepOn(situation: Situation): Verdict {
  const verdict = step(situation);
  return verdict.state === undefined ? verdict : { ...verdict, then: "continue" };
}

/** What the sizes lack for the current step, as a sentence; undefined: nothing. */
function missingForStep(situation: Situation): string | undefined {
  const { sets } = situation;
  const { goal } = situation.plan();
  const stable = outgoingSet(situation);
  const missing = missingPods(situation, goal.updated);
  if (missing !== undefined) return missing;
  if (stable !== undefined && wantedPods(stable) !== goal.stable) {
    return `waiting for stable to be scaled from ${wantedPods(stable)} to ${goal.stable}`;
  }
  if (stable !== undefined && presentPods(stable) !== goal.stable) {
    return `waiting for stable: ${presentPods(stable)} pods, ${goal.stable} wanted`;
  }
  const old = sets.past.reduce((sum, set) => sum + availablePods(set), 0);
  return old === 0 ? undefined : `waiting for ${old} pods of other revisions to terminate`;
}

/**
 * The same with a router: pods for a step that asks for some, and the weight; pods of other
 * revisions may stay for their delay.
 */
function missingForRoutedStep(situation: Situation): string | undefined {
  const { replicas, sets, strategy: { spec } } = situation;
  const { setWeight, setCanaryScale } = currentStep(situation) ?? {};
  const { goal, sizes, traffic } = situation.plan();
  // Routes of the step belong to the same intent: before it can be written they are not there.
  if (traffic?.intent === undefined) return traffic?.missing;
  if (setWeight === undefined && isUnset(setCanaryScale)) return undefined;
  // Weights may need more pods than the step asks for.
  const size = sizes.find(({ set }) => set === sets.next)?.size ?? goal.updated;
  const missing = missingPods(situation, goal.updated, size);
  if (missing !== undefined) return missing;
  const stable = outgoingSet(situation);
  const isDynamic = "dynamicStableScale" in spec && spec["dynamicStableScale"] === true;
  if (stable !== undefined && !isDynamic && presentPods(stable) !== replicas) {
    return `waiting for stable: ${presentPods(stable)} pods, ${replicas} wanted`;
  }
  return setWeight === undefined ? undefined : traffic.missing;
}

/** Moves on to the next step. */
export function completeStep(
  situation: Situation,
  { state = {}, why }: { state?: Partial<UpdateState>; why: string },
): Verdict {
  const { steps } = situation.strategy;
  const index = situation.state.stepIndex ?? 0;
  const done = currentStep(situation);
  if (done === undefined) return CONTINUE;
  const text = stepText(done);
  const { Step: _, ...runs } = situation.state.runs;
  return {
    state: { ...state, stepIndex: index + 1, runs },
    events: [
      normal(
        EVENT_REASON.rolloutStepCompleted,
        EVENT_MESSAGE.rolloutStepCompleted({ index, count: steps.length, text }),
      ),
    ],
    then: "settle",
    why: `step ${index + 1}/${steps.length} (${text}) completed: ${why}`,
  };
}
