/** Types in a pod template that an API server would refuse when its ReplicaSet is created. */
import { type FieldLocation, pathText } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isUnset, listOf } from "../../../sdk/wire/json.ts";
import { typeProblemsOfTemplate } from "../schema/type_problems.ts";
import { isAmount, MUST_BE_AMOUNT } from "../values/readable_template.ts";

/**
 * What is of a wrong type, each as a sentence. Argo Rollouts' own definition has such a Rollout
 * refused when it is applied; a definition that leaves the template open does not. A field that is
 * missing is no wrong type: Kubernetes may do without it, and tells when it cannot.
 */
export function templateTypeErrors(template: unknown): string[] {
  if (isUnset(template)) return [];
  return [
    ...typeProblemsOfTemplate(template).filter(({ isMissing }) => isMissing !== true)
      .map(({ path, message }) => sentence(path, message)),
    ...amountsOf(fieldsOf(fieldsOf(template)["spec"]))
      // What is neither text nor number is told above.
      .filter(({ value }) => typeof value === "string" && !isAmount(value))
      .map(({ path, value }) => sentence(path, `${MUST_BE_AMOUNT} ${JSON.stringify(value)}`)),
  ];
}

function sentence(path: FieldLocation, message: string): string {
  return `${pathText(["spec", "template", ...path])}: ${message}`;
}

interface Amount {
  readonly path: FieldLocation;
  readonly value: unknown;
}

/** The amounts of a pod's spec that no definition leaves open. */
function amountsOf(spec: Readonly<Record<string, unknown>>): Amount[] {
  const { limits, requests } = fieldsOf(spec["resources"]);
  return [
    ...amountsIn(spec["overhead"], ["spec", "overhead"]),
    ...amountsIn(limits, ["spec", "resources", "limits"]),
    ...amountsIn(requests, ["spec", "resources", "requests"]),
    ...["containers", "initContainers", "ephemeralContainers"].flatMap((list) =>
      listOf(spec[list]).flatMap((container, index) =>
        divisorsOf(container, ["spec", list, index, "env"])
      )
    ),
  ];
}

function amountsIn(map: unknown, at: FieldLocation): Amount[] {
  return Object.entries(fieldsOf(map)).map(([name, value]) => ({ path: [...at, name], value }));
}

function divisorsOf(container: unknown, at: FieldLocation): Amount[] {
  const path = ["valueFrom", "resourceFieldRef", "divisor"];
  return listOf(fieldsOf(container)["env"]).map((variable, index) => {
    const { resourceFieldRef } = fieldsOf(fieldsOf(variable)["valueFrom"]);
    return { path: [...at, index, ...path], value: fieldsOf(resourceFieldRef)["divisor"] };
  });
}
