/** What this version does not do yet: the controller leaves such a Rollout alone. */
import { unservedLocations } from "../../rollout/unserved.ts";
import { forEachRollout, type LintWorld, type RolloutSubject } from "../rollout_subject.ts";
import { PROVIDER_FIELDS } from "../../api/validation/validate_metrics.ts";
import { fieldsOf, isUnset, listOf } from "../../../sdk/wire/json.ts";
import type { Spot } from "../finding.ts";
import type { CheckedRule } from "../rule.ts";
import type { LintDocument } from "../world.ts";

/** What this version does not do. */
export const SUPPORT_RULES: readonly CheckedRule[] = [
  {
    name: "not-supported",
    severity: "error",
    reports: "A field, a step or a metric asks for something that this version does not do.",
    why: "The controller leaves the Rollout alone, waits in front of the step, or cannot measure.",
    check: (world) => [...forEachRollout(notSupported)(world), ...unservedMetrics(world)],
  },
];

const TEMPLATES = ["AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun"];

/** Metrics of sources that nobody here asks. */
function unservedMetrics(world: LintWorld): Spot<LintDocument>[] {
  const { metricProviders } = world.plugins;
  const isServed = (name: string) => metricProviders.some((provider) => provider.name === name);
  return TEMPLATES.flatMap((kind) => world.ofKind("argoproj.io", kind)).flatMap((document) =>
    listOf(fieldsOf(document.object["spec"])["metrics"]).flatMap((metric, index) => {
      const fields = fieldsOf(fieldsOf(metric)["provider"]);
      const at = ["spec", "metrics", index, "provider"];
      const sources = [
        ...PROVIDER_FIELDS.filter((name) => !isUnset(fields[name]))
          .map((name) => ({ name, location: [...at, name] })),
        ...Object.keys(fieldsOf(fields["plugin"]))
          .map((name) => ({ name, location: [...at, "plugin", name] })),
      ];
      return sources.filter(({ name }) => !isServed(name)).map(({ location }) => ({
        document,
        location,
        text: "is not supported by this version: every measurement is an error",
      }));
    })
  );
}

function notSupported({ rollout }: RolloutSubject, { plugins }: LintWorld) {
  return unservedLocations(rollout, plugins).map((at) => ({
    at,
    text: at.includes("steps")
      ? "is not supported by this version: updates wait in front of this step"
      : "is not supported by this version: the Rollout is left alone",
  }));
}
