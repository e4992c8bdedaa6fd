import assert from "node:assert/strict";
import { PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { Memo } from "../../../core/rollout/memo.ts";
import { controllerOver, replicaSet, rollout, SERVED, service } from "./controller_world.ts";

Deno.test("observe() finds the set of the template by what its pods are, whatever its hash", () => {
  const foreign = replicaSet({ name: "web-5bd695c454", hash: "5bd695c454", image: "web:1" });
  const other = replicaSet({ name: "web-77f87799cf", hash: "77f87799cf", image: "web:2" });
  const { observe } = controllerOver([rollout("web:1"), other, foreign, ...SERVED]);
  const world = observe();
  assert.equal(world?.nextSet, foreign);
  assert.deepEqual(world?.replicaSets.map(({ metadata }) => metadata.name).sort(), [
    "web-5bd695c454",
    "web-77f87799cf",
  ]);
  assert.equal(world?.invalid, undefined);
});

Deno.test("observe() knows its own set again though the server stored another template", () => {
  const hash = controllerOver([rollout("web:1"), ...SERVED]).observe()?.templateHash ?? "";
  const altered = replicaSet({ name: `web-${hash}`, hash, image: "mirror/web:1" });
  const world = controllerOver([rollout("web:1"), altered, ...SERVED]).observe();
  assert.equal(world?.nextSet, altered);
  assert.equal(world?.isNameTaken, false);
});

Deno.test("observe() sees sets of others as taking a name, not as its own", () => {
  const hash = controllerOver([rollout("web:1"), ...SERVED]).observe()?.templateHash ?? "";
  const others = replicaSet({ name: `web-${hash}`, hash, image: "web:1", owner: "another" });
  const world = controllerOver([rollout("web:1"), others, ...SERVED]).observe();
  assert.deepEqual(world?.replicaSets, []);
  assert.equal(world?.isNameTaken, true);
});

Deno.test("observe() notices a new template, and an edited template of a set", () => {
  const set = replicaSet({ name: "web-a", hash: "a", image: "web:1" });
  const { observe, caches } = controllerOver([rollout("web:1"), set, ...SERVED]);
  assert.equal(observe()?.nextSet, set);
  const edited = replicaSet({ name: "web-a", hash: "a", image: "web:2" });
  caches.of(REPLICA_SETS).merge({
    ...edited,
    metadata: { ...edited.metadata, resourceVersion: "6" },
  });
  assert.equal(observe()?.nextSet, undefined);
  caches.of(ROLLOUTS).merge(rollout("web:2", 2));
  assert.equal(observe()?.nextSet?.metadata.name, "web-a");
});

Deno.test("observe() names a Service that is missing, stable first", () => {
  const world = controllerOver([rollout("web:1")]).observe();
  assert.match(world?.invalid ?? "", /stableService: Invalid value: "web-stable": .*not found/);
});

Deno.test("observe() knows nothing of a Rollout that is gone, or going", () => {
  assert.equal(controllerOver([]).observe(), undefined);
  const going = rollout("web:1");
  going.metadata.deletionTimestamp = "2030-01-01T00:00:00Z";
  assert.equal(controllerOver([going]).observe(), undefined);
});

Deno.test("a set wakes its Rollout, a Service those that name it, and nobody else", () => {
  const set = replicaSet({ name: "web-a", hash: "a", image: "web:1" });
  const { wakes } = controllerOver([rollout("web:1"), set, ...SERVED]);
  assert.deepEqual(wakes(set), ["shop/web"]);
  assert.deepEqual(wakes(service("web-stable")), ["shop/web"]);
  assert.deepEqual(wakes(service("elsewhere")), []);
  assert.deepEqual(wakes(rollout("web:1")), ["shop/web"]);
});

Deno.test("inquiries() for the pods of the Rollout's selector, in its namespace, when they matter", () => {
  const restartAt = "2026-03-01T12:00:00Z";
  const due = Date.parse(restartAt);
  const present = rollout("web:1");
  const restarted = { ...present, spec: { ...present["spec"] as object, restartAt } };
  const { asks } = controllerOver([restarted, ...SERVED]);
  assert.deepEqual(asks(due), {
    pods: {
      kind: "list",
      type: PODS,
      selection: { namespace: "shop", labelSelector: "app=web" },
    },
  });
  assert.deepEqual(asks(due - 1), {});
  assert.deepEqual(controllerOver([]).asks(due), {});
});

Deno.test("nothing is remembered of a Rollout that is gone, also when another has its name", () => {
  const memo = new Memo();
  const { observe, caches } = controllerOver([rollout("web:1"), ...SERVED], memo);
  const another = (uid: string, version: number) => {
    const { metadata, ...rest } = rollout("web:2", version);
    return { ...rest, metadata: { ...metadata, uid } };
  };
  observe();
  assert.equal(memo.size, 1);
  caches.of(ROLLOUTS).merge(another("second", 2));
  observe();
  assert.equal(memo.size, 1);
  caches.of(ROLLOUTS).mergeDeletion(another("second", 2));
  observe();
  assert.equal(memo.size, 0);
});

Deno.test("observe() knows a set again by its template, whatever its update put into it", () => {
  const present = replicaSet({ name: "web-a", hash: "a", image: "web:1" });
  const { observe, caches } = controllerOver([rollout("web:1"), present, ...SERVED]);
  const set = observe()?.nextSet;
  assert.ok(set);
  const note = JSON.stringify({ labels: { role: "canary" } });
  const { metadata, spec } = set;
  const injected = {
    ...set,
    metadata: { ...metadata, resourceVersion: "50" },
    spec: {
      ...spec,
      template: {
        ...spec.template,
        metadata: {
          ...spec.template.metadata,
          labels: { ...spec.template.metadata?.labels, role: "canary" },
        },
      },
    },
  };
  caches.of(REPLICA_SETS).merge(injected);
  assert.equal(observe()?.nextSet, undefined, "a label that nobody accounts for");
  const annotations = { ...metadata.annotations, "rollout.argoproj.io/ephemeral-metadata": note };
  caches.of(REPLICA_SETS).merge({
    ...injected,
    metadata: { ...metadata, resourceVersion: "51", annotations },
  });
  assert.equal(observe()?.nextSet?.metadata.name, set.metadata.name);
});

Deno.test("observe() knows when sets could not be followed, and asks for nothing else", () => {
  const { observe, unseen } = controllerOver([rollout("web:1"), ...SERVED]);
  const time = { fromMs: 1_000, toMs: 60_000 };
  unseen.push({ type: SERVICES, time });
  assert.equal(observe()?.unseen, undefined);
  unseen.push({ type: REPLICA_SETS, time });
  assert.deepEqual(observe()?.unseen, [time]);
});
