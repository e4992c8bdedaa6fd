/** Wherever an update of a cluster is read, it ends as it would have ended there. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { REPLICA_SETS } from "../../../core/api/names/resources.ts";
import { type Outcome, type Scenario, simulate } from "../../../core/simulate/mod.ts";
import { blueGreenOf, canaryOf, extras, play, scenarioOf } from "./random_script.ts";

const commands = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 2, 3).map((image) => `set image web web=web:${image}`),
  },
  fc.constantFrom("promote web", "promote web --full", "restart web", "undo web"),
  fc.constantFrom("abort web", "retry web", "delete-pod web/oldest", "scale web 6"),
);
/** An update, what happens meanwhile, and when it is read: mostly before it has ended. */
const courses = fc.tuple(
  fc.array(fc.tuple(fc.integer({ min: 1, max: 15 }), commands), { maxLength: 4 }),
  fc.integer({ min: 0, max: 12_000 }),
).map(([others, laterMs]) => {
  const entries = [{ at: "10s", do: "set image web web=web:2" }];
  let seconds = 10;
  for (const [pause, text] of others) {
    seconds += pause;
    entries.push({ at: `${seconds}s`, do: text });
  }
  return { entries, readMs: seconds * 1000 + laterMs };
});
const step = fc.constantFrom({ pause: {} }, { pause: { duration: 10 } }, { setWeight: 75 });
const strategies = fc.oneof(
  fc.array(step, { minLength: 1, maxLength: 3 })
    .map((list) => canaryOf({ steps: [{ setWeight: 25 }, ...list] })),
  fc.constantFrom({}, { autoPromotionEnabled: false }, { scaleDownDelaySeconds: 20 })
    .map(blueGreenOf),
);

const RUNS = 40;

/** How it stands: the phase, and what each set wants and has. */
function endOf({ objects, result }: Outcome): unknown {
  const sets = objects.filter(({ kind }) => kind === REPLICA_SETS.kind).map((set) => {
    const { spec, status } = set as unknown as {
      spec: { replicas: number };
      status: { availableReplicas?: number };
    };
    return `${set.metadata.name} ${spec.replicas}/${status.availableReplicas ?? 0}`;
  });
  return { phase: result.phase, violations: result.violations, sets: sets.sort() };
}

Deno.test("an update that is read at any moment ends as it would have ended in its cluster", async () => {
  let [compared, underWay] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(strategies, extras, courses),
      async ([strategy, spec, { entries, readMs }]) => {
        const scenario: Scenario = scenarioOf({ strategy, spec }, entries);
        const [there, read] = [await play(scenario), await play({ ...scenario, untilMs: readMs })];
        if (there === undefined || read === undefined) return;
        const here = await simulate({ ...scenario, script: [], objects: read.objects, seed: 2 });
        assert.deepEqual(endOf(here), endOf(there));
        compared++;
        if (read.result.phase !== "Healthy") underWay++;
      },
    ),
    { numRuns: RUNS },
  );
  assert.ok(underWay > RUNS / 4, `only ${underWay} of ${compared} were read under way`);
});
