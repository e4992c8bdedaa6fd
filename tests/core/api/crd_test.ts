import assert from "node:assert/strict";
import { rolloutCrd } from "../../../core/api/crd.ts";

// deno-lint-ignore no-explicit-any
type Open = any;

Deno.test("the Rollout's definition has Argo's names, columns and scale paths", () => {
  const crd: Open = rolloutCrd();
  assert.equal(crd.metadata.name, "rollouts.argoproj.io");
  assert.equal(crd.spec.scope, "Namespaced");
  assert.deepEqual(crd.spec.names, {
    kind: "Rollout",
    listKind: "RolloutList",
    plural: "rollouts",
    singular: "rollout",
    shortNames: ["ro"],
  });
  const [version] = crd.spec.versions;
  assert.equal(version.name, "v1alpha1");
  assert.deepEqual(
    version.additionalPrinterColumns.map((column: Open) => [
      column.name,
      column.type,
      column.jsonPath,
    ]),
    [
      ["Desired", "integer", ".spec.replicas"],
      ["Current", "integer", ".status.replicas"],
      ["Up-to-date", "integer", ".status.updatedReplicas"],
      ["Available", "integer", ".status.availableReplicas"],
      ["Age", "date", ".metadata.creationTimestamp"],
    ],
  );
  assert.deepEqual(version.subresources, {
    status: {},
    scale: {
      specReplicasPath: ".spec.replicas",
      statusReplicasPath: ".status.HPAReplicas",
      labelSelectorPath: ".status.selector",
    },
  });
});

Deno.test("the Rollout's definition wants a spec and keeps every field of spec and status", () => {
  const { openAPIV3Schema: schema }: Open = (rolloutCrd() as Open).spec.versions[0].schema;
  assert.deepEqual(schema.required, ["spec"]);
  for (const part of ["spec", "status"]) {
    assert.equal(schema.properties[part]["x-kubernetes-preserve-unknown-fields"], true);
  }
});

Deno.test("a definition handed out is the taker's own", () => {
  const taken: Open = rolloutCrd();
  taken.spec.versions[0].additionalPrinterColumns.length = 0;
  assert.equal((rolloutCrd() as Open).spec.versions[0].additionalPrinterColumns.length, 5);
});
