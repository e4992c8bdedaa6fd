/** Small worlds for routers: a Rollout, objects, intents, and plans carried out in memory. */
import assert from "node:assert/strict";
import { applyPatch } from "rfc6902";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type {
  RoutePlan,
  RouterScope,
  SeenRoute,
  SeenTraffic,
} from "../../../sdk/traffic_router.ts";
import type { PluginPorts } from "../../../sdk/ports.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { Write } from "../../../sdk/wire/write.ts";

/** A canary with the Services `shop-stable` and `shop-canary`, unless told otherwise. */
export function rolloutWith(
  trafficRouting: Record<string, unknown>,
  canary: Record<string, unknown> = { stableService: "shop-stable", canaryService: "shop-canary" },
): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "shop", namespace: "default", uid: "u1" },
    spec: { strategy: { canary: { ...canary, trafficRouting } } },
  } as unknown as Rollout;
}

/** What a router is told of its configuration, which stands at this field or plugin name. */
export function scopeOf(rollout: Rollout, name: string): RouterScope {
  const routing = fieldsOf(fieldsOf(rollout.spec.strategy?.canary)["trafficRouting"]);
  const config = fieldsOf(name.includes("/") ? fieldsOf(routing["plugins"])[name] : routing[name]);
  const place = { path: "spec.strategy.canary.trafficRouting", location: [] };
  return { rollout, namespace: "default", config, place };
}

/** Weights of stable and canary that sum to 100. */
export function intentOf(canary: number, more: Partial<TrafficIntent> = {}): TrafficIntent {
  const additional = more.additional ?? [];
  const rest = additional.reduce((sum, { weight }) => sum + weight, canary);
  return {
    maxWeight: 100,
    stable: { service: "shop-stable", podTemplateHash: "old", weight: 100 - rest },
    canary: { service: "shop-canary", podTemplateHash: "new", weight: canary },
    additional,
    managedRoutes: [],
    headerRoutes: [],
    mirrorRoutes: [],
    ...more,
  };
}

const PORTS: PluginPorts = {
  now: () => 0,
  fetch: () => Promise.reject(new Error("there is no network")),
  log: () => {},
};

/** Objects that a router's writes are carried out on. */
export class RoutedWorld {
  readonly #objects = new Map<string, KubeObject>();
  #version = 0;

  constructor(
    readonly router: RegisteredRouter,
    readonly scope: RouterScope,
    objects: readonly KubeObject[],
  ) {
    // As from a server: nothing is held twice.
    for (const object of objects) this.put(JSON.parse(JSON.stringify(object)));
  }

  put(object: KubeObject): void {
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    this.#objects.set(`${object.kind}/${object.metadata.name}`, { ...object, metadata });
  }

  get(name: string): KubeObject | undefined {
    return this.#objects.get(name);
  }

  async #seen(): Promise<SeenTraffic> {
    const objects = [...this.#objects.values()];
    return await this.router.observe!({ scope: this.scope, objects }, PORTS);
  }

  async routes(): Promise<readonly SeenRoute[]> {
    return (await this.#seen()).routes;
  }

  async plan(intent: TrafficIntent): Promise<RoutePlan> {
    return await this.router.plan!({ scope: this.scope, seen: await this.#seen(), intent });
  }

  async release(): Promise<RoutePlan> {
    return await this.router.release!({ scope: this.scope, seen: await this.#seen() });
  }

  /** Makes an intent true; gives the events, and fails when a second plan would write. */
  async make(intent: TrafficIntent): Promise<string[]> {
    const plan = await this.plan(intent);
    assert.ok("writes" in plan, JSON.stringify(plan));
    for (const write of plan.writes) this.carryOut(write);
    const again = await this.plan(intent);
    assert.deepEqual(again, { writes: [] });
    return plan.writes.flatMap(({ events = [] }) =>
      events.map(({ reason, message }) => `${reason}: ${message}`)
    );
  }

  carryOut(write: Write): void {
    const key = `${write.type.kind}/${write.ref.name}`;
    if (write.verb === "create") return this.put(structuredClone(write.object));
    const present = this.#objects.get(key);
    assert.ok(present !== undefined, key);
    if (write.verb === "delete") {
      this.#objects.delete(key);
    } else if (write.verb === "patch") {
      assert.equal(write.decidedOn, present.metadata.resourceVersion);
      const copy = structuredClone(present);
      if (write.patch.type === "merge") merge(copy, write.patch.body as Record<string, unknown>);
      else {
        const failures = applyPatch(copy, write.patch.body as Parameters<typeof applyPatch>[1]);
        assert.deepEqual(failures.filter((failure) => failure !== null), []);
      }
      this.put(copy);
    }
  }
}

function merge(target: Record<string, unknown>, patch: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete target[name];
    else if (typeof value === "object" && !Array.isArray(value)) {
      target[name] ??= {};
      merge(target[name] as Record<string, unknown>, value as Record<string, unknown>);
    } else target[name] = value;
  }
}
