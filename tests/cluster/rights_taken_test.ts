/**
 * A right of the controller is taken away in the middle of a routed update, and given back. The
 * Rollout says what is missing, nobody gets lost meanwhile, and it goes on without a restart.
 */
import assert from "node:assert/strict";
import { abort, promote, restart } from "../../core/command/mod.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { commandLineOf } from "./command_line.ts";
import { chooseFreePorts } from "./control_plane/ports.ts";
import { REPLICAS } from "./mixed_fleet.ts";
import { until } from "./real_cluster.ts";
import { RoutedStage } from "./routed_stage.ts";
import { NAME, NEW, OLD, RoutedStory, type Sight } from "./routed_story.ts";
import { Witness } from "./witness.ts";

/** Tries are at most ten seconds apart. */
const SOON_MS = 15_000;
const WARNINGS = ["ReconciliationError", "TrafficRoutingError", "RolloutAborted"];

interface Taken {
  readonly verbs: readonly string[];
  readonly resource: string;
  /** As `/readyz` calls it. */
  readonly right: string;
  /** Where the update stands when it is taken. */
  readonly from: "start" | "pause";
  /** What a user does then; absent: goes on. */
  readonly then?: "abort" | "restart";
  /** What is seen as long as it is missing. */
  readonly stays: (now: Sight) => boolean;
  /** It is one without which the status cannot say so, or need not. */
  readonly isUntold?: boolean;
}

const TAKEN: Readonly<Record<string, Taken>> = {
  "Services cannot be patched": {
    verbs: ["patch"],
    resource: "services",
    right: "patch services",
    from: "start",
    stays: (now) => now.weight === 0 && now.selects("b", OLD),
  },
  "VirtualServices cannot be patched": {
    verbs: ["patch", "update"],
    resource: "virtualservices",
    right: "patch virtualservices.networking.istio.io",
    from: "pause",
    stays: (now) => now.weight === 25 && now.sizeOf(OLD) === REPLICAS,
  },
  "ReplicaSets cannot be patched": {
    verbs: ["patch"],
    resource: "replicasets",
    right: "patch replicasets.apps",
    from: "pause",
    stays: (now) => now.weight === 25 && now.sizeOf(NEW) === 1,
  },
  "the status cannot be patched": {
    verbs: ["patch"],
    resource: "rollouts/status",
    right: "patch rollouts.argoproj.io/status",
    from: "pause",
    stays: (now) => now.weight <= 50 && now.sizeOf(OLD) === REPLICAS,
    isUntold: true,
  },
  "pods cannot be listed, and are to be restarted": {
    verbs: ["list"],
    resource: "pods",
    right: "list pods",
    from: "pause",
    then: "restart",
    stays: (now) => now.weight === 25 && now.isPaused,
    isUntold: true,
  },
  "VirtualServices cannot be patched, and the update is aborted": {
    verbs: ["patch", "update"],
    resource: "virtualservices",
    right: "patch virtualservices.networking.istio.io",
    from: "pause",
    then: "abort",
    // Who is still sent to the canary finds it there.
    stays: (now) => now.weight === 25 && now.sizeOf(NEW) === 1 && now.sizeOf(OLD) === REPLICAS,
    isUntold: true,
  },
};

async function play(stage: RoutedStage, taken: Taken): Promise<void> {
  const { user, account, plane } = stage;
  const namespace = await makeNamespace(user);
  const target = { namespace, name: NAME };
  const [port = 0] = chooseFreePorts(1);
  await using story = new RoutedStory(user, namespace);
  const flags = [`--healthzPort=${port}`, "--bind-address=127.0.0.1"];
  const program = await stage.start(namespace, { flags });
  const readyz = async () => await (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
  const missing = new RegExp(`^going on without the right to ${taken.right} since .* cannot `, "m");
  const isAborted = taken.then === "abort";
  try {
    await story.begin();
    // A restart takes one after another.
    const mayMiss = taken.then === "restart" ? 1 : 0;
    const scene = { user, namespace, fleet: story.fleet, isAborted, mayMiss };
    const witness = new Witness({ ...scene, warnings: WARNINGS });
    if (taken.from === "start") await account.forbid(taken.verbs, taken.resource);
    await story.update();
    if (taken.from === "pause") {
      await story.when("it is paused", ({ isPaused }) => isPaused);
      await account.forbid(taken.verbs, taken.resource);
    }
    if (isAborted) await abort(user, target);
    else if (taken.then === "restart") {
      await restart(user, target, { nowMs: systemClock.now(), delayMs: 0, delayText: "0s" });
    } else if (taken.from === "pause") await promote(user, target, {});
    await until("/readyz to say what is missing", async () => missing.test(await readyz()));
    if (!taken.isUntold) await judgeWords(story, taken, commandLineOf(plane, namespace));
    assert.ok(taken.stays(story.sight), JSON.stringify(story.sight.rollout?.status));
    await account.allow();
    await until("it to be there again", async () => !missing.test(await readyz()), SOON_MS);
    if (taken.from === "start" || taken.then === "restart") {
      await story.when("it is paused", ({ isPaused }) => isPaused, SOON_MS);
      await promote(user, target, {});
    }
    if (isAborted) await story.untilBack();
    else await story.untilUpdated();
    await witness.judge(taken.right);
    assert.deepEqual(story.weights, isAborted ? [0, 25, 0] : [0, 25, 50, 100, 0]);
    if (!isAborted) assert.deepEqual(story.steps, [0, 1, 2, 3, 4]);
  } finally {
    await account.allow();
    assert.equal(await program.stop(), 0);
  }
}

/** The Rollout says what is missing, and `explain` what helps. */
async function judgeWords(
  story: RoutedStory,
  { resource }: Taken,
  sluice: ReturnType<typeof commandLineOf>,
): Promise<void> {
  const message = () => story.sight.rollout?.status?.message ?? "";
  const said = new RegExp(
    `^Reconciliation failed with error: .*cannot patch resource "${resource}"`,
  );
  await story.when("the Rollout says so", () => said.test(message()));
  assert.equal(story.sight.phase, "Progressing");
  const { out } = await sluice(["explain", NAME]);
  assert.match(
    out,
    new RegExp(`^On: +Rollout ${NAME}: .*cannot patch resource "${resource}"`, "m"),
  );
  assert.match(out, new RegExp(`^To do: +let the controller patch resource "${resource}"`, "m"));
}

/** Only rights with this word. */
const [word = ""] = Deno.args;

Deno.test("a right that is taken away in mid-update is told, and missed no longer than it is", async (test) => {
  await using stage = await RoutedStage.begin("rights-taken");
  for (const [name, taken] of Object.entries(TAKEN)) {
    if (name.includes(word)) await test.step(name, () => play(stage, taken));
  }
});
