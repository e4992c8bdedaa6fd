import assert from "node:assert/strict";
import { canaryScaleAt } from "../../../../core/rollout/routed/canary_scale.ts";
import { routesAt } from "../../../../core/rollout/routed/route_steps.ts";
import type { CanaryStep } from "../../../../sdk/api/rollout.ts";

const MATCH = [{ headerName: "x-user", headerValue: { exact: "tester" } }];
const REQUESTS = [{ path: { prefix: "/api" } }];
const STEPS: CanaryStep[] = [
  { setWeight: 5 },
  { setHeaderRoute: { name: "b", match: MATCH } },
  { setMirrorRoute: { name: "m", match: REQUESTS, percentage: 35 } },
  { setHeaderRoute: { name: "a", match: MATCH } },
  { setHeaderRoute: { name: "b" } },
  { setMirrorRoute: { name: "m" } },
];

Deno.test("a route stands from its step on until a step without match, in managed order", () => {
  const namesAt = (index: number | undefined) => {
    const { headerRoutes, mirrorRoutes } = routesAt(STEPS, index, ["a", "m", "b"]);
    return [...headerRoutes, ...mirrorRoutes].map(({ name }) => name).join(" ");
  };
  assert.deepEqual(
    [undefined, 0, 1, 2, 3, 4, 5, 6].map(namesAt),
    ["", "", "b", "b m", "a b m", "a m", "a", "a"],
  );
});

Deno.test("a route has what its step says", () => {
  assert.deepEqual(routesAt(STEPS, 2, ["a", "m", "b"]), {
    headerRoutes: [{ name: "b", match: MATCH }],
    mirrorRoutes: [{ name: "m", match: REQUESTS, percentage: 35 }],
  });
});

Deno.test("the nearest setCanaryScale is in force until it matches the weight, or all is done", () => {
  const steps: CanaryStep[] = [
    { setWeight: 10 },
    { setCanaryScale: { replicas: 3 } },
    { pause: {} },
    { setCanaryScale: { weight: 50 } },
    { setCanaryScale: { matchTrafficWeight: true } },
    { setWeight: 20 },
  ];
  assert.deepEqual(
    [undefined, 0, 1, 2, 3, 4, 5, 6].map((index) => canaryScaleAt(steps, index)),
    [
      undefined,
      undefined,
      { pods: 3 },
      { pods: 3 },
      { weight: 50 },
      undefined,
      undefined,
      undefined,
    ],
  );
});
