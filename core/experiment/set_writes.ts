/** The ReplicaSets of an Experiment: made empty, filled, and after the end emptied with a delay. */
import { creationOf } from "../../sdk/wire/write.ts";
import { EXPERIMENT_EVENT } from "../api/names/experiment_names.ts";
import {
  EXPERIMENT_NAME_ANNOTATION,
  EXPERIMENT_TEMPLATE_NAME_ANNOTATION,
  SCALE_DOWN_DEADLINE_ANNOTATION,
} from "../api/names/names.ts";
import { REPLICA_SETS } from "../api/names/resources.ts";
import { type Write, writeEffect } from "../engine/mod.ts";
import { timeMs } from "../api/values/time.ts";
import {
  deadlineIn,
  isDeadlinePassed,
  newReplicaSet,
  NO_METADATA,
  patchSet,
  type ReplicaSet,
  SCALE_DOWN_DELAY_DEFAULT_SECONDS,
  scaleDownDeadline,
  wantedPods,
} from "../sets/mod.ts";
import { podsOf } from "./template_status.ts";
import type { ExperimentWorld, TemplateFacts } from "./world.ts";

/** What brings the sets of templates that go on to their sizes; a new one is empty at first. */
export function openSetWrites(world: ExperimentWorld, open: readonly TemplateFacts[]): Write[] {
  return open.flatMap((facts) => {
    const { set, setHolder } = facts;
    if (set === undefined) return setHolder === undefined ? [createWrite(world, facts)] : [];
    const write = sizeWrite(set, podsOf(facts));
    return write === undefined ? [] : [write];
  });
}

/** What lets the sets of templates that have ended give up their pods. */
export function endedSetWrites(world: ExperimentWorld, ended: readonly TemplateFacts[]): Write[] {
  const seconds = world.experiment.spec.scaleDownDelaySeconds ?? SCALE_DOWN_DELAY_DEFAULT_SECONDS;
  const delayed = ended.flatMap(({ set }) =>
    set === undefined ? [] : [endWrite(world, set, seconds)]
  );
  const left = world.leftSets.map((set) => endWrite(world, set, 0));
  return [...delayed, ...left].filter((write) => write !== undefined);
}

/** When the first of these sets is to give up its pods; undefined: none waits for that. */
export function endDeadlineMs(ended: readonly TemplateFacts[]): number | undefined {
  const deadlines = ended.filter(({ set }) => wantedPods(set) > 0)
    .flatMap(({ set }) => set === undefined ? [] : [timeMs(scaleDownDeadline(set))])
    .filter((ms) => ms !== undefined);
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}

function endWrite(
  { nowMs }: ExperimentWorld,
  set: ReplicaSet,
  delaySeconds: number,
): Write | undefined {
  if (wantedPods(set) === 0) return undefined;
  const deadline = scaleDownDeadline(set);
  if (delaySeconds <= 0 || isDeadlinePassed(nowMs, deadline)) return sizeWrite(set, 0);
  if (timeMs(deadline) !== undefined) return undefined;
  const annotations = { [SCALE_DOWN_DEADLINE_ANNOTATION]: deadlineIn(nowMs, delaySeconds) };
  return patchSet(set, { annotations });
}

function sizeWrite(set: ReplicaSet, size: number): Write | undefined {
  const from = wantedPods(set);
  if (from === size) return undefined;
  const event = EXPERIMENT_EVENT.scaled(set.metadata.name, { from, to: size });
  // The time at which pods were to go is not that of an experiment that is tried again.
  const isOver = size > 0 && scaleDownDeadline(set) !== undefined;
  const annotations = isOver ? { [SCALE_DOWN_DEADLINE_ANNOTATION]: null } : undefined;
  return { ...patchSet(set, { annotations, spec: { replicas: size } }), events: [event] };
}

function createWrite(
  { experiment }: ExperimentWorld,
  { template, setName, hash }: TemplateFacts,
): Write {
  const { minReadySeconds } = template;
  const set = newReplicaSet({
    owner: experiment,
    name: setName,
    hash,
    selector: template.selector,
    template: template.template,
    size: 0,
    minReadySeconds,
    annotations: {
      [EXPERIMENT_NAME_ANNOTATION]: experiment.metadata.name,
      [EXPERIMENT_TEMPLATE_NAME_ANNOTATION]: template.name,
    },
    metadata: NO_METADATA,
    antiAffinity: undefined,
  });
  return writeEffect(creationOf(REPLICA_SETS, set));
}
