import assert from "node:assert/strict";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { type Applied, applyEffects, type ApplyPorts } from "../../../core/engine/apply.ts";
import { Caches } from "../../../core/engine/caches.ts";
import { Damping } from "../../../core/engine/damping.ts";
import type { Effect, Write } from "../../../core/engine/mod.ts";
import { OwnWrites } from "../../../core/engine/own_writes.ts";
import { Reflector } from "../../../core/engine/reflector.ts";
import { Store } from "../../../core/engine/store.ts";
import { lookAgain } from "../../../core/engine/write.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { gear, GEARS, mill, MILLS, refTo } from "./objects.ts";
import { RecordingLog } from "./recording_log.ts";
import { refusal, ScriptedCluster } from "./scripted_cluster.ts";
import { turns } from "./virtual_time.ts";

const KEY = "default/m";
const NOTHING: Applied = {
  done: [],
  writes: 0,
  events: [],
  withoutEffect: 0,
  forbidden: [],
  routes: [],
};

/** Ports whose cache of gears is synced; mills are not cached. */
async function newPorts(...gears: string[]) {
  const clock = new VirtualClock(1_000_000);
  const cluster = new ScriptedCluster();
  const log = new RecordingLog();
  const caches = new Caches();
  const store = new Store(GEARS);
  const reflector = new Reflector({ cluster, clock, log, store, selection: {} });
  caches.add(reflector);
  for (const name of gears) cluster.put(GEARS, gear(name, { spec: { teeth: 8 } }));
  reflector.start();
  await turns();
  const ownWrites = new OwnWrites((type) => caches.reflectorOf(type));
  const damping = new Damping(clock);
  const writePorts = { cluster, caches, ownWrites, damping, clock, log };
  const ports: ApplyPorts = { ...writePorts, registry: {} };
  return { cluster, log, store, ports };
}

function create(name: string): Write {
  return { kind: "write", verb: "create", type: GEARS, ref: refTo(name), object: gear(name) };
}

function patch(name: string, body: unknown, type = GEARS): Write {
  return { kind: "write", verb: "patch", type, ref: refTo(name), patch: { type: "merge", body } };
}

function remove({ metadata: { name, uid = "", resourceVersion = "" } }: KubeObject): Write {
  return { kind: "write", verb: "delete", type: GEARS, ref: refTo(name), uid, resourceVersion };
}

function cached(store: Store, name: string): KubeObject {
  const object = store.get("default", name);
  assert.ok(object);
  return object;
}

Deno.test("effects come true in order, and their answers are in the cache", async () => {
  const { cluster, store, ports } = await newPorts("a", "b");
  const effects = [create("c"), patch("a", { spec: { teeth: 9 } }), remove(cached(store, "b"))];
  const applied = await applyEffects(KEY, effects, ports);
  assert.deepEqual(applied, {
    ...NOTHING,
    done: effects,
    events: effects.flatMap(({ events = [] }) => events),
    writes: 3,
  });
  assert.deepEqual(cluster.writes(), ["create gears c", "patch gears a", "delete gears b"]);
  assert.deepEqual(cached(store, "a")["spec"], { teeth: 9 });
  assert.ok(store.get("default", "c"));
  assert.equal(store.get("default", "b"), undefined);
});

Deno.test("a patch is sent with the version that it was decided on, in the form of its type", async () => {
  const { cluster, ports } = await newPorts("a");
  const bodies = async (type: "merge" | "json" | "strategic", body: unknown) => {
    const effect = { ...patch("a", body), patch: { type, body }, decidedOn: "7" } as Effect;
    await applyEffects(KEY, [effect], ports);
    return cluster.calls.filter(({ verb }) => verb === "patch").at(-1)?.body;
  };
  const labelled = { metadata: { labels: { a: "b" } }, spec: { teeth: 9 } };
  const guarded = { metadata: { resourceVersion: "7", labels: { a: "b" } }, spec: { teeth: 9 } };
  assert.deepEqual(await bodies("merge", labelled), guarded);
  assert.deepEqual(await bodies("strategic", labelled), guarded);
  const weight = { op: "replace", path: "/spec/teeth", value: 9 };
  assert.deepEqual(await bodies("json", [weight]), [
    { op: "replace", path: "/metadata/resourceVersion", value: "7" },
    weight,
  ]);
});

Deno.test("a deletion carries the uid and the version that it was decided on", async () => {
  const { cluster, store, ports } = await newPorts("a");
  const { uid, resourceVersion } = cached(store, "a").metadata;
  await applyEffects(KEY, [remove(cached(store, "a"))], ports);
  assert.deepEqual(cluster.calls.at(-1)?.body, { uid, resourceVersion });
});

Deno.test("an object that lives on after its deletion stays in the cache as answered", async () => {
  const { cluster, store, ports } = await newPorts("a");
  const dying = gear("a", {
    uid: cached(store, "a").metadata.uid ?? "",
    version: 200,
    metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" },
  });
  cluster.delete = () => Promise.resolve(dying);
  await applyEffects(KEY, [remove(cached(store, "a"))], ports);
  assert.equal(cached(store, "a").metadata.deletionTimestamp, "2030-01-01T00:00:00Z");
});

Deno.test("what comes after a failed effect is not tried", async () => {
  const { cluster, ports } = await newPorts("a");
  const error = refusal(403, "Forbidden", "exceeded quota");
  cluster.refuse("create", GEARS, { error });
  const effects = [patch("a", { spec: { teeth: 9 } }), create("b"), create("c")];
  const applied = await applyEffects(KEY, effects, ports);
  assert.deepEqual(applied, {
    ...NOTHING,
    done: [effects[0]],
    events: effects[0]?.events ?? [],
    writes: 1,
    failure: { effect: effects[1], error },
  });
  assert.deepEqual(cluster.writes(), ["patch gears a", "create gears b"]);
});

Deno.test("a write without effect is logged with what it was; nothing builds on it", async () => {
  const { cluster, log, ports } = await newPorts("a", "b");
  cluster.ignore(GEARS, 1);
  const effects = [patch("a", { spec: { teeth: 9 } }), patch("b", { spec: { teeth: 9 } })];
  const applied = await applyEffects(KEY, effects, ports);
  assert.deepEqual(applied.done, []);
  assert.equal(applied.withoutEffect, 1);
  assert.equal(applied.failure?.effect, effects[0]);
  assert.deepEqual(cluster.writes(), ["patch gears a"]);
  assert.deepEqual(log.at("warn").map(({ fields }) => fields), [
    { resource: "gears", object: "default/a", patch: '{"spec":{"teeth":9}}' },
  ]);
});

Deno.test("a write that others had made true meanwhile is not one without effect", async () => {
  const { cluster, store, ports } = await newPorts("a", "b");
  const held = cluster.hold("patch", GEARS);
  const effects: Effect[] = [
    patch("b", { spec: { teeth: 9 } }),
    patch("a", { spec: { teeth: 9 } }),
  ];
  const applying = applyEffects(KEY, effects, ports);
  await turns();
  cluster.put(GEARS, gear("a", { spec: { teeth: 9 } }));
  cluster.watchOf(GEARS).tell();
  held.release();
  const applied = await applying;
  assert.equal(applied.failure, undefined);
  assert.deepEqual(applied.done, effects);
  assert.deepEqual(cached(store, "a")["spec"], { teeth: 9 });
});

Deno.test("of two patches of an object, the second is compared with that answer", async () => {
  const { cluster, ports } = await newPorts("a");
  const effects = [patch("a", { spec: { teeth: 9 } }), patch("a", { spec: { teeth: 9 } })];
  const applied = await applyEffects(KEY, effects, ports);
  assert.deepEqual(applied.done, [effects[0]]);
  assert.equal(applied.withoutEffect, 1);
  assert.equal(cluster.writes().length, 2);
});

Deno.test("of what is not cached, the version decided on shows that a write had no effect", async () => {
  const { cluster, ports } = await newPorts();
  const decidedOn = cluster.put(MILLS, mill("m", { spec: { wheels: 1 } })).metadata.resourceVersion;
  const pinned = { ...patch("m", { spec: { wheels: 1 } }, MILLS), decidedOn } as Effect;
  assert.equal((await applyEffects(KEY, [pinned], ports)).withoutEffect, 1);
  const free = patch("m", { spec: { wheels: 2 } }, MILLS);
  assert.equal((await applyEffects(KEY, [free], ports)).withoutEffect, 0);
});

Deno.test("after a conflict, the object is read again", async () => {
  const { cluster, store, ports } = await newPorts("a");
  const body = {
    metadata: { resourceVersion: cached(store, "a").metadata.resourceVersion },
    spec: { teeth: 9 },
  };
  cluster.put(GEARS, gear("a", { spec: { teeth: 10 } }));
  const applied = await applyEffects(KEY, [patch("a", body)], ports);
  assert.equal((applied.failure?.error as { reason?: string }).reason, "Conflict");
  assert.deepEqual(cached(store, "a")["spec"], { teeth: 10 });
});

Deno.test("after AlreadyExists, the object that is there is in the cache", async () => {
  const { cluster, store, ports } = await newPorts();
  cluster.put(GEARS, gear("a", { spec: { teeth: 11 } }));
  // The watch does not select it: it tells of later things, and not of this.
  cluster.watchOf(GEARS).bookmark(cluster.version + 10);
  await applyEffects(KEY, [create("a")], ports);
  assert.deepEqual(cached(store, "a")["spec"], { teeth: 11 });
});

Deno.test("after NotFound, the object is gone from the cache and does not come back", async () => {
  const { cluster, store, ports } = await newPorts("a");
  const before = cached(store, "a");
  cluster.remove(GEARS, refTo("a"));
  await applyEffects(KEY, [patch("a", { spec: { teeth: 9 } })], ports);
  assert.equal(store.size, 0);
  store.applyEvent({ type: "MODIFIED", object: { ...before, metadata: { ...before.metadata } } });
  assert.equal(store.size, 0);
});

Deno.test("an unanswered write is a failure, and nothing is read again", async () => {
  const { cluster, ports } = await newPorts();
  cluster.loseAnswer("create", GEARS);
  const applied = await applyEffects(KEY, [create("a")], ports);
  assert.ok(applied.failure?.error instanceof UnreachableError);
  assert.deepEqual(cluster.said("get"), []);
});

Deno.test("a read that finds nothing does not end what came by that name meanwhile", async () => {
  const { cluster, store, ports } = await newPorts("a");
  cluster.remove(GEARS, refTo("a"));
  const held = cluster.hold("get", GEARS);
  const looking = lookAgain(GEARS, refTo("a"), ports);
  await turns();
  cluster.put(GEARS, gear("a", { uid: "second" }));
  cluster.watchOf(GEARS).tell();
  held.release();
  assert.equal(await looking, true);
  assert.equal(cached(store, "a").metadata.uid, "second");
});

Deno.test("a read does not bring back what a list showed to be gone meanwhile", async () => {
  const { cluster, store, ports } = await newPorts("a");
  const held = cluster.hold("get", GEARS);
  const looking = lookAgain(GEARS, refTo("a"), ports);
  await turns();
  cluster.remove(GEARS, refTo("a"));
  store.applyList({ items: [], resourceVersion: String(cluster.version) });
  held.release();
  assert.equal(await looking, true);
  assert.equal(store.size, 0);
});

Deno.test("a read that is not answered is told, and changes nothing", async () => {
  const { cluster, store, log, ports } = await newPorts("a");
  cluster.refuse("get", GEARS, { error: new UnreachableError("Cannot get: reset") });
  assert.equal(await lookAgain(GEARS, refTo("a"), ports), false);
  assert.equal(store.size, 1);
  assert.equal(log.at("warn").length, 1);
});

Deno.test("each write is on record for the key, with its version", async () => {
  const { cluster, store, ports } = await newPorts("a");
  await applyEffects(KEY, [patch("a", { spec: { teeth: 9 } })], ports);
  assert.deepEqual(ports.ownWrites.inDoubt(KEY), [], "nothing is being loaded");
  cluster.watchOf(GEARS).end(refusal(410, "Expired"));
  assert.deepEqual(
    ports.ownWrites.inDoubt(KEY).map(({ ref, resourceVersion }) => ({ ref, resourceVersion })),
    [{ ref: refTo("a"), resourceVersion: cached(store, "a").metadata.resourceVersion }],
  );
});

function evict(name: string): Write {
  return { kind: "write", verb: "evict", type: GEARS, ref: refTo(name), uid: `uid of ${name}` };
}

Deno.test("an eviction names the uid of the pod, and goes to its own subresource", async () => {
  const { cluster, ports } = await newPorts("a");
  const applied = await applyEffects(KEY, [evict("a")], ports);
  assert.deepEqual(applied.done, [evict("a")]);
  const { subresource, body } = cluster.calls.at(-1) ?? {};
  assert.equal(subresource, "eviction");
  assert.deepEqual(body, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: refTo("a"),
    deleteOptions: { preconditions: { uid: "uid of a" } },
  });
});

for (
  const [why, error, forbidden] of [
    [
      "a budget forbids",
      refusal(429, "TooManyRequests", "not now"),
      ["pod a: not now"],
    ],
    ["is about a pod that is gone", refusal(404, "NotFound"), []],
    ["is about another pod of that name", refusal(409, "Conflict"), []],
  ] as const
) {
  Deno.test(`an eviction that ${why} did not come true, and the next is tried`, async () => {
    const { cluster, ports } = await newPorts("a", "b");
    cluster.refuse("create", GEARS, { error });
    const applied = await applyEffects(KEY, [evict("a"), evict("b")], ports);
    assert.deepEqual(applied, {
      ...NOTHING,
      done: [evict("b")],
      events: evict("b").events ?? [],
      writes: 1,
      forbidden,
    });
  });
}

Deno.test("an eviction that is refused for good ends the pass", async () => {
  const { cluster, ports } = await newPorts("a", "b");
  cluster.refuse("create", GEARS, { error: refusal(403, "Forbidden") });
  const { done, failure } = await applyEffects(KEY, [evict("a"), evict("b")], ports);
  assert.deepEqual(done, []);
  assert.equal(failure?.error.message, "Forbidden of the test");
});
