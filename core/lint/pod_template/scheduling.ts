/** Where pods may run. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import {
  type Check,
  type FieldsCheck,
  list,
  needs,
  object,
  type Report,
  text,
  type TextCheck,
  texts,
  unique,
  whole,
  word,
} from "./check.ts";
import { label, labelValue, oneOf, qualifiedName, subdomain } from "./formats.ts";
import { selector } from "./references.ts";

const KEY = text(qualifiedName);
const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];

function nodeExpression(...[fields, at, report]: Parameters<FieldsCheck>): void {
  const operator = textOf(fields["operator"]);
  const values = listOf(fields["values"]);
  const where = [...at, "values"];
  if (!OPERATORS.includes(operator)) {
    report([...at, "operator"], `must be one of ${OPERATORS.join(", ")}`);
  } else if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) report(where, `is required where operator is ${operator}`);
  } else if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1) report(where, `must be one number where operator is ${operator}`);
  } else if (values.length > 0) {
    report(where, `must not be set where operator is ${operator}`);
  }
  if (textOf(fields["key"]) === "") report([...at, "key"], "is required");
}

function nodeField(...[fields, at, report]: Parameters<FieldsCheck>): void {
  const operator = textOf(fields["operator"]);
  if (operator !== "In" && operator !== "NotIn") {
    report([...at, "operator"], "must be In or NotIn for a field of a node");
  } else if (listOf(fields["values"]).length !== 1) {
    report([...at, "values"], "must be one value for a field of a node");
  }
  if (fields["key"] !== "metadata.name") {
    return report([...at, "key"], "must be metadata.name");
  }
  for (const [index, value] of listOf(fields["values"]).entries()) {
    const problem = nodeNameProblem(textOf(value));
    if (problem !== undefined) report([...at, "values", index], problem);
  }
}

function nodeNameProblem(name: string): string | undefined {
  return name === "" ? "must be the name of a node" : subdomain(name);
}

/** Values of a wish may be no labels at all: no node has them, and that is all. */
function nodeTerm(...valueChecks: TextCheck[]): Check {
  return object({
    matchExpressions: list(object({ key: KEY, values: texts(...valueChecks) }, nodeExpression)),
    matchFields: list(object({ key: text(), values: texts() }, nodeField)),
  });
}

const NODE_AFFINITY = object({
  requiredDuringSchedulingIgnoredDuringExecution: object(
    { nodeSelectorTerms: list(nodeTerm(labelValue)) },
    needs("nodeSelectorTerms"),
  ),
  preferredDuringSchedulingIgnoredDuringExecution: list(object(
    { weight: whole({ min: 1, max: 100 }), preference: nodeTerm() },
    needs("weight"),
  )),
});

const POD_TERM = object(
  {
    labelSelector: selector,
    namespaceSelector: selector,
    namespaces: texts(label),
    topologyKey: KEY,
    matchLabelKeys: texts(qualifiedName),
    mismatchLabelKeys: texts(qualifiedName),
  },
  needs("topologyKey"),
  (fields, at, report) => {
    labelKeysFit("matchLabelKeys", fields, at, report);
    labelKeysFit("mismatchLabelKeys", fields, at, report);
    const matched = listOf(fields["matchLabelKeys"]);
    listOf(fields["mismatchLabelKeys"]).forEach((key, index) => {
      if (!matched.includes(key)) return;
      report([...at, "mismatchLabelKeys", index], "is among matchLabelKeys, too");
    });
    listOf(fields["namespaces"]).forEach((name, index) => {
      if (name === "" || isUnset(name)) report([...at, "namespaces", index], "must not be empty");
    });
  },
);

/** Labels whose values are the pod's own need a selector, and must not stand in it as well. */
function labelKeysFit(
  name: string,
  ...[fields, at, report]: Parameters<FieldsCheck>
): void {
  const keys = listOf(fields[name]);
  if (keys.length === 0) return;
  const wanted = fields["labelSelector"];
  if (isUnset(wanted)) return report([...at, name], "must not be set without labelSelector");
  const { matchLabels, matchExpressions } = fieldsOf(wanted);
  const named = [
    ...Object.keys(fieldsOf(matchLabels)),
    ...listOf(matchExpressions).map((each) => textOf(fieldsOf(each)["key"])),
  ];
  keys.forEach((key, index) => {
    if (key === "" || isUnset(key)) report([...at, name, index], "must not be empty");
    else if (typeof key === "string" && named.includes(key)) {
      report([...at, name, index], "stands in labelSelector, too");
    }
  });
}

const POD_AFFINITY = object({
  requiredDuringSchedulingIgnoredDuringExecution: list(POD_TERM),
  preferredDuringSchedulingIgnoredDuringExecution: list(object(
    { weight: whole({ min: 1, max: 100 }), podAffinityTerm: POD_TERM },
    needs("weight", "podAffinityTerm"),
  )),
});

/** Which nodes and which neighbours a pod wants. */
export const affinity: Check = object({
  nodeAffinity: NODE_AFFINITY,
  podAffinity: POD_AFFINITY,
  podAntiAffinity: POD_AFFINITY,
});

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Which taints of nodes a pod bears. */
export const tolerations: Check = list(object(
  {
    key: KEY,
    operator: text(oneOf("Exists", "Equal", "Lt", "Gt")),
    effect: text(oneOf(...EFFECTS)),
  },
  (fields, at, report) => {
    const { key, operator, value, effect, tolerationSeconds } = fields;
    const isAny = textOf(key) === "";
    if (isAny && operator !== "Exists") {
      report([...at, "operator"], "must be Exists where there is no key");
    }
    if (operator === "Exists" && textOf(value) !== "") {
      report([...at, "value"], "must not be set where operator is Exists");
    }
    if (textOf(operator) === "" || operator === "Equal") {
      text(labelValue)(value ?? "", [...at, "value"], report);
    }
    if (!isUnset(tolerationSeconds) && effect !== "NoExecute") {
      report([...at, "effect"], "must be NoExecute where tolerationSeconds is set");
    }
  },
));

const POLICY = word("Honor", "Ignore");

/** How evenly pods are spread. */
export const topologySpread: Check = (value, at, report) => {
  SPREAD(value, at, report);
  unique((constraint) => {
    const { topologyKey, whenUnsatisfiable } = fieldsOf(constraint);
    return `${textOf(topologyKey)} ${textOf(whenUnsatisfiable)}`;
  })(value, at, report);
};

const SPREAD = list(object(
  {
    maxSkew: whole({ min: 1 }),
    minDomains: whole({ min: 1 }),
    topologyKey: text(),
    whenUnsatisfiable: text(oneOf("DoNotSchedule", "ScheduleAnyway")),
    labelSelector: selector,
    matchLabelKeys: texts(qualifiedName),
    nodeAffinityPolicy: POLICY,
    nodeTaintsPolicy: POLICY,
  },
  needs("maxSkew", "topologyKey", "whenUnsatisfiable"),
  (fields, at, report) => {
    labelKeysFit("matchLabelKeys", fields, at, report);
    if (!isUnset(fields["minDomains"]) && fields["whenUnsatisfiable"] !== "DoNotSchedule") {
      report([...at, "minDomains"], "may be set only where whenUnsatisfiable is DoNotSchedule");
    }
  },
));

/** What holds pods back from being scheduled. */
export function schedulingGates(value: unknown, at: FieldLocation, report: Report): void {
  list(object({ name: text(qualifiedName) }, needs("name")))(value, at, report);
  unique((gate) => textOf(fieldsOf(gate)["name"]), "name")(value, at, report);
}
