import { release } from "../../../../core/rollout/stages/release.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { type ServiceShape, worldOf, type WorldShape } from "../world.ts";

const BLUE_GREEN = { activeService: "web", previewService: "next" };

/** Both Services of the strategy, and one that it does not name any more. */
const world = (former: ServiceShape, shape: WorldShape) =>
  worldOf({
    replicas: 4,
    blueGreen: BLUE_GREEN,
    ...shape,
    services: { web: { selects: "old" }, next: { selects: "new" }, former },
  });

const STABLE = { hash: "old", size: 4 };
const NEXT = { hash: "new", size: 4 };
const FREED = { effects: ["free former"], then: "continue" as const };
const STEPS = [{ setWeight: 50 }, { pause: {} }];

Deno.test("release() frees a Service that the strategy does not name any more", () => {
  const rows: Row[] = [
    {
      name: "the Services of the strategy stay",
      world: worldOf({
        blueGreen: BLUE_GREEN,
        next: NEXT,
        services: { web: { selects: "new" }, next: { selects: "new" } },
      }),
      verdict: { then: "continue" },
    },
    { name: "at rest", world: world({ selects: "new" }, { next: NEXT }), verdict: FREED },
    {
      name: "nobody of ours steered it",
      world: world({ selects: "new", isManaged: false }, { next: NEXT }),
      verdict: { then: "continue" },
    },
    {
      name: "in mid-update it stays with stable",
      world: world({ selects: "old" }, { stable: STABLE, next: NEXT }),
      verdict: { then: "continue" },
    },
    {
      name: "in mid-update it stays with the newest",
      world: world({ selects: "new" }, { stable: STABLE, next: NEXT }),
      verdict: { then: "continue" },
    },
    {
      name: "its set is about to lose its pods",
      world: world({ selects: "mid" }, {
        stable: STABLE,
        next: NEXT,
        past: [{ hash: "mid", size: 4 }],
      }),
      verdict: FREED,
    },
    {
      name: "an abort gives its set up",
      world: world({ selects: "new" }, { stable: STABLE, next: NEXT, status: { abort: true } }),
      verdict: FREED,
    },
    {
      name: "an abort leaves it with stable",
      world: world({ selects: "old" }, { stable: STABLE, next: NEXT, status: { abort: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "its set is gone",
      world: world({ selects: "gone" }, { stable: STABLE, next: NEXT }),
      verdict: FREED,
    },
    {
      name: "a canary that has more pods than its weight asks for: users are not sent there",
      world: worldOf({
        replicas: 4,
        steps: STEPS,
        stable: STABLE,
        next: NEXT,
        services: { former: { selects: "old" } },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a canary of the right size: pods are the weight",
      world: worldOf({
        replicas: 4,
        steps: STEPS,
        stable: STABLE,
        next: { ...NEXT, size: 2 },
        services: { former: { selects: "old" } },
      }),
      verdict: FREED,
    },
  ];
  checkStage(release, rows);
});
