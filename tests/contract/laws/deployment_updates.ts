/** Laws of how a Deployment gets from one template to the next. */
import assert from "node:assert/strict";
import { DEPLOYMENTS, PODS } from "../../../core/api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  BAD,
  findingsOf,
  FIRST,
  imageOf,
  isDone,
  progressing,
  REVISION,
  SECOND,
  sizeOf,
  type Sizes,
  stage,
} from "../deployment_stage.ts";
import { at } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { conditionOf, isReady } from "../workload.ts";
import type { Fields } from "../../../sdk/wire/json.ts";

const rolling = (maxSurge: number, maxUnavailable: number) => ({
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
});

export const laws = lawsOf("Deployment update", {
  "an update ends with new pods alone, and keeps its bounds all the way": async (subject) => {
    const { done, setImage, sets, pods, set, until } = await stage(subject, {
      replicas: 4,
      ...rolling(1, 1),
    });
    await done();
    await setImage(SECOND);
    await until("a complete update", (read) => isDone(read));
    const all = await pods();
    assert.deepEqual(all.map(imageOf), Array(4).fill(SECOND));
    assert.ok(all.every(isReady));
    assert.deepEqual((await sets()).map((one) => [imageOf(one), sizeOf(one)]).sort(), [
      [FIRST, 0],
      [SECOND, 4],
    ]);
    const newest = await set(SECOND);
    assert.equal(newest?.metadata.annotations?.[REVISION], "2");
    const { metadata } = await done();
    assert.equal(metadata.annotations?.[REVISION], "2");
  },

  "an update never has too many pods, nor too few available ones": async (subject) => {
    const { done, setImage, sets, pods, ref } = await stage(subject, {
      replicas: 4,
      ...rolling(1, 1),
    });
    await done();
    await setImage(SECOND);
    await subject.eventually("a complete update", async () => {
      const wanted = (await sets()).reduce((sum, set) => sum + sizeOf(set), 0);
      assert.ok(wanted >= 4 - 1 && wanted <= 4 + 1, `the sets ask for ${wanted} pods`);
      const ready = (await pods()).filter(isReady).length;
      assert.ok(ready >= 4 - 1, `${ready} pods are ready`);
      return isDone(await subject.cluster.get(DEPLOYMENTS, ref)) || undefined;
    });
  },

  "a bad image costs no more pods than may be missing": async (subject) => {
    const rows: [Fields, Sizes][] = [
      [rolling(1, 0), { [FIRST]: 4, [BAD]: 1 }],
      [rolling(0, 1), { [FIRST]: 3, [BAD]: 1 }],
      [{ strategy: null }, { [FIRST]: 3, [BAD]: 2 }],
    ];
    for (const [spec, expected] of rows) {
      const { done, setImage, rests, until, pods } = await stage(subject, { replicas: 4, ...spec });
      await done();
      await setImage(BAD);
      await rests(expected);
      const read = await until(
        "the counts",
        ({ status }) => at(status, "updatedReplicas") === expected[BAD],
      );
      assert.equal(at(read, "status", "unavailableReplicas"), expected[BAD]);
      assert.equal(conditionOf(read, "Available"), "True");
      assert.equal(conditionOf(read, "Progressing"), "True");
      assert.equal((await pods()).filter(isReady).length, expected[FIRST]);
    }
  },

  "another template takes the place of one that got stuck": async (subject) => {
    const { done, setImage, rests, sizes, pods } = await stage(subject, { replicas: 4 });
    await done();
    await setImage(BAD);
    await rests({ [FIRST]: 3, [BAD]: 2 });
    await setImage(SECOND);
    await done();
    assert.deepEqual(await sizes(), { [SECOND]: 4 });
    assert.deepEqual((await pods()).map(imageOf), Array(4).fill(SECOND));
  },

  "an earlier template finds its ReplicaSet again, under a new revision": async (subject) => {
    const { done, setImage, set, sets } = await stage(subject, { replicas: 1 });
    await done();
    const before = await set(FIRST);
    await setImage(SECOND);
    await done();
    await setImage(FIRST);
    const { metadata } = await done();
    assert.equal(metadata.annotations?.[REVISION], "3");
    const after = await set(FIRST);
    assert.equal(after?.metadata.uid, before?.metadata.uid);
    assert.equal(after?.metadata.annotations?.[REVISION], "3");
    assert.equal(after?.metadata.annotations?.[`${REVISION}-history`], "1");
    assert.equal((await sets()).length, 2);
  },

  "scaled in the middle of an update, its sets grow and shrink in proportion": async (subject) => {
    const { done, scale, setImage, rests } = await stage(subject, { replicas: 4 });
    await done();
    await setImage(BAD);
    await rests({ [FIRST]: 3, [BAD]: 2 });
    await scale(10);
    await rests({ [FIRST]: 8, [BAD]: 5 });
    await scale(3);
    await rests({ [FIRST]: 2, [BAD]: 2 });
    await scale(0);
    await rests({});
  },

  "as Recreate, it lets all old pods go before it makes new ones": async (subject) => {
    const { done, setImage, home, sets, ref } = await stage(subject, {
      replicas: 2,
      strategy: { type: "Recreate" },
    });
    await done();
    await setImage(SECOND);
    await subject.eventually("a complete update", async () => {
      const { items } = await subject.cluster.list(PODS, { namespace: home });
      assert.ok(new Set(items.map(imageOf)).size <= 1, "pods of both images are there at once");
      return isDone(await subject.cluster.get(DEPLOYMENTS, ref)) || undefined;
    });
    assert.deepEqual((await sets()).map(sizeOf).sort(), [0, 2]);
  },

  "as Recreate, it waits for old pods that take their time": async (subject) => {
    const { cluster } = subject;
    const { done, setImage, home, pods, rests, until, sizes } = await stage(subject, {
      replicas: 1,
      strategy: { type: "Recreate" },
    });
    await done();
    const [old] = await pods();
    const held = { namespace: home, name: old?.metadata.name ?? "" };
    const hold = (finalizers: string[]) =>
      cluster.patch(PODS, held, { type: "merge", body: { metadata: { finalizers } } });
    await hold(["example.test/hold"]);
    await setImage(SECOND);
    await rests({});
    await hold([]);
    await until("a complete update", isDone);
    assert.deepEqual(await sizes(), { [SECOND]: 1 });
  },

  "as Recreate, it is stuck when it is scaled while two sets have pods": async (subject) => {
    const { done, merge, setImage, scale, rests } = await stage(subject, { replicas: 2 });
    await done();
    await setImage(BAD);
    await rests({ [FIRST]: 2, [BAD]: 1 });
    await merge({ spec: { paused: true } });
    await merge({ spec: { strategy: { type: "Recreate", rollingUpdate: null } } });
    await scale(1);
    await rests({ [FIRST]: 2, [BAD]: 1 });
    await merge({ spec: { paused: false } });
    await setImage(SECOND);
    await rests({ [FIRST]: 2, [BAD]: 1 });
  },

  "paused, it makes nothing of a template, but can be scaled; resumed, it goes on": async (
    subject,
  ) => {
    const { done, merge, scale, setImage, sets, until, sizes, rests } = await stage(subject, {
      replicas: 2,
      paused: true,
    });
    const pause = (paused: boolean) => merge({ spec: { paused } });
    const read = await until("conditions", (one) => conditionOf(one, "Available") !== undefined);
    assert.deepEqual(findingsOf(read), {
      Progressing: ["Unknown", "DeploymentPaused", "Deployment is paused"],
      Available: [
        "False",
        "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
      ],
    });
    assert.deepEqual(await sets(), []);
    await pause(false);
    await done();
    await pause(true);
    await setImage(SECOND);
    await scale(3);
    await rests({ [FIRST]: 3 });
    await pause(false);
    await done();
    assert.deepEqual(await sizes(), { [SECOND]: 3 });
  },

  "keeps as many old ReplicaSets as it is told to": async (subject) => {
    const { done, setImage, sets } = await stage(subject, { replicas: 1, revisionHistoryLimit: 1 });
    for (const version of [1, 2, 3, 4]) {
      await setImage(`registry.test/main:${version}.0`);
      await done();
    }
    const kept = await subject.eventually("the last two", async () => {
      const all = await sets();
      return all.length === 2 ? all : undefined;
    });
    assert.deepEqual(kept.map(imageOf).sort(), [
      "registry.test/main:3.0",
      "registry.test/main:4.0",
    ]);
  },

  "forgets old ReplicaSets at the end of an update, or while it is paused": async (subject) => {
    const { done, setImage, sets, rests, merge } = await stage(subject, { replicas: 1 });
    await done();
    await setImage(SECOND);
    await done();
    await setImage(BAD);
    await rests({ [SECOND]: 1, [BAD]: 1 });
    await merge({ spec: { revisionHistoryLimit: 0 } });
    await rests({ [SECOND]: 1, [BAD]: 1 });
    assert.equal((await sets()).length, 3);
    await merge({ spec: { paused: true } });
    const kept = await subject.eventually("the end of the oldest", async () => {
      const all = await sets();
      return all.length === 2 ? all : undefined;
    });
    assert.deepEqual(kept.map(imageOf).sort(), [BAD, SECOND]);
  },

  "says when an update makes no progress before its deadline": async (subject) => {
    const { done, setImage, set, until } = await stage(subject, {
      replicas: 1,
      progressDeadlineSeconds: 5,
    });
    await done();
    await setImage(BAD);
    const stuck = await until(
      "no progress",
      (read) => conditionOf(read, "Progressing") === "False",
    );
    const name = (await set(BAD))?.metadata.name;
    assert.deepEqual(at(findingsOf(stuck), "Progressing"), [
      "False",
      "ProgressDeadlineExceeded",
      `ReplicaSet "${name}" has timed out progressing.`,
    ]);
    assert.equal(conditionOf(stuck, "Available"), "True");
    await setImage(SECOND);
    await done();
  },

  "without a deadline it says nothing of progress": async (subject) => {
    const { until, setImage } = await stage(subject, {
      replicas: 1,
      progressDeadlineSeconds: 2 ** 31 - 1,
    });
    const isAvailable = ({ status }: KubeObject) => at(status, "availableReplicas") === 1;
    const read = await until("an available pod", isAvailable);
    assert.equal(progressing(read), undefined);
    await setImage(SECOND);
    await until("another revision", ({ metadata }) => metadata.annotations?.[REVISION] === "2");
  },
});
