/** Laws of watches: every change once, in order, from where the watcher left off. */
import assert from "node:assert/strict";
import { CONFIG_MAPS, PODS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { versionOf } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, pod, rollout } from "../manifests.ts";
import type { Observation } from "../observation.ts";
import type { Subject } from "../subject.ts";

/** A namespace, the version that its watches start from, and a way to write there. */
async function desk({ cluster, namespace }: Subject) {
  const home = await namespace();
  const { resourceVersion } = await cluster.list(ROLLOUTS, { namespace: home });
  const create = (name: string, labels: Record<string, string> = {}) => {
    const wanted = rollout(home, name);
    return cluster.create(ROLLOUTS, { ...wanted, metadata: { ...wanted.metadata, labels } });
  };
  const label = (name: string, labels: Record<string, string | null>) =>
    cluster.patch(ROLLOUTS, { namespace: home, name }, {
      type: "merge",
      body: { metadata: { labels } },
    });
  const remove = (name: string) => cluster.delete(ROLLOUTS, { namespace: home, name });
  return { home, resourceVersion, create, label, remove };
}

function story(subject: Subject, watched: Observation, last: string): Promise<string[]> {
  return subject.eventually(`"${last}"`, () => Promise.resolve(watched.storyUntil(last)));
}

export const laws = lawsOf("watch", {
  "says that it has begun, also where there is nothing to tell": async (subject) => {
    const { home, resourceVersion } = await desk(subject);
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    await subject.eventually(
      "the watch to begin",
      () => Promise.resolve(watched.openings > 0 || undefined),
    );
    assert.deepEqual([watched.openings, watched.events], [1, []]);
  },

  "shows every change once, in the order of resourceVersions": async (subject) => {
    const { home, resourceVersion, create, label, remove } = await desk(subject);
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    await create("a");
    await create("b");
    await label("a", { x: "1" });
    await remove("a");
    await label("b", { x: "1" });
    await create("a");
    await create("z");
    assert.deepEqual(await story(subject, watched, "ADDED z"), [
      "ADDED a",
      "ADDED b",
      "MODIFIED a",
      "DELETED a",
      "MODIFIED b",
      "ADDED a",
      "ADDED z",
    ]);
    const versions = watched.events.map(({ object }) => versionOf(object));
    assert.deepEqual(versions, versions.toSorted((one, other) => one - other));
    assert.equal(new Set(versions).size, versions.length);
  },

  "hands out the objects as they were stored": async (subject) => {
    const { home, resourceVersion, create, label } = await desk(subject);
    const written = [await create("a"), await label("a", { x: "1" }), await create("z")];
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    await story(subject, watched, "ADDED z");
    assert.deepEqual(watched.events.map(({ object }) => object), written);
  },

  "resumes right after its resourceVersion": async (subject) => {
    const { home, create, label } = await desk(subject);
    await create("a");
    const { metadata } = await label("a", { x: "1" });
    await create("b");
    await label("b", { x: "1" });
    const resourceVersion = metadata.resourceVersion ?? "";
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    assert.deepEqual(await story(subject, watched, "MODIFIED b"), ["ADDED b", "MODIFIED b"]);
  },

  "from a list misses nothing and repeats nothing": async (subject) => {
    const { home, create } = await desk(subject);
    await create("a");
    const { items, resourceVersion } = await subject.cluster.list(ROLLOUTS, { namespace: home });
    await create("b");
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    assert.equal(items.length, 1);
    assert.deepEqual(await story(subject, watched, "ADDED b"), ["ADDED b"]);
  },

  "from version 0 it first shows what is there": async (subject) => {
    const { home, create, label } = await desk(subject);
    await create("a");
    const written = [await create("b"), await create("c")].map(versionOf);
    // The real server answers from its cache, which may be a moment behind.
    await subject.elapse(1000);
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion: "0" });
    await story(subject, watched, "ADDED c");
    await label("b", { x: "1" });
    const seen = await story(subject, watched, "MODIFIED b");
    assert.deepEqual(seen.toSorted(), ["ADDED a", "ADDED b", "ADDED c", "MODIFIED b"]);
    const last = watched.events.at(-1)?.object;
    assert.ok(last && versionOf(last) > Math.max(...written));
  },

  "stays inside its namespace; without one it sees all": async (subject) => {
    const here = await desk(subject);
    const there = await desk(subject);
    const { resourceVersion } = there;
    const narrow = subject.watch(ROLLOUTS, { namespace: here.home, resourceVersion });
    const wide = subject.watch(ROLLOUTS, { resourceVersion });
    await there.create("there");
    await here.create("here");
    assert.deepEqual(await story(subject, narrow, "ADDED here"), ["ADDED here"]);
    const mine = await subject.eventually("both", () => {
      const homes = [here.home, there.home];
      const seen = wide.events.filter(({ object }) =>
        homes.includes(object.metadata.namespace ?? "")
      );
      return Promise.resolve(seen.length === 2 ? seen : undefined);
    });
    assert.deepEqual(mine.map(({ object }) => object.metadata.name), ["there", "here"]);
  },

  "an object that starts to match its selector is ADDED, one that stops is DELETED": async (
    subject,
  ) => {
    const { home, resourceVersion, create, label } = await desk(subject);
    const labelSelector = "x=1";
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion, labelSelector });
    await create("a", { x: "2" });
    await label("a", { x: "1" });
    await label("a", { y: "1" });
    const left = await label("a", { x: null });
    await label("a", { y: "2" });
    await create("b", { x: "1" });
    const seen = await story(subject, watched, "ADDED b");
    assert.deepEqual(seen, ["ADDED a", "MODIFIED a", "DELETED a", "ADDED b"]);
    const goodbye = watched.events[2]?.object;
    assert.equal(goodbye?.metadata.resourceVersion, left.metadata.resourceVersion);
    assert.deepEqual(goodbye?.metadata.labels, { x: "1", y: "1" });
  },

  "an object that never matched is not mentioned when it goes": async (subject) => {
    const { home, resourceVersion, create, remove } = await desk(subject);
    const labelSelector = "x=1";
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion, labelSelector });
    await create("a", { x: "2" });
    await remove("a");
    await create("b", { x: "1" });
    assert.deepEqual(await story(subject, watched, "ADDED b"), ["ADDED b"]);
  },

  "one name can be watched": async (subject) => {
    const { home, resourceVersion, create, label } = await desk(subject);
    const fieldSelector = "metadata.name=a";
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion, fieldSelector });
    await create("b");
    await create("a");
    await label("b", { x: "1" });
    await label("a", { x: "1" });
    const seen = await story(subject, watched, "MODIFIED a");
    assert.deepEqual(seen, ["ADDED a", "MODIFIED a"]);
  },

  "a DELETED object carries a resourceVersion newer than its last": async (subject) => {
    const { home, resourceVersion, create, label, remove } = await desk(subject);
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    await create("a");
    const last = await label("a", { x: "1" });
    await remove("a");
    const after = await create("b");
    await story(subject, watched, "ADDED b");
    const deleted = watched.events.find(({ type }) => type === "DELETED")?.object;
    assert.ok(deleted);
    assert.ok(versionOf(deleted) > versionOf(last));
    assert.ok(versionOf(deleted) < versionOf(after));
    assert.deepEqual(
      { ...deleted, metadata: { ...deleted.metadata, resourceVersion: "" } },
      { ...last, metadata: { ...last.metadata, resourceVersion: "" } },
    );
  },

  "resumed from a DELETED event does not show it again": async (subject) => {
    const { home, resourceVersion, create, remove } = await desk(subject);
    const watched = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    await create("a");
    await remove("a");
    await create("b");
    await story(subject, watched, "ADDED b");
    const deleted = watched.events.find(({ type }) => type === "DELETED")?.object;
    const resumed = subject.watch(ROLLOUTS, {
      namespace: home,
      resourceVersion: deleted?.metadata.resourceVersion ?? "",
    });
    assert.deepEqual(await story(subject, resumed, "ADDED b"), ["ADDED b"]);
  },

  "the removal of the last finalizer shows as DELETED": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const held = configMap(home, "a", { finalizers: ["example.test/hold"] });
    const { metadata } = await cluster.create(CONFIG_MAPS, held);
    const resourceVersion = metadata.resourceVersion ?? "";
    const fieldSelector = "metadata.name=a";
    const watched = subject.watch(CONFIG_MAPS, { namespace: home, resourceVersion, fieldSelector });
    await cluster.delete(CONFIG_MAPS, ref);
    const release = { type: "merge", body: { metadata: { finalizers: null } } } as const;
    await cluster.patch(CONFIG_MAPS, ref, release);
    const seen = await story(subject, watched, "DELETED a");
    assert.deepEqual(seen, ["MODIFIED a", "DELETED a"]);
  },

  "stopped, it says nothing more": async (subject) => {
    const { home, resourceVersion, create } = await desk(subject);
    const stopped = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    const other = subject.watch(ROLLOUTS, { namespace: home, resourceVersion });
    await create("a");
    await story(subject, stopped, "ADDED a");
    stopped.stop();
    await create("b");
    await story(subject, other, "ADDED b");
    assert.deepEqual(stopped.story(), ["ADDED a"]);
    assert.equal(stopped.ends, 0);
  },

  "with timeoutSeconds it ends by itself, without error": async (subject) => {
    const { home, resourceVersion } = await desk(subject);
    const watched = subject.watch(ROLLOUTS, {
      namespace: home,
      resourceVersion,
      timeoutSeconds: 2,
    });
    await subject.eventually(
      "the end of the watch",
      () => Promise.resolve(watched.ends || undefined),
    );
    assert.equal(watched.ends, 1);
    assert.equal(watched.error, undefined);
  },

  "pods can be watched by the phase that they reach": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const { resourceVersion } = await cluster.list(PODS, { namespace: home });
    const fieldSelector = "status.phase=Running";
    const watched = subject.watch(PODS, { namespace: home, resourceVersion, fieldSelector });
    await cluster.create(PODS, pod(home, "a"));
    const seen = await story(subject, watched, "ADDED a");
    assert.equal(seen[0], "ADDED a");
  },
});
