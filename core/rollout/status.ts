/** The status of a Rollout after a pass: what stages decided, what was counted, what follows. */
import type { BlueGreenStatus, LabelSelector, RolloutStatus } from "../../sdk/api/rollout.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { recordFields } from "./analysis/runs.ts";
import { activeSet } from "./bluegreen_facts.ts";
import { findCondition } from "../api/values/conditions.ts";
import { conditionsOf } from "./conditions.ts";
import { countPods } from "./counts.ts";
import { durationOf } from "./duration.ts";
import { phaseOf } from "./phase.ts";
import { normal, selectorText, warning } from "../sets/mod.ts";
import { pauseEvents } from "./pause.ts";
import { currentRevision, isBlueGreen, isRouted, type Situation } from "./situation.ts";
import { orAbsent, present } from "./status_fields.ts";
import { unknownPlugin } from "./step_plugins/unknown_plugin.ts";
import { statusFieldsOf } from "./update_state.ts";
import { generationText } from "./workload.ts";

export function statusOf(situation: Situation): RolloutStatus {
  const { world, state } = situation;
  const before = world.rollout.status ?? {};
  const counts = countPods(situation);
  const conditions = conditionsOf(situation, counts);
  const { phase, message } = phaseOf(situation, counts, conditions);
  const status: Record<string, unknown> = {
    // Fields that others, or later parts, answer for stay as they are.
    ...before,
    HPAReplicas: orAbsent(counts.scaled),
    replicas: orAbsent(counts.present),
    readyReplicas: orAbsent(counts.ready),
    availableReplicas: orAbsent(counts.available),
    updatedReplicas: orAbsent(counts.updated),
    selector: orAbsent(selectorText(servingSelector(situation))),
    observedGeneration: String(world.rollout.metadata.generation ?? 0),
    workloadObservedGeneration: observedWorkload(situation),
    ...statusFieldsOf({ ...state, duration: durationOf(situation) }),
    // What the other strategy left behind would be taken for a fact about this one.
    canary: canaryStatus(situation),
    blueGreen: blueGreenStatus(situation),
    conditions,
    phase,
    message: orAbsent(message),
  };
  return present(status);
}

/** The generation of the workload that was seen; one that is missing was seen before. */
function observedWorkload({ world: { rollout, workload } }: Situation): unknown {
  if (workload !== undefined) return generationText(workload);
  return rollout.spec.workloadRef ? rollout.status?.["workloadObservedGeneration"] : undefined;
}

/** The pods that an autoscaler looks at: those that serve users. */
function servingSelector(situation: Situation): LabelSelector | undefined {
  return activeSet(situation)?.spec.selector ?? situation.world.rollout.spec.selector;
}

function canaryStatus(situation: Situation): Record<string, unknown> {
  if (isBlueGreen(situation)) return {};
  const {
    weights: _,
    stablePingPong: __,
    currentExperiment: ___,
    stepPluginStatuses: ____,
    ...others
  } = situation.world.rollout.status?.canary ?? {};
  const { weights, stablePingPong, runs } = situation.state;
  const currentExperiment = orAbsent(situation.state.currentExperiment);
  const traffic = isRouted(situation) ? { weights, stablePingPong } : {};
  const stepPluginStatuses = orAbsent(situation.state.stepEntries);
  const records = recordFields("canary", runs);
  return present({ ...others, ...traffic, currentExperiment, stepPluginStatuses, ...records });
}

function blueGreenStatus(situation: Situation): BlueGreenStatus {
  if (!isBlueGreen(situation)) return {};
  const { state, world } = situation;
  const status = {
    ...world.rollout.status?.blueGreen,
    activeSelector: orAbsent(state.activeHash),
    previewSelector: orAbsent(state.previewHash),
    scaleUpPreviewCheckPoint: orAbsent(state.scaleUpPreviewCheckPoint),
    ...recordFields("blueGreen", state.runs),
  };
  return present(status);
}

/** Events about what a status says that the one before it did not say. */
export function stateChangeEvents(situation: Situation, status: RolloutStatus): EventDraft[] {
  const { world, state } = situation;
  const before = world.rollout.status ?? {};
  const events: EventDraft[] = [];
  const completed = findCondition(status.conditions, "Completed");
  const wasCompleted = findCondition(before.conditions, "Completed");
  if (completed?.status === "False" && wasCompleted?.status !== "False") {
    const hash = state.currentHash;
    const message = EVENT_MESSAGE.rolloutNotCompleted(currentRevision(situation), hash);
    events.push(normal(EVENT_REASON.rolloutNotCompleted, message));
  }
  const unknown = unknownPlugin(situation);
  if (unknown !== undefined && status.message !== before.message) {
    const message = EVENT_MESSAGE.reconciliationError(unknown);
    if (status.message === message) {
      events.push(warning(EVENT_REASON.reconciliationError, message));
    }
  }
  return [...events, ...pauseEvents(situation, status)];
}
