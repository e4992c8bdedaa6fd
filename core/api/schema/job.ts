/** The fields of a Job, as Kubernetes defines them. */
import { selector } from "./common.ts";
import type { Kit, Shape } from "../../../sdk/fields/kit.ts";
import { podTemplate } from "./pod_template.ts";

export function jobSpec(kit: Kit): Shape {
  return {
    activeDeadlineSeconds: kit.long(),
    backoffLimit: kit.whole(),
    backoffLimitPerIndex: kit.whole(),
    completionMode: kit.text(),
    completions: kit.whole(),
    managedBy: kit.text(),
    manualSelector: kit.flag(),
    maxFailedIndexes: kit.whole(),
    parallelism: kit.whole(),
    podFailurePolicy: kit.object(() => ({
      rules: kit.list(
        () => ({
          action: kit.text(undefined, { required: true }),
          onExitCodes: kit.object(() => ({
            containerName: kit.text(),
            operator: kit.text(undefined, { required: true }),
            values: kit.wholes(32, { set: true, required: true }),
          })),
          onPodConditions: kit.list(() => ({
            type: kit.text(undefined, { required: true }),
            status: kit.text(undefined, { required: true }),
          })),
        }),
        undefined,
        { required: true },
      ),
    })),
    podReplacementPolicy: kit.text(),
    selector: selector(kit),
    successPolicy: kit.object(() => ({
      rules: kit.list(
        () => ({ succeededCount: kit.whole(), succeededIndexes: kit.text() }),
        undefined,
        { required: true },
      ),
    })),
    suspend: kit.flag(),
    template: podTemplate(kit, "Template of the Job's pods.", { required: true }),
    ttlSecondsAfterFinished: kit.whole(),
  };
}
