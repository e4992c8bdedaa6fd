/** Laws of bookmarks: how far a quiet watch has come. */
import assert from "node:assert/strict";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { versionOf } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { rollout } from "../manifests.ts";
import type { Subject } from "../subject.ts";

/** A short watch of one namespace while another one is written to: its first bookmark. */
async function bookmarked(subject: Subject) {
  const { cluster, namespace, watch, eventually } = subject;
  const home = await namespace();
  const { resourceVersion } = await cluster.list(ROLLOUTS, { namespace: home });
  const watched = watch(ROLLOUTS, { namespace: home, resourceVersion, timeoutSeconds: 6 });
  const elsewhere = await cluster.create(ROLLOUTS, rollout(await namespace(), "a"));
  const bookmark = await eventually(
    "a bookmark that covers what was written elsewhere",
    () => Promise.resolve(watched.bookmarks.find((one) => versionOf(one) >= versionOf(elsewhere))),
    8000,
  );
  return { home, watched, bookmark };
}

export const laws = lawsOf("bookmarks", {
  "before a watch ends it says how far it has come, also over what it does not select": async (
    subject,
  ) => {
    const { watched } = await bookmarked(subject);
    assert.deepEqual(watched.events, []);
  },

  "a bookmark carries nothing but its kind and a resourceVersion": async (subject) => {
    const { bookmark } = await bookmarked(subject);
    const { kind, apiVersion, metadata } = bookmark;
    assert.deepEqual({ kind, apiVersion }, {
      kind: "Rollout",
      apiVersion: "argoproj.io/v1alpha1",
    });
    assert.match(metadata.resourceVersion ?? "", /^\d+$/);
    assert.equal(metadata.name ?? "", "");
    assert.equal(metadata.uid, undefined);
  },

  "a watch resumed from a bookmark misses nothing": async (subject) => {
    const { cluster, watch, eventually } = subject;
    const { home, bookmark } = await bookmarked(subject);
    await cluster.create(ROLLOUTS, rollout(home, "next"));
    const resourceVersion = bookmark.metadata.resourceVersion ?? "";
    const resumed = watch(ROLLOUTS, { namespace: home, resourceVersion });
    const story = await eventually(
      "the next object",
      () => Promise.resolve(resumed.storyUntil("ADDED next")),
    );
    assert.deepEqual(story, ["ADDED next"]);
  },
});
