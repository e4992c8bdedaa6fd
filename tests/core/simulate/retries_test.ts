import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { exitCodeOf, parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";

const LABELS = { app: "web" };
const WEB: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web" },
  spec: {
    replicas: 4,
    progressDeadlineSeconds: 60,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: "web", image: "web:1" }] },
    },
    strategy: { canary: { steps: [{ setWeight: 25 }, { pause: { duration: "1h" } }] } },
  },
};
const HOUR_MS = 3_600_000;

function budget(minAvailable: number): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web" },
    spec: { minAvailable, selector: { matchLabels: LABELS } },
  };
}

async function outcomeWith(minAvailable: number, ...commands: string[]) {
  return await simulate({
    objects: [budget(minAvailable), WEB],
    script: [],
    timed: commands.map(parseTimedCommand),
    files: new Map(),
    untilMs: 24 * HOUR_MS,
    seed: 1,
  });
}

Deno.test("a restart that a budget forbids ends the simulation, and is told of", async () => {
  const outcome = await outcomeWith(4, "10s: restart web");
  assert.ok(outcome.endSeconds < 600, `${outcome.endSeconds}`);
  assert.equal(exitCodeOf(outcome), 3);
  const { why, message } = outcome.timeline.at(-1) ?? {};
  assert.equal(message, "rollout is restarting");
  assert.match(why ?? "", /evicting \S+, 1 of 4 .*; pod web-\w+-\w+: .*disruption budget/);
});

Deno.test("a restart that a budget slows down comes to its end", async () => {
  const outcome = await outcomeWith(3, "10s: restart web");
  assert.equal(exitCodeOf(outcome), 0);
  assert.equal(outcome.timeline.at(-1)?.phase, "Healthy");
});

Deno.test("tries that bring nothing do not cut off what is still to come", async () => {
  const outcome = await outcomeWith(
    4,
    "10s: set image web web=web:2",
    "20s: restart web",
  );
  const { phase, message, step } = outcome.timeline.at(-1) ?? {};
  assert.deepEqual({ phase, message, step }, {
    phase: "Progressing",
    message: "rollout is restarting",
    step: 2,
  });
  assert.ok(outcome.endSeconds > 3600, "the pause of an hour has ended");
});
