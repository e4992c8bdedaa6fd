/** Objects that were read from a cluster in mid-update: a run goes on from there. */
import assert from "node:assert/strict";
import { PODS, REPLICA_SETS } from "../../../core/api/names/resources.ts";
import { type Outcome, parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import blueGreenPaused from "../../fixtures/dumps/blue-green-paused.yaml" with { type: "text" };
import canaryPaused from "../../fixtures/dumps/canary-paused.yaml" with { type: "text" };
import canaryThird from "../../fixtures/dumps/canary-third.yaml" with { type: "text" };
import { linesWith, objectsOf, play, service, shop, summaryOf } from "./shop.ts";

const OLD = "mock-server-5bd695c454";
const NEW = "mock-server-77f87799cf";
const THIRD = "mock-server-7894c57696";
/** Pods that crash at once never count as available. */
const FIELDS = "progressDeadlineSeconds: 90\n  minReadySeconds: 10";
const CALM = "No safety rule was broken.";
const SET_2 = "1m: set image shop main=registry.example/shop:2";

/** `name wanted/available` of each ReplicaSet. */
function setsIn({ objects }: Pick<Outcome, "objects">): string[] {
  return objects.filter(({ kind }) => kind === REPLICA_SETS.kind).map((set) => {
    const { spec, status } = set as unknown as {
      spec: { replicas: number };
      status: { availableReplicas?: number };
    };
    return `${set.metadata.name} ${spec.replicas}/${status.availableReplicas ?? 0}`;
  }).sort();
}

function podsIn(objects: readonly KubeObject[]): string[] {
  return objects.filter(({ kind }) => kind === PODS.kind).map(({ metadata }) => metadata.name);
}

/** Goes on from the objects that a run, or a cluster, left. */
async function goOn(objects: readonly KubeObject[], commands: readonly string[] = []) {
  const timed = commands.map(parseTimedCommand);
  return await simulate({
    objects,
    script: [],
    timed,
    files: new Map(),
    untilMs: 24 * 3_600_000,
    seed: 2,
  });
}

Deno.test("an update that another controller left in a pause stays as it is: nothing is written", async () => {
  const rows: [string, string, string[]][] = [
    ["canary", canaryPaused, [`${OLD} 4/4`, `${NEW} 1/1`]],
    ["blue-green", blueGreenPaused, [`${OLD} 3/3`, `${NEW} 3/3`]],
    ["superseded", canaryThird, [`${OLD} 4/4`, `${NEW} 0/0`, `${THIRD} 1/1`]],
  ];
  for (const [name, text, sets] of rows) {
    const outcome = await play(text);
    assert.equal(outcome.result.phase, "Paused", name);
    assert.equal(outcome.writes.total, 0, name);
    assert.deepEqual(setsIn(outcome), sets, name);
    assert.equal(summaryOf(outcome).at(-1), CALM, name);
  }
});

Deno.test("a promotion brings it to its end with the same sets", async () => {
  const rows: [string, string, string[]][] = [
    ["canary", canaryPaused, [`${OLD} 0/0`, `${NEW} 5/5`]],
    ["blue-green", blueGreenPaused, [`${OLD} 0/0`, `${NEW} 3/3`]],
    ["superseded", canaryThird, [`${OLD} 0/0`, `${NEW} 0/0`, `${THIRD} 5/5`]],
  ];
  for (const [name, text, sets] of rows) {
    const outcome = await play(text, ["1m: promote mock-server"]);
    assert.equal(outcome.result.phase, "Healthy", name);
    assert.deepEqual(setsIn(outcome), sets, name);
    assert.equal(summaryOf(outcome).at(-1), CALM, name);
  }
});

Deno.test("an abort, a rollback and another image go on from there as well", async () => {
  const rows: [string, string, string[]][] = [
    ["abort mock-server", "Degraded", [`${OLD} 5/5`, `${NEW} 0/0`]],
    ["undo mock-server", "Healthy", [`${OLD} 5/5`, `${NEW} 0/0`]],
  ];
  for (const [command, phase, sets] of rows) {
    const outcome = await play(canaryPaused, [`1m: ${command}`]);
    assert.equal(outcome.result.phase, phase, command);
    assert.deepEqual(setsIn(outcome), sets, command);
  }
  const other = await play(canaryPaused, [
    "1m: set image mock-server mock-server=ghcr.io/ssup2/mock-go-server:3.0.0",
  ]);
  assert.deepEqual(setsIn(other).filter((set) => set.startsWith(OLD) || set.startsWith(NEW)), [
    `${OLD} 4/4`,
    `${NEW} 0/0`,
  ]);
  assert.equal(setsIn(other).length, 3);
});

Deno.test("what a run leaves can be gone on from: sets and pods keep their names", async () => {
  const half = await play(shop(undefined, { replicas: 4 }) + service("shop"), [SET_2]);
  const rest = await goOn(half.objects);
  assert.deepEqual([rest.result.phase, rest.writes.total], ["Paused", 0]);
  assert.deepEqual(setsIn(rest), setsIn(half));
  assert.deepEqual(podsIn(rest.objects).sort(), podsIn(half.objects).sort());
  const end = await goOn(half.objects, ["1m: promote shop"]);
  assert.equal(end.result.phase, "Healthy");
  const { status } = half.objects.find(({ kind }) => kind === "Rollout") as Rollout;
  const canaries = podsIn(half.objects).filter((name) =>
    name.startsWith(`shop-${status?.currentPodHash}-`)
  );
  assert.equal(canaries.length, 2);
  assert.deepEqual(canaries.filter((name) => !podsIn(end.objects).includes(name)), []);
});

Deno.test("a timed pause lasts from the newest change on, and ends once", async () => {
  const strategy = "canary: {steps: [{setWeight: 50}, {pause: {duration: 10m}}]}";
  const half = await simulate({
    objects: objectsOf(shop(strategy)),
    script: [],
    timed: [parseTimedCommand(SET_2)],
    files: new Map(),
    untilMs: 300_000,
    seed: 1,
  });
  const end = await goOn(half.objects);
  const over = linesWith(end, "has ended");
  assert.equal(over.length, 1);
  assert.match(over[0] ?? "", /^ *10m1s /);
});

Deno.test("what was wrong with the pods goes on, and is told", async () => {
  const image = "registry.example/shop:2";
  const rows: [string, string[], string, string][] = [
    [
      "an image that nobody can pull",
      [`0s: fail-image ${image}`, SET_2],
      `fail-image ${image}`,
      image,
    ],
    ["a crash", [`0s: crash ${image} --after 5s`, SET_2], `crash ${image} --after 5s`, image],
    ["no node for it", [`0s: unschedulable ${image}`, SET_2], `unschedulable ${image}`, image],
    ["full nodes", ["30s: nodes full", SET_2], "nodes full", ""],
    ["never ready", [`0s: unready ${image}`, SET_2], `unready ${image}`, image],
  ];
  for (const [name, commands, trouble, bad] of rows) {
    const stuck = shop("canary: {maxSurge: 1, maxUnavailable: 0}", { replicas: 4, fields: FIELDS });
    const half = await play(stuck, commands);
    assert.equal(half.result.phase, "Degraded", name);
    const rest = await goOn(half.objects);
    assert.equal(linesWith(rest, `0s $ ${trouble}`).length, 1, name);
    assert.equal(rest.result.phase, "Degraded", name);
    assert.deepEqual(setsIn(rest), setsIn(half), name);
    const back = await goOn(half.objects, ["1m: abort shop"]);
    assert.deepEqual(setsIn(back).map((set) => set.split(" ")[1]).sort(), ["0/0", "4/4"], name);
    const heal = bad === "" ? "1m: nodes free" : `1m: heal ${bad}`;
    const healed = await goOn(half.objects, [heal]);
    assert.equal(healed.result.phase, "Healthy", name);
  }
});
