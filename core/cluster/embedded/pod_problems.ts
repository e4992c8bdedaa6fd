import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { isSameJson, without } from "./json.ts";
import { invalidValue, jsonTypeOf } from "./metadata.ts";
import { labelProblem } from "../../api/values/name_rules.ts";
import type { FieldProblem } from "./status_error.ts";

const FORBIDDEN_CHANGE = "Forbidden: pod updates may not change fields other than " +
  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
  "`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** What is wrong with the spec of a pod; `path` is where it stands. */
export function podSpecProblems(spec: Fields, path: string): FieldProblem[] {
  const containers = listOf(spec["containers"]).map(fieldsOf);
  if (containers.length === 0) return [{ path: `${path}.containers`, message: "Required value" }];
  const problems: FieldProblem[] = [];
  const names = new Set<unknown>();
  containers.forEach(({ name, image }, index) => {
    const here = `${path}.containers[${index}]`;
    if (typeof name !== "string" || name === "") {
      problems.push({ path: `${here}.name`, message: "Required value" });
    } else {
      const problem = labelProblem(name);
      if (problem !== undefined) {
        problems.push({ path: `${here}.name`, message: invalidValue(name, problem) });
      } else if (names.has(name)) {
        problems.push({
          path: `${here}.name`,
          message: `Duplicate value: ${JSON.stringify(name)}`,
        });
      }
      names.add(name);
    }
    if (typeof image !== "string" || image === "") {
      problems.push({ path: `${here}.image`, message: "Required value" });
    }
  });
  return problems;
}

/** The spec of a pod stays as it is, but for its images and a few fields more. */
export function podChangeProblems(pod: KubeObject, before: KubeObject): FieldProblem[] {
  const [now, old] = [fieldsOf(pod["spec"]), fieldsOf(before["spec"])];
  // A scheduler binds a pod once.
  const isBinding = old["nodeName"] === undefined;
  const fixed = (spec: Fields) => {
    const rest = without(without(spec, "tolerations"), "activeDeadlineSeconds");
    return {
      ...(isBinding ? without(rest, "nodeName") : rest),
      containers: listOf(spec["containers"]).map((item) => without(fieldsOf(item), "image")),
      initContainers: listOf(spec["initContainers"]).map((item) =>
        without(fieldsOf(item), "image")
      ),
    };
  };
  const counts = [now, old].map((spec) => listOf(spec["containers"]).length);
  if (counts[0] !== counts[1]) {
    const message = "Forbidden: pod updates may not add or remove containers";
    return [{ path: "spec.containers", message }];
  }
  if (now === old || isSameJson(fixed(now), fixed(old))) return [];
  return [{ path: "spec", message: FORBIDDEN_CHANGE }];
}

/** The first of these numbers of a spec that is not a number, as the server tells it. */
export function unreadableNumber(
  struct: string,
  spec: Fields,
  fields: readonly string[],
): string | undefined {
  for (const field of fields) {
    const value = spec[field];
    if (value === undefined || value === null || Number.isInteger(value)) continue;
    const found = typeof value === "number" ? `number ${value}` : jsonTypeOf(value);
    return `cannot unmarshal ${found} into Go struct field ${struct}.spec.${field} of type int32`;
  }
  return undefined;
}
