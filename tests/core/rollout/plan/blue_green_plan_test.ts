import assert from "node:assert/strict";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { NOON, worldOf, type WorldShape } from "../world.ts";
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

/** An aborted update of three pods; its deadline is a minute after noon. */
function aborted({ blueGreen, status, ...shape }: WorldShape = {}) {
  return situationOf(worldOf({
    replicas: 3,
    stable: { hash: "aaa", size: 3 },
    next: { hash: "bbb", size: 3 },
    services: SERVICES,
    ...shape,
    blueGreen: { ...BLUE_GREEN, ...blueGreen },
    spec: { progressDeadlineSeconds: 60 },
    status: { abort: true, abortedAt: NOON, ...status },
  }));
}

Deno.test("the sizes of an abort change at its deadline only while the newest set waits for stable", () => {
  const DEADLINE = "2026-03-01T12:01:00Z";
  const lacking = { hash: "aaa", size: 3, available: 2 };
  const atNext = { services: { ...SERVICES, web: { selects: "bbb" } } };
  const never = { blueGreen: { ...BLUE_GREEN, abortScaleDownDelaySeconds: 0 } };
  const soon = { blueGreen: { ...BLUE_GREEN, abortScaleDownDelaySeconds: 1 } };
  const rows: [string, WorldShape, string[]][] = [
    ["stable lacks a pod", { stable: lacking }, [DEADLINE]],
    ["the newest set has one pod", { stable: lacking, next: { hash: "bbb", size: 1 } }, [DEADLINE]],
    ["it has none", { stable: lacking, next: { hash: "bbb", size: 0 } }, []],
    ["it keeps its pods for ever", { stable: lacking, ...never }, []],
    ["it keeps them for a second", { stable: lacking, ...soon }, [DEADLINE]],
    ["users are with it", { stable: lacking, ...never, ...atNext }, [DEADLINE]],
    ["there is nothing to go back to", { stable: undefined as never }, []],
  ];
  for (const [name, shape, expected] of rows) {
    const { sizesChangeAtMs } = aborted(shape).plan();
    assert.deepEqual(sizesChangeAtMs, expected.map((time) => Date.parse(time)), name);
  }
});

Deno.test("a single pod of users makes room for stable's when the abort takes too long", () => {
  const { sizes } = planText(aborted({
    now: "2026-03-01T12:01:00Z",
    replicas: 1,
    stable: { hash: "aaa", size: 1, available: 0 },
    next: { hash: "bbb", size: 1 },
    services: { ...SERVICES, web: { selects: "bbb" } },
  }));
  assert.deepEqual(sizes, ["web-aaa 1", "web-bbb 0"]);
});

Deno.test("a delay that was noted stays, also where the time of the abort is unknown", () => {
  const until = "2026-03-01T12:00:40Z";
  const next = { hash: "bbb", size: 3, annotations: { "scale-down-deadline": until } };
  const { sizes } = planText(aborted({ next, status: { abortedAt: undefined as never } }));
  assert.deepEqual(sizes, ["web-aaa 3", `web-bbb 3 until ${until}`]);
});

Deno.test("a set that nobody has noted a size for is noted to be of the present one", () => {
  const metadata = { annotations: {} };
  const old = situationOf(worldOf({
    replicas: 3,
    blueGreen: BLUE_GREEN,
    stable: { hash: "aaa", size: 3 },
    next: { hash: "bbb", size: 1 },
    past: [{ hash: "old", size: 2, metadata }],
    services: SERVICES,
  })).plan().sizes.find(({ set }) => set.metadata.name === "web-old");
  assert.equal(old?.replicas, 3);
});

Deno.test("a set whose place was taken says why it goes at once", () => {
  const goes = (blueGreen: Partial<typeof BLUE_GREEN> & Record<string, unknown>) =>
    situationOf(worldOf({
      replicas: 3,
      blueGreen: { ...BLUE_GREEN, ...blueGreen },
      stable: { hash: "aaa", size: 3 },
      next: { hash: "bbb", size: 1 },
      past: [{ hash: "old", size: 2, revision: 1 }],
      services: SERVICES,
    })).plan().sizes.at(-1)?.change;
  assert.equal(
    goes({ scaleDownDelaySeconds: 0 }),
    "scaleDownDelaySeconds is 0: scale revision 1 from 2 to 0",
  );
  assert.equal(
    goes({ scaleDownDelayRevisionLimit: 0 }),
    "only 0 may wait: scale revision 1 from 2 to 0",
  );
});

Deno.test("after its deadline an abort brings users back to as many pods as they have", () => {
  const back = (stable: number, newest: number, now = "2026-03-01T12:01:00Z") =>
    planText(aborted({
      now,
      stable: { hash: "aaa", size: 3, available: stable },
      next: { hash: "bbb", size: 3, available: newest },
      services: { ...SERVICES, web: { selects: "bbb" } },
      status: { blueGreen: { activeSelector: "bbb" } },
    })).users;
  assert.equal(back(1, 1), "web aaa");
  assert.equal(back(1, 2), undefined);
  assert.equal(back(0, 0), undefined);
  assert.equal(back(1, 1, NOON), undefined);
});

Deno.test("available pods of another set stay while the active Service selects all pods", () => {
  const left = (available: number) =>
    plan({ past: [{ hash: "old", size: 2, available }], services: { ...SERVICES, web: {} } }).sizes;
  assert.deepEqual(left(1), ["web-aaa 3", "web-bbb 3", "web-old 2"]);
  assert.deepEqual(left(0), [
    "web-aaa 3",
    "web-bbb 3",
    "web-old 2 until 2026-03-01T12:00:30Z",
  ]);
});
