/** Scripts made at random for a Rollout over a Deployment, which lives a life of its own. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { DEPLOYMENTS } from "../../../core/api/names/resources.ts";
import type { Outcome, Scenario } from "../../../core/simulate/mod.ts";
import {
  assertSound,
  blueGreenOf,
  canaryOf,
  commands,
  play,
  scenarioOf,
  script,
  steps,
} from "./random_script.ts";

const SCALE_DOWNS = ["never", "onsuccess", "progressively", undefined] as const;

function deployment(image: number, replicas: number): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: DEPLOYMENTS.kind,
    metadata: { name: "base" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: `web:${image}` }] },
      },
    },
  };
}

/** What a repository may sync. */
const SYNCED: [string, KubeObject][] = [1, 2, 3].flatMap((image) =>
  [0, 3, 6].map((replicas): [string, KubeObject] => [
    `web:${image}x${replicas}`,
    deployment(image, replicas),
  ])
);

/** What people do at the end, when all is well again. */
const CURE = [
  "heal web:2",
  "heal web:3",
  "pod-start 1s",
  "scale web 4",
  "apply web:1x3",
  "retry web",
  "promote web --full",
];

const life = fc.oneof(
  { weight: 4, arbitrary: commands },
  { weight: 1, arbitrary: fc.constantFrom(...SYNCED).map(([name]) => `apply ${name}`) },
  { weight: 1, arbitrary: fc.constantFrom("quota 5", "quota 8", "quota none", "nodes full") },
);

function scenarioWith(
  { scaleDown, strategy, size }: {
    scaleDown: string | undefined;
    strategy: Record<string, unknown>;
    size: number;
  },
  entries: readonly { at: string; do: string }[],
): Scenario {
  const workloadRef = {
    apiVersion: "apps/v1",
    kind: DEPLOYMENTS.kind,
    name: "base",
    ...(scaleDown === undefined ? {} : { scaleDown }),
  };
  const spec = { selector: undefined, template: undefined, workloadRef };
  const atEnd = CURE.map((text, index) => ({ at: `${1000 + 10 * index}s`, do: text }));
  const scenario = scenarioOf({ strategy, spec }, [
    ...entries,
    { at: "990s", do: "quota none" },
    { at: "990s", do: "nodes free" },
    ...atEnd,
  ]);
  return {
    ...scenario,
    objects: [deployment(1, size), ...scenario.objects],
    files: new Map(SYNCED.map(([name, object]) => [name, [object]])),
  };
}

/** All pods of the last template are there, and the Deployment has as many as it should. */
function assertCured(outcome: Outcome): void {
  assertSound(outcome);
  const { status = {}, spec } = outcome.rollouts[0] as Rollout;
  assert.equal(spec.template, undefined, "nothing of the workload is written back");
  assert.equal(status.phase, "Healthy", status.message ?? "");
  assert.equal(status.availableReplicas, 4);
  const stable = outcome.screens[0]?.images.filter(({ tags }) => tags.includes("stable"));
  assert.deepEqual(stable?.map(({ image }) => image), ["web:1"], "the template of the last sync");
}

Deno.test("a Deployment with a life of its own costs its Rollout no pods, and all ends well", async () => {
  const strategies = fc.oneof(
    steps.map((list) => canaryOf({ steps: list })),
    fc.constantFrom(
      blueGreenOf({}),
      blueGreenOf({ autoPromotionEnabled: false, previewReplicaCount: 1 }),
      blueGreenOf({ scaleDownDelaySeconds: 30, autoPromotionSeconds: 20 }),
    ),
  );
  const setting = fc.record({
    scaleDown: fc.constantFrom(...SCALE_DOWNS),
    strategy: strategies,
    size: fc.constantFrom(0, 2, 4, 7),
  });
  let played = 0;
  await fc.assert(
    fc.asyncProperty(fc.tuple(setting, script(life)), async ([shape, entries]) => {
      const outcome = await play(scenarioWith(shape, entries));
      if (outcome === undefined) return;
      played++;
      assertCured(outcome);
    }),
    { numRuns: 60 },
  );
  assert.ok(played > 20, `${played} scripts were played to their end`);
});
