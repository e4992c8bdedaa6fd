/** Promotion of a blue-green: the revision that users reach becomes the stable one. */
import type { Situation, Verdict } from "../situation.ts";
import { promotion } from "./promotion.ts";

export function cutoverPromotion(situation: Situation): Verdict {
  // Later stages of this pass plan the delay of the former stable set.
  return { ...promotion(situation), then: "continue" };
}
