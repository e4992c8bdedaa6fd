/** Argo Rollouts' step hash, byte for byte: another would restart every canary in flight. */
import type { CanaryStep } from "../../../sdk/api/rollout.ts";
import { goJsonList } from "./go_json.ts";
import { safeHash } from "./safe_hash.ts";
import { STEP_FIELDS } from "./step_fields.ts";

/** `status.currentStepHash` of a canary with these steps; no steps at all hash as `null`. */
export function stepHash(steps: readonly CanaryStep[] | null | undefined): string {
  const present = steps?.length ? steps : undefined;
  return safeHash(goJsonList(present, STEP_FIELDS));
}
