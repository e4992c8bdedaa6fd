/** Argo Rollouts' definitions as an API server acts on them, put together from the derived fields. */
import { REFERENCE_TEMPLATE, referenceKind, type Row } from "../core/api/schema/reference.ts";

interface Schema {
  type?: string;
  format?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  [word: string]: unknown;
}

/** A definition with every field of the reference, pod templates in full. */
export function referenceDefinition(kind: string): Record<string, unknown> {
  const { scope, names, subresources, fields } = referenceKind(kind);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${names["plural"]}.argoproj.io` },
    spec: {
      group: "argoproj.io",
      scope,
      names,
      versions: [{
        name: "v1alpha1",
        served: true,
        storage: true,
        subresources,
        schema: { openAPIV3Schema: schemaOf(fields) },
      }],
    },
  };
}

function schemaOf(rows: readonly Row[]): Schema {
  const root: Schema = { type: "object" };
  for (const [path, type, words = {}] of rows) {
    const { required, ...others } = words;
    const schema = nodeAt(root, path, { isRequired: required === true });
    Object.assign(schema, typeWords(type), others);
    if (others["x-kubernetes-validations"] === true) {
      schema["x-kubernetes-validations"] = [{ rule: "self == oldSelf" }];
    }
  }
  return root;
}

function typeWords(type: string): Schema {
  if (type === "integer or string") return { "x-kubernetes-int-or-string": true };
  if (type === "pod template") return schemaOf(REFERENCE_TEMPLATE);
  if (type === "any") return {};
  const [name = "", format] = type.split(" ");
  return format === undefined ? { type: name } : { type: name, format };
}

/** The schema of a path such as `a.b[].c{}`, made where it is missing. */
function nodeAt(root: Schema, path: string, { isRequired }: { isRequired: boolean }): Schema {
  let node = root;
  const names = path.split(".");
  for (const [index, part] of names.entries()) {
    const [, name = "", marks = ""] = /^([^[{]*)((?:\[\]|\{\})*)$/.exec(part) ?? [];
    const isLast = index === names.length - 1;
    if (isLast && isRequired) node.required = [...new Set([...node.required ?? [], name])];
    node.properties ??= {};
    node = node.properties[name] ??= {};
    for (const [mark] of marks.matchAll(/\[\]|\{\}/g)) {
      if (mark === "[]") node = node.items ??= {};
      else node = node.additionalProperties ??= {};
    }
  }
  return node;
}
