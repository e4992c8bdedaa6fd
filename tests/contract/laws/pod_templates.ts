/** Laws of PodTemplates: they are kept for whoever refers to them. */
import assert from "node:assert/strict";
import { POD_TEMPLATES, PODS } from "../../../core/api/names/resources.ts";
import { at, gone, namesOf } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { podTemplate } from "../manifests.ts";

export const laws = lawsOf("PodTemplate", {
  "is listed, written anew, watched and deleted like any other object": async (subject) => {
    const { cluster, namespace, eventually, watch } = subject;
    const home = await namespace();
    const made = await cluster.create(POD_TEMPLATES, podTemplate(home, "a"));
    await cluster.create(POD_TEMPLATES, podTemplate(home, "b"));
    const { items, resourceVersion } = await cluster.list(POD_TEMPLATES, { namespace: home });
    assert.deepEqual(namesOf(items), ["a", "b"]);
    const seen = watch(POD_TEMPLATES, { namespace: home, resourceVersion });
    const image = "registry.test/main:2.0";
    const wanted = podTemplate(home, "a", { container: { image } });
    const updated = await cluster.update(POD_TEMPLATES, { ...wanted, metadata: made.metadata });
    assert.equal(at(updated, "template", "spec", "containers", 0, "image"), image);
    assert.equal(updated.metadata.uid, made.metadata.uid);
    await cluster.delete(POD_TEMPLATES, { namespace: home, name: "b" });
    await gone(subject, POD_TEMPLATES, { namespace: home, name: "b" });
    const story = await eventually(
      "the deletion",
      () => Promise.resolve(seen.storyUntil("DELETED b")),
    );
    assert.deepEqual(story, ["MODIFIED a", "DELETED b"]);
  },

  "makes no pods": async ({ cluster, namespace, elapse }) => {
    const home = await namespace();
    await cluster.create(POD_TEMPLATES, podTemplate(home, "a"));
    await elapse(2000);
    assert.deepEqual((await cluster.list(PODS, { namespace: home })).items, []);
  },
});
