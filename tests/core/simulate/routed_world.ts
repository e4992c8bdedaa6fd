/** A routed canary on the embedded cluster, under a user's hands, with all that is written. */
import assert from "node:assert/strict";
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import type { WriteReport } from "../../../core/cluster/embedded/mod.ts";
import type { RecordedEvent } from "../../../core/engine/mod.ts";
import {
  loadRouters,
  routedDefinition,
  routedTypeOf,
  routedTypes,
} from "../../../core/simulate/routed_kinds.ts";
import { CONTROLLER, createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";
import { shownPhase } from "../../../core/view/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { Cluster } from "../../../core/ports/mod.ts";
import { type ResourceType } from "../../../sdk/wire/resource_type.ts";
import { objectsOf, service } from "./shop.ts";

/** The Rollout, its Services, and nothing that is routed. */
export function routedShop(
  routing: string,
  { steps = "[{setWeight: 50}, {pause: {}}]", fields = "" } = {},
): string {
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  strategy:
    canary:
      stableService: shop-stable
      canaryService: shop-canary
      trafficRouting: ${routing}
      steps: ${steps}
      ${fields}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
${service("shop-stable")}
${service("shop-canary")}`;
}

export class RoutedWorld {
  readonly shop = { namespace: "default", name: "shop" };
  readonly user: Cluster;
  readonly events: RecordedEvent[] = [];
  /** What the controller wrote, events aside. */
  readonly writes: WriteReport[] = [];
  readonly #world = createWorld(1, { plugins });

  constructor() {
    const { cluster, recorder } = this.#world;
    this.user = cluster.client("user");
    recorder.onRecord((event) => this.events.push(event));
    cluster.onWrite((write) => {
      if (write.userAgent === CONTROLLER && write.type.plural !== "events") this.writes.push(write);
    });
  }

  /** Starts the controller on these manifests, and lets it come to rest. */
  async start(manifests: string): Promise<void> {
    await this.put(manifests);
    this.#world.engine.start();
    await this.pass(10);
  }

  /** Creates objects, or writes them anew. */
  async put(manifests: string): Promise<void> {
    const objects = objectsOf(manifests);
    await loadRouters(objects, plugins);
    for (const object of objects) {
      const type = typeOf(object);
      const metadata = { ...object.metadata, namespace: "default" };
      const present = this.objects(type).find((one) => one.metadata.name === metadata.name);
      if (present === undefined) await this.user.create(type, { ...object, metadata });
      else {await this.user.update(type, {
          ...object,
          metadata: { ...present.metadata, ...metadata },
        });}
    }
  }

  async remove(manifests: string): Promise<void> {
    for (const object of objectsOf(manifests)) {
      await this.user.delete(typeOf(object), { ...this.shop, name: object.metadata.name });
    }
  }

  /** As if the kind had never been installed. */
  async uninstall(kind: string): Promise<void> {
    const { plural, group } = kindOf(kind);
    await this.user.delete(CUSTOM_RESOURCE_DEFINITIONS, { name: `${plural}.${group}` });
    await this.pass(0);
  }

  async install(kind: string): Promise<void> {
    await this.user.create(CUSTOM_RESOURCE_DEFINITIONS, routedDefinition(kindOf(kind)));
    await this.pass(0);
  }

  /** Lets time pass. */
  async pass(seconds: number): Promise<void> {
    const { clock } = this.#world;
    const endMs = clock.now() + seconds * 1000;
    for (;;) {
      await settleInstant(this.#world);
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
    await settleInstant(this.#world);
  }

  objects(type: ResourceType): readonly KubeObject[] {
    return this.#world.cluster.objects(type);
  }

  get rollout(): Rollout {
    const [rollout] = this.objects(ROLLOUTS);
    assert.ok(rollout !== undefined);
    return rollout as Rollout;
  }

  get phase(): string {
    return shownPhase(this.rollout).phase;
  }

  /** The canary's weight, as the status tells it. */
  get weight(): number | undefined {
    const { weights } = (this.rollout.status?.canary ?? {}) as {
      weights?: { canary: { weight: number } };
    };
    return weights?.canary.weight;
  }

  /** Everything that people are told: the message of the status, and warnings. */
  get told(): string[] {
    const warnings = this.events.filter(({ type }) => type === "Warning");
    return [this.rollout.status?.message ?? "", ...warnings.map(({ message }) => message)];
  }

  /** What was written but the Rollout itself: `patch virtualservices/shop`. */
  get written(): string[] {
    return this.writes.filter(({ type }) => type.plural !== ROLLOUTS.plural)
      .map(({ verb, type, name }) => `${verb} ${type.plural}/${name}`);
  }
}

function kindOf(kind: string): ResourceType {
  const type = routedTypes(plugins).find((one) => one.kind === kind);
  assert.ok(type !== undefined, kind);
  return type;
}

function typeOf(object: KubeObject): ResourceType {
  if (object.kind === "Rollout") return ROLLOUTS;
  if (object.kind === "Service") return SERVICES;
  const type = routedTypeOf(object, plugins);
  assert.ok(type !== undefined, object.kind);
  return type;
}
