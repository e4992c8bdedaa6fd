/**
 * Rollouts: how an update goes on, decided from a snapshot. `canary.ts` is the ordered list of
 * stages, each a file under `stages/`; `replicas.ts` the arithmetic; `status.ts` what is reported.
 * Nothing here acts or reads a clock: the engine does. What this version does not do is listed in
 * `unserved.ts`.
 *
 * @module
 */
export { ROLLOUT_CONTROLLER, RolloutController } from "./controller.ts";
export { isAbortOverdue } from "./abort_deadline.ts";
export { deadlineAfterMs } from "./deadline_after.ts";
export { putOffText } from "./put_off.ts";
export { decide } from "./decide.ts";
export { Memo } from "./memo.ts";
export { rolloutControllers } from "./controllers.ts";
export { withOwners } from "./routed/field_ownership.ts";
export { routerRegistry } from "./routed/registry.ts";
export { runsOf } from "./analysis/analyses.ts";
export { resolve as withWorkload } from "./workload.ts";
export { areSeen, type RouterFacts } from "./routed/router_facts.ts";
export { fenceposts } from "./replicas.ts";
export { stepAnswerer, type StepScope } from "./step_plugins/answer.ts";
export { entriesIn, type StepEntry } from "./step_plugins/entries.ts";
export { STEP_PLUGIN } from "./step_plugins/calls.ts";
export { unservedField, unservedFieldMessage } from "./unserved.ts";
export type { RolloutWorld, Service } from "./world.ts";
