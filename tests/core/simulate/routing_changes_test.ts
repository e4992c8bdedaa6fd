/** trafficRouting that is added to a Rollout that lives, or taken out of it. */
import assert from "node:assert/strict";
import { parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { objectsOf, service, shop } from "./shop.ts";

const ROUTING = "trafficRouting: {istio: {virtualService: {name: web}}}, ";
const VIRTUAL_SERVICE = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http: [{route: [{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]}]
`;

/** The shop at this version of its image. */
function at(version: number, { routing = "" } = {}): string {
  const strategy = "canary: {stableService: stable, canaryService: canary, " + routing +
    "steps: [{setWeight: 25}, {pause: {}}, {setWeight: 75}, {pause: {}}]}";
  return shop(strategy, { replicas: 4 }).replace("shop:1", `shop:${version}`);
}

const ROUTED = { routing: ROUTING };
/** The same without Services. */
const WITHOUT_SERVICES = at(2).replace("stableService: stable, canaryService: canary, ", "");
const BLUE_GREEN = shop("blueGreen: {activeService: stable, autoPromotionEnabled: false}", {
  replicas: 4,
}).replace("shop:1", "shop:2");

/** How it ended: weights, pods, and what was warned of. */
async function play(start: string, commands: readonly string[]) {
  const files = {
    routed1: at(1, ROUTED),
    routed2: at(2, ROUTED),
    plain1: at(1),
    plain2: at(2),
    blueGreen2: BLUE_GREEN,
    bare2: WITHOUT_SERVICES,
  };
  const outcome = await simulate({
    objects: objectsOf(start + service("stable") + service("canary") + VIRTUAL_SERVICE),
    script: [],
    timed: commands.map(parseTimedCommand),
    files: new Map(Object.entries(files).map(([name, text]) => [name, objectsOf(text)])),
    untilMs: 600_000,
    seed: 1,
  }, { plugins });
  assert.deepEqual(outcome.result.violations, []);
  assert.deepEqual(outcome.users.services.map(({ longestEmpty }) => longestEmpty), [null, null]);
  assert.ok(outcome.users.services.every(({ isEmptyAtEnd }) => !isEmptyAtEnd));
  const last = outcome.timeline.at(-1);
  return {
    phase: outcome.result.phase,
    weights: last?.routes?.["VirtualService/web"],
    pods: [last?.stable?.available, last?.canary?.available],
    warnings: outcome.events.filter(({ reason }) => reason === "TrafficRoutingError")
      .map(({ message }) => message),
  };
}

Deno.test("added with a new template, the update begins with weights and pods", async () => {
  assert.deepEqual(await play(at(1), ["1m: apply routed2"]), {
    phase: "Paused",
    weights: { stable: 75, canary: 25 },
    pods: [4, 1],
    warnings: [],
  });
});

Deno.test("added in mid-update, routing takes over with the weight of the step", async () => {
  assert.deepEqual(await play(at(1), ["1m: apply plain2", "2m: apply routed2"]), {
    phase: "Paused",
    weights: { stable: 75, canary: 25 },
    pods: [4, 1],
    warnings: [],
  });
});

for (
  const [what, file, pods] of [
    ["a canary by pods", "plain2", [3, 1]],
    ["a blue-green", "blueGreen2", [4, 4]],
  ] as const
) {
  Deno.test(`removed in mid-update for ${what}, it is told once what stays in the routed objects`, async () => {
    assert.deepEqual(await play(at(1, ROUTED), ["1m: apply routed2", `2m: apply ${file}`]), {
      phase: "Paused",
      weights: undefined,
      pods,
      warnings: [
        "trafficRouting was removed while weight 25 of 100 went to the canary: the routed " +
        "objects keep it until somebody sets them back",
      ],
    });
  });
}

Deno.test("removed at rest there is nothing to tell", async () => {
  const { warnings } = await play(at(1, ROUTED), ["1m: apply plain1", "2m: apply plain2"]);
  assert.deepEqual(warnings, []);
});

/** `play` sees to it that both Services, where the last weights lead to, have pods all the time. */
for (const file of ["plain2", "bare2", "blueGreen2"]) {
  for (const end of ["abort shop", "promote shop --full"]) {
    Deno.test(`${file}: removed in mid-update, then ${end}, nobody loses what serves them`, async () => {
      const { phase, pods } = await play(at(1, ROUTED), [
        "1m: apply routed2",
        `2m: apply ${file}`,
        `3m: ${end}`,
      ]);
      const isAborted = end === "abort shop";
      assert.equal(phase, isAborted ? "Degraded" : "Healthy");
      assert.equal(pods[0], 4);
    });
  }
}
