/** Scripts made at random with webhooks among the faults, and what must be true of their course. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EVENT_SOURCE } from "../../../core/api/names/names.ts";
import { EXPERIMENTS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { CommandRefused } from "../../../core/command/mod.ts";
import { Engine, EventRecorder } from "../../../core/engine/mod.ts";
import { ApiError } from "../../../core/ports/api_error.ts";
import { silentLog as log } from "../../../core/ports/log.ts";
import { ExperimentController } from "../../../core/experiment/mod.ts";
import { RolloutController } from "../../../core/rollout/mod.ts";
import { type Scenario, START_MS } from "../../../core/simulate/mod.ts";
import { analysisDefinitions } from "../../../core/simulate/simulated_analysis.ts";
import { settleInstant } from "../../../core/simulate/simulated_world.ts";
import { User } from "../../../core/simulate/user.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import {
  blueGreenOf,
  canaryOf,
  commands,
  extras,
  scenarioOf,
  script,
  steps,
} from "./random_script.ts";
import { type Manner, type Webhook, Webhooks } from "./webhooks.ts";

/** A stuck Rollout writes no more than that. */
const WRITES_PER_MINUTE_MAX = 20;
/** Nor an Experiment that is stuck beside it. */
const WRITES_OF_EXPERIMENT_MAX = 8;
/** The same write at the same moment: once, twice again, and what follows a refusal. */
const SAME_AT_ONCE_MAX = 5;
const MINUTE_MS = 60_000;
/** After the last that somebody did, the Rollout is stuck or done. */
const CALM_MS = 2 * MINUTE_MS;
const END_MS = 10 * MINUTE_MS;

const manners = fc.constantFrom<Manner>(
  "refuse",
  "refuse",
  "undo",
  "undo",
  "undo later",
  "busy",
  "conflict",
);

const webhook: fc.Arbitrary<Webhook> = fc.record({
  about: fc.constantFrom(
    "patch replicasets",
    "patch replicasets",
    "create replicasets",
    "patch services",
    "patch rollouts",
    "patch rollouts/status",
    "delete replicasets",
    "create pods/eviction",
    "patch pods",
  ),
  manner: manners,
});

/** When they come, after which command, and after which they go; or they stay. */
const phasesOf = (webhooks: fc.Arbitrary<Webhook>) =>
  fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 12 }),
      webhooks: fc.array(webhooks, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  );

const strategies = fc.oneof(
  fc.tuple(
    steps,
    fc.constantFrom<Record<string, unknown>>(
      {},
      { maxSurge: 1, maxUnavailable: 0 },
      { maxSurge: 0, maxUnavailable: 1 },
      {
        canaryMetadata: { labels: { role: "canary" } },
        stableMetadata: { labels: { role: "stable" } },
      },
    ),
  ).map(([list, fields]) => canaryOf({ ...fields, steps: list })),
  fc.record({
    autoPromotionEnabled: fc.boolean(),
    autoPromotionSeconds: fc.constantFrom(0, 20),
    previewReplicaCount: fc.constantFrom(0, 1),
    scaleDownDelaySeconds: fc.constantFrom(0, 30),
  }, { requiredKeys: [] }).map(blueGreenOf),
);

/** Writes for Experiments, beside those for the Rollout. */
const experimentWebhook: fc.Arbitrary<Webhook> = fc.oneof(
  webhook,
  fc.record({
    about: fc.constantFrom(
      "create experiments",
      "patch experiments",
      "patch experiments/status",
      "patch experiments/status",
      "delete experiments",
      "create services",
      "delete services",
    ),
    manner: manners,
  }),
);

const experimentSteps = fc.tuple(
  steps,
  fc.array(
    fc.record({
      duration: fc.constantFrom("5s", "30s"),
      scaleDownDelaySeconds: fc.constantFrom(0, 5),
      templates: fc.constantFrom(
        [{ name: "a", specRef: "canary", service: {} }],
        [{ name: "a", specRef: "stable" }, { name: "b", specRef: "canary", replicas: 2 }],
      ),
    }, { requiredKeys: ["duration", "templates"] }),
    { minLength: 1, maxLength: 2 },
  ),
).map(([list, experiments]) => [...experiments.map((experiment) => ({ experiment })), ...list]);

const told = fc.oneof(
  { weight: 5, arbitrary: commands },
  { weight: 1, arbitrary: fc.constant("abort web") },
);

export interface Plot {
  readonly scenario: Scenario;
  readonly phases: readonly { readonly after: number; readonly webhooks: readonly Webhook[] }[];
  /** Its steps hold experiments. */
  readonly hasExperiments?: boolean;
}

export const plots: fc.Arbitrary<Plot> = fc
  .tuple(strategies, extras, script(told), phasesOf(webhook))
  .map(([strategy, spec, entries, phases]) => ({
    scenario: scenarioOf({ strategy, spec: { progressDeadlineSeconds: 60, ...spec } }, entries),
    phases,
  }));

/** Containers with a port, as Services need it. */
const TEMPLATE = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }] },
};

/** The same about canaries whose first steps are experiments. */
export const experimentPlots: fc.Arbitrary<Plot> = fc.tuple(
  experimentSteps,
  extras,
  script(told),
  phasesOf(experimentWebhook),
).map(([steps, extra, entries, phases]) => {
  const spec = { progressDeadlineSeconds: 60, template: TEMPLATE, ...extra };
  const scenario = scenarioOf({ strategy: canaryOf({ steps }), spec }, entries);
  return { scenario, phases, hasExperiments: true };
});

/** What a script came to. */
export interface Course {
  readonly webhooks: Webhooks;
  readonly rollout: Rollout;
  readonly lastCommandMs: number;
  readonly aborts: number;
  readonly experiments: number;
  /** Writes that were held back as repeats. */
  readonly damped: number;
}

/** A command that is refused is left out. @throws when an abort is hidden */
export async function play({ scenario, phases, hasExperiments = false }: Plot): Promise<Course> {
  const clock = new VirtualClock(START_MS);
  const cluster = new EmbeddedCluster({
    clock,
    housekeepingClock: clock.background,
    random: seededRandom(scenario.seed),
    customResources: [
      openDefinition(ROLLOUT_KIND),
      ...(hasExperiments ? analysisDefinitions() : []),
    ],
  });
  const webhooks = new Webhooks(cluster.client("sluice"), () => clock.now());
  const ports = { cluster: webhooks.client(), clock, log };
  const recorder = new EventRecorder({ ...ports, component: EVENT_SOURCE });
  const engine = new Engine({ ...ports, recorder, retryClock: clock.background });
  engine.add(new RolloutController());
  if (hasExperiments) engine.add(new ExperimentController());
  let damped = 0;
  engine.onPass(({ applied }) => {
    if (applied.failure?.error.name === "DampedError") damped++;
  });
  const world = { clock, cluster, engine };
  const user = new User(cluster);
  const rolloutNow = () => cluster.objects(ROLLOUTS)[0] as Rollout;
  async function advanceTo(ms: number): Promise<void> {
    await settleInstant(world);
    for (let due = clock.nextDueMs(); due !== undefined && due <= ms; due = clock.nextDueMs()) {
      clock.advanceTo(due);
      await settleInstant(world);
    }
    clock.advanceTo(ms);
  }
  await user.applyAll(scenario.objects);
  engine.start();
  let aborts = 0;
  for (const [index, { command, text, trigger }] of scenario.script.entries()) {
    for (const phase of phases) if (phase.after === index) webhooks.install(phase.webhooks);
    if (trigger.kind === "at") await advanceTo(START_MS + trigger.atMs);
    const wasAborted = rolloutNow().status?.abort === true;
    try {
      await user.carryOut(command, { nowMs: clock.now(), files: scenario.files });
    } catch (error) {
      if (error instanceof CommandRefused || error instanceof ApiError) continue;
      throw error;
    }
    const isNews = text.startsWith("abort ") && !wasAborted;
    if (!isNews || webhooks.areAbout("patch rollouts/status")) continue;
    // Races and busy servers are given a moment; all else is told by the next pass.
    await advanceTo(clock.now() + (webhooks.isAnyPassing ? 1_000 : 0));
    await settleInstant(world);
    assertVisible(rolloutNow(), text);
    aborts++;
  }
  const lastCommandMs = clock.now();
  await advanceTo(lastCommandMs + END_MS);
  engine.stop();
  const experiments = hasExperiments ? cluster.objects(EXPERIMENTS).length : 0;
  return { webhooks, rollout: rolloutNow(), lastCommandMs, aborts, experiments, damped };
}

/** An abort shows, unless there is nothing to go back to. */
function assertVisible({ status = {} }: Rollout, text: string): void {
  if (status.abort !== true || status.currentPodHash === status.stableRS) return;
  const said = `${text}: ${status.phase} ${status.message}, abortedAt ${status.abortedAt}`;
  assert.equal(status.phase, "Degraded", said);
  assert.ok(status.abortedAt !== undefined, said);
}

/** Nothing goes round in a loop, neither for a moment nor for ever. */
export function assertNoLoop(
  { webhooks: { attempts }, lastCommandMs, experiments }: Course,
): void {
  const calm = attempts.filter(({ atMs }) => atMs >= lastCommandMs + CALM_MS);
  const most = mostPerMinute(calm);
  const max = WRITES_PER_MINUTE_MAX + experiments * WRITES_OF_EXPERIMENT_MAX;
  assert.ok(most.count <= max, `calm: ${describe(most)}`);
  const counts = new Map<string, number>();
  for (const { atMs, text } of attempts) {
    const moment = `${(atMs - START_MS) / 1000}s: ${text}`;
    const count = (counts.get(moment) ?? 0) + 1;
    counts.set(moment, count);
    assert.ok(count <= SAME_AT_ONCE_MAX, `${count} times at ${moment}`);
  }
}

interface Most {
  readonly count: number;
  readonly texts: readonly string[];
}

function mostPerMinute(attempts: readonly { atMs: number; text: string }[]): Most {
  let most: Most = { count: 0, texts: [] };
  let from = 0;
  for (const [index, { atMs }] of attempts.entries()) {
    while ((attempts[from]?.atMs ?? atMs) <= atMs - MINUTE_MS) from++;
    const count = index - from + 1;
    if (count <= most.count) continue;
    most = { count, texts: attempts.slice(from, index + 1).map(({ text }) => text) };
  }
  return most;
}

function describe({ count, texts }: Most): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const lines = [...counts].sort(([, a], [, b]) => b - a).slice(0, 6)
    .map(([text, times]) => `${times} x ${text.slice(0, 300)}`);
  return [`${count} writes in a minute`, ...lines].join("\n  ");
}

/** Plays and judges one; gives the number of aborts that were looked for. */
export async function judge(plot: Plot): Promise<number> {
  const course = await play(plot);
  assertNoLoop(course);
  const isHealthy = plot.phases.every(({ webhooks }) => webhooks.length === 0);
  if (isHealthy) assert.equal(course.damped, 0, "what gets on is never slowed");
  return course.aborts;
}

/** What a script is, in a few lines. */
export function plotText({ scenario, phases }: Plot): string {
  const { strategy } = (scenario.objects.at(-1) as Rollout).spec;
  const lines = scenario.script.map(({ text, trigger }, index) => {
    const present = phases.filter(({ after }) => after === index)
      .map(({ webhooks }) => webhooks.map(({ about, manner }) => `${manner} ${about}`).join(", "));
    const at = trigger.kind === "at" ? `${trigger.atMs / 1000}s` : "";
    return `${present.map((text) => `[webhooks: ${text}] `).join("")}${at}: ${text}`;
  });
  return [JSON.stringify(strategy), ...lines].join("\n");
}
