/** What an API server refuses in any object, and in the kinds that are known here. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import { dnsLabelProblems, dnsSubdomainProblems } from "../validation/kube_names.ts";
import { findKind, KINDS } from "../schema/kinds.ts";
import { typeProblems } from "../schema/type_problems.ts";
import type { ProblemKind } from "./manifest_error.ts";
import { NOT_RENDERED_TEXT } from "./parse_text.ts";

/** What is wrong with an object, and where. */
export interface ObjectProblem {
  readonly kind: ProblemKind;
  readonly path: FieldLocation;
  readonly detail: string;
}

/** API groups of the objects that are applied together with a Rollout. */
const GROUPS = [
  "apps",
  "argoproj.io",
  "autoscaling",
  "batch",
  "networking.istio.io",
  "networking.k8s.io",
  "policy",
];
const LARGEST_OBJECT_BYTES = 1_572_864;
const LARGEST_ANNOTATIONS_BYTES = 262_144;

/** Everything that an API server would refuse, the first thing first. */
export function objectProblems(object: unknown): ObjectProblem[] {
  if (!isFields(object)) {
    return [{ kind: "no-object", path: [], detail: `must be an object, but is ${nameOf(object)}` }];
  }
  if (isFileOfOthers(object)) {
    const detail = "is not a Kubernetes object: apiVersion and kind are required";
    return [{ kind: "no-object", path: [], detail }];
  }
  if (isListWithoutItems(object)) {
    return isUnset(object["items"])
      ? [{ kind: "field", path: ["items"], detail: "is required" }]
      : [mustBe("a list", object["items"], "items")];
  }
  return [
    ...missingText(object["apiVersion"], ["apiVersion"]),
    ...missingText(object["kind"], ["kind"]),
    ...typeNameProblems(object),
    ...metadataProblems(object),
    ...kindProblems(object),
    ...sizeProblems(object),
  ];
}

/** Kinds that stand beside Rollouts, by their group; a server knows no other spelling of them. */
const KINDS_OF_GROUP: Readonly<Record<string, readonly string[]>> = {
  "": ["ConfigMap", "Namespace", "Pod", "PodTemplate", "Secret", "Service", "ServiceAccount"],
  "apps": ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  "argoproj.io": KINDS.map(({ type }) => type.kind),
  "autoscaling": ["HorizontalPodAutoscaler"],
  "batch": ["CronJob", "Job"],
  "networking.istio.io": ["DestinationRule", "Gateway", "VirtualService"],
  "networking.k8s.io": ["Ingress", "NetworkPolicy"],
  "policy": ["PodDisruptionBudget"],
};

/** A kind or a version that is nearly one that a server knows. */
function typeNameProblems(object: Fields): ObjectProblem[] {
  const [apiVersion, kind] = [textOf(object["apiVersion"]), textOf(object["kind"])];
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] ?? "" : "";
  const known = KINDS_OF_GROUP[group]?.find((each) => each.toLowerCase() === kind.toLowerCase());
  if (known !== undefined && known !== kind) {
    return [fieldProblem(["kind"], `must be ${known}, but is ${JSON.stringify(kind)}`)];
  }
  const ours = findKind(object);
  if (ours === undefined) return [];
  const version = `${ours.type.group}/${ours.type.version}`;
  if (version === apiVersion) return [];
  return [fieldProblem(["apiVersion"], `${kind} has no version ${apiVersion}; write ${version}`)];
}

/** Other programs give their files a version as well: `apiVersion: 1`. */
function isFileOfOthers({ apiVersion, kind, metadata }: Fields): boolean {
  if (!isUnset(kind)) return false;
  return isUnset(apiVersion) || (typeof apiVersion !== "string" && isUnset(metadata));
}

/** A list whose items are a list is read item by item, and never looked at as an object. */
function isListWithoutItems({ kind, items }: Fields): boolean {
  return kind === "List" || (textOf(kind).endsWith("List") && items !== undefined);
}

/** Whether an object or its annotations are larger than an API server stores. */
function sizeProblems(object: Fields): ObjectProblem[] {
  const { annotations } = fieldsOf(object["metadata"]);
  const annotationBytes = Object.entries(fieldsOf(annotations))
    .reduce((sum, [key, value]) => sum + bytesOf(key) + bytesOf(textOf(value)), 0);
  if (annotationBytes > LARGEST_ANNOTATIONS_BYTES) {
    const detail = `must not have more than ${LARGEST_ANNOTATIONS_BYTES} bytes together, ` +
      `but has ${annotationBytes}`;
    return [{ kind: "size", path: ["metadata", "annotations"], detail }];
  }
  const objectBytes = bytesOf(JSON.stringify(object));
  if (objectBytes <= LARGEST_OBJECT_BYTES) return [];
  const detail = `must not have more than ${LARGEST_OBJECT_BYTES} bytes, but has ${objectBytes}`;
  return [{ kind: "size", path: [], detail }];
}

function metadataProblems(object: Fields): ObjectProblem[] {
  const { kind, metadata } = object;
  if (kind === "Kustomization" && isUnset(metadata)) {
    const detail = "is a Kustomization, which is a recipe for manifests: " +
      "run kustomize build and pass what comes out";
    return [{ kind: "recipe", path: [], detail }];
  }
  if (isUnset(metadata) && isOfOtherTool(object)) {
    return [{ kind: "configuration", path: ["metadata", "name"], detail: "is required" }];
  }
  if (!isUnset(metadata) && !isFields(metadata)) return [mustBe("an object", metadata, "metadata")];
  const { name, namespace, labels, annotations } = fieldsOf(metadata);
  if (textOf(name).includes("{{")) {
    return [{ kind: "template", path: ["metadata", "name"], detail: NOT_RENDERED_TEXT }];
  }
  return [
    ...missingText(name, ["metadata", "name"]),
    ...namespaceProblems(namespace),
    ...textMapProblems(labels, ["metadata", "labels"]),
    ...textMapProblems(annotations, ["metadata", "annotations"]),
  ];
}

function namespaceProblems(namespace: unknown): ObjectProblem[] {
  if (isUnset(namespace) || namespace === "") return [];
  const path = ["metadata", "namespace"];
  if (typeof namespace !== "string") return [mustBe("a string", namespace, ...path)];
  const [detail] = namespace.includes("{{") ? [] : dnsLabelProblems(namespace);
  return detail === undefined ? [] : [fieldProblem(path, detail)];
}

/** Tools give their own files kinds and versions that look like those of objects. */
function isOfOtherTool({ apiVersion }: Fields): boolean {
  const [group = "", version] = textOf(apiVersion).split("/");
  return version !== undefined && !GROUPS.includes(group);
}

function missingText(value: unknown, path: FieldLocation): ObjectProblem[] {
  if (isUnset(value) || value === "") {
    const kind = path.join(".") === "metadata.name" ? "nameless" : "field";
    return [{ kind, path, detail: "is required" }];
  }
  return typeof value === "string" ? [] : [mustBe("a string", value, ...path)];
}

function textMapProblems(map: unknown, path: FieldLocation): ObjectProblem[] {
  if (isUnset(map)) return [];
  if (!isFields(map)) return [mustBe("an object", map, ...path)];
  return Object.entries(map)
    .filter(([, value]) => !isUnset(value) && typeof value !== "string")
    .map(([key, value]) => {
      const detail = `must be a string, but is ${nameOf(value)}: put it in quotes`;
      return fieldProblem([...path, key], detail);
    });
}

function kindProblems(object: Fields): ObjectProblem[] {
  if (findKind(object) !== undefined) return problemsOfOurs(object);
  if (object["kind"] === "Service" && object["apiVersion"] === "v1") return serviceProblems(object);
  return [];
}

function problemsOfOurs(object: Fields): ObjectProblem[] {
  const problems = typeProblems(object).map(({ path, message }) => fieldProblem(path, message));
  return [...problems, ...nameProblems(object, dnsSubdomainProblems)];
}

function nameProblems(object: Fields, check: (name: string) => string[]): ObjectProblem[] {
  const { name } = fieldsOf(object["metadata"]);
  if (typeof name !== "string" || name === "") return [];
  const [detail] = check(name);
  return detail === undefined ? [] : [fieldProblem(["metadata", "name"], detail)];
}

function serviceProblems(object: Fields): ObjectProblem[] {
  const { spec } = object;
  if (isUnset(spec)) return [fieldProblem(["spec"], "is required")];
  if (!isFields(spec)) return [mustBe("an object", spec, "spec")];
  const { ports, selector } = spec;
  return [
    ...(isUnset(ports) || Array.isArray(ports) ? [] : [mustBe("a list", ports, "spec", "ports")]),
    ...listOf(ports).flatMap((port, index) => portProblems(port, ["spec", "ports", index])),
    ...textMapProblems(selector, ["spec", "selector"]),
    ...nameProblems(object, dnsLabelProblems),
  ];
}

function portProblems(port: unknown, path: FieldLocation): ObjectProblem[] {
  if (!isFields(port)) return [mustBe("an object", port, ...path)];
  if (isUnset(port["port"])) return [fieldProblem([...path, "port"], "is required")];
  if (Number.isInteger(port["port"])) return [];
  return [mustBe("a whole number", port["port"], ...path, "port")];
}

function mustBe(what: string, value: unknown, ...path: FieldLocation): ObjectProblem {
  return fieldProblem(path, `must be ${what}, but is ${nameOf(value)}`);
}

function fieldProblem(path: FieldLocation, detail: string): ObjectProblem {
  return { kind: "field", path, detail };
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
