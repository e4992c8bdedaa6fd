import { cutoverPromotion } from "../../../../core/rollout/stages/cutover_promotion.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { NOON, type SetShape, worldOf, type WorldShape } from "../world.ts";

const OLD: SetShape = { hash: "old", size: 4, revision: 1, createdAt: "2026-03-01T09:00:00Z" };
const NEW: SetShape = { hash: "new", size: 4, revision: 2, createdAt: "2026-03-01T10:00:00Z" };
const BEFORE: SetShape = { ...NEW, createdAt: "2026-03-01T08:00:00Z" };
const IN_DELAY = { annotations: { "scale-down-deadline": "2026-03-01T12:00:10Z" } };
const PREVIEW = { labels: { role: "preview" } };
const NOTED = { "rollout.argoproj.io/ephemeral-metadata": JSON.stringify(PREVIEW) };
const STARTED = { rolloutStartedAt: "2026-03-01T11:59:00Z" };

const world = (selects: string, { status, ...shape }: WorldShape = {}) =>
  worldOf({
    replicas: 4,
    blueGreen: { activeService: "web", previewService: "next" },
    stable: OLD,
    next: NEW,
    services: { web: { selects }, next: { selects: "new" } },
    ...shape,
    status: { duration: STARTED, ...status },
  });

const completed = (reason: string) =>
  `Normal RolloutCompleted: Rollout completed update to revision 2 (new): ${reason}`;

const promoted = (
  reason: string,
  completionStatus: string,
  more: Record<string, unknown> = {},
) => ({
  state: {
    stableHash: "new",
    duration: { ...STARTED, completionStatus },
    ...more,
  },
  events: [completed(reason)],
  then: "continue" as const,
});

Deno.test("cutoverPromotion() makes the revision stable that users reach", () => {
  const rows: Row[] = [
    { name: "users are with the old one", world: world("old"), verdict: { then: "continue" } },
    {
      name: "users are with the newest",
      world: world("new"),
      verdict: promoted("Completed blue-green update", "Promoted"),
    },
    {
      name: "its pods still carry the metadata of a preview",
      world: world("new", {
        blueGreen: {
          activeService: "web",
          previewService: "next",
          previewMetadata: PREVIEW,
        },
        next: { ...NEW, annotations: NOTED, labels: PREVIEW.labels },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a full promotion requested",
      world: world("new", { status: { promoteFull: true } }),
      verdict: promoted("Full promotion requested", "FastPromoted", { promoteFull: false }),
    },
    {
      name: "a former revision, in its delay",
      world: world("new", { next: { ...BEFORE, ...IN_DELAY } }),
      verdict: promoted("Fast rollback", "FastRolledBack"),
    },
    {
      name: "a former revision, after its delay",
      world: world("new", { next: BEFORE }),
      verdict: promoted("Completed blue-green update", "RolledBack"),
    },
    {
      name: "a preview was let through",
      world: world("new", { status: { blueGreen: { scaleUpPreviewCheckPoint: true } } }),
      verdict: promoted("Completed blue-green update", "Promoted", {
        scaleUpPreviewCheckPoint: false,
      }),
    },
    {
      name: "aborted: users are on their way back",
      world: world("new", { status: { abort: true, abortedAt: NOON } }),
      verdict: { then: "continue" },
    },
    {
      name: "aborted right after a quick way back: an abort wins",
      world: world("new", {
        next: { ...BEFORE, ...IN_DELAY },
        status: { abort: true, abortedAt: NOON },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "aborted within the rollback window",
      world: world("new", {
        next: BEFORE,
        spec: { rollbackWindow: { revisions: 3 } },
        status: { abort: true, abortedAt: NOON },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "no revision is stable",
      world: worldOf({
        replicas: 4,
        blueGreen: { activeService: "web" },
        next: { ...NEW, available: 0 },
        services: { web: {} },
        status: { stableRS: "", duration: STARTED },
      }),
      verdict: {
        state: { stableHash: "new", duration: { ...STARTED, completionStatus: "Promoted" } },
        events: [completed("Initial deploy")],
        then: "continue",
      },
    },
  ];
  checkStage(cutoverPromotion, rows);
});

Deno.test("cutoverPromotion() keeps what is finished finished", () => {
  const rest = (status: WorldShape["status"], next = NEW) =>
    worldOf({
      replicas: 4,
      blueGreen: { activeService: "web" },
      next,
      services: { web: { selects: "new" } },
      status: { ...status },
    });
  const rows: Row[] = [
    { name: "at rest", world: rest({}), verdict: { then: "continue" } },
    {
      name: "an abort with nothing to abort",
      world: rest({ abort: true, promoteFull: true }),
      verdict: { state: { abort: false, promoteFull: false }, then: "continue" },
    },
    {
      name: "its pods are still coming",
      world: rest({ duration: STARTED }, { ...NEW, available: 3 }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(cutoverPromotion, rows);
});
