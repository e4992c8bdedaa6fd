import assert from "node:assert/strict";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import { newNextSet } from "../../../core/rollout/next_set.ts";
import { plainTemplate, type ReplicaSet } from "../../../core/sets/mod.ts";
import { worldOf } from "../rollout/world.ts";

const TEMPLATE = {
  metadata: { labels: { app: "web", team: "a" }, annotations: { note: "own" } },
  spec: { containers: [{ name: "web", image: "web:2" }] },
};

/** The set that would be made for an update with everything that can be put into a template. */
function fullSet(): ReplicaSet {
  const world = worldOf({
    templateHash: "bbb",
    stable: { hash: "aaa", size: 5 },
    canary: {
      canaryMetadata: {
        labels: { app: "other", role: "canary" },
        annotations: { sidecar: "on" },
      },
      antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} },
    },
    spec: { template: TEMPLATE },
  });
  return newNextSet(situationOf(world), { name: "web-bbb", size: 1, number: 2 });
}

Deno.test("a new set's template holds what its update adds; its selector keeps matching", () => {
  const { metadata, spec } = fullSet();
  assert.deepEqual(spec.template.metadata, {
    labels: { app: "web", team: "a", role: "canary", "rollouts-pod-template-hash": "bbb" },
    annotations: { note: "own", sidecar: "on" },
  });
  assert.deepEqual(Object.keys(spec.template.spec ?? {}), ["containers", "affinity"]);
  assert.equal(
    metadata.annotations?.["rollout.argoproj.io/ephemeral-metadata"],
    '{"labels":{"app":"other","role":"canary"},"annotations":{"sidecar":"on"}}',
  );
});

Deno.test("plainTemplate() gives the template back as the Rollout wrote it", () => {
  assert.deepEqual(plainTemplate(fullSet()), TEMPLATE);
});
