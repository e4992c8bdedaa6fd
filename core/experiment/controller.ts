/** The Experiment controller: which caches it reads, how it observes, and whose changes wake it. */
import type { Experiment, ExperimentTemplate } from "../../sdk/api/experiment.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { indexByTemplate } from "../analysis/mod.ts";
import { canonicalTemplate } from "../api/hash/normalise_template.ts";
import { safeHash } from "../api/hash/safe_hash.ts";
import {
  EXPERIMENT_TEMPLATE_NAME_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
} from "../api/names/names.ts";
import { EXPERIMENTS, REPLICA_SETS, SERVICES } from "../api/names/resources.ts";
import { controllerOf, isControlledBy } from "../api/ownership.ts";
import { validateExperiment } from "../api/validation/validate_experiment.ts";
import {
  type CacheReader,
  type Controller,
  type Decision,
  type Failure,
  type Key,
  keyOf,
  keyOfObject,
  type Need,
  presentObject,
  refOfKey,
  type Sight,
  type Source,
  type Status,
} from "../engine/mod.ts";
import { hashOf, indexSets, type ReplicaSet, setsControlledBy } from "../sets/mod.ts";
import { analysesOf, analysisNeeds, analysisSources, TEMPLATE_USER } from "./analyses.ts";
import { decideAfterFailure } from "./after_failure.ts";
import { decide } from "./decide.ts";
import { promptPart } from "./prompt_part.ts";
import type { TemplateNames } from "./run_arguments.ts";
import { serviceNameOf } from "./service_writes.ts";
import type { ExperimentWorld, Service, TemplateFacts } from "./world.ts";

/** The name that its passes are reported under. */
export const EXPERIMENT_CONTROLLER = "experiment";
/** Index of Experiments by the names of their sets and Services (`replicasets namespace/name`). */
const BY_PART = "part";
/** Index of Services by the uid of the Experiment that controls them. */
const BY_EXPERIMENT = "experiment";

export class ExperimentController implements Controller<ExperimentWorld> {
  readonly name = EXPERIMENT_CONTROLLER;
  readonly primary = EXPERIMENTS;
  readonly statusIn = "object";
  readonly sources: readonly Source[] = [
    {
      type: EXPERIMENTS,
      // A cluster without the definition has Rollouts all the same.
      isOnDemand: true,
      isEager: true,
      prepare: (store) => {
        store.addIndex(BY_PART, (object) => partTerms(object as Experiment));
        indexByTemplate(store, TEMPLATE_USER);
      },
      wakes: (experiment) => [keyOfObject(experiment)],
    },
    {
      type: REPLICA_SETS,
      labelSelector: POD_TEMPLATE_HASH_LABEL,
      prepare: indexSets,
      wakes: (set, caches) => keysOfPart(set, SET_PART, caches),
    },
    {
      type: SERVICES,
      prepare: (store) =>
        store.addIndex(BY_EXPERIMENT, (service) => {
          const owner = controllerOf(service);
          return owner?.kind === EXPERIMENTS.kind ? [owner.uid] : [];
        }),
      wakes: (service, caches) => keysOfPart(service, SERVICE_PART, caches),
    },
    ...analysisSources(),
  ];

  needs(key: Key, caches: CacheReader): readonly Need[] {
    const { namespace, name } = refOfKey(key);
    const experiment = caches.of(EXPERIMENTS).get(namespace, name) as Experiment | undefined;
    const ofAnalyses = experiment === undefined ? [] : analysisNeeds(experiment, caches);
    return [{ type: EXPERIMENTS }, ...ofAnalyses];
  }

  observe(key: Key, { caches, nowMs }: Sight): ExperimentWorld | undefined {
    const experiment = presentObject<Experiment>(EXPERIMENTS, key, caches);
    if (experiment === undefined) return undefined;
    const invalid = validateExperiment(experiment)[0]?.detail;
    const ownSets = setsControlledBy(experiment.metadata.uid, caches);
    const ownServices = servicesOf(experiment, caches);
    const templates = invalid === undefined
      ? (experiment.spec.templates ?? []).map((template) =>
        factsOf(template, { experiment, ownSets, ownServices, caches })
      )
      : [];
    const wantedSets = templates.map(({ set }) => set);
    const wantedServices = templates.map(({ service }) => service);
    const unseen = caches.unseen?.([EXPERIMENTS, REPLICA_SETS], nowMs) ?? [];
    return {
      nowMs,
      ...(unseen.length === 0 ? {} : { unseen }),
      experiment,
      invalid,
      templates,
      analyses: invalid === undefined ? analysesOf(experiment, templates.map(namesOf), caches) : [],
      leftSets: ownSets.filter((set) => !wantedSets.includes(set)),
      leftServices: ownServices.filter((service) => !wantedServices.includes(service)),
    };
  }

  decide(world: ExperimentWorld): Decision {
    return decide(world);
  }

  promptPart(status: Status): unknown {
    return promptPart({ ...status });
  }

  decideAfterFailure(world: ExperimentWorld, failure: Failure) {
    return decideAfterFailure(world, failure);
  }
}

interface Surroundings {
  readonly experiment: Experiment;
  readonly ownSets: readonly ReplicaSet[];
  readonly ownServices: readonly Service[];
  readonly caches: CacheReader;
}

function factsOf(
  template: ExperimentTemplate,
  { experiment, ownSets, ownServices, caches }: Surroundings,
): TemplateFacts {
  const { namespace } = experiment.metadata;
  const setName = setNameOf(experiment, template);
  const serviceName = serviceNameOf({ template, setName });
  const set = ownSets.find((one) => templateNameOf(one) === template.name);
  const service = template.service === undefined
    ? undefined
    : ownServices.find(({ metadata }) => metadata.name === serviceName);
  const setHolder = caches.of(REPLICA_SETS).get(namespace, setName);
  const serviceHolder = caches.of(SERVICES).get(namespace, serviceName);
  const isOther = (object: KubeObject | undefined) =>
    object !== undefined && !isControlledBy(object, experiment);
  return {
    template,
    hash: hashFor(template),
    setName,
    set,
    setHolder: set === undefined && isOther(setHolder) ? setHolder : undefined,
    service,
    serviceHolder: template.service !== undefined && isOther(serviceHolder)
      ? serviceHolder
      : undefined,
  };
}

function namesOf({ template, set, setName, hash }: TemplateFacts): TemplateNames {
  return set === undefined
    ? { name: template.name, hash, setName }
    : { name: template.name, hash: hashOf(set), setName: set.metadata.name };
}

/**
 * Another hash than that of the Rollout's set with the same pods, and than that of another template
 * with the same: by labels alone their Services must not reach the pods of this one.
 */
function hashFor({ name, template }: ExperimentTemplate): string {
  return safeHash(JSON.stringify([name, canonicalTemplate(template)]));
}

function setNameOf({ metadata }: Experiment, { name }: { name: string }): string {
  return `${metadata.name}-${name}`;
}

function templateNameOf({ metadata }: ReplicaSet): string | undefined {
  return metadata.annotations?.[EXPERIMENT_TEMPLATE_NAME_ANNOTATION];
}

function servicesOf({ metadata }: Experiment, caches: CacheReader): readonly Service[] {
  return caches.of(SERVICES).byIndex(BY_EXPERIMENT, metadata.uid ?? "") as readonly Service[];
}

const SET_PART = REPLICA_SETS.plural;
const SERVICE_PART = SERVICES.plural;

/** The names that an Experiment gives to its parts; they need not be its own. */
function partTerms(experiment: Experiment): string[] {
  const { namespace } = experiment.metadata;
  return listOf(fieldsOf(experiment.spec)["templates"]).map(fieldsOf).flatMap((fields) => {
    const template = fields as unknown as ExperimentTemplate;
    const setName = setNameOf(experiment, template);
    const serviceName = serviceNameOf({ template, setName });
    return [
      `${SET_PART} ${keyOf(namespace, setName)}`,
      `${SERVICE_PART} ${keyOf(namespace, serviceName)}`,
    ];
  });
}

/** The Experiment that controls a set or a Service, and those that want its name. */
function keysOfPart(object: KubeObject, part: string, caches: CacheReader): Key[] {
  const owner = controllerOf(object);
  const own = owner?.kind === EXPERIMENTS.kind
    ? [keyOf(object.metadata.namespace, owner.name)]
    : [];
  const named = caches.of(EXPERIMENTS).byIndex(BY_PART, `${part} ${keyOfObject(object)}`);
  return [...new Set([...own, ...named.map(keyOfObject)])];
}
