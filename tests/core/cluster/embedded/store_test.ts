import assert from "node:assert/strict";
import { Kinds } from "../../../../core/cluster/embedded/kinds.ts";
import { PendingWork } from "../../../../core/cluster/embedded/pending_work.ts";
import { Store } from "../../../../core/cluster/embedded/store.ts";
import { CONFIG_MAPS, PODS } from "../../../../core/api/names/resources.ts";
import type { OwnerReference } from "../../../../sdk/api/object.ts";
import { configMap, pod } from "./world.ts";

const kinds = new Kinds();
const configMaps = kinds.find(CONFIG_MAPS);

Deno.test("Store lists by namespace and name, whatever the order of coming", () => {
  const store = new Store(100);
  for (const [namespace, name] of [["b", "x"], ["a", "z"], ["a", "y"]] as const) {
    store.put(configMaps, configMap(name, { namespace }), undefined);
  }
  const names = (namespace?: string) =>
    store.list(configMaps, namespace).map(({ metadata }) =>
      `${metadata.namespace}/${metadata.name}`
    );
  assert.deepEqual(names(), ["a/y", "a/z", "b/x"]);
  assert.deepEqual(names("a"), ["a/y", "a/z"]);
  assert.deepEqual(names("c"), []);
});

Deno.test("Store numbers all changes in one row, also deletions", () => {
  const store = new Store(100);
  const made = store.put(configMaps, configMap("a", { uid: "1" }), undefined);
  store.put(kinds.find(PODS), pod("p"), undefined);
  const changed = store.put(configMaps, { ...made, data: {} }, made);
  store.remove(configMaps, changed);
  assert.equal(store.version, 4);
  assert.equal(store.byUid("1"), undefined);
  const told = store.changesSince(configMaps, 0).map(({ type, version, object }) =>
    `${type} ${version} ${object.metadata.resourceVersion}`
  );
  assert.deepEqual(told, ["ADDED 1 1", "MODIFIED 3 3", "DELETED 4 4"]);
});

Deno.test("Store remembers as many changes as it is told, and says from where", () => {
  const store = new Store(5);
  for (let count = 0; count < 100; count++) {
    store.put(configMaps, configMap(`name-${count}`), undefined);
    const oldest = Math.max(0, store.version - 5);
    assert.equal(store.oldestVersion, oldest);
    assert.equal(store.changesSince(configMaps, oldest).length, store.version - oldest);
  }
  store.forget();
  assert.equal(store.oldestVersion, 100);
  assert.deepEqual(store.changesSince(configMaps, 100), []);
});

Deno.test("Store knows who owns what, and what nobody controls, after every change", () => {
  const store = new Store(100);
  const owner = (uid: string, controller: boolean) => ({ uid, controller } as OwnerReference);
  const put = (name: string, ownerReferences: OwnerReference[]) => {
    const made = configMap(name, { uid: name, namespace: "n" });
    const metadata = { ...made.metadata, ownerReferences };
    return store.put(configMaps, { ...made, metadata }, store.get(configMaps, "n", name));
  };
  const told = () => ({
    owned: store.ownedBy("u").map(({ object }) => object.metadata.name),
    controlled: store.controlledBy("u", configMaps).map(({ metadata }) => metadata.name),
    free: store.uncontrolled(configMaps, "n").map(({ metadata }) => metadata.name),
  });
  const b = put("b", [owner("u", true)]);
  put("a", [owner("u", false)]);
  put("c", []);
  assert.deepEqual(told(), { owned: ["b", "a"], controlled: ["b"], free: ["a", "c"] });
  put("c", [owner("u", true)]);
  put("a", [owner("other", true)]);
  assert.deepEqual(told(), { owned: ["b", "c"], controlled: ["b", "c"], free: [] });
  store.remove(configMaps, b);
  put("c", [owner("u", false), owner("other", true)]);
  assert.deepEqual(told(), { owned: ["c"], controlled: [], free: [] });
  assert.deepEqual(store.controlledBy("u", kinds.find(PODS)), []);
});

Deno.test("PendingWork does its pieces in order, one for an object only once", () => {
  const work = new PendingWork();
  const done: string[] = [];
  const once = work.once((name) => void done.push(name));
  work.add(() => done.push("first"));
  once("a");
  once("a");
  once("b");
  assert.ok(work.step());
  assert.ok(work.step());
  once("a");
  while (work.step());
  assert.deepEqual(done, ["first", "a", "b", "a"]);
  assert.equal(work.step(), false);
});

Deno.test("PendingWork takes up an object again while that piece is being done", () => {
  const work = new PendingWork();
  let count = 0;
  const once = work.once((name) => {
    count++;
    if (count < 3) once(name);
  });
  once("a");
  while (work.step());
  assert.equal(count, 3);
});
