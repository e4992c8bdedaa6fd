import { preview } from "../../../../core/rollout/stages/preview.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { worldOf, type WorldShape } from "../world.ts";

const STABLE = { hash: "old", size: 4 };

const world = (selects: string | undefined, shape: WorldShape = {}) =>
  worldOf({
    blueGreen: { activeService: "web", previewService: "next" },
    stable: STABLE,
    next: { hash: "new", size: 4, available: 0 },
    ...shape,
    services: { next: selects === undefined ? { isManaged: false } : { selects } },
  });

const MOVED = { state: { previewHash: "new" }, then: "continue" as const };

Deno.test("preview() keeps its Service on the newest revision, pods or not", () => {
  const rows: Row[] = [
    { name: "it is there", world: world("new"), verdict: { then: "continue" } },
    {
      name: "it is with a former one",
      world: world("old"),
      verdict: { effects: ["select next new"], ...MOVED },
    },
    {
      name: "nobody steered it yet",
      world: world(undefined),
      verdict: { effects: ["select next new (taken over)"], ...MOVED },
    },
    {
      name: "an abort leaves it where it is",
      world: world("new", { status: { abort: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "the strategy names none",
      world: world("old", { blueGreen: { activeService: "web" } }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(preview, rows);
});
