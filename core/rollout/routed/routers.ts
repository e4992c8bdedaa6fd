/**
 * The traffic routers of the Rollouts: which objects they look at, what they are asked, and what a
 * pass is told of them. Which object concerns whom is learned while Rollouts are looked at, so that
 * objects which are only found by looking into others count too.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry, RegisteredRouter } from "../../../sdk/registry.ts";
import type {
  NamedObject,
  ObjectReader,
  ObjectReference,
  ObjectSelection,
  RouterProblems,
} from "../../../sdk/traffic_router.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { ObjectRef } from "../../../sdk/wire/write.ts";
import type { ReferenceErrors } from "../../api/validation/validate_services.ts";
import { selectorMatches } from "../../api/validation/validate_selector.ts";
import { controllerTerms } from "../../api/ownership.ts";
import { type ConfiguredRouter, routingOf } from "../../api/validation/traffic_routers.ts";
import {
  type Answers,
  type CacheReader,
  type Inquiry,
  type Key,
  keyOfObject,
  type Need,
  type Source,
} from "../../engine/mod.ts";
import { Concerned, type Noted, NOTHING_NOTED, termOf } from "./concerned.ts";
import { ownedFields } from "./field_ownership.ts";
import type { SteeredKind } from "../steered.ts";
import type { LeftBehind } from "../world.ts";
import { lastIntent } from "./last_intent.ts";
import {
  observationIn,
  OBSERVE,
  observeId,
  type ObserveQuestion,
  verifiedIn,
  VERIFY,
  verifyId,
} from "./router_answers.ts";
import { NOT_VERIFIED, type Observation, type RouterFacts } from "./router_facts.ts";
import { unreadableObjects } from "../unreadable.ts";
import { Remembered } from "./remembered.ts";
import { isOfKind, kindOf } from "./router_kinds.ts";
import { weightsIn } from "./weights.ts";

const DEADLINE_MS = 10_000;
/** How soon a router that said "not yet" may be asked again. */
const VERIFY_AGE_MS = 9_000;

/** Routers that are configured and can act, in the order in which they are applied. */
type Acting = ConfiguredRouter & {
  readonly objects: readonly KubeObject[];
  /** What it made before, and is asked for no more. */
  readonly outdated: readonly KubeObject[];
};

/** The routers that a Rollout configures. */
interface Configuration {
  /** In the order in which what is wrong with them is told. */
  readonly all: readonly ConfiguredRouter[];
  /** Those that can act, in the order in which they are applied. */
  readonly acting: ConfiguredRouter[];
}

/** A router, and which objects it is about. */
type Meant = ConfiguredRouter & {
  readonly named: readonly NamedObject[];
  readonly selections: readonly ObjectSelection[];
};

/** A router, and what it sees. */
export type Looked = Acting & { readonly observation: Observation };

export class Routers {
  readonly #plugins: PluginRegistry;
  /** What these routers leave a mark on. */
  readonly #marked: readonly SteeredKind[];
  readonly #concerned = new Concerned();
  /** What each Rollout, as it stands, configures: a pass asks several times. */
  readonly #configurations = new WeakMap<Rollout, Configuration>();
  readonly #meant = new Remembered<{ meant: readonly Meant[]; noted: Noted }>();
  readonly #problems = new Remembered<readonly (RouterProblems | undefined)[]>();
  /** The resources of all routers, by group and kind. */
  readonly #types = new Map<string, ResourceType>();

  constructor(plugins: PluginRegistry, marked: readonly SteeredKind[]) {
    this.#plugins = plugins;
    this.#marked = marked;
    for (const type of plugins.trafficRouters.flatMap(({ resources }) => resources)) {
      if (!this.#types.has(kindOf(type))) this.#types.set(kindOf(type), type);
    }
  }

  /** The caches of all routers: none is filled before a Rollout configures one of them. */
  sources(): Source[] {
    const types = new Map<string, ResourceType>();
    for (const { resources } of this.#plugins.trafficRouters.filter(canAct)) {
      for (const type of resources) types.set(idOf(type), type);
    }
    return [...types.values()].map((type) => {
      const kind = this.#marked.find((one) => idOf(one.type) === idOf(type));
      return {
        type,
        isOnDemand: true,
        prepare: (store) => {
          kind?.prepare(store);
          store.addIndex(BY_MAKER, controllerTerms);
        },
        wakes: (object) => [
          ...this.#concerned.keysOf(type, object),
          ...kind?.managerKeys(object) ?? [],
        ],
      };
    });
  }

  /** The caches that a pass over this Rollout reads for its routers, and which objects of them. */
  needs(rollout: Rollout, caches: CacheReader): Need[] {
    const needs = new Map<string, Need>();
    const configured = this.#configured(rollout);
    if (configured.length === 0 && weightsIn(rollout.status ?? {}) !== undefined) {
      // What it was routed by does not stand in the strategy any more.
      for (const { type } of this.#marked) needs.set(idOf(type), { type, refs: [] });
    }
    for (const type of configured.flatMap(({ router }) => router.resources)) {
      if (needs.has(idOf(type))) continue;
      const refsOf = () => this.#refsOf(rollout, type, caches);
      needs.set(idOf(type), {
        type,
        get refs() {
          return refsOf();
        },
      });
    }
    return [...needs.values()];
  }

  /** The objects of a type that a Rollout names for its routers. */
  #refsOf(rollout: Rollout, type: ResourceType, caches: CacheReader): ObjectRef[] {
    const reader = this.#reader(rollout, caches);
    const own = rollout.metadata.namespace;
    return this.#configured(rollout)
      .filter(({ router }) => router.resources.some((each) => idOf(each) === idOf(type)))
      .flatMap(({ router, scope }) => [
        ...router.references(scope, reader),
        ...router.creations?.(scope) ?? [],
      ])
      .filter((named) => kindOf(named.type) === kindOf(type) && named.name !== "")
      .map(({ name, namespace = own }) =>
        type.namespaced && namespace !== undefined ? { namespace, name } : { name }
      );
  }

  /** What has to be known of the routers before a pass. */
  inquiries(
    key: Key,
    rollout: Rollout,
    caches: CacheReader,
    { isVerified = true }: { readonly isVerified?: boolean } = {},
  ): Inquiry[] {
    return this.#acting(key, rollout, caches).flatMap((acting): Inquiry[] => {
      const { router, scope, objects } = acting;
      const observe: ObserveQuestion = { kind: OBSERVE, router: router.name, scope, objects };
      const version = versionOf(acting);
      const seen: Inquiry = {
        id: observeId(router),
        question: observe,
        version,
        deadlineMs: DEADLINE_MS,
        maxAgeMs: Infinity,
      };
      const verifies = isVerified && router.verify !== undefined;
      const intent = verifies ? lastIntent(rollout) : undefined;
      if (intent === undefined) return [seen];
      return [seen, {
        id: verifyId(router),
        question: { kind: VERIFY, router: router.name, scope, objects, intent },
        version: `${version} ${JSON.stringify(intent)}`,
        deadlineMs: DEADLINE_MS,
        maxAgeMs: VERIFY_AGE_MS,
      }];
    });
  }

  /** What a pass is told: of the routers, and of what they steered and is named no more. */
  sightOf(
    key: Key,
    rollout: Rollout,
    { caches, answers }: { caches: CacheReader; answers: Answers },
  ): { routers: RouterFacts[]; left: LeftBehind[] } {
    const acting = this.#acting(key, rollout, caches);
    const reader = this.#reader(rollout, caches);
    const routers = acting.map(({ router, scope, objects, outdated }): RouterFacts => {
      const named = () => router.references(scope, reader);
      const [unreadable] = unreadableObjects(router.resources, named, caches);
      return {
        name: router.name,
        scope,
        owned: ownedFields(router, objects),
        outdated,
        observation: observationIn(answers, router),
        verification: router.verify === undefined ? NOT_VERIFIED : verifiedIn(answers, router),
        ...(unreadable === undefined ? {} : { unreadable: unreadable.detail }),
      };
    });
    const named = new Set(acting.flatMap(({ objects }) => objects.map(uidOf)));
    const left = this.#marked.flatMap((kind) =>
      kind.steeredBy(key, caches)
        .filter((object) => !named.has(uidOf(object)))
        .map((object): LeftBehind => ({
          name: `${kind.type.kind} ${object.metadata.name}`,
          hashes: kind.marks.hashesOf(object),
          release: kind.marks.release(object),
        }))
    );
    return { routers, left };
  }

  /** What the routers see, and the objects that they see it in. */
  look(
    key: Key,
    rollout: Rollout,
    { caches, answers }: { caches: CacheReader; answers: Answers },
  ): Looked[] {
    return this.#acting(key, rollout, caches)
      .map((acting) => ({ ...acting, observation: observationIn(answers, acting.router) }));
  }

  /** The Rollouts that were last found to be routed by this object. */
  concernedWith(object: KubeObject): Key[] {
    const type = [...this.#types.values()].find((one) => isOfKind(object, one));
    return type === undefined ? [] : this.#concerned.keysOf(type, object);
  }

  /** What is wrong with the objects that the routers refer to. */
  problems(rollout: Rollout, caches: CacheReader): ReferenceErrors[] {
    const configured = this.#configurationOf(rollout).all;
    if (configured.length === 0) return [];
    const reader = this.#reader(rollout, caches);
    const all = this.#problems.of(
      rollout,
      reader,
      (objects) => configured.map(({ router, scope }) => router.problems?.(scope, objects)),
    );
    return configured.map(({ router, scope }, index) => {
      const seesAll = router.resources.every((type) => caches.sees?.(type) ?? true);
      const named = seesAll ? [] : router.references(scope, reader);
      const missing = this.#unseen(rollout, named, caches);
      if (missing.length > 0) return { missing, wrong: [] };
      const found = all[index] ?? { missing: [], wrong: [] };
      if (found.missing.length === 0) return found;
      const references = () => router.references(scope, reader);
      const unreadable = unreadableObjects(router.resources, references, caches);
      return unreadable.length === 0 ? found : { missing: unreadable, wrong: [] };
    });
  }

  /** Objects of namespaces that this controller does not watch: that none is found says nothing. */
  #unseen(
    { metadata: { namespace: own } }: Rollout,
    references: readonly ObjectReference[],
    caches: CacheReader,
  ): FieldError[] {
    return references.flatMap((reference) => {
      const { namespace, name } = reference;
      const type = this.#typeOf(reference.type);
      if (type === undefined || namespace === undefined) return [];
      if (caches.sees?.(type, namespace) ?? true) return [];
      const kind = `${type.plural}.${type.group}`;
      const detail = `the controller does not watch namespace "${namespace}" for Rollouts of ` +
        `"${own}": move the ${kind} to "${own}", or start the controller for all namespaces`;
      return [invalid(reference, name, { detail })];
    });
  }

  #typeOf(type: NamedObject["type"]): ResourceType | undefined {
    return this.#types.get(kindOf(type));
  }

  forget(key: Key): void {
    this.#concerned.note(key, NOTHING_NOTED);
  }

  #configured(rollout: Rollout): ConfiguredRouter[] {
    return this.#configurationOf(rollout).acting;
  }

  #configurationOf(rollout: Rollout): Configuration {
    const known = this.#configurations.get(rollout);
    if (known !== undefined) return known;
    const all = routingOf(rollout, this.#plugins)?.routers ?? [];
    const acting = all.length === 0
      ? []
      : this.#plugins.trafficRouters.filter(canAct).flatMap((router) =>
        all.filter((one) => one.router === router)
      );
    const configuration = { all, acting };
    this.#configurations.set(rollout, configuration);
    return configuration;
  }

  #acting(key: Key, rollout: Rollout, caches: CacheReader): Acting[] {
    if (this.#configured(rollout).length === 0) {
      this.#concerned.note(key, NOTHING_NOTED);
      return [];
    }
    const reader = this.#reader(rollout, caches);
    const { meant, noted } = this.#meant.of(
      rollout,
      reader,
      (objects) => this.#findMeant(rollout, objects),
    );
    const acting = meant.map(({ router, scope, named, selections }): Acting => {
      const objects = new Map<string, KubeObject>();
      const found = [
        ...named.map((each) => reader.find(each)),
        ...selections.flatMap((each) => reader.select(each)),
      ];
      for (const object of found) {
        if (object !== undefined) objects.set(object.kind + " " + keyOfObject(object), object);
      }
      const present = [...objects.values()];
      return {
        router,
        scope,
        objects: present,
        outdated: outdatedOf(router, present, rollout, caches),
      };
    });
    this.#concerned.note(key, noted);
    return acting;
  }

  /** What the routers of a Rollout are about: what it names, and what it selects by labels. */
  #findMeant(rollout: Rollout, reader: ObjectReader): { meant: Meant[]; noted: Noted } {
    const { namespace } = rollout.metadata;
    const meant = this.#configured(rollout).map((configured): Meant => {
      const { router, scope } = configured;
      const named = [
        ...router.references(scope, reader),
        ...router.creations?.(scope) ?? [],
      ];
      return { ...configured, named, selections: router.selections?.(scope) ?? [] };
    });
    const noted = {
      named: meant.flatMap(({ named }) => named.map((each) => termOf(each.type, each, namespace))),
      selections: meant.flatMap(({ selections }) =>
        selections.map((each) => namespace === undefined ? each : { namespace, ...each })
      ),
    };
    return { meant, noted };
  }

  #reader({ metadata: { namespace } }: Rollout, caches: CacheReader): ObjectReader {
    return {
      find: (wanted) => {
        const type = this.#typeOf(wanted.type);
        if (type === undefined) return undefined;
        const where = type.namespaced ? wanted.namespace ?? namespace : undefined;
        return caches.of({ type }).get(where, wanted.name);
      },
      select: ({ type: kind, selector, ...selection }) => {
        const type = this.#typeOf(kind);
        if (type === undefined) return [];
        const where = selection.namespace ?? namespace;
        return [...caches.of({ type }).all()]
          .filter(({ metadata }) => !type.namespaced || metadata.namespace === where)
          .filter(({ metadata }) => selectorMatches(selector, metadata.labels ?? {}))
          .sort((one, other) => one.metadata.name < other.metadata.name ? -1 : 1);
      },
    };
  }
}

/** The index of objects by who controls them. */
const BY_MAKER = "maker";

/** What a router that makes objects made for a Rollout, but for what it is asked for now. */
function outdatedOf(
  router: RegisteredRouter,
  present: readonly KubeObject[],
  { metadata: { uid } }: Rollout,
  caches: CacheReader,
): KubeObject[] {
  if (router.creations === undefined || uid === undefined) return [];
  return router.resources.filter(({ access }) => access === "create and delete")
    .flatMap((type) => caches.of({ type }).byIndex(BY_MAKER, uid))
    .filter((object) => !present.some((one) => uidOf(one) === uidOf(object)));
}

function uidOf({ metadata: { uid } }: KubeObject): string | undefined {
  return uid;
}

function canAct(router: RegisteredRouter): boolean {
  return router.observe !== undefined && router.plan !== undefined;
}

function idOf({ group, plural }: ResourceType): string {
  return `${plural}.${group}`;
}

/** The same as long as the router would see the same. */
function versionOf({ scope: { rollout }, objects }: Acting): string {
  const { metadata, status } = rollout;
  const versions = objects.map(({ kind, metadata: { uid, resourceVersion } }) =>
    `${kind} ${uid} ${resourceVersion}`
  );
  return [metadata.generation, status?.canary?.["stablePingPong"], ...versions].join(" ");
}
