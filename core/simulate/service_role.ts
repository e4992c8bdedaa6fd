/** What a Service is for a Rollout. */
import type { Rollout } from "../../sdk/api/rollout.ts";

/** True for a Service that shows the new version to those who ask for it: no users miss it. */
export function isPreviewService({ spec }: Rollout, name: string): boolean {
  const { canary, blueGreen } = spec.strategy ?? {};
  return name === blueGreen?.previewService || name === canary?.canaryService;
}
