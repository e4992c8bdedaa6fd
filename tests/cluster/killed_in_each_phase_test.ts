/**
 * The controller is killed in each phase of a routed update and of an abort, at the very change
 * that a phase begins with. The next one finishes, and who looks on does not notice.
 */
import assert from "node:assert/strict";
import { abort, promote } from "../../core/command/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { RoutedStage } from "./routed_stage.ts";
import { NAME, NEW, OLD, RoutedStory, type Sight } from "./routed_story.ts";
import { Witness } from "./witness.ts";

const DEADLINE = "scale-down-deadline";

type Moments = Readonly<Record<string, (now: Sight) => boolean>>;

const OF_AN_UPDATE: Moments = {
  "the new set is there": (now) => now.sizeOf(NEW) !== undefined,
  "the canary Service leads to it": (now) => now.selects("b", NEW),
  "a quarter goes to the canary": ({ weight }) => weight === 25,
  "it is paused": ({ isPaused }) => isPaused,
  "it is promoted": ({ step }) => step === 2,
  "all goes to the canary": ({ weight }) => weight === 100,
  "the stable Service leads to the new pods": (now) => now.selects("a", NEW),
  "the old pods wait for their end": (now) => now.isAnnotated(OLD, DEADLINE),
  "it is Healthy": (now) => now.phase === "Healthy" && now.selects("a", NEW),
  "the old pods go": (now) => now.sizeOf(OLD) === 0,
};

const OF_AN_ABORT: Moments = {
  "it is told so": ({ rollout }) => rollout?.status?.abort === true,
  "all goes to stable": ({ weight, rollout }) => weight === 0 && rollout?.status?.abort === true,
  "it is Degraded": ({ phase }) => phase === "Degraded",
  "the canary's pods wait for their end": (now) => now.isAnnotated(NEW, DEADLINE),
  "the canary's pods go": (now) => now.sizeOf(NEW) === 0,
};

/** Kills the controller at that moment of the play, and starts another one. */
async function killAt(
  stage: RoutedStage,
  { what, isSo, isAborted = false }: {
    readonly what: string;
    readonly isSo: (now: Sight) => boolean;
    readonly isAborted?: boolean;
  },
): Promise<void> {
  const { user } = stage;
  const namespace = await makeNamespace(user);
  const target = { namespace, name: NAME };
  await using story = new RoutedStory(user, namespace);
  let program = await stage.start(namespace);
  try {
    await story.begin();
    const warnings = isAborted ? ["RolloutAborted"] : [];
    const witness = new Witness({ user, namespace, fleet: story.fleet, isAborted, warnings });
    const killed = story.when(what, isSo).then(async () => {
      await program.kill();
      program = await stage.start(namespace);
    });
    await story.update();
    await story.when("it is paused", ({ isPaused }) => isPaused);
    if (isAborted) await abort(user, target);
    else await promote(user, target, {});
    await killed;
    await program.untilSaid("controller started");
    if (isAborted) await story.untilBack();
    else await story.untilUpdated();
    await witness.judge(`killed when ${what}`);
    assert.deepEqual(story.weights, isAborted ? [0, 25, 0] : [0, 25, 50, 100, 0], what);
    assert.deepEqual(story.steps, isAborted ? [0, 1, 0] : [0, 1, 2, 3, 4], what);
    const repeated = [...await story.events()].filter(([, times]) => times > 1);
    // The one that was under way may come twice.
    assert.ok(repeated.length <= 1 && repeated.every(([, times]) => times === 2), String(repeated));
    const errors = program.lines.filter(({ level }) => level === "error");
    assert.deepEqual(errors, [], what);
  } finally {
    assert.equal(await program.stop(), 0);
  }
}

/** Only moments with this word. */
const [word = ""] = Deno.args;

Deno.test("a controller that is killed in any phase of a routed update is followed", async (test) => {
  await using stage = await RoutedStage.begin("killed");
  for (const [what, isSo] of Object.entries(OF_AN_UPDATE)) {
    if (!what.includes(word)) continue;
    await test.step(`an update: ${what}`, () => killAt(stage, { what, isSo }));
  }
  for (const [what, isSo] of Object.entries(OF_AN_ABORT)) {
    if (!what.includes(word)) continue;
    await test.step(`an abort: ${what}`, () => killAt(stage, { what, isSo, isAborted: true }));
  }
});
