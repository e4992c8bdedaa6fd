/** Preview: its Service selects the newest revision from the beginning, pods or not. */
import { selectWrite } from "../service.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";

export function preview(situation: Situation): Verdict {
  const { update } = situation.plan();
  const write = update && selectWrite(situation.world, update);
  if (write === undefined || update === undefined) return CONTINUE;
  return {
    effects: [write],
    state: { previewHash: update.hash },
    then: "continue",
    why: update.why,
  };
}
