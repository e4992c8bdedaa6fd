/** How a Rollout asks for an analysis. */
import { dryRun, measurementRetention, metadata, templateReferences } from "./common.ts";
import type { Field, Kit, Shape } from "../../../sdk/fields/kit.ts";

/** Arguments as a Rollout gives them. */
export function rolloutArguments(kit: Kit): Field {
  return kit.list(
    () => ({
      name: kit.text("Name of the argument.", { required: true }),
      value: kit.text("The value itself."),
      valueFrom: kit.object(
        () => ({
          podTemplateHashValue: kit.text(
            "`Latest` for the hash of the newest revision, `Stable` for that of the stable one.",
          ),
          fieldRef: kit.object(
            () => ({
              fieldPath: kit.text(
                "Path of a field of the Rollout, such as `metadata.labels['env']`.",
                { required: true },
              ),
            }),
            "The value of a field of the Rollout.",
          ),
        }),
        "Where the value is taken from, instead of `value`.",
      ),
    }),
    "Values for the arguments that the templates declare.",
  );
}

/** The fields that every analysis of a Rollout has. */
export function analysisFields(kit: Kit): Shape {
  return {
    templates: templateReferences(kit, "Templates whose metrics are measured together in one run."),
    args: rolloutArguments(kit),
    dryRun: dryRun(kit),
    measurementRetention: measurementRetention(kit),
    analysisRunMetadata: metadata(kit, "Labels and annotations of the runs."),
  };
}
