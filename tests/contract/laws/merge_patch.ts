/** Laws of merge patches (RFC 7386). */
import assert from "node:assert/strict";
import { CONFIG_MAPS, EVENTS, REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { at, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, event, replicaSet, rollout } from "../manifests.ts";
import type { Subject } from "../subject.ts";

/** Makes a Rollout and answers it after a patch. */
async function patched(subject: Subject, body: unknown, spec: Record<string, unknown> = {}) {
  const home = await subject.namespace();
  await subject.cluster.create(ROLLOUTS, rollout(home, "a", spec));
  const ref = { namespace: home, name: "a" };
  return await subject.cluster.patch(ROLLOUTS, ref, { type: "merge", body });
}

export const laws = lawsOf("merge patch", {
  "objects are merged, fields not named stay": async (subject) => {
    const answer = await patched(subject, { spec: { strategy: { canary: { maxSurge: 1 } } } });
    assert.deepEqual(at(answer, "spec", "strategy"), {
      canary: { maxSurge: 1, steps: [{ setWeight: 20 }] },
    });
    assert.equal(at(answer, "spec", "replicas"), 2);
  },

  "null removes a field": async (subject) => {
    const answer = await patched(
      subject,
      {
        metadata: { annotations: null, labels: { gone: null, kept: "yes" } },
        spec: { paused: null },
      },
      { paused: true },
    );
    assert.equal("paused" in (answer["spec"] as object), false);
    assert.deepEqual(answer.metadata.labels, { kept: "yes" });
    const read = await subject.cluster.get(ROLLOUTS, {
      namespace: answer.metadata.namespace ?? "",
      name: "a",
    });
    assert.deepEqual(read, answer);
  },

  "lists are replaced as a whole": async (subject) => {
    const steps = [{ setWeight: 40 }, { pause: {} }];
    const answer = await patched(subject, { spec: { strategy: { canary: { steps } } } });
    assert.deepEqual(at(answer, "spec", "strategy", "canary", "steps"), steps);
  },

  "a list of containers is replaced as well, on built-in kinds too": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const containers = [{ name: "other", image: "registry.test/other:2" }];
    const answer = await cluster.patch(REPLICA_SETS, { namespace: home, name: "a" }, {
      type: "merge",
      body: { spec: { template: { spec: { containers } } } },
    });
    const stored = at(answer, "spec", "template", "spec", "containers") as unknown[];
    assert.deepEqual(stored.map((container) => at(container, "name")), ["other"]);
    assert.equal(at(stored[0], "imagePullPolicy"), "IfNotPresent");
  },

  "a value may change its kind": async (subject) => {
    const spec = { strategy: { canary: { maxSurge: 1 } } };
    const answer = await patched(
      subject,
      { spec: { strategy: { canary: { maxSurge: "25%" } } } },
      spec,
    );
    assert.equal(at(answer, "spec", "strategy", "canary", "maxSurge"), "25%");
  },

  "an Event is counted up": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const times = { firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:00Z" };
    await cluster.create(EVENTS, event(home, "a", { ...times, reason: "Tested", count: 1 }));
    const body = { count: 2, lastTimestamp: "2026-01-01T00:01:00Z", message: "again" };
    const answer = await cluster.patch(EVENTS, ref, { type: "merge", body });
    const { count, firstTimestamp, lastTimestamp, message, reason } = answer;
    assert.deepEqual({ count, firstTimestamp, lastTimestamp, message, reason }, {
      ...body,
      firstTimestamp: times.firstTimestamp,
      reason: "Tested",
    });
  },

  "an absent object is not found": async ({ cluster, namespace }) => {
    const ref = { namespace: await namespace(), name: "a" };
    await refused(cluster.patch(CONFIG_MAPS, ref, { type: "merge", body: { data: {} } }), {
      code: 404,
      reason: "NotFound",
      message: 'configmaps "a" not found',
    });
  },

  "name and namespace cannot be changed": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const patch = { type: "merge", body: { metadata: { name: "b" } } } as const;
    await refused(cluster.patch(CONFIG_MAPS, { namespace: home, name: "a" }, patch), {
      code: 400,
      reason: "BadRequest",
      message: "the name of the object (b) does not match the name on the URL (a)",
    });
    const elsewhere = { type: "merge", body: { metadata: { namespace: "default" } } } as const;
    await refused(cluster.patch(CONFIG_MAPS, { namespace: home, name: "a" }, elsewhere), {
      code: 400,
      reason: "BadRequest",
      message: "the namespace of the provided object does not match the namespace sent on the " +
        "request",
    });
  },

  "a patch that is no object is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const patch = { type: "merge", body: [{ data: {} }] } as const;
    await refused(cluster.patch(CONFIG_MAPS, { namespace: home, name: "a" }, patch), {
      code: 400,
      reason: "BadRequest",
    });
  },
});
