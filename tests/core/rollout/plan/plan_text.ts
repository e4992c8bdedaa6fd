/** A plan in short lines. */
import type { SelectorPlan } from "../../../../core/rollout/plan/plan.ts";
import type { Situation } from "../../../../core/rollout/situation.ts";

export function planText(situation: Situation) {
  const { goal, sizes, sizesWhy, users, update } = situation.plan();
  const stable = goal.stable === undefined ? "" : `, ${goal.stable} stable`;
  return {
    goal: `${goal.updated} updated${stable}`,
    sizes: sizes.map(({ set, size, deadline }) =>
      `${set.metadata.name} ${size}${deadline === undefined ? "" : ` until ${deadline}`}`
    ),
    why: sizesWhy,
    users: selectorText(users),
    update: selectorText(update),
  };
}

function selectorText(plan: SelectorPlan | undefined): string | undefined {
  return plan && `${plan.service.metadata.name} ${plan.hash}`;
}
