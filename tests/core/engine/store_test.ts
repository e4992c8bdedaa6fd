import assert from "node:assert/strict";
import fc from "fast-check";
import { Store } from "../../../core/engine/store.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { gear, GEARS } from "./objects.ts";

function storeWith(...objects: KubeObject[]): Store {
  const store = new Store(GEARS);
  store.applyList({ items: objects, resourceVersion: "10" });
  return store;
}

function versionIn(store: Store, name = "a"): string | undefined {
  return store.get("default", name)?.metadata.resourceVersion;
}

const A5 = gear("a", { uid: "u1", version: 5 });
const A12 = gear("a", { uid: "u1", version: 12 });

Deno.test("the answer to a write is in the cache, and an older event does not undo it", () => {
  const store = storeWith(A5);
  assert.equal(store.merge(A12), true);
  store.applyEvent({ type: "MODIFIED", object: gear("a", { uid: "u1", version: 11 }) });
  assert.equal(versionIn(store), "12");
});

Deno.test("an older relist does not undo the answer to a write", () => {
  const store = storeWith(A5);
  store.merge(A12);
  store.applyList({ items: [A5], resourceVersion: "11" });
  assert.equal(versionIn(store), "12");
});

Deno.test("versions are compared as numbers of any length", () => {
  const store = new Store(GEARS);
  store.merge(gear("a", { version: "99999999999999999999" }));
  store.merge(gear("a", { version: "100000000000000000000" }));
  store.merge(gear("a", { version: "99999999999999999998" }));
  assert.equal(versionIn(store), "100000000000000000000");
});

Deno.test("an object that we created stays though an older list lacks it", () => {
  const store = storeWith();
  store.merge(A12);
  store.applyList({ items: [], resourceVersion: "11" });
  assert.equal(versionIn(store), "12");
});

Deno.test("a list that is newer than an object and lacks it ends it", () => {
  const store = storeWith(A5);
  store.applyList({ items: [], resourceVersion: "11" });
  assert.equal(store.size, 0);
});

Deno.test("an object that we deleted does not come back from an older event", () => {
  const store = storeWith(A5);
  store.mergeDeletion(A5);
  store.applyEvent({ type: "MODIFIED", object: A12 });
  assert.equal(store.size, 0);
});

Deno.test("an object that we deleted does not come back from older lists and their events", () => {
  const store = storeWith(A5);
  store.mergeDeletion(A5);
  store.applyList({ items: [A5], resourceVersion: "11" });
  assert.equal(store.size, 0);
  // A list from before its creation says nothing about it; the events after that list do.
  store.applyList({ items: [], resourceVersion: "4" });
  store.applyEvent({ type: "ADDED", object: A12 });
  assert.equal(store.size, 0);
});

Deno.test("an object that we deleted does not come back from older moves in and out", () => {
  const store = storeWith(A5);
  store.mergeDeletion(A5);
  store.applyEvent({ type: "DELETED", object: gear("a", { uid: "u1", version: 11 }) });
  store.applyEvent({ type: "ADDED", object: A12 });
  assert.equal(store.size, 0);
});

Deno.test("an object whose deletion an event told does not come back from an older answer", () => {
  const store = storeWith(A5);
  store.applyEvent({ type: "DELETED", object: gear("a", { uid: "u1", version: 13 }) });
  assert.equal(store.merge(A12), false, "a write of before");
  assert.equal(store.mergeRead(A12), false, "a read of before");
  store.applyList({ items: [A5], resourceVersion: "11" });
  assert.equal(store.size, 0, "a list of before");
});

Deno.test("what a newer list lacked does not come back from an older list", () => {
  const store = storeWith(A5);
  store.applyList({ items: [], resourceVersion: "20" });
  store.applyList({ items: [A5], resourceVersion: "11" });
  store.applyEvent({ type: "MODIFIED", object: A12 });
  assert.equal(store.merge(A12), false);
  assert.equal(store.size, 0);
});

Deno.test("an object deleted and created anew under its name is another object", () => {
  const again = gear("a", { uid: "u2", version: 12 });
  const store = storeWith(A5);
  store.mergeDeletion(A5);
  store.merge(again);
  store.applyEvent({ type: "DELETED", object: gear("a", { uid: "u1", version: 11 }) });
  assert.equal(store.get("default", "a")?.metadata.uid, "u2");
  store.mergeDeletion(A5);
  assert.equal(store.get("default", "a")?.metadata.uid, "u2");
});

Deno.test("an object whose successor we have seen does not come back from an older list", () => {
  const store = storeWith(A5);
  const again = gear("a", { uid: "u2", version: 12 });
  store.merge(again);
  store.mergeDeletion(again);
  store.applyList({ items: [A5], resourceVersion: "10" });
  assert.equal(store.size, 0);
});

Deno.test("the deletion of the new object is not taken for that of the old one", () => {
  const store = storeWith(A5);
  store.applyEvent({ type: "ADDED", object: gear("a", { uid: "u2", version: 12 }) });
  store.applyEvent({ type: "DELETED", object: gear("a", { uid: "u2", version: 13 }) });
  assert.equal(store.size, 0);
  store.applyEvent({ type: "ADDED", object: gear("a", { uid: "u3", version: 14 }) });
  assert.equal(store.get("default", "a")?.metadata.uid, "u3");
});

Deno.test("a deletion ends an older object of that name too, whose end we never heard of", () => {
  const store = storeWith(A5);
  const again = gear("a", { uid: "u2", version: 12 });
  store.mergeDeletion(again);
  store.applyList({ items: [again], resourceVersion: "12" });
  assert.equal(store.size, 0, "told by a list");
  const other = storeWith(A5);
  other.applyEvent({ type: "DELETED", object: gear("a", { uid: "u2", version: 13 }) });
  assert.equal(other.size, 0, "told by an event");
});

Deno.test("what left the selection of a watch may come back into it", () => {
  const store = storeWith(A5);
  store.applyEvent({ type: "DELETED", object: A12 });
  store.applyEvent({ type: "ADDED", object: gear("a", { uid: "u1", version: 14 }) });
  assert.equal(versionIn(store), "14");
});

Deno.test("a late word of leaving the selection does not undo our bringing it back", () => {
  const store = storeWith(A5);
  store.merge(gear("a", { uid: "u1", version: 14 }));
  store.applyEvent({ type: "DELETED", object: A12 });
  assert.equal(versionIn(store), "14");
});

Deno.test("a read shows also what lists and watches do not select", () => {
  const store = storeWith();
  assert.equal(store.mergeRead(A5), true);
  assert.equal(versionIn(store), "5");
});

Deno.test("a store that is emptied tells it, keeps its indexes, and takes the same objects again", () => {
  const store = storeWith(A5, gear("b", { uid: "u2", version: 6 }));
  store.addIndex("name", ({ metadata: { name } }) => [name]);
  store.mergeDeletion(gear("b", { uid: "u2", version: 6 }));
  const gone: string[] = [];
  store.onChange((before, after) => {
    if (after === undefined) gone.push(before?.metadata.name ?? "");
  });
  store.empty();
  assert.deepEqual(gone, ["a"]);
  assert.deepEqual(store.byIndex("name", "a"), []);
  store.applyList({ items: [A5, gear("b", { uid: "u2", version: 6 })], resourceVersion: "11" });
  assert.deepEqual(store.byIndex("name", "a"), [A5]);
  assert.equal(versionIn(store, "b"), undefined, "what is gone for good stays so");
});

Deno.test("a store like another one has its indexes, what it was given, and nothing else", () => {
  const slim = (object: KubeObject) => ({ ...object, spec: undefined });
  const store = new Store(GEARS, slim);
  store.addIndex("name", ({ metadata: { name } }) => [name]);
  store.merge(A12);
  const other = store.holding([gear("b", { version: 3, spec: { teeth: 1 } })]);
  assert.deepEqual(other.byIndex("name", "b"), [...other.all()]);
  assert.equal(other.get("default", "b")?.["spec"], undefined);
  assert.equal(versionIn(other), undefined);
  assert.equal(versionIn(store, "b"), undefined);
});

Deno.test("a bookmark is no object", () => {
  const store = storeWith();
  store.applyEvent({ type: "BOOKMARK", object: gear("", { version: 15 }) });
  assert.equal(store.size, 0);
});

Deno.test("what passes never read is dropped, whichever way an object comes", () => {
  const slim = ({ spec: _, ...kept }: KubeObject) => kept as KubeObject;
  const store = new Store(GEARS, slim);
  const fat = (name: string, version: number) => gear(name, { version, spec: { teeth: 8 } });
  store.applyList({ items: [fat("listed", 5)], resourceVersion: "10" });
  store.applyEvent({ type: "ADDED", object: fat("told", 11) });
  store.merge(fat("written", 12));
  store.mergeRead(fat("read", 3));
  const objects = [...store.all()];
  assert.deepEqual(objects.map(({ metadata }) => metadata.name), [
    "listed",
    "told",
    "written",
    "read",
  ]);
  assert.ok(objects.every((object) => !("spec" in object)));
});

Deno.test("an index follows its objects", () => {
  const store = new Store(GEARS);
  store.addIndex("colour", ({ metadata }) => Object.keys(metadata.labels ?? {}));
  const painted = (version: number, ...colours: string[]) =>
    gear("a", {
      version,
      metadata: { labels: Object.fromEntries(colours.map((colour) => [colour, ""])) },
    });
  const found = (colour: string) => store.byIndex("colour", colour).map(({ metadata }) => metadata);
  store.merge(painted(1, "red", "blue"));
  assert.deepEqual(found("red").map(({ name }) => name), ["a"]);
  store.merge(painted(2, "blue"));
  assert.deepEqual(found("red"), []);
  assert.deepEqual(found("blue").map(({ resourceVersion }) => resourceVersion), ["2"]);
  store.mergeDeletion(painted(2, "blue"));
  assert.deepEqual(found("blue"), []);
  assert.deepEqual(found("none"), []);
});

Deno.test("an index added late knows the objects that are there", () => {
  const store = storeWith(A5);
  store.addIndex("name", ({ metadata }) => [metadata.name]);
  assert.equal(store.byIndex("name", "a").length, 1);
});

Deno.test("a second index of one name is refused, the same one once more is not", () => {
  const store = storeWith(A5);
  const byName = ({ metadata }: KubeObject) => [metadata.name];
  store.addIndex("name", byName);
  store.addIndex("name", byName);
  assert.throws(
    () => store.addIndex("name", ({ metadata }) => [metadata.uid ?? ""]),
    /^Error: Cannot index "gears" by "name": another index has the name$/,
  );
  assert.equal(store.byIndex("name", "a").length, 1);
});

Deno.test("listeners hear each change once, and of answers from the past nothing", () => {
  const store = storeWith(A5);
  const heard: (string | undefined)[][] = [];
  store.onChange((before, after) =>
    heard.push([before?.metadata.resourceVersion, after?.metadata.resourceVersion])
  );
  store.merge(A12);
  store.applyEvent({ type: "MODIFIED", object: A12 });
  store.merge(A5);
  store.mergeDeletion(A12);
  store.mergeDeletion(A12);
  assert.deepEqual(heard, [["5", "12"], ["12", undefined]]);
});

/** What happened to one name, in order: it was there at a version, or was deleted at it. */
interface Moment {
  readonly version: number;
  readonly uid: string;
  readonly isThere: boolean;
}

/** A life of one name: created, changed, deleted, created again, … each with the next version. */
const LIFE = fc.array(fc.constantFrom("change", "change", "delete"), {
  minLength: 1,
  maxLength: 12,
})
  .map((acts) => {
    const moments: Moment[] = [];
    let uid = 0;
    for (const [index, act] of acts.entries()) {
      const wasThere = moments.at(-1)?.isThere ?? false;
      if (!wasThere) uid++;
      moments.push({
        version: index + 1,
        uid: `u${uid}`,
        isThere: !wasThere || act === "change",
      });
    }
    return moments;
  });

function momentObject({ uid, version }: Moment): KubeObject {
  return gear("a", { uid, version });
}

/**
 * The stream tells the moments in order, but may at any time start again from a list of any earlier
 * moment; answers to our own calls, of any moment before now, come between.
 */
interface Told {
  readonly kind: "event" | "list" | "write" | "read" | "deletion";
  readonly at: number;
}

const TOLD = fc.record({
  kind: fc.constantFrom<Told["kind"]>(
    "event",
    "event",
    "event",
    "list",
    "write",
    "read",
    "deletion",
  ),
  at: fc.nat({ max: 11 }),
});

/** Where the stream is, and the furthest that it has ever been. */
interface Stream {
  position: number;
  furthest: number;
}

function tell(store: Store, moments: readonly Moment[], told: Told & { stream: Stream }): void {
  const { kind, stream } = told;
  const index = told.at % moments.length;
  const moment = moments[index] as Moment;
  switch (kind) {
    case "event": {
      const next = moments[stream.position];
      if (next === undefined) return;
      const isFirst = moments[stream.position - 1]?.isThere !== true;
      const type = next.isThere ? (isFirst ? "ADDED" : "MODIFIED") : "DELETED";
      store.applyEvent({ type, object: momentObject(next) });
      stream.position++;
      break;
    }
    case "list": {
      const items = moment.isThere ? [momentObject(moment)] : [];
      store.applyList({ items, resourceVersion: String(moment.version) });
      stream.position = index + 1;
      break;
    }
    case "write":
      if (moment.isThere) store.merge(momentObject(moment));
      break;
    case "read":
      // A read is asked of the present: later than all that the stream has told.
      if (moment.isThere && index + 1 >= stream.furthest) store.mergeRead(momentObject(moment));
      break;
    case "deletion": {
      const before = moments[index - 1];
      if (!moment.isThere && before !== undefined) store.mergeDeletion(momentObject(before));
    }
  }
  stream.furthest = Math.max(stream.furthest, stream.position);
}

Deno.test("in whatever order it is told, a store never goes back and ends in the present", () => {
  fc.assert(
    fc.property(LIFE, fc.array(TOLD, { maxLength: 30 }), (moments, tellings) => {
      const store = new Store(GEARS);
      // The newest thing that any source has shown: a version present, or a deletion.
      const shown: string[] = [];
      store.onChange((before, after) => {
        const was = Number(before?.metadata.resourceVersion ?? 0);
        const is = after?.metadata.resourceVersion;
        if (is !== undefined) {
          assert.ok(Number(is) > was, `from ${was} back to ${is}`);
          assert.ok(!shown.includes(is), `${is} came a second time`);
          shown.push(is);
        }
      });
      const stream = { position: 0, furthest: 0 };
      for (const told of tellings) tell(store, moments, { ...told, stream });
      // At last the stream catches up from wherever it is.
      while (stream.position < moments.length) {
        tell(store, moments, { kind: "event", at: 0, stream });
      }
      const last = moments.at(-1) as Moment;
      assert.deepEqual(
        [...store.all()].map(({ metadata }) => [metadata.uid, metadata.resourceVersion]),
        last.isThere ? [[last.uid, String(last.version)]] : [],
      );
    }),
    { numRuns: 2000 },
  );
});
