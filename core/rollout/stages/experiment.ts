/**
 * Experiment: begins the one that the step asks for, listens to it, ends and deletes the others. A
 * failed one aborts the update, an inconclusive one pauses it; a successful one completes its step.
 */
import type { Experiment } from "../../../sdk/api/experiment.ts";
import { creationOf, deletionOf } from "../../../sdk/wire/write.ts";
import { terminateWrite } from "../../analysis/mod.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { EXPERIMENTS } from "../../api/names/resources.ts";
import { type Effect, writeEffect } from "../../engine/mod.ts";
import { normal } from "../../sets/mod.ts";
import { abortBecause } from "../abort.ts";
import { type ExperimentsPlan, planExperiments } from "../experiments/plan_experiments.ts";
import { isWaiting, withPause } from "../pause.ts";
import { CONTINUE, type Situation, type Verdict, withState } from "../situation.ts";

export function experiment(situation: Situation): Verdict {
  const { state, world: { experiment: { experiments, draft } } } = situation;
  const isWithout = experiments.length === 0 && draft === undefined;
  if (isWithout && state.currentExperiment === "") return CONTINUE;
  const plan = planExperiments(situation);
  const { phase, message = "" } = plan.current?.status ?? {};
  const refusal = refusalOf(plan.current);
  if (phase === "Failed" || phase === "Error" || refusal !== undefined) {
    const aborted = abortBecause(situation, EVENT_MESSAGE.experimentFailed(refusal ?? message));
    const after = planExperiments(withState(situation, aborted));
    const why = `experiment ${plan.current?.metadata.name}: ${refusal ?? phase}`;
    return { ...verdictOf(after), state: { ...aborted, currentExperiment: "" }, why };
  }
  const currentExperiment = (plan.begun ?? plan.current)?.metadata.name ?? "";
  const resumed = plan.isResumed ? { controllerPause: false } : {};
  const paused = phase === "Inconclusive" && !isWaiting(situation, "InconclusiveExperiment")
    ? withPause(situation, "InconclusiveExperiment")
    : {};
  return { ...verdictOf(plan), state: { currentExperiment, ...resumed, ...paused } };
}

/** Why an experiment never begins; whoever waits for it waits for ever. */
function refusalOf(experiment: Experiment | undefined): string | undefined {
  const { phase = "", conditions = [] } = experiment?.status ?? {};
  const refused = conditions.find(({ type, status }) =>
    type === "InvalidSpec" && status === "True"
  );
  return phase === "" ? refused?.message : undefined;
}

function verdictOf({ begun, ended, deleted }: ExperimentsPlan): Verdict {
  return {
    closingEffects: [
      ...(begun === undefined ? [] : [creationEffect(begun)]),
      ...ended.map((one) => terminateWrite(one, EXPERIMENTS)),
      ...deleted.flatMap((one) => deletionOf(EXPERIMENTS, one)).map(writeEffect),
    ],
    then: "continue",
    ...(begun === undefined ? {} : { why: `experiment ${begun.metadata.name} begins` }),
  };
}

function creationEffect(object: Experiment): Effect {
  const { name } = object.metadata;
  const created = normal(EVENT_REASON.experimentCreated, EVENT_MESSAGE.experimentCreated(name));
  return writeEffect(creationOf(EXPERIMENTS, object, [created]));
}
