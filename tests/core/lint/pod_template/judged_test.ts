/** Judged by Kubernetes' own validation: see tests/fixtures/pod_templates/README.md. */
import assert from "node:assert/strict";
import judged from "../../../fixtures/pod_templates/judged.json" with { type: "json" };
import { type JudgedTemplate, lintErrors, scoreOf, TEMPLATES } from "./sample.ts";

Deno.test("lint finds no error in templates with nearly every field that Kubernetes knows", () => {
  for (const template of Object.values(TEMPLATES)) assert.deepEqual(lintErrors(template), []);
});

Deno.test("lint refuses what the API server refuses in a pod template, and nothing else", () => {
  const { refused, accepted, missed, wrong } = scoreOf(judged as unknown as JudgedTemplate[]);
  assert.ok(refused > 500 && accepted > 400, `${refused} refused, ${accepted} accepted`);
  assert.deepEqual(wrong, []);
  assert.ok(missed.length <= refused * 0.02, missed.join("\n"));
});
