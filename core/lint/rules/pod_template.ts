/** Pod templates: what the API server refuses in them and the controller does not look at. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isUnset, listOf } from "../../../sdk/wire/json.ts";
import type { Spot } from "../finding.ts";
import { typeProblemsOfTemplate } from "../../api/schema/type_problems.ts";
import { podTemplateErrors } from "../pod_template/pod.ts";
import type { LintWorld, PodTemplateView } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import type { LintDocument } from "../world.ts";

/** What is wrong with pod templates. */
export const POD_TEMPLATE_RULES: readonly CheckedRule[] = [
  {
    name: "invalid-pod-template",
    severity: "error",
    reports: "The API server refuses a field of the pod template.",
    why: "No ReplicaSet can be created: the update never starts.",
    isComplement: true,
    check: invalidPodTemplate,
  },
];

function invalidPodTemplate(world: LintWorld): Spot<LintDocument>[] {
  return [
    ...world.rollouts.flatMap(({ template, workload }) => {
      if (template === undefined) return [];
      // The types of a Rollout's own template are known from reading it.
      return workload === undefined
        ? errorsOf(template)
        : [...typeErrorsOf(template), ...errorsOf(template)];
    }),
    ...world.ofKind("argoproj.io", "Experiment").flatMap(experimentErrors),
  ];
}

function errorsOf({ template, spot }: PodTemplateView): Spot<LintDocument>[] {
  const spots: Spot<LintDocument>[] = [];
  podTemplateErrors(template, [], (at, text) => spots.push(spot(at, text)));
  return spots;
}

function typeErrorsOf({ template, spot }: PodTemplateView): Spot<LintDocument>[] {
  if (isUnset(template)) return [];
  return typeProblemsOfTemplate(template).map(({ path, message }) => spot(path, message));
}

function experimentErrors(document: LintDocument): Spot<LintDocument>[] {
  const { templates } = fieldsOf(document.object["spec"]);
  const spots: Spot<LintDocument>[] = [];
  const report = (location: FieldLocation, text: string) =>
    spots.push({ document, location, text });
  listOf(templates).map(fieldsOf).forEach(({ template }, index) =>
    podTemplateErrors(template, ["spec", "templates", index, "template"], report)
  );
  return spots;
}
