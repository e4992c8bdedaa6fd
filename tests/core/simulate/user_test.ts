/** What commands of a script do to the simulated world; what each writes: tests/core/command. */
import assert from "node:assert/strict";
import {
  exitCodeOf,
  type Outcome,
  parseTimedCommand,
  renderTimeline,
  type Scenario,
  simulate,
} from "../../../core/simulate/mod.ts";
import { case02 } from "./case_02_scenario.ts";

const UPDATE = "10s: set image mock-server mock-server=other:2";

/** Case 02's objects, and these commands. */
async function run(...texts: string[]): Promise<Outcome> {
  return await simulate(scenarioOf(...texts));
}

function scenarioOf(...texts: string[]): Scenario {
  return case02({ script: [], timed: texts.map(parseTimedCommand) });
}

function lastOf({ timeline }: Outcome): string {
  const { phase = "", message, stable, canary } = timeline.at(-1) ?? {};
  return `${phase} ${message}: r${stable?.revision} ${stable?.available}, ` +
    (canary ? `r${canary.revision} ${canary.available}` : "-");
}

Deno.test("abort gives stable its pods back, and retry starts the update again", async () => {
  const aborted = await run(UPDATE, "20s: abort mock-server");
  assert.equal(
    lastOf(aborted),
    "Degraded RolloutAborted: Rollout aborted update to revision 2: r1 5, r2 0",
  );
  assert.equal(exitCodeOf(aborted), 1);
  const retried = await run(UPDATE, "20s: abort mock-server", "30s: retry mock-server");
  assert.equal(lastOf(retried), "Paused CanaryPauseStep: r1 4, r2 1");
});

Deno.test("undo goes back to the revision before, which is one more revision", async () => {
  const outcome = await run(
    UPDATE,
    "20s: promote mock-server --full",
    "60s: undo mock-server",
    "80s: promote mock-server --full",
  );
  assert.equal(lastOf(outcome), "Healthy : r3 5, -");
});

Deno.test("undo --to-revision goes back to that one; what is there already is told", async () => {
  const outcome = await run(
    UPDATE,
    "20s: promote mock-server --full",
    "60s: undo mock-server --to-revision 2",
    "70s: undo mock-server --to-revision 1",
  );
  assert.equal(lastOf(outcome), "Paused CanaryPauseStep: r2 4, r3 1");
  const lines = renderTimeline(outcome).split("\n").map((line) => line.trim());
  const place = lines.indexOf("60s $ undo mock-server --to-revision 2");
  assert.equal(
    lines[place + 1],
    "60s   nothing changed: skipped rollback (current template already matches revision 2)",
  );
  assert.match(lines[lines.indexOf("70s $ undo mock-server --to-revision 1") + 1] ?? "", /◌/);
});

Deno.test("undo to a revision that is not there ends the simulation with its sentence", async () => {
  await assert.rejects(run(UPDATE, "20s: undo mock-server --to-revision 9"), {
    name: "ScriptError",
    message: 'at 20s "undo mock-server --to-revision 9" was refused: unable to find specified ' +
      "revision 9 in history",
  });
});

Deno.test("promote --skip-all-steps ends the steps, and pods follow", async () => {
  const outcome = await run(UPDATE, "20s: promote mock-server --skip-all-steps");
  assert.equal(lastOf(outcome), "Healthy : r2 5, -");
});

Deno.test("a pod that is deleted comes back as another", async () => {
  for (
    const pod of ["mock-server", "mock-server/oldest", "mock-server/4", "default/mock-server/1"]
  ) {
    const outcome = await run(`20s: delete-pod ${pod}`);
    const available = outcome.timeline.filter(({ atSeconds }) => atSeconds >= 20)
      .map(({ stable }) => stable?.available ?? 0);
    assert.deepEqual([Math.min(...available), available.at(-1)], [4, 5], pod);
  }
});

Deno.test("delete-pod takes the one that is meant: by age, whatever the pods are called", async () => {
  const availableAt20 = ({ timeline }: Outcome) => {
    const entry = timeline.findLast(({ atSeconds }) => atSeconds === 20);
    return [entry?.stable?.available, entry?.canary?.available];
  };
  // Names begin with a hash: of some images the newest pod sorts first, of others last.
  for (const image of ["other:2", "other:3", "other:4", "other:5"]) {
    const update = `10s: set image mock-server mock-server=${image}`;
    const newest = await run(update, "20s: delete-pod mock-server/newest");
    assert.deepEqual(availableAt20(newest), [4, 0], image);
    const oldest = await run(update, "20s: delete-pod mock-server/oldest");
    assert.deepEqual(availableAt20(oldest), [3, 1], image);
  }
});

Deno.test("a name that stands in several namespaces does not tell which is meant", async () => {
  const { objects, ...scenario } = scenarioOf("20s: pause mock-server");
  const others = objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace: "shop" },
  }));
  await assert.rejects(simulate({ ...scenario, objects: [...objects, ...others] }), {
    name: "ScriptError",
    message: 'at 20s "pause mock-server" was refused: there is a rollout "mock-server" in each ' +
      'of the namespaces default, shop: write "default/mock-server"',
  });
});

const REFUSED: [command: string, message: RegExp][] = [
  ["delete-pod nobody", /was refused: no pod or rollout "nobody"$/],
  ["delete-pod mock-server/5", /refused: rollout "mock-server" has 5 pods, counted from 0$/],
  ["delete rollout/nobody", /refused: rollouts\.argoproj\.io "nobody" not found$/],
  ["abort nobody", /refused: rollout "nobody" not found in namespace "default"$/],
];
for (const [command, message] of REFUSED) {
  Deno.test(`"${command}" is refused`, async () => {
    await assert.rejects(run(`20s: ${command}`), { name: "ScriptError", message });
  });
}

Deno.test("abort, retry and pause take several Rollouts", async () => {
  const { objects, ...scenario } = scenarioOf("20s: pause mock-server api");
  const [web, ...services] = objects;
  assert.ok(web !== undefined);
  const api = JSON.parse(JSON.stringify(web).replaceAll("mock-server", "api"));
  const others = services.map((object) =>
    JSON.parse(JSON.stringify(object).replaceAll("mock-server", "api"))
  );
  const outcome = await simulate({ ...scenario, objects: [...objects, api, ...others] });
  assert.deepEqual(
    outcome.screens.map(({ name, status, message }) => `${name} ${status} ${message}`),
    ["api Paused manually paused", "mock-server Paused manually paused"],
  );
});

Deno.test("a Rollout that is deleted takes its pods with it", async () => {
  const outcome = await run("20s: delete rollout/mock-server");
  assert.deepEqual(outcome.screens, []);
  assert.equal(exitCodeOf(outcome), 0);
  const lines = renderTimeline(outcome).trimEnd().split("\n");
  assert.ok(lines.some((line) => /^No Rollout is left after 20s simulated; \d+ writes/.test(line)));
});

Deno.test("a Service that is deleted is missed at once", async () => {
  const outcome = await run("20s: delete svc/mock-server-canary");
  assert.match(lastOf(outcome), /^Degraded .*service "mock-server-canary" not found/i);
});

Deno.test("-n says which Rollout is meant, and where an applied file goes", async () => {
  const { objects, ...scenario } = scenarioOf(
    "20s: kubectl argo rollouts -n shop pause mock-server",
  );
  const others = objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace: "shop" },
  }));
  const paused = await simulate({ ...scenario, objects: [...objects, ...others] });
  const phases = ["default", "shop"].map((namespace) =>
    paused.timeline.findLast((entry) => entry.namespace === namespace)?.phase
  );
  assert.deepEqual(phases, ["Healthy", "Paused"]);
  const applied = await simulate({
    ...scenario,
    objects,
    timed: [parseTimedCommand("20s: kubectl apply -n shop -f more.yaml")],
    files: new Map([["more.yaml", objects]]),
  });
  assert.equal(applied.timeline.at(-1)?.namespace, "shop");
  await assert.rejects(
    simulate({
      ...scenario,
      objects,
      timed: [parseTimedCommand("20s: apply -n prod more.yaml")],
      files: new Map([["more.yaml", others]]),
    }),
    {
      name: "ScriptError",
      message: /was refused: \S+ "\S+" is in namespace "shop", not in "prod"$/,
    },
  );
});
