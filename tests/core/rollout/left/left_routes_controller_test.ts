/** Whose a routed object is once its Rollout is gone. */
import assert from "node:assert/strict";
import {
  type Answer,
  type CacheName,
  type CacheReader,
  keyOfObject,
} from "../../../../core/engine/mod.ts";
import { Store } from "../../../../core/engine/store.ts";
import { FIELD_MANAGER } from "../../../../core/api/names/names.ts";
import { ROLLOUTS } from "../../../../core/api/names/resources.ts";
import { rolloutControllers } from "../../../../core/rollout/mod.ts";
import { plugins } from "../../../../plugins/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import type { ResourceType } from "../../../../sdk/wire/resource_type.ts";

const NOW_MS = Date.parse("2030-01-01T00:00:00Z");
const [VIRTUAL_SERVICES] = plugins.trafficRouters.find(({ name }) => name === "istio")
  ?.resources as unknown as [ResourceType];
const THEIRS = { manager: "kubectl", operation: "Update", time: "2029-12-31T00:00:00Z" };
const OURS = { manager: FIELD_MANAGER, operation: "Update", time: "2029-12-31T01:00:00Z" };
const LATER = { ...THEIRS, time: "2030-01-01T00:00:00Z" };
const STATUS = { ...LATER, manager: "istiod", subresource: "status" };

function shop(name: string, stable = "live", canary = "next"): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace: "default", uid: name, resourceVersion: "1" },
    spec: {
      strategy: {
        canary: {
          stableService: stable,
          canaryService: canary,
          trafficRouting: { istio: { virtualService: { name: "web" } } },
        },
      },
    },
  } as Rollout;
}

const virtualService = (managedFields: readonly object[], resourceVersion: string): KubeObject => ({
  apiVersion: "networking.istio.io/v1beta1",
  kind: "VirtualService",
  metadata: { name: "web", namespace: "default", uid: "web", resourceVersion, managedFields },
} as KubeObject);

/** What is taken back of Rollout `shop`, before and after somebody writes into its route. */
function taken({ before, after = before, heir }: {
  before: readonly object[];
  after?: readonly object[];
  heir?: Rollout;
}): boolean[] {
  const [rollouts, ...others] = rolloutControllers(plugins);
  const left = others.at(-1);
  assert.ok(rollouts !== undefined && left?.name === "routes");
  const stores = new Map<string, Store>();
  const storeOf = ({ type }: CacheName): Store => {
    const store = stores.get(type.plural) ?? new Store(type);
    stores.set(type.plural, store);
    return store;
  };
  const caches = {
    of: (name: CacheName | ResourceType) => storeOf("type" in name ? name : { type: name }),
  } as unknown as CacheReader;
  for (const { type, prepare } of [...rollouts.sources, ...left.sources]) {
    prepare?.(storeOf({ type }));
  }
  const store = storeOf({ type: ROLLOUTS });
  const rollout = shop("shop");
  const key = keyOfObject(rollout);
  store.mergeRead(rollout);
  store.applyEvent({
    type: "DELETED",
    object: { ...rollout, metadata: { ...rollout.metadata, resourceVersion: "2" } },
  });
  if (heir !== undefined) {
    store.mergeRead(heir);
    rollouts.inquiries?.(keyOfObject(heir), caches, NOW_MS);
  }
  const answered = (value: unknown): Answer => ({ state: "answered", value, askedAtMs: NOW_MS });
  return [before, after].map((managedFields, index) => {
    storeOf({ type: VIRTUAL_SERVICES })
      .mergeRead(virtualService(managedFields, String(index + 1)));
    const answers = new Map([
      ["rollout", answered(null)],
      ["traffic istio", answered({ routes: [], virtualServices: [], destinationRules: [] })],
    ]);
    const world = left.observe(key, { caches, nowMs: NOW_MS, answers });
    assert.ok(world !== undefined);
    return left.decide(world).effects.length > 0;
  });
}

Deno.test("what the controller wrote into last is taken back, until somebody else writes", () => {
  assert.deepEqual(taken({ before: [THEIRS, OURS] }), [true, true]);
  assert.deepEqual(taken({ before: [THEIRS, OURS], after: [LATER, OURS] }), [true, false]);
  assert.deepEqual(taken({ before: [THEIRS, OURS], after: [THEIRS, OURS, STATUS] }), [true, true]);
});

Deno.test("what the controller gave back is not touched any more", () => {
  assert.deepEqual(taken({ before: [THEIRS] }), [false, false]);
});

Deno.test("what another Rollout with the same Services is routed by is its own", () => {
  const before = [THEIRS, OURS];
  assert.deepEqual(taken({ before, heir: shop("heir") }), [false, false]);
  assert.deepEqual(taken({ before, heir: shop("heir", "open", "new") }), [true, true]);
});
