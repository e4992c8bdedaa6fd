/** Objects that have every field of the reference, one item in each list. */
import { REFERENCE_TEMPLATE, referenceKind, type Row } from "./reference.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";

/** An object of a kind with a value in every field, as an API server takes it. */
export function fullObject(kind: string): Fields {
  const object: Fields = {};
  for (const row of referenceKind(kind).fields) put(object, row);
  const metadata = { name: "full", namespace: "default" };
  const full = { ...object, apiVersion: "argoproj.io/v1alpha1", kind, metadata };
  return full;
}

function put(object: Fields, row: Row): void {
  const [path] = row;
  // `a.b[].c` and `m{}.d` as steps: a, b, 0, c and m, any, d.
  const steps = path.split(".").flatMap((name) => {
    const [, field = "", rest = ""] = /^([^[{]*)((?:\[\]|\{\})*)$/.exec(name) ?? [];
    const below = [...rest.matchAll(/\[\]|\{\}/g)].map(([mark]) => mark === "[]" ? 0 : "any");
    return [field, ...below];
  });
  let place: unknown = object;
  for (const step of steps.slice(0, -1)) place = (place as Fields)[step as string];
  const last = steps[steps.length - 1] as string;
  const holder = place as Fields;
  if (holder[last] === undefined) holder[last] = valueOf(row);
}

function valueOf([path, type, words = {}]: Row): unknown {
  if (words["enum"] !== undefined) return (words["enum"] as unknown[])[0];
  if (words["default"] !== undefined && words["default"] !== "") return words["default"];
  switch (type) {
    case "object":
      return words["x-kubernetes-preserve-unknown-fields"] === true ? { any: [1, "a"] } : {};
    case "array":
      return [];
    case "boolean":
      return true;
    case "string":
      return "text";
    case "string date-time":
      return "2026-01-31T12:00:00Z";
    case "integer int32":
    case "integer int64":
      return 1;
    case "integer or string":
      return "10";
    case "pod template":
      return fullTemplate();
    case "any":
      return path.endsWith("volumes") ? [{ name: "text", emptyDir: {} }] : { cpu: "10m" };
    default:
      throw new Error(`Cannot make a value for ${path}: ${type} is not known here`);
  }
}

function fullTemplate(): Fields {
  const template: Fields = {};
  for (const row of REFERENCE_TEMPLATE) put(template, row);
  return template;
}
