import { REPLICA_SETS } from "../../api/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, isSameJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import { invalidValue, labelProblems } from "./metadata.ts";
import { podSpecProblems, unreadableNumber } from "./pod_problems.ts";
import { storedPodTemplate, tidied } from "./pod_template.ts";
import { type Labels, labelSelectorOf, matchesLabels } from "./label_selector.ts";
import type { FieldProblem } from "./status_error.ts";

/** ReplicaSets: their templates are stored with the defaults of pods. */
export const REPLICA_SET_KIND: Kind = Object.freeze<Kind>({
  type: REPLICA_SETS,
  isCustom: false,
  hasStatus: true,
  scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
  generation: "spec",
  selectableFields: {},
  stored(object, { before }) {
    const spec = object["spec"];
    const old = before?.["spec"];
    return {
      spec: spec !== undefined && spec === old ? spec : storedSpec(fieldsOf(spec), fieldsOf(old)),
      status: storedStatus(fieldsOf(object["status"])),
    };
  },
  firstStatus: () => ({ replicas: 0 }),
  problems: replicaSetProblems,
  unreadable: (object) =>
    unreadableNumber("ReplicaSetSpec", fieldsOf(object["spec"]), ["replicas", "minReadySeconds"]),
});

function storedSpec(spec: Fields, old: Fields): Fields {
  const { replicas, minReadySeconds, selector, template } = spec;
  const isTemplateKept = template !== undefined && template === old["template"];
  return {
    replicas: replicas ?? 1,
    ...(minReadySeconds ? { minReadySeconds } : {}),
    ...(selector === undefined || selector === null ? {} : { selector: tidied(selector) }),
    template: isTemplateKept ? template : storedPodTemplate(template),
  };
}

/** Counts of 0 are left out, but for the two that the server always stores. */
function storedStatus(status: Fields): Fields {
  const stored: Fields = { replicas: status["replicas"] ?? 0 };
  for (const count of ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]) {
    if (status[count]) stored[count] = status[count];
  }
  if (status["terminatingReplicas"] !== undefined && status["terminatingReplicas"] !== null) {
    stored["terminatingReplicas"] = status["terminatingReplicas"];
  }
  if (status["observedGeneration"]) stored["observedGeneration"] = status["observedGeneration"];
  if (Array.isArray(status["conditions"]) && status["conditions"].length > 0) {
    stored["conditions"] = status["conditions"];
  }
  return stored;
}

function replicaSetProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const spec = fieldsOf(object["spec"]);
  if (before !== undefined && spec === before["spec"]) return [];
  const problems: FieldProblem[] = [];
  for (const field of ["replicas", "minReadySeconds"]) {
    const value = spec[field];
    if (typeof value !== "number" || value >= 0) continue;
    const message = invalidValue(value, "must be greater than or equal to 0");
    problems.push({ path: `spec.${field}`, message });
  }
  problems.push(...selectorProblems(spec));
  const template = fieldsOf(spec["template"]);
  problems.push(...podSpecProblems(fieldsOf(template["spec"]), "spec.template.spec"));
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
