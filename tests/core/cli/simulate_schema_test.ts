/** The published schema says what `simulate -o json` really prints: all of it, and nothing else. */
import assert from "node:assert/strict";
import threeVersions from "../../fixtures/experiments/three_versions.yaml" with { type: "text" };
import schema from "../../../docs/simulate.schema.json" with { type: "json" };
import { schemaProblems } from "./schema_problems.ts";
import analysis from "../../../docs/examples/analysis/web.yaml" with { type: "text" };
import { run, simulateText } from "./fake_terminal.ts";
import { web } from "./web_manifest.ts";

const RUNS: [what: string, text: string, options: string[]][] = [
  ["an update", web(), ["--do", "10s: set image web web=registry/web:2"]],
  ["an image that fails, and a pod that is lost", web(), [
    "--do",
    "5s: delete-pod web/oldest",
    "--do",
    "10s: set image web web=registry/does-not-exist:2",
    "--do",
    "20s: delete rollout/web --cascade=orphan",
  ]],
  ["an Experiment alone", threeVersions, []],
  ["analyses", analysis, [
    "--do",
    "10s: set image web web=registry.example/web:2",
    "--assume",
    "success-rate=error",
  ]],
  ["an analysis without data", analysis, [
    "--do",
    "10s: set image web web=registry.example/web:2",
  ]],
];

Deno.test("the schema describes what would have been notified", async () => {
  const annotations = { "notifications.argoproj.io/subscribe.on-rollout-completed.slack": "ops" };
  const files = {
    "web.yaml": web().replace(
      "{name: web,",
      `{name: web, annotations: ${JSON.stringify(annotations)},`,
    ),
    "configmap.yaml": NOTIFICATIONS,
  };
  const args = ["simulate", "web.yaml", "--notifications", "configmap.yaml"];
  const { out } = await run([...args, "-o", "json"], { files });
  const shown = JSON.parse(out);
  assert.deepEqual(schemaProblems(shown, schema), []);
  assert.deepEqual(
    shown.notifications.map(({ atSeconds: _, ...sent }: Record<string, unknown>) => sent),
    [{
      rollout: "default/web",
      trigger: "on-rollout-completed",
      service: "slack",
      recipient: "ops",
      message: "web is done",
      content: { blocks: "[]" },
    }],
  );
  const { out: text } = await run(args, { files });
  assert.match(
    text,
    /\nWould have been sent:\n *\S+ slack:ops {2}on-rollout-completed {2}default\/web\n +web is done\n/,
  );
  const wrong = { ...files, "configmap.yaml": NOTIFICATIONS.replace("is done", "{{") };
  const refused = await run(args, { files: wrong });
  assert.equal(refused.code, 2);
});

const NOTIFICATIONS = `apiVersion: v1
kind: ConfigMap
metadata: {name: argo-rollouts-notification-configmap}
data:
  service.slack: "token: $slack-token"
  trigger.on-rollout-completed: "- send: [rollout-done]"
  template.rollout-done: |
    message: "{{.rollout.metadata.name}} is done"
    slack: {blocks: "[]"}
`;

for (const [what, text, options] of RUNS) {
  Deno.test(`the schema describes what is printed of ${what}`, async () => {
    for (const more of [[], ["--objects"]]) {
      const { out } = await simulateText(text, ...options, "-o", "json", ...more);
      assert.deepEqual(schemaProblems(JSON.parse(out), schema), []);
    }
  });
}

Deno.test("a value that the schema does not know is noticed", () => {
  const value = { timeline: [{}], events: [], writes: {}, result: {}, users: {}, more: 1 };
  const problems = schemaProblems(value, schema);
  assert.ok(problems.includes(".more: unknown"));
  assert.ok(problems.includes(".timeline[0].phase: absent"));
});

Deno.test("--objects adds the objects as they are at the end, and nothing without it", async () => {
  const args = ["simulate", "web.yaml", "-o", "json"];
  const files = { "web.yaml": web() };
  const { objects } = JSON.parse((await run([...args, "--objects"], { files })).out);
  const kinds = new Set(objects.map(({ kind }: { kind: string }) => kind));
  assert.ok(["Rollout", "ReplicaSet", "Pod"].every((kind) => kinds.has(kind)));
  const rollout = objects.find(({ kind }: { kind: string }) => kind === "Rollout");
  assert.equal(rollout.status.phase, "Healthy");
  assert.equal(JSON.parse((await run(args, { files })).out).objects, undefined);
});
