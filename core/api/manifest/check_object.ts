/** What an API server refuses in any object, and in the kinds that are known here. */
import { checkRolloutTypes, type FieldLocation } from "../check_rollout_types.ts";
import { fieldsOf, isFields, isUnset } from "../json_shape.ts";
import { dnsLabelProblems, dnsSubdomainProblems } from "../kube_names.ts";

/** What is wrong with an object, and where. */
export interface ObjectProblem {
  readonly path: FieldLocation;
  readonly detail: string;
}

type Fields = Record<string, unknown>;

const LARGEST_OBJECT_BYTES = 1_572_864;
const LARGEST_ANNOTATIONS_BYTES = 262_144;

/** The first thing that an API server would refuse; undefined when nothing is wrong. */
export function objectProblem(object: unknown): ObjectProblem | undefined {
  if (!isFields(object)) {
    return { path: [], detail: `must be an object, but is ${nameOf(object)}` };
  }
  return missingType(object) ?? metadataProblem(object) ?? kindProblem(object);
}

/** Whether an object or its annotations are larger than an API server stores. */
export function sizeProblem(object: unknown): ObjectProblem | undefined {
  const { annotations } = fieldsOf(fieldsOf(object)["metadata"]);
  const annotationBytes = Object.entries(fieldsOf(annotations))
    .reduce((sum, [key, value]) => sum + bytesOf(key) + bytesOf(String(value)), 0);
  if (annotationBytes > LARGEST_ANNOTATIONS_BYTES) {
    const detail = `must not have more than ${LARGEST_ANNOTATIONS_BYTES} bytes together, ` +
      `but has ${annotationBytes}`;
    return { path: ["metadata", "annotations"], detail };
  }
  const objectBytes = bytesOf(JSON.stringify(object));
  if (objectBytes <= LARGEST_OBJECT_BYTES) return undefined;
  const detail = `must not have more than ${LARGEST_OBJECT_BYTES} bytes, but has ${objectBytes}`;
  return { path: [], detail };
}

function missingType(object: Fields): ObjectProblem | undefined {
  for (const name of ["apiVersion", "kind"]) {
    const problem = missingText(object[name], [name]);
    if (problem !== undefined) return problem;
  }
  if (object["kind"] === "Kustomization" && isUnset(object["metadata"])) {
    const detail = "is a Kustomization, which is a recipe for manifests: " +
      "run kustomize build and pass what comes out";
    return { path: [], detail };
  }
  return undefined;
}

function missingText(value: unknown, path: FieldLocation): ObjectProblem | undefined {
  if (isUnset(value) || value === "") return { path, detail: "is required" };
  if (typeof value === "string") return undefined;
  return { path, detail: `must be a string, but is ${nameOf(value)}` };
}

function metadataProblem(object: Fields): ObjectProblem | undefined {
  const { metadata } = object;
  if (!isUnset(metadata) && !isFields(metadata)) {
    return { path: ["metadata"], detail: `must be an object, but is ${nameOf(metadata)}` };
  }
  const { name, namespace } = fieldsOf(metadata);
  const missing = missingText(name, ["metadata", "name"]);
  if (missing !== undefined) return missing;
  if (String(name).includes("{{")) return { path: ["metadata", "name"], detail: "is a template" };
  if (!isUnset(namespace) && typeof namespace !== "string") {
    const detail = `must be a string, but is ${nameOf(namespace)}`;
    return { path: ["metadata", "namespace"], detail };
  }
  for (const map of ["labels", "annotations"]) {
    const problem = textMapProblem(fieldsOf(metadata)[map], ["metadata", map]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function textMapProblem(map: unknown, path: FieldLocation): ObjectProblem | undefined {
  if (isUnset(map)) return undefined;
  if (!isFields(map)) return { path, detail: `must be an object, but is ${nameOf(map)}` };
  for (const [key, value] of Object.entries(map)) {
    if (isUnset(value) || typeof value === "string") continue;
    const detail = `must be a string, but is ${nameOf(value)}: put it in quotes`;
    return { path: [...path, key], detail };
  }
  return undefined;
}

function kindProblem(object: Fields): ObjectProblem | undefined {
  const group = String(object["apiVersion"]).split("/")[0];
  if (object["kind"] === "Rollout" && group === "argoproj.io") return rolloutProblem(object);
  if (object["kind"] === "Service" && object["apiVersion"] === "v1") return serviceProblem(object);
  return undefined;
}

function rolloutProblem(object: Fields): ObjectProblem | undefined {
  const [problem] = checkRolloutTypes(object);
  if (problem !== undefined) return { path: problem.path, detail: problem.message };
  return nameProblem(object, dnsSubdomainProblems);
}

function nameProblem(
  object: Fields,
  check: (name: string) => string[],
): ObjectProblem | undefined {
  const [detail] = check(String(fieldsOf(object["metadata"])["name"]));
  return detail === undefined ? undefined : { path: ["metadata", "name"], detail };
}

function serviceProblem(object: Fields): ObjectProblem | undefined {
  const { spec } = object;
  if (isUnset(spec)) return { path: ["spec"], detail: "is required" };
  if (!isFields(spec)) {
    return { path: ["spec"], detail: `must be an object, but is ${nameOf(spec)}` };
  }
  const { ports } = spec;
  if (!isUnset(ports) && !Array.isArray(ports)) {
    return { path: ["spec", "ports"], detail: `must be a list, but is ${nameOf(ports)}` };
  }
  for (const [index, port] of (ports ?? []).entries()) {
    const path = ["spec", "ports", index];
    if (!isFields(port)) return { path, detail: `must be an object, but is ${nameOf(port)}` };
    if (isUnset(port["port"])) return { path: [...path, "port"], detail: "is required" };
    if (!Number.isInteger(port["port"])) {
      const detail = `must be a whole number, but is ${nameOf(port["port"])}`;
      return { path: [...path, "port"], detail };
    }
  }
  return textMapProblem(spec["selector"], ["spec", "selector"]) ??
    nameProblem(object, dnsLabelProblems);
}

function nameOf(value: unknown): string {
  if (isUnset(value)) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return `the ${typeof value} ${JSON.stringify(value)}`;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
