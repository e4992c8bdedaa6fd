/**
 * Services: the canary Service follows the newest revision, the stable Service the stable one. The
 * stable Service leaves a set before its last pods do.
 */
import type { Write } from "../../engine/mod.ts";
import { selectWrite } from "../service.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";

export function services(situation: Situation): Verdict {
  const { users, update } = situation.plan();
  const effects: Write[] = [];
  const changes: string[] = [];
  for (const planned of [users, update]) {
    const write = planned && selectWrite(situation.world, planned);
    if (write === undefined || planned === undefined) continue;
    effects.push(write);
    changes.push(planned.why);
  }
  if (effects.length === 0) return CONTINUE;
  return { effects, then: "continue", why: `pods are available: ${changes.join(", ")}` };
}
