/** What happens to the world as a script says it, seen on the screen of the Rollout. */
import assert from "node:assert/strict";
import { type Outcome, parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { renderRollout } from "../../../core/view/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { merged } from "../engine/merged.ts";
import { case02 } from "./case_02_scenario.ts";
import { play, shop } from "./shop.ts";

const UPDATE = "10s: set image mock-server mock-server=other:2";
/** Too late for the faults, too early for the progress deadline. */
const UNTIL_MS = 60_000;

async function run(...texts: string[]): Promise<Outcome> {
  const timed = texts.map(parseTimedCommand);
  return await simulate(case02({ script: [], timed, untilMs: UNTIL_MS }));
}

/** Kind and status of the newest revision's lines: `ReplicaSet ◌ Progressing`. */
function newestOf({ screens: [screen] }: Outcome): string[] {
  assert.ok(screen !== undefined);
  const lines = renderRollout(screen).split("\n");
  const start = lines.findIndex((line) => line.includes("# revision:"));
  const end = lines.findIndex((line, index) => index > start && line.includes("# revision:"));
  return lines.slice(start + 1, end < 0 ? undefined : end)
    .map((line) => /(ReplicaSet|Pod) +(\S+ \S+)/.exec(line)?.slice(1).join(" ") ?? "")
    .filter((text) => text !== "");
}

const FAULTS: [command: string, screen: string[]][] = [
  ["fail-image other:2", ["ReplicaSet ◌ Progressing", "Pod ⚠ ImagePullBackOff"]],
  ["crash other:2", ["ReplicaSet ◌ Progressing", "Pod ✖ CrashLoopBackOff"]],
  ["unschedulable other:2", ["ReplicaSet ◌ Progressing", "Pod ◌ Pending"]],
  ["quota 4", ["ReplicaSet ◌ Progressing"]],
  ["pod-start 10m", ["ReplicaSet ◌ Progressing", "Pod ◌ ContainerCreating"]],
];

for (const [command, screen] of FAULTS) {
  Deno.test(`${command}: the canary does not get ready, and stable serves`, async () => {
    const outcome = await run(`5s: ${command}`, UPDATE);
    assert.deepEqual(newestOf(outcome), screen);
    const { canary, stable } = outcome.timeline.at(-1) ?? {};
    assert.deepEqual([canary?.available, stable?.available], [0, 4]);
    assert.deepEqual(outcome.result.violations, []);
  });
}

Deno.test("nodes full: a further pod has to wait for the place of one that goes", async () => {
  // Stable gives one up for the canary, and none for a pod more.
  const updated = await run("5s: nodes full", UPDATE);
  assert.deepEqual(newestOf(updated), ["ReplicaSet ✔ Healthy", "Pod ✔ Running"]);
  const scaled = await run("5s: nodes full", "6s: scale mock-server 6");
  const { stable } = scaled.timeline.at(-1) ?? {};
  assert.deepEqual([stable?.replicas, stable?.available], [6, 5]);
});

const CURES: [fault: string, cure: string][] = [
  ["fail-image other:2", "heal other:2"],
  ["crash other:2", "heal other:2"],
  ["unschedulable other:2", "heal other:2"],
  ["nodes full", "nodes free"],
  ["quota 4", "quota none"],
  ["quota 4", "quota 5"],
];

for (const [fault, cure] of CURES) {
  Deno.test(`${cure} after ${fault}: the canary gets ready after all`, async () => {
    const outcome = await run(`5s: ${fault}`, UPDATE, `20s: ${cure}`);
    assert.deepEqual(newestOf(outcome), ["ReplicaSet ✔ Healthy", "Pod ✔ Running"]);
  });
}

Deno.test("gate: pods with that readiness gate are Ready once it is open", async () => {
  const scenario = case02({
    script: [],
    timed: ["10s: gate example.com/lb open", "30s: gate example.com/lb shut"].map(
      parseTimedCommand,
    ),
    untilMs: UNTIL_MS,
  });
  const gated = { spec: { readinessGates: [{ conditionType: "example.com/lb" }] } };
  const objects = scenario.objects.map((object) =>
    object.kind === "Rollout" ? merged(object, { spec: { template: gated } }) as KubeObject : object
  );
  const { timeline } = await simulate({ ...scenario, objects });
  const ready = timeline.map(({ atSeconds, stable, canary }) =>
    `${atSeconds} ${stable?.ready ?? canary?.ready ?? 0}`
  );
  const turns = ready.filter((one, index) => one.split(" ")[1] !== ready[index - 1]?.split(" ")[1]);
  assert.deepEqual(turns, ["0 0", "10 5", "30 0"]);
});

Deno.test("crash: readiness comes and goes", async () => {
  const outcome = await run("5s: crash other:2 --after 2s", UPDATE);
  const ready = outcome.timeline.filter(({ canary }) => canary?.revision === 2)
    .map(({ atSeconds, canary }) => `${atSeconds} ${canary?.ready}`);
  const turns = ready.filter((one, index) => one.split(" ")[1] !== ready[index - 1]?.split(" ")[1]);
  assert.deepEqual(turns, ["10 0", "11.2 1", "13.2 0", "23.2 1", "25.2 0", "45.2 1", "47.2 0"]);
});

Deno.test("crash: what starts again is ready when its probes have succeeded anew", async () => {
  const probed = "{readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 20}, name: main";
  const manifests = shop().replace("{name: main", probed);
  const commands = ["25s: crash registry.example/shop:2 --after 2s"];
  const update = "30s: set image shop main=registry.example/shop:2";
  const outcome = await play(manifests, [...commands, update], { untilMs: 130_000 });
  const ready = outcome.timeline.filter(({ canary }) => canary?.revision === 2)
    .map(({ atSeconds, canary }) => `${atSeconds} ${canary?.ready}`);
  const turns = ready.filter((one, index) => one.split(" ")[1] !== ready[index - 1]?.split(" ")[1]);
  // Each back-off (10 s, 20 s), and 20 s of the probe.
  assert.deepEqual(turns, ["30 0", "50 1", "52 0", "82 1", "84 0", "124 1", "126 0"]);
});

Deno.test("crash: a world that goes round for ever ends, whatever deadline is ahead", async () => {
  const playAll = (...texts: string[]) =>
    simulate(case02({ script: [], timed: texts.map(parseTimedCommand) }));
  const round = ["5s: crash other:2 --after 30s", UPDATE, "35s: promote mock-server --full"];
  const outcome = await playAll(...round);
  // Each pod waits for five minutes after its sixth crash; then two rounds are alike.
  assert.ok(outcome.endSeconds > 600 && outcome.endSeconds < 1800, `${outcome.endSeconds}`);
  assert.deepEqual(outcome.result.violations, []);
  assert.equal(outcome.result.phase, "Progressing");
  // What is still to be done is done all the same.
  const healed = await playAll(...round, "10h: heal other:2");
  assert.equal(healed.result.phase, "Healthy");
  assert.ok(healed.endSeconds >= 36_000);
  assert.ok(healed.timeline.length < outcome.timeline.length + 10);
});

Deno.test("heal: somebody waits for the end of a back-off again, however long it is", async () => {
  const timed = ["5s: crash other:2", UPDATE, "20m: heal other:2"].map(parseTimedCommand);
  const outcome = await simulate(case02({ script: [], timed }));
  assert.deepEqual(newestOf(outcome), ["ReplicaSet ✔ Healthy", "Pod ✔ Running"]);
});

Deno.test("heal: a pod that has just crashed for the sixth time comes back all the same", async () => {
  // It crashes at 14.2 s for the first time, and waits for five minutes from 5m39.2s on.
  const timed = ["5s: crash other:2", UPDATE, "6m: heal other:2"].map(parseTimedCommand);
  const outcome = await simulate(case02({ script: [], timed }));
  assert.deepEqual(newestOf(outcome), ["ReplicaSet ✔ Healthy", "Pod ✔ Running"]);
  const back = outcome.timeline.findLast(({ canary }) => canary?.available === 0);
  const place = outcome.timeline.indexOf(back as never);
  assert.equal(outcome.timeline[place + 1]?.atSeconds, 339.2 + 300);
});

Deno.test("a pod whose readiness gate nobody opens never counts", async () => {
  const scenario = case02({ script: [], untilMs: UNTIL_MS });
  const objects = scenario.objects.map((object) =>
    JSON.parse(
      JSON.stringify(object).replace(
        '"containers":',
        '"readinessGates":[{"conditionType":"example.test/gate"}],"containers":',
      ),
    )
  );
  const outcome = await simulate({ ...scenario, objects });
  assert.equal(outcome.timeline.at(-1)?.stable?.ready, 0);
  assert.equal(outcome.result.phase, "Progressing");
});
