/** The Experiments of a Rollout as the caches show them, and the one that its step asks for. */
import type { Experiment } from "../../../sdk/api/experiment.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { placeOf } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, textOf } from "../../../sdk/wire/json.ts";
import { freeName, isCompleted } from "../../analysis/mod.ts";
import { EXPERIMENTS, ROLLOUTS } from "../../api/names/resources.ts";
import { controllerOf, controllerTerms } from "../../api/ownership.ts";
import { type CacheReader, keyOf, type Need, type Source } from "../../engine/mod.ts";
import { hashOf, type ReplicaSet } from "../../sets/mod.ts";
import type { Revision } from "../analysis/analyses.ts";
import type { ExperimentFacts } from "./facts.ts";
import { newExperiment } from "./new_experiment.ts";

/** Index of Experiments by the uid of their controller. */
const BY_OWNER = "owner of an experiment";

/** None is listed before a Rollout has a step with an experiment. */
export function experimentSources(): Source[] {
  return [{
    type: EXPERIMENTS,
    isOnDemand: true,
    prepare: (store) => store.addIndex(BY_OWNER, controllerTerms),
    wakes: (experiment) => {
      const owner = controllerOf(experiment);
      const { namespace } = experiment.metadata;
      return owner?.kind === ROLLOUTS.kind ? [keyOf(namespace, owner.name)] : [];
    },
  }];
}

export function experimentNeeds(rollout: Rollout): Need[] {
  const { namespace } = rollout.metadata;
  const recorded = textOf(fieldsOf(rollout.status?.canary)["currentExperiment"]);
  const steps = rollout.spec?.strategy?.canary?.steps;
  const isNamed = Array.isArray(steps) &&
    steps.some((step) => !isUnset(fieldsOf(step)["experiment"]));
  if (!isNamed && recorded === "") return [];
  const ref = namespace === undefined ? { name: recorded } : { namespace, name: recorded };
  return [{ type: EXPERIMENTS, refs: recorded === "" ? [] : [ref] }];
}

/** What is known of the Experiments, and what is wrong with the one that is asked for. */
export interface SeenExperiments {
  readonly facts: ExperimentFacts;
  readonly problem: FieldError | undefined;
}

export function experimentFacts(rollout: Rollout, sight: ExperimentSight): SeenExperiments {
  const experiments = [...experimentsOf(rollout, sight.caches)].sort(newestFirst);
  const index = rollout.status?.currentStepIndex ?? -1;
  const step = rollout.spec?.strategy?.canary?.steps?.[index]?.experiment;
  if (isUnset(step)) return { facts: { experiments }, problem: undefined };
  return withDraft(rollout, { ...sight, experiments, index, step: fieldsOf(step) });
}

/** What the Experiment of a step is made of. */
interface ExperimentSight {
  readonly caches: CacheReader;
  readonly revision: Revision | undefined;
  readonly next: ReplicaSet | undefined;
  readonly sets: readonly ReplicaSet[];
}

/** The same with the Experiment that the step would be started with. */
function withDraft(
  rollout: Rollout,
  { caches, revision, next, sets, experiments, index, step }: ExperimentSight & {
    readonly experiments: readonly Experiment[];
    readonly index: number;
    readonly step: Fields;
  },
): SeenExperiments {
  const { stableRS = "" } = rollout.status ?? {};
  const stable = sets.find((set) => stableRS !== "" && hashOf(set) === stableRS);
  const nothing = { facts: { experiments }, problem: undefined };
  if (next === undefined || stable === undefined || revision === undefined) return nothing;
  const { namespace } = rollout.metadata;
  const name = experimentName(rollout, revision, index);
  const present = experiments.find((one) =>
    isNamedAfter(one.metadata.name, name) && !isCompleted(one.status?.phase) &&
    one.spec.terminate !== true && one.metadata.deletionTimestamp === undefined
  );
  const free = freeName(
    name,
    (taken) => caches.of(EXPERIMENTS).get(namespace, taken) !== undefined,
    {
      separator: "-",
    },
  );
  const made = newExperiment({
    rollout,
    step,
    name: present?.metadata.name ?? free,
    revision: revision.number,
    next,
    stable,
  });
  if (made.error !== undefined) {
    const place = placeOf(["spec", "strategy", "canary", "steps", index, "experiment"]);
    return { ...nothing, problem: invalid(place, name, { detail: made.error }) };
  }
  const draft = { experiment: made.value, ...(present === undefined ? {} : { present }) };
  return { facts: { experiments, draft }, problem: undefined };
}

function experimentName({ metadata }: Rollout, revision: Revision, index: number): string {
  return `${metadata.name}-${revision.hash}-${revision.number}-${index}`;
}

/** True for a name, or that name with a number behind it. */
export function isNamedAfter(name: string, base: string): boolean {
  return name === base ||
    (name.startsWith(`${base}-`) && /^\d+$/.test(name.slice(base.length + 1)));
}

function experimentsOf({ metadata: { uid } }: Rollout, caches: CacheReader) {
  if (uid === undefined) return [];
  return caches.of(EXPERIMENTS).byIndex(BY_OWNER, uid) as readonly Experiment[];
}

function newestFirst(one: Experiment, other: Experiment): number {
  const order = ({ metadata: { creationTimestamp, name } }: Experiment) =>
    `${creationTimestamp} ${name}`;
  return order(one) < order(other) ? 1 : -1;
}
