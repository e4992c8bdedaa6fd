/** What a Service is for a Rollout. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";

/** True for a Service that shows the new version to those who ask for it: no users miss it. */
export function isPreviewService({ spec, status }: Rollout, name: string): boolean {
  const { canary, blueGreen } = spec.strategy ?? {};
  const { pingService, pongService } = fieldsOf(canary?.["pingPong"]);
  // Of the two that take turns, the one that is not stable.
  const resting = status?.canary?.["stablePingPong"] === "ping" ? pongService : pingService;
  return [blueGreen?.previewService, canary?.canaryService, resting].includes(name);
}
