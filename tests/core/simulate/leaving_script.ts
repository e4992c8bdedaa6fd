/** Random scripts at whose end a routed Rollout is deleted, and what must be true then. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Outcome, parseTimedCommand, type Scenario } from "../../../core/simulate/mod.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../../core/api/names/names.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { pingPongScenario, ROUTED_KINDS, routedScenario } from "./routed_script.ts";

const AGAIN_SECONDS = 60;

/** A script that is cut off by the deletion; in some the Rollout is applied again. */
export const leavingScenario: fc.Arbitrary<Scenario> = fc.tuple(
  fc.oneof({ weight: 5, arbitrary: routedScenario }, pingPongScenario),
  fc.integer({ min: 1, max: 250 }),
  fc.constantFrom("background", "background", "foreground"),
  fc.constantFrom(undefined, undefined, 0, AGAIN_SECONDS),
).map(([scenario, atSeconds, cascade, pause]) => {
  const script = scenario.script.filter(({ trigger }) =>
    trigger.kind === "at" && trigger.atMs < atSeconds * 1000
  );
  const timed = [
    `${atSeconds}s: delete rollout/web --cascade ${cascade}`,
    ...(pause === undefined ? [] : [`${atSeconds + pause}s: apply again`]),
  ];
  return {
    ...scenario,
    script,
    files: new Map([...scenario.files, ["again", scenario.objects.slice(-1)]]),
    timed: timed.map(parseTimedCommand),
  };
});

/** Once no Rollout is there, routed objects and Services are what they were before it came. */
export function assertGivenBack({ objects, rollouts }: Outcome, scenario: Scenario): void {
  if (rollouts.length > 0) return;
  const { strategy } = (scenario.objects.at(-1) as Rollout).spec;
  const takesTurns = strategy?.canary?.["pingPong"] !== undefined;
  for (const kind of ROUTED_KINDS) {
    const specs = (all: Outcome["objects"]) =>
      all.filter((object) => object.kind === kind)
        .map(({ metadata, spec }) => `${metadata.name} ${JSON.stringify(spec)}`).join("\n");
    // Of ping and pong either may be stable.
    const turned = specs(scenario.objects).replaceAll(
      /"weight":(100|0)/g,
      (text, weight) => takesTurns ? `"weight":${100 - Number(weight)}` : text,
    );
    const present = specs(objects);
    if (present !== turned) assert.equal(present, specs(scenario.objects), `${kind} that is left`);
  }
  for (const { kind, metadata, spec } of objects) {
    if (kind !== "Service") continue;
    const { selector } = fieldsOf(spec);
    assert.ok(!(POD_TEMPLATE_HASH_LABEL in fieldsOf(selector)), `Service ${metadata.name}`);
  }
}
