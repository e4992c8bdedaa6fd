/** One Rollout that Istio routes, as its users see it at each moment. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { EVENTS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../../core/api/names/resources.ts";
import type { Cluster, WatchHandle } from "../../core/ports/cluster.ts";
import { follow } from "./follow.ts";
import { REPLICAS, service, VIRTUAL_SERVICES, virtualService } from "./mixed_fleet.ts";
import { until } from "./real_cluster.ts";

export const NAME = "routed-1";
const HASH = "rollouts-pod-template-hash";

/** A moment, as far as the watches have told. */
export class Sight {
  rollout: Rollout | undefined;
  route: KubeObject | undefined;
  readonly sets = new Map<string, KubeObject>();
  readonly services = new Map<string, KubeObject>();

  get phase(): string | undefined {
    const { status, metadata } = this.rollout ?? {};
    const isSeen = status?.observedGeneration === String(metadata?.generation);
    return isSeen ? status?.phase : undefined;
  }

  get step(): number {
    return this.rollout?.status?.currentStepIndex ?? 0;
  }

  get isPaused(): boolean {
    return (this.rollout?.status?.pauseConditions ?? []).length > 0;
  }

  /** The share of the canary Service. */
  get weight(): number {
    const [http] = listOf(fieldsOf(this.route?.spec)["http"]).map(fieldsOf);
    const [, canary] = listOf(http?.["route"]).map(fieldsOf);
    return Number(canary?.["weight"] ?? 0);
  }

  /** Of the set with this image: how many pods it is to have. */
  sizeOf(image: string): number | undefined {
    const set = this.#setOf(image);
    return set && Number(fieldsOf(set["spec"])["replicas"]);
  }

  /** Whether the Service leads to the pods with this image. */
  selects(part: "a" | "b", image: string): boolean {
    const spec = this.services.get(`${NAME}-${part}`)?.["spec"];
    const selected = fieldsOf(fieldsOf(spec)["selector"])[HASH];
    return selected !== undefined && selected === this.#setOf(image)?.metadata.labels?.[HASH];
  }

  isAnnotated(image: string, annotation: string): boolean {
    return this.#setOf(image)?.metadata.annotations?.[annotation] !== undefined;
  }

  #setOf(image: string): KubeObject | undefined {
    return [...this.sets.values()].find((set) => JSON.stringify(set).includes(`"${image}"`));
  }
}

export const OLD = "registry/web:1";
export const NEW = "registry/web:2";

export class RoutedStory implements AsyncDisposable {
  readonly fleet = { names: [NAME], revisions: 1 };
  readonly sight = new Sight();
  /** What was seen of the update, in turn. */
  readonly steps: number[] = [];
  readonly weights: number[] = [];
  readonly #watches: WatchHandle[] = [];
  readonly #waiting = new Set<() => void>();
  /** The hash of the pods before the update. */
  #first: string | undefined;

  constructor(readonly user: Cluster, readonly namespace: string) {}

  /** Creates it, with a controller at work, and waits until it is Healthy. */
  async begin(): Promise<void> {
    const { user, namespace, sight } = this;
    const created = (object: KubeObject) => ({
      ...object,
      metadata: { ...object.metadata, namespace },
    });
    for (const part of ["a", "b"]) {
      await user.create(SERVICES, created(service(NAME, part)));
    }
    await user.create(VIRTUAL_SERVICES, created(virtualService(NAME)));
    await user.create(ROLLOUTS, created(rollout()));
    const watch = async (type: typeof ROLLOUTS, tell: (object: KubeObject) => void) => {
      this.#watches.push(
        await follow(user, type, namespace, (object) => {
          tell(object);
          for (const look of this.#waiting) look();
        }),
      );
    };
    await watch(REPLICA_SETS, (set) => sight.sets.set(set.metadata.name, set));
    await watch(SERVICES, (each) => sight.services.set(each.metadata.name, each));
    await watch(VIRTUAL_SERVICES, (route) => {
      sight.route = route;
      if (this.weights.at(-1) !== sight.weight) this.weights.push(sight.weight);
    });
    await watch(ROLLOUTS, (object) => {
      sight.rollout = object as Rollout;
      const { currentStepIndex, currentPodHash, stableRS } = sight.rollout.status ?? {};
      this.#first ??= stableRS || undefined;
      const isUpdate = this.#first !== undefined && currentPodHash !== this.#first;
      if (!isUpdate || typeof currentStepIndex !== "number") return;
      if (this.steps.at(-1) !== currentStepIndex) this.steps.push(currentStepIndex);
    });
    await this.when("it is Healthy", ({ phase }) => phase === "Healthy");
  }

  /** Resolves at the very change that makes it so. */
  async when(what: string, isSo: (sight: Sight) => boolean, withinMs = 60_000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => isSo(this.sight) && resolve();
    const timer = setTimeout(() => {
      const { status } = this.sight.rollout ?? {};
      reject(new Error(`It is not so that ${what}: ${JSON.stringify(status)}`));
    }, withinMs);
    this.#waiting.add(look);
    try {
      look();
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  async update(): Promise<void> {
    this.fleet.revisions = 2;
    await this.change({ template: { spec: { containers: [{ name: "web", image: NEW }] } } });
  }

  async change(spec: unknown): Promise<void> {
    const ref = { namespace: this.namespace, name: NAME };
    await this.user.patch(ROLLOUTS, ref, { type: "merge", body: { spec } });
  }

  /** At its end, in which the old pods are gone. */
  async untilUpdated(): Promise<void> {
    await this.when(
      "it is updated",
      (now) => now.phase === "Healthy" && now.sizeOf(NEW) === REPLICAS && now.sizeOf(OLD) === 0,
      120_000,
    );
  }

  /** Aborted to its end: the old pods have all of it again, the new ones are gone. */
  async untilBack(): Promise<void> {
    await this.when(
      "it is back where it was",
      (now) =>
        now.phase === "Degraded" && now.weight === 0 && now.sizeOf(NEW) === 0 &&
        now.sizeOf(OLD) === REPLICAS && now.selects("a", OLD),
      120_000,
    );
  }

  /** How often each of its events came: `reason: message` → times. */
  async events(): Promise<Map<string, number>> {
    const { items } = await this.user.list(EVENTS, { namespace: this.namespace });
    const counts = new Map<string, number>();
    for (const { involvedObject, reason, message, count } of items as KubeObject[]) {
      if (fieldsOf(involvedObject)["kind"] !== "Rollout") continue;
      const text = `${reason}: ${message}`;
      counts.set(text, (counts.get(text) ?? 0) + Number(count ?? 1));
    }
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) watch.stop();
    const ref = { namespace: this.namespace, name: NAME };
    await this.user.delete(ROLLOUTS, ref);
    const isGone = async () =>
      (await this.user.list(ROLLOUTS, { namespace: this.namespace })).items.length === 0;
    await until("it to be gone", isGone);
  }
}

/** It stops at a quarter until somebody says more. */
function rollout(): Rollout {
  const labels = { app: NAME };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: NAME },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: OLD }] },
      },
      strategy: {
        canary: {
          stableService: `${NAME}-a`,
          canaryService: `${NAME}-b`,
          scaleDownDelaySeconds: 2,
          abortScaleDownDelaySeconds: 2,
          trafficRouting: { istio: { virtualService: { name: NAME, routes: ["primary"] } } },
          steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: 1 } }],
        },
      },
    },
  };
}
