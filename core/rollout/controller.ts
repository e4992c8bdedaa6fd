/** The Rollout controller: which caches it reads, how it observes, and whose changes wake it. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { type FieldError, invalid } from "../../sdk/wire/field_error.ts";
import { placeAt } from "../../sdk/wire/field_place.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import type { Selection } from "../ports/cluster.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import { indexByTemplate } from "../analysis/mod.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../api/names/resources.ts";
import { referencedServices, serviceErrors } from "../api/validation/validate_services.ts";
import {
  type CacheReader,
  type Controller,
  type Inquiry,
  type Key,
  keyOf,
  keyOfObject,
  listedIn,
  type ListQuestion,
  type Need,
  presentObject,
  type Sight,
  type Source,
  type Status,
} from "../engine/mod.ts";
import {
  analysisInquiries,
  analysisNeeds,
  analysisSources,
  draftsOf,
  revisionFacts,
  runFacts,
  templateErrors,
} from "./analysis/analyses.ts";
import { TEMPLATE_USER } from "./analysis/templates.ts";
import { decideAfterFailure } from "./after_failure.ts";
import { decide } from "./decide.ts";
import { Memo, type SpecFacts } from "./memo.ts";
import {
  familyOf,
  hashOf,
  indexSets,
  membersOf,
  normal,
  type ReplicaSet,
  selectorText,
  type SetOwner,
} from "../sets/mod.ts";
import { experimentFacts, experimentNeeds, experimentSources } from "./experiments/experiments.ts";
import { needsPods } from "./pods_needed.ts";
import { promptPart } from "./prompt_part.ts";
import { Routers } from "./routed/routers.ts";
import { indexRollouts, keysOfSet } from "./set_keys.ts";
import { markedKinds, type SteeredKind, steeredServices } from "./steered.ts";
import { replyIn, stepInquiries } from "./step_plugins/calls.ts";
import { stepPluginFacts } from "./step_plugins/facts.ts";
import {
  BY_WORKLOAD,
  keysByWorkload,
  resolve,
  workloadNeeds,
  workloadSources,
  workloadTerms,
} from "./workload.ts";
import type { RolloutWorld, Service } from "./world.ts";

/** The name that its passes are reported under. */
export const ROLLOUT_CONTROLLER = "rollout";
/** Index of Rollouts by the Services that they name (`namespace/service`). */
const BY_SERVICE = "service";
/** The inquiry whether a Rollout is there to stay. */
const CONFIRMATION = "confirmation";
/** The inquiry for the pods of its sets. */
const POD_LIST = "pods";
const LONGEST_NAME = 253;
const LIST_DEADLINE_MS = 10_000;

export class RolloutController implements Controller<RolloutWorld> {
  readonly name = ROLLOUT_CONTROLLER;
  readonly primary = ROLLOUTS;
  readonly sources: readonly Source[];
  /** What Rollouts leave behind when they go: Services, and what routers mark. */
  readonly steeredKinds: readonly SteeredKind[];
  readonly #memo: Memo;
  readonly routers: Routers;
  readonly #steeredServices = steeredServices();

  constructor(memo = new Memo()) {
    this.#memo = memo;
    const marked = markedKinds(memo.plugins);
    this.routers = new Routers(memo.plugins, marked);
    this.steeredKinds = [this.#steeredServices, ...marked];
    this.sources = [
      {
        type: ROLLOUTS,
        prepare: (store) => {
          indexRollouts(store);
          indexByTemplate(store, TEMPLATE_USER);
          store.addIndex(BY_SERVICE, (object) => serviceTerms(object as Rollout));
          store.addIndex(BY_WORKLOAD, (object) => workloadTerms(object as Rollout));
          store.onChange((before, after) => {
            // One event may show the deletion and another Rollout of the same name.
            const isGone = before?.metadata.uid !== after?.metadata.uid;
            if (before === undefined || !isGone) return;
            this.#memo.forget(before);
            if (after === undefined) this.routers.forget(keyOfObject(before));
          });
        },
        wakes: (object) => [keyOfObject(object)],
      },
      {
        type: REPLICA_SETS,
        labelSelector: POD_TEMPLATE_HASH_LABEL,
        prepare: indexSets,
        wakes: (set, caches) => [
          ...keysOfSet(set, caches),
          ...keysByWorkload(REPLICA_SETS, set, caches),
        ],
      },
      {
        type: SERVICES,
        prepare: this.#steeredServices.prepare,
        wakes: (service, caches) => [
          ...caches.of(ROLLOUTS).byIndex(BY_SERVICE, keyOfObject(service)).map(keyOfObject),
          ...this.#steeredServices.managerKeys(service),
        ],
      },
      ...workloadSources(),
      ...analysisSources(),
      ...experimentSources(),
      ...this.routers.sources(),
    ];
  }

  needs(key: Key, caches: CacheReader): readonly Need[] {
    const rollout = rolloutOf(key, caches);
    if (rollout === undefined) return [];
    return [
      ...workloadNeeds(rollout),
      ...analysisNeeds(rollout, caches),
      ...experimentNeeds(rollout),
      ...this.routers.needs(rollout, caches),
    ];
  }

  inquiries(key: Key, caches: CacheReader, nowMs: number): readonly Inquiry[] {
    const written = rolloutOf(key, caches);
    if (written === undefined) return [];
    const { rollout } = resolve(written, caches);
    const { namespace = "", name } = rollout.metadata;
    const { own, orphans } = membersOf(ownerOf(rollout), caches);
    const inquiries: Inquiry[] = [];
    // A Rollout that is being deleted, unknown to the cache, must not adopt sets.
    if (orphans.length > 0) {
      const fieldSelector = `metadata.name=${name}`;
      inquiries.push(inquiryOf(CONFIRMATION, ROLLOUTS, { namespace, fieldSelector }));
    }
    if (needsPods(rollout, { sets: own, nowMs })) {
      const labelSelector = selectorText(rollout.spec.selector);
      inquiries.push(inquiryOf(POD_LIST, PODS, { namespace, labelSelector }));
    }
    inquiries.push(...analysisInquiries(rollout, caches));
    inquiries.push(...this.routers.inquiries(key, rollout, caches));
    inquiries.push(...stepInquiries(rollout, nowMs));
    return inquiries;
  }

  observe(key: Key, { caches, nowMs, answers }: Sight): RolloutWorld | undefined {
    const written = rolloutOf(key, caches);
    if (written === undefined) return undefined;
    const resolved = resolve(written, caches);
    const { workload, error } = resolved;
    const facts = this.#memo.factsOf(resolved);
    const rollout = this.#memo.runnable(resolved.rollout, facts);
    const { namespace, name } = rollout.metadata;
    const templateHash = this.#memo.hashOf(facts, rollout.status?.collisionCount);
    const { own, strays, orphans } = familyOf(ownerOf(rollout), caches);
    const nextSet = this.#findNext(own, { facts, templateHash });
    const setName = `${name}-${templateHash}`;
    const holder = caches.of(REPLICA_SETS).get(namespace, setName);
    const services = this.#servicesOf(key, rollout, caches);
    const isServed = facts.unserved === undefined;
    const { routers, left } = this.routers.sightOf(key, rollout, { caches, answers });
    const revision = nextSet && revisionFacts(nextSet, own);
    const planned = draftsOf(rollout, revision, caches);
    const tried = experimentFacts(rollout, { caches, revision, next: nextSet, sets: own });
    const problem = () =>
      this.#problem(rollout, services, caches) ?? planned.problem ?? tried.problem;
    const unseen = caches.unseen?.([ROLLOUTS, REPLICA_SETS], nowMs) ?? [];
    return {
      nowMs,
      ...(unseen.length === 0 ? {} : { unseen }),
      rollout,
      workload,
      templateHash,
      stepHash: facts.stepHash,
      nextSet,
      replicaSets: own,
      orphans,
      strays,
      isConfirmed:
        listedIn(answers.get(CONFIRMATION))?.some(({ metadata }) =>
          metadata.uid === rollout.metadata.uid && metadata.deletionTimestamp === undefined
        ) ?? false,
      isNameTaken: nextSet === undefined && holder !== undefined,
      services,
      experiment: tried.facts,
      analysis: { ...runFacts(rollout, { caches, answers }), drafts: planned.drafts },
      stepPlugins: stepPluginFacts(this.#memo.plugins, replyIn(rollout, { answers, nowMs })),
      pods: listedIn(answers.get(POD_LIST)),
      routers: isServed ? routers : [],
      left: isServed ? left : [],
      arePodsPending: answers.get(POD_LIST)?.state === "pending",
      leftOut: facts.readable?.leftOut,
      invalid: error ?? facts.invalid ??
        (nextSet === undefined ? nameError(name, setName) : undefined) ??
        (isServed ? problem()?.text : undefined),
      unserved: facts.unserved,
    };
  }

  decide(world: RolloutWorld) {
    return decide(world);
  }

  promptPart(status: Status): unknown {
    return promptPart({ ...status });
  }

  decideAfterFailure(world: RolloutWorld, failure: Parameters<typeof decideAfterFailure>[1]) {
    return decideAfterFailure(world, failure);
  }

  eventsOfDeleted({ metadata: { namespace = "", name } }: KubeObject): EventDraft[] {
    return [normal(EVENT_REASON.rolloutDeleted, EVENT_MESSAGE.rolloutDeleted(name, namespace))];
  }

  /** The Services that the strategy names, and those that it named once. */
  #servicesOf(key: Key, rollout: Rollout, caches: CacheReader): Map<string, Service> {
    const { namespace } = rollout.metadata;
    const named = serviceNames(rollout).map((name) => caches.of(SERVICES).get(namespace, name));
    const steered = this.#steeredServices.steeredBy(key, caches);
    const services = [...named, ...steered].filter((service) => service !== undefined);
    return new Map(services.map((service) => [service.metadata.name, service as Service]));
  }

  /** What is wrong with the objects that a Rollout refers to: first what is not there. */
  #problem(
    rollout: Rollout,
    services: ReadonlyMap<string, Service>,
    caches: CacheReader,
  ): FieldError | undefined {
    const labels = rollout.spec?.template?.metadata?.labels;
    const found = [
      serviceErrors(rollout, { find: (name) => services.get(name), labels }),
      ...templateErrors(rollout, caches),
      ...this.routers.problems(rollout, caches),
    ];
    return found.flatMap(({ missing }) => missing)[0] ?? found.flatMap(({ wrong }) => wrong)[0];
  }

  /**
   * By the label first: the server or a webhook may have changed the stored template, and a set
   * that is not recognised would be created again and again. Then by its template, which finds the
   * sets that Argo created.
   */
  #findNext(
    sets: readonly ReplicaSet[],
    { facts, templateHash }: { facts: SpecFacts; templateHash: string },
  ): ReplicaSet | undefined {
    return sets.find((set) => hashOf(set) === templateHash) ??
      sets.find((set) => this.#memo.templateOf(set) === facts.template);
  }
}

/** A ReplicaSet is named after its Rollout, and a name has a greatest length. */
function nameError(name: string, setName: string): string | undefined {
  const most = LONGEST_NAME - (setName.length - name.length);
  if (name.length <= most) return undefined;
  const detail = `must be no more than ${most} characters: ` +
    "a ReplicaSet's name has the template's hash behind it";
  return invalid(placeAt("metadata.name"), name, { detail }).text;
}

/** Asked anew for every pass that needs it: what it is about changes without a word. */
function inquiryOf(id: string, type: ResourceType, selection: Selection): Inquiry {
  const question: ListQuestion = { kind: "list", type, selection };
  return { id, question, deadlineMs: LIST_DEADLINE_MS, maxAgeMs: 0 };
}

function rolloutOf(key: Key, caches: CacheReader): Rollout | undefined {
  return presentObject<Rollout>(ROLLOUTS, key, caches);
}

function ownerOf(rollout: Rollout): SetOwner {
  return { object: rollout, selector: rollout.spec?.selector };
}

/** Names of the Services that the strategy steers. */
function serviceNames(rollout: Rollout): string[] {
  return referencedServices(rollout).map(({ name }) => name);
}

function serviceTerms(rollout: Rollout): string[] {
  return serviceNames(rollout).map((name) => keyOf(rollout.metadata.namespace, name));
}
