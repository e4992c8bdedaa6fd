import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import {
  exitCodeOf,
  type Outcome,
  parseTimedCommand,
  renderTimeline,
  simulate,
  type TimelineEntry,
} from "../../../core/simulate/mod.ts";
import { timelineText } from "../../golden/timeline_text.ts";
import { case02 } from "./case_02_scenario.ts";

/** Commands at their times, beside case 02's objects. */
function at(...texts: string[]): { script: []; timed: ReturnType<typeof parseTimedCommand>[] } {
  return { script: [], timed: texts.map(parseTimedCommand) };
}

function withoutTimeAndReason(entry: TimelineEntry): unknown {
  return { ...entry, atSeconds: 0, why: "" };
}

/** With `spec.paused`, if it is a Rollout. */
function pausedBySpec(object: KubeObject): KubeObject {
  return object.kind === "Rollout"
    ? { ...object, spec: { ...fieldsOf(object["spec"]), paused: true } }
    : object;
}

Deno.test("the same scenario gives the same bytes", async () => {
  const [one, other] = [await simulate(case02()), await simulate(case02())];
  assert.equal(JSON.stringify(one), JSON.stringify(other));
  assert.equal(renderTimeline(one), renderTimeline(other));
});

Deno.test("another seed gives other names and the same story", async () => {
  const [one, other] = [await simulate(case02()), await simulate(case02({ seed: 2 }))];
  assert.equal(timelineText(one), timelineText(other));
  assert.notDeepEqual(podNames(one), podNames(other));
});

function podNames({ screens }: Outcome): unknown {
  return [...JSON.stringify(screens).matchAll(/mock-server-[0-9a-z]+-[0-9a-z]{5}\b/g)].map(String);
}

Deno.test("case 02 ends Healthy without a breach", async () => {
  const outcome = await simulate(case02());
  assert.equal(exitCodeOf(outcome), 0);
  assert.deepEqual(outcome.result.violations, []);
  assert.deepEqual(outcome.timeline.at(-1)?.stable?.revision, 3);
});

Deno.test("an entry is written exactly when something but time and reason has changed", async () => {
  const { timeline } = await simulate(case02());
  for (const [index, entry] of timeline.slice(1).entries()) {
    const before = timeline[index];
    assert.ok(before !== undefined && before.atSeconds <= entry.atSeconds);
    assert.notDeepEqual(withoutTimeAndReason(entry), withoutTimeAndReason(before));
  }
});

Deno.test("a command that changes nothing adds no entry, and is told of", async () => {
  const outcome = await simulate(
    case02(at("60s: fail-image other:1", "70s: pod-start 3s", "80s: promote mock-server")),
  );
  assert.ok(outcome.timeline.every(({ atSeconds }) => atSeconds < 60));
  assert.deepEqual(outcome.actions.map(({ atSeconds, text }) => [atSeconds, text]), [
    [60, "fail-image other:1"],
    [70, "pod-start 3s"],
    [80, "promote mock-server"],
  ]);
});

/** The type of every field, as deep as it goes. */
function shapeOf(value: unknown): unknown {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
}

const SET = {
  hash: "string",
  revision: "number",
  replicas: "number",
  ready: "number",
  available: "number",
};

Deno.test("the outcome has the fields that are promised, and no other", async () => {
  const { timeline, events, writes, result, users } = await simulate(case02());
  const superseded = timeline.find(({ others, canary }) => others.length > 0 && canary !== null);
  assert.deepEqual(shapeOf(superseded), {
    atSeconds: "number",
    namespace: "string",
    rollout: "string",
    phase: "string",
    message: "string",
    step: "number",
    steps: "number",
    strategy: "string",
    setWeight: "number",
    active: "null",
    actualWeight: "number",
    stable: SET,
    canary: SET,
    others: [SET],
    services: {
      "mock-server-stable": {
        selector: { app: "string", "rollouts-pod-template-hash": "string" },
        annotations: { "argo-rollouts.argoproj.io/managed-by-rollouts": "string" },
      },
      "mock-server-canary": {
        selector: { app: "string", "rollouts-pod-template-hash": "string" },
        annotations: { "argo-rollouts.argoproj.io/managed-by-rollouts": "string" },
      },
    },
    workload: "null",
    pods: "number",
    runs: [],
    troubles: [],
    warnings: [],
    why: "string",
  });
  assert.deepEqual(shapeOf(events), [{
    atSeconds: "number",
    reason: "string",
    type: "string",
    message: "string",
    namespace: "string",
    object: "string",
  }]);
  assert.deepEqual(shapeOf(writes), {
    total: "number",
    byResource: {
      replicasets: "number",
      "rollouts/status": "number",
      rollouts: "number",
      services: "number",
    },
  });
  assert.deepEqual(shapeOf(result), {
    rollout: "string",
    phase: "string",
    message: "string",
    atSeconds: "number",
    peakPods: "number",
    violations: [],
  });
  assert.deepEqual(shapeOf(users), {
    rollouts: [{
      namespace: "string",
      rollout: "string",
      fewestAvailable: { pods: "number", of: "number", atSeconds: "number" },
      longestBelow: "null",
    }],
    services: [{
      namespace: "string",
      service: "string",
      emptySeconds: "number",
      longestEmpty: "null",
      isEmptyAtEnd: "boolean",
      deletedAtSeconds: "null",
      isPreview: "boolean",
    }],
    podsLeft: [],
    podsGone: [],
  });
});

Deno.test("absent sets are null: stable before the first, canary when there is none", async () => {
  const { timeline } = await simulate(case02({ script: [] }));
  // Before spec.paused is taken back, nobody is served: no revision is stable.
  const paused = { ...case02({ script: [] }), objects: case02().objects.map(pausedBySpec) };
  const { timeline: held } = await simulate(paused);
  assert.equal(held[0]?.stable, null);
  assert.equal(held[0]?.canary?.revision, 1);
  assert.equal(timeline[0]?.stable?.revision, 1);
  assert.equal(timeline.at(-1)?.canary, null);
  assert.deepEqual(timeline.at(-1)?.others, []);
});

Deno.test("step counts the steps that are done", async () => {
  const { timeline } = await simulate(case02());
  const paused = timeline.filter(({ phase }) => phase === "Paused").map(({ step }) => step);
  assert.deepEqual([...new Set(paused)], [1, 3]);
  assert.deepEqual([timeline.at(-1)?.step, timeline.at(-1)?.steps], [5, 5]);
});

Deno.test("replicas is what a set is to have, not what it has", async () => {
  const { timeline } = await simulate(case02({ script: [] }));
  const { replicas, available } = timeline[0]?.stable ?? {};
  assert.deepEqual([replicas, available], [5, 0]);
});

Deno.test("the writes that are counted are those of the controller, each under its resource", async () => {
  const { writes } = await simulate(case02());
  const sum = Object.values(writes.byResource).reduce((total, count) => total + count, 0);
  assert.equal(writes.total, sum);
  assert.ok(writes.byResource["events"] === undefined);
  const idle = await simulate(case02(at("1h: fail-image other:1")));
  const settled = await simulate(case02({ script: [] }));
  assert.deepEqual(idle.writes, settled.writes);
});

Deno.test("the result is of the worst Rollout, since it is so bad", async () => {
  const scenario = case02(at("10s: set image api mock-server=registry/api:2"));
  const [web, ...rest] = scenario.objects;
  assert.ok(web !== undefined);
  const api = { ...web, metadata: { ...web.metadata, name: "api" } };
  const outcome = await simulate({ ...scenario, objects: [web, api, ...rest] });
  // Two Rollouts cannot share the Services: the second is refused them.
  assert.equal(outcome.result.phase, "Degraded");
  assert.equal(exitCodeOf(outcome), 1);
  assert.equal(outcome.screens.length, 2);
});

Deno.test("until cuts: nothing later is told, and the clock stands there", async () => {
  const whole = await simulate(case02());
  const cut = await simulate(case02({ untilMs: 20_000 }));
  assert.equal(cut.endSeconds, 20);
  assert.deepEqual(
    cut.timeline,
    whole.timeline.filter(({ atSeconds }) => atSeconds <= 20),
  );
  assert.equal(exitCodeOf(cut), 3);
});

Deno.test("what happens exactly at the end still happens", async () => {
  const commands = at("20s: set image mock-server mock-server=other:1");
  const cut = await simulate(case02({ ...commands, untilMs: 20_000 }));
  assert.equal(cut.timeline.at(-1)?.atSeconds, 20);
  assert.equal(cut.timeline.at(-1)?.canary?.revision, 2);
});

Deno.test("without an end it ends when everything is settled", async () => {
  const { endSeconds } = await simulate(case02({ script: [] }));
  assert.equal(endSeconds, 1.2);
});

Deno.test("commands of one time are done in their order, those of --do before the script", async () => {
  const outcome = await simulate(case02({
    script: [{ at: 30, do: "scale mock-server 4" }],
    timed: ["30s: scale mock-server 3", "10s: scale mock-server 2", "30s: scale mock-server 6"]
      .map(parseTimedCommand),
  }));
  assert.deepEqual(
    outcome.actions.map(({ atSeconds, text }) => `${atSeconds} ${text.split(" ").at(-1)}`),
    ["10 2", "30 3", "30 6", "30 4"],
  );
  assert.equal(outcome.timeline.at(-1)?.stable?.replicas, 4);
});

Deno.test("a condition is armed when the entry before it is done", async () => {
  const outcome = await simulate(case02({
    script: [
      { when: "healthy", do: "set image mock-server mock-server=other:2" },
      { when: "healthy", do: "pause mock-server" },
    ],
  })).catch((error: Error) => error.message);
  assert.equal(
    outcome,
    '"healthy" never became true (mock-server: Paused (CanaryPauseStep) at step 1/5 since 2.4s), ' +
      'so "pause mock-server" was not done',
  );
});

Deno.test("a condition may come true for less than an instant", async () => {
  const { objects, ...scenario } = case02({
    script: [
      { at: 10, do: "set image mock-server mock-server=other:2" },
      // The second step asks for what the first one did: both are done at once.
      { when: "step == 1", do: "scale mock-server 6" },
    ],
  });
  const steps = [{ setWeight: 20 }, { setWeight: 20 }, { pause: {} }];
  const changed = objects.map((object) =>
    object.kind === "Rollout"
      ? { ...object, spec: { ...object["spec"] as object, strategy: { canary: { steps } } } }
      : object
  );
  const outcome = await simulate({ ...scenario, objects: changed });
  assert.deepEqual(outcome.actions.map(({ atSeconds }) => atSeconds), [10, 11.2]);
});

Deno.test("a condition may name its Rollout with its namespace", async () => {
  const wait = (rollout: string) =>
    simulate(case02({ script: [{ when: "healthy", rollout, do: "pause mock-server" }] }));
  assert.equal((await wait("default/mock-server")).result.phase, "Paused");
  await assert.rejects(wait("shop/mock-server"), {
    message: 'rollout "shop/mock-server" not found, so "pause mock-server" was not done',
  });
});

Deno.test("a condition that waits after the last Rollout has gone says so", async () => {
  const script = [
    { at: 5, do: "delete rollout/mock-server" },
    { when: "healthy", do: "nodes full" },
  ];
  await assert.rejects(simulate(case02({ script })), {
    message: 'no rollout is left, so "nodes full" was not done',
  });
});

Deno.test("events say where their object is", async () => {
  const { events } = await simulate(case02());
  assert.deepEqual([...new Set(events.map(({ namespace }) => namespace))], ["default"]);
});

Deno.test("exit codes: 1 for Degraded or a breach, 0 for Healthy, 3 for all else", async () => {
  const outcome = await simulate(case02({ script: [] }));
  const breach = { rule: "S7" as const, rollout: "default/web", message: "too few" };
  const rows: [phase: string, violations: (typeof breach)[], code: number][] = [
    ["Healthy", [], 0],
    ["Healthy", [breach], 1],
    ["Paused", [], 3],
    ["Paused", [breach], 1],
    ["Progressing", [], 3],
    ["Degraded", [], 1],
  ];
  for (const [phase, violations, code] of rows) {
    const result = { ...outcome.result, phase, violations };
    assert.equal(exitCodeOf({ ...outcome, result }), code, `${phase}, ${violations.length}`);
  }
});

Deno.test("who watches sees every instant once, in order, and can hold time up", async () => {
  const seen: number[] = [];
  const outcome = await simulate(case02(), {
    watcher: async ({ nowMs }) => {
      await Promise.resolve();
      seen.push(nowMs);
    },
  });
  assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b));
  assert.equal(JSON.stringify(outcome), JSON.stringify(await simulate(case02())));
});

for (const [what, image] of [["no name of an image", '""'], ["odd", "::"], ["none at all", " "]]) {
  Deno.test(`an image that is ${what} leads to one ReplicaSet, not to ever more of them`, async () => {
    const timed = [parseTimedCommand("10s: pod-start 2s")];
    const scenario = case02({ script: [], timed });
    const objects = scenario.objects.map((object) =>
      JSON.parse(
        JSON.stringify(object).replaceAll(
          /"image":"[^"]*"/g,
          `"image":${JSON.stringify(image)},"notKnown":1`,
        ),
      )
    );
    const outcome = await simulate({ ...scenario, objects, untilMs: 60_000 });
    assert.equal(outcome.writes.byResource["replicasets"] ?? 0, 1);
  });
}
