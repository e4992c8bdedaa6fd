/**
 * Templates of Rollouts, and of the ReplicaSets that Argo Rollouts 1.8.4, 1.9.1 and 1.10 made of
 * them on a real API server (`adopted-templates.json`; equal rows of several cases are one row). The
 * template of a Rollout with a `workloadRef` is that of its Deployment.
 */
import assert from "node:assert/strict";
import type { PodTemplate } from "../../../../sdk/api/rollout.ts";
import { equalTemplates } from "../../../../core/api/hash/normalise_template.ts";
import { templateHash } from "../../../../core/api/hash/template_hash.ts";
import adoptedRows from "../../../fixtures/vectors/adopted-templates.json" with { type: "json" };

interface Adopted {
  argo: string;
  cases: string[];
  wanted: PodTemplate;
  /** The template of the ReplicaSet that `status.currentPodHash` names. */
  found: PodTemplate;
  /** The templates of the Rollout's other ReplicaSets. */
  others: PodTemplate[];
}

const ROWS = adoptedRows as unknown as Adopted[];

Deno.test("a Rollout's template equals that of the ReplicaSet that Argo made of it", () => {
  assert.equal(ROWS.flatMap(({ cases }) => cases).length, 33);
  for (const { argo, cases, wanted, found } of ROWS) {
    assert.ok(equalTemplates(wanted, found), `${argo} ${cases}`);
    assert.equal(templateHash(wanted), templateHash(found));
  }
});

Deno.test("a Rollout's template differs from those of its other revisions", () => {
  assert.ok(ROWS.some(({ others }) => others.length > 1));
  for (const { argo, cases, wanted, others } of ROWS) {
    for (const other of others) {
      assert.ok(!equalTemplates(wanted, other), `${argo} ${cases}`);
      assert.notEqual(templateHash(wanted), templateHash(other));
    }
  }
});
