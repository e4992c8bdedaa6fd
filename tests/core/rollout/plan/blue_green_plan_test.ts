import assert from "node:assert/strict";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { worldOf, type WorldShape } from "../world.ts";
import { planText } from "./plan_text.ts";

const BLUE_GREEN = { activeService: "web", previewService: "web-next", previewReplicaCount: 1 };
const SERVICES = { web: { selects: "aaa" }, "web-next": { selects: "aaa" } };

function plan(shape: WorldShape) {
  return planText(situationOf(worldOf({
    replicas: 3,
    blueGreen: BLUE_GREEN,
    stable: { hash: "aaa", size: 3 },
    next: { hash: "bbb", size: 1 },
    services: SERVICES,
    ...shape,
  })));
}

Deno.test("a preview is planned beside stable, and only its own Service selects it", () => {
  assert.deepEqual(plan({ blueGreen: { ...BLUE_GREEN, autoPromotionEnabled: false } }), {
    goal: "1 updated",
    sizes: ["web-aaa 3", "web-bbb 1"],
    why: "",
    users: undefined,
    update: "web-next bbb",
  });
});

Deno.test("users are planned to move when all pods of the newest set are there", () => {
  const status = { blueGreen: { scaleUpPreviewCheckPoint: true } };
  assert.deepEqual(plan({ status, next: { hash: "bbb", size: 3 } }), {
    goal: "3 updated",
    sizes: ["web-aaa 3", "web-bbb 3"],
    why: "",
    users: "web bbb",
    update: "web-next bbb",
  });
});

Deno.test("a set whose place was taken is planned until its deadline", () => {
  const past = [{ hash: "old", size: 3 }];
  assert.deepEqual(plan({ past }).sizes, [
    "web-aaa 3",
    "web-bbb 1",
    "web-old 3 until 2026-03-01T12:00:30Z",
  ]);
});
