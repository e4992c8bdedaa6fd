/** Rules that hold for every kind that makes pods of a template. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import { type Labels, labelSelectorOf, matchesLabels } from "../../api/values/label_selector.ts";
import { invalidValue, labelProblems } from "./metadata.ts";
import { podSpecProblems } from "./pod_problems.ts";
import { storedPodTemplate, tidied } from "./pod_template.ts";
import type { FieldProblem } from "./status_error.ts";

/** What the specs of all workloads hold, as it is stored; a template that was stored is kept. */
export function storedWorkload(spec: Fields, old: Fields): Fields {
  const { replicas, minReadySeconds, selector, template } = spec;
  const isTemplateKept = template !== undefined && template === old["template"];
  return {
    replicas: replicas ?? 1,
    ...(minReadySeconds ? { minReadySeconds } : {}),
    ...(selector === undefined || selector === null ? {} : { selector: tidied(selector) }),
    template: isTemplateKept ? template : storedPodTemplate(template),
  };
}

/** Which of these numbers are negative, though they must not be. */
export function negativeNumbers(
  fields: Fields,
  names: readonly string[],
  path: string,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const name of names) {
    const value = fields[name];
    if (typeof value !== "number" || value >= 0) continue;
    const message = invalidValue(value, "must be greater than or equal to 0");
    problems.push({ path: `${path}.${name}`, message });
  }
  return problems;
}

/** What is wrong with selector and template; `before` is the stored object, if there is one. */
export function workloadProblems(spec: Fields, before: KubeObject | undefined): FieldProblem[] {
  const template = fieldsOf(spec["template"]);
  const problems = [
    ...selectorProblems(spec),
    ...podSpecProblems(fieldsOf(template["spec"]), "spec.template.spec"),
  ];
  const restartPolicy = fieldsOf(template["spec"])["restartPolicy"];
  if (restartPolicy !== "Always") {
    problems.push({
      path: "spec.template.spec.restartPolicy",
      message: `Unsupported value: ${JSON.stringify(restartPolicy)}: supported values: "Always"`,
    });
  }
  const old = fieldsOf(before?.["spec"])["selector"];
  if (before !== undefined && !isSameJson(spec["selector"], old)) {
    problems.push({
      path: "spec.selector",
      message: invalidValue(spec["selector"], "field is immutable"),
    });
  }
  return problems;
}

function selectorProblems(spec: Fields): FieldProblem[] {
  const { selector } = spec;
  const problems: FieldProblem[] = [];
  const path = "spec.selector";
  if (selector === undefined) {
    problems.push({ path, message: "Required value" });
  } else if (Object.keys(fieldsOf(selector)).length === 0) {
    return [{
      path,
      message: invalidValue(selector, "empty selector is invalid for deployment"),
    }];
  }
  const matchLabels = fieldsOf(selector)["matchLabels"];
  const wrong = labelProblems(fieldsOf(matchLabels) as Labels, `${path}.matchLabels`);
  if (wrong.length > 0) {
    const message = invalidValue(selector, "invalid label selector");
    return [...problems, ...wrong, { path, message }];
  }
  const { labels } = fieldsOf(fieldsOf(spec["template"])["metadata"]);
  const isMatching = selector !== undefined &&
    matchesLabels(labelSelectorOf(selector), fieldsOf(labels) as Labels);
  if (!isMatching) {
    problems.push({
      path: "spec.template.metadata.labels",
      message: invalidValue(labels ?? null, "`selector` does not match template `labels`"),
    });
  }
  return problems;
}
