/** One router at work on one store: what the laws are made of. */
import type { KubeObject } from "../api/object.ts";
import type { Rollout } from "../api/rollout.ts";
import { NO_ANSWER } from "./no_answer.ts";
import type { Destination, TrafficIntent } from "../traffic_intent.ts";
import type {
  NamedObject,
  ObjectReader,
  ObjectReference,
  RoutePlan,
  RouterScope,
  SeenTraffic,
} from "../traffic_router.ts";
import type { Write } from "../wire/write.ts";
import { intentOf } from "./intents.ts";
import { keyOf, keyOfObject, MemoryStore, type ObjectStore, readerOf } from "./memory_store.ts";
import {
  CANARY_SERVICE,
  MANAGED_ROUTES,
  NAMESPACE,
  type RouterSubject,
  STABLE_SERVICE,
} from "./router_subject.ts";

const AT_REST = intentOf({ weight: 0, isPromoted: true });

/** A router's work, step by step. */
export class Trial<Config, Seen extends SeenTraffic> {
  readonly subject: RouterSubject<Config, Seen>;
  readonly store: ObjectStore;
  #scope: RouterScope<Config>;
  #planned: { readonly writes: readonly Write[]; readonly intent: TrafficIntent } | undefined;

  constructor(subject: RouterSubject<Config, Seen>) {
    this.subject = subject;
    this.store = subject.store?.() ?? new MemoryStore();
    this.#scope = frozen(scopeOf(subject));
  }

  /** The Rollout's status says what was last made true, as in a cluster. */
  get scope(): RouterScope<Config> {
    return this.#scope;
  }

  /** Starts again with the objects of the subject, and a Rollout that has no status. */
  async reset(): Promise<void> {
    this.#scope = frozen(scopeOf(this.subject));
    await this.store.reset(this.subject.objects);
  }

  /** All that there is now; the function brings it back. */
  async snapshot(): Promise<() => Promise<void>> {
    const [scope, objects] = [this.#scope, await this.objects()];
    return async () => {
      this.#scope = scope;
      await this.replace(objects);
    };
  }

  /** Other objects are there, as if somebody else had written them. */
  async replace(objects: readonly KubeObject[]): Promise<void> {
    await this.store.reset(objects);
  }

  objects(): Promise<readonly KubeObject[]> {
    return this.store.list();
  }

  /** What is handed to `observe`: the objects that the router says it looks at. */
  async known(): Promise<readonly KubeObject[]> {
    const { router } = this.subject;
    const all = await this.objects();
    const reader = readerOf(all, NAMESPACE);
    const found = [
      ...this.#named(reader).map((named) => reader.find(named)),
      ...(router.selections?.(this.scope) ?? []).flatMap((selection) => reader.select(selection)),
    ];
    const keys = new Set(
      found.flatMap((object) => object === undefined ? [] : keyOfObject(object)),
    );
    return all.filter((object) => keys.has(keyOfObject(object)));
  }

  /** Keys of the objects that the router says it looks at, there or not. */
  async knownKeys(): Promise<ReadonlySet<string>> {
    const reader = readerOf(await this.objects(), NAMESPACE);
    const keys = this.#named(reader).map((named) => this.keyOf(named));
    return new Set([...keys, ...(await this.known()).map(keyOfObject)]);
  }

  #named(reader: ObjectReader): readonly NamedObject[] {
    const { router } = this.subject;
    return [...router.references(this.scope, reader), ...router.creations?.(this.scope) ?? []];
  }

  keyOf(named: NamedObject): string {
    return keyOf({ namespace: NAMESPACE, ...named });
  }

  references(objects: readonly KubeObject[]): readonly ObjectReference[] {
    return this.subject.router.references(this.scope, readerOf(objects, NAMESPACE));
  }

  async observe(): Promise<Seen> {
    const call = frozen({ scope: this.scope, objects: await this.known() });
    return frozen(await this.subject.router.observe(call, this.subject.ports ?? NO_ANSWER));
  }

  /** The writes of a plan. @throws {Broken} when the router says that there can be none */
  async plan(intent: TrafficIntent): Promise<readonly Write[]> {
    const writes = writesOf(await this.planned(intent));
    this.#planned = { writes, intent };
    return writes;
  }

  async planned(intent: TrafficIntent): Promise<RoutePlan> {
    const call = frozen({ scope: this.scope, seen: await this.observe(), intent });
    return frozen(await this.subject.router.plan(call));
  }

  /** The writes that leave nothing of the router. */
  async release(): Promise<readonly Write[]> {
    const { router } = this.subject;
    const call = frozen({ scope: this.scope, seen: await this.observe() });
    const plan = router.release?.(call) ?? router.plan({ ...call, intent: AT_REST });
    return writesOf(frozen(await plan));
  }

  /** Carries out writes and looks at the world after each. */
  async carryOut(writes: readonly Write[], look?: () => Promise<void>): Promise<void> {
    for (const [index, write] of writes.entries()) {
      try {
        await this.store.write(write);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Broken(`write ${index + 1} of ${writes.length} is refused: ${reason}`);
      }
      await look?.();
    }
    if (writes === this.#planned?.writes) this.#report(this.#planned.intent);
  }

  /** Weights are reported once every write is carried out. */
  #report({ stable, canary, additional }: TrafficIntent): void {
    const weightOf = ({ service, podTemplateHash, weight }: Destination) => ({
      serviceName: service,
      podTemplateHash,
      weight,
    });
    const weights = {
      stable: weightOf(stable),
      canary: weightOf(canary),
      additional: additional.map(weightOf),
    };
    const rollout: Rollout = { ...this.#scope.rollout, status: { canary: { weights } } };
    this.#scope = frozen({ ...this.#scope, rollout });
  }

  /** Makes an intent true. */
  async make(intent: TrafficIntent): Promise<void> {
    await this.carryOut(await this.plan(intent));
  }

  /** What is the objects' own, without what an API server counts. */
  async text(): Promise<string> {
    const plain = (await this.objects()).map(({ metadata, ...object }) => {
      const { uid: _uid, resourceVersion: _version, generation: _generation, ...rest } = metadata;
      const { managedFields: _fields, ...own } = rest;
      return { ...object, metadata: own };
    });
    return JSON.stringify(plain);
  }

  async foreignText(): Promise<string> {
    return JSON.stringify(this.subject.foreign(await this.objects()));
  }
}

/** A law does not hold; the message says where. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** @throws {Broken} with the message unless the condition holds */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Broken(message);
}

function writesOf(plan: RoutePlan): readonly Write[] {
  if ("writes" in plan) return plan.writes;
  throw new Broken(`there is no plan: ${plan.problem.message}`);
}

function scopeOf<Config>({ router, config, canary }: RouterSubject<Config>): RouterScope<Config> {
  const isPlugin = router.name.includes("/");
  const location = ["spec", "strategy", "canary", "trafficRouting"];
  location.push(...isPlugin ? ["plugins", router.name] : [router.name]);
  const configured = { [router.name]: config };
  const rollout: Rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: NAMESPACE, uid: "uid-of-web" },
    spec: {
      replicas: 10,
      strategy: {
        canary: {
          stableService: STABLE_SERVICE,
          canaryService: CANARY_SERVICE,
          trafficRouting: {
            ...(isPlugin ? { plugins: configured } : configured),
            managedRoutes: MANAGED_ROUTES.map((name) => ({ name })),
          },
          ...canary,
        },
      },
    },
  };
  return { rollout, namespace: NAMESPACE, config, place: { path: location.join("."), location } };
}

/** The value, which nobody can change any more. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
