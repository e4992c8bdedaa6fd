/** The situation that a pass begins with: what the snapshot and its status say. */
import { isUnset } from "../../sdk/wire/json.ts";
import { hashOf, wantedPods } from "../sets/mod.ts";
import { hasPause, pausesIn } from "./pause.ts";
import { planBlueGreen } from "./plan/blue_green_plan.ts";
import { planCanary } from "./plan/canary_plan.ts";
import { planRouted } from "./plan/routed_plan.ts";
import type { Plan } from "./plan/plan.ts";
import { servicesIn } from "./routed/routing.ts";
import { selectedHash } from "./service.ts";
import { type Facts, type Situation, type Strategy, withState } from "./situation.ts";
import { stateIn, type UpdateState } from "./update_state.ts";
import type { RolloutWorld } from "./world.ts";

export function situationOf(world: RolloutWorld): Situation {
  const { rollout } = world;
  const strategy = strategyOf(world);
  const state = stateAtStart(world, strategy);
  const replicas = rollout.spec.replicas ?? 1;
  return withState({ world, state, replicas, strategy, planner: planFor }, {});
}

function strategyOf({ rollout }: RolloutWorld): Strategy {
  const { canary, blueGreen } = rollout.spec.strategy ?? {};
  if (blueGreen) return { kind: "blueGreen", spec: blueGreen, steps: [] };
  const kind = isUnset(canary?.trafficRouting) ? "canary" : "routedCanary";
  return { kind, spec: canary ?? {}, steps: canary?.steps ?? [] };
}

function planFor(facts: Facts): Plan {
  const { strategy } = facts;
  switch (strategy.kind) {
    case "blueGreen":
      return planBlueGreen({ ...facts, strategy });
    case "routedCanary":
      return planRouted({ ...facts, strategy });
    case "canary":
      return planCanary({ ...facts, strategy });
  }
}

function stateAtStart(world: RolloutWorld, strategy: Strategy): UpdateState {
  const status = world.rollout.status ?? {};
  const read = stateIn(status);
  const selected = (name: string | undefined) => selectedHash(world.services.get(name ?? ""));
  const isBlueGreen = strategy.kind === "blueGreen";
  const isAtPause = isBlueGreen || hasPause(strategy.steps[status.currentStepIndex ?? -1]);
  const hasNoResult = Object.values(read.runs).some((run) => run.status === "Inconclusive") ||
    world.experiment.experiments.some(({ metadata: { name }, status: { phase } = {} }) =>
      name === read.currentExperiment && phase === "Inconclusive"
    );
  return {
    ...read,
    ...pausesIn(status, { isAtPause, hasNoResult }),
    stableHash: read.stableHash || servedHash(world, strategy),
    activeHash: isBlueGreen ? selected(strategy.spec.activeService) : "",
    previewHash: isBlueGreen ? selected(strategy.spec.previewService) : "",
  };
}

/**
 * The stable hash of a Rollout that has lost its status (deleted without its pods and applied
 * again, or restored from a backup): the hash that users' Service selects, if it is not the present
 * template's. Otherwise the present template would be stable at once, without steps or pauses.
 */
function servedHash(
  { replicaSets, nextSet, services, rollout }: RolloutWorld,
  { kind, spec }: Strategy,
): string {
  const name = kind === "blueGreen"
    ? spec.activeService
    : servicesIn(spec, rollout.status ?? {}).stable;
  const hash = selectedHash(services.get(name ?? ""));
  const served = replicaSets.find((set) => hash !== "" && hashOf(set) === hash);
  return served === undefined || served === nextSet || wantedPods(served) === 0 ? "" : hash;
}
