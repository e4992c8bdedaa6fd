/** Laws of forgotten history: a watcher that is too far behind is told to list again. */
import assert from "node:assert/strict";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { ApiError, isGone } from "../../../core/ports/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { lawsOf } from "../law.ts";
import { rollout, service } from "../manifests.ts";
import type { Subject } from "../subject.ts";

/** Watches from forgotten history: the watch must end, and say so. */
async function expires(subject: Subject, type: ResourceType, object: KubeObject): Promise<void> {
  const { namespace = "", name } = (await subject.cluster.create(type, object)).metadata;
  const resourceVersion = await subject.forgottenVersion(type, { namespace, name });
  const watched = subject.watch(type, { namespace, resourceVersion });
  const error = await subject.eventually("an error", () => Promise.resolve(watched.error));
  assert.ok(error instanceof ApiError);
  const { code, reason, message } = error;
  assert.deepEqual({ code, reason }, { code: 410, reason: "Expired" });
  assert.match(message, new RegExp(`^too old resource version: ${resourceVersion} \\(\\d+\\)$`));
  assert.ok(isGone(error));
  assert.equal(watched.ends, 1);
  assert.deepEqual(watched.events, []);
}

export const laws = lawsOf("relist on 410 Gone", {
  "a watch of a built-in kind from a forgotten resourceVersion ends with 410 Expired": async (
    subject,
  ) => expires(subject, SERVICES, service(await subject.namespace(), "a")),

  "a watch of a custom kind from a forgotten resourceVersion ends with 410 Expired": async (
    subject,
  ) => expires(subject, ROLLOUTS, rollout(await subject.namespace(), "a")),

  "a list taken then starts a watch that misses nothing": async (subject) => {
    const { cluster, watch, eventually } = subject;
    const namespace = await subject.namespace();
    await cluster.create(ROLLOUTS, rollout(namespace, "a"));
    const forgotten = await subject.forgottenVersion(ROLLOUTS, { namespace, name: "a" });
    const lost = watch(ROLLOUTS, { namespace, resourceVersion: forgotten });
    await eventually("an error", () => Promise.resolve(lost.error));
    const { items, resourceVersion } = await cluster.list(ROLLOUTS, { namespace });
    assert.deepEqual(items.map(({ metadata }) => metadata.name), ["a"]);
    const watched = watch(ROLLOUTS, { namespace, resourceVersion });
    await cluster.create(ROLLOUTS, rollout(namespace, "b"));
    const story = await eventually(
      "the next object",
      () => Promise.resolve(watched.storyUntil("ADDED b")),
    );
    assert.deepEqual(story, ["ADDED b"]);
  },
});
