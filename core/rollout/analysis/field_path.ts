/** Fields of a Rollout as the values of arguments: `metadata.labels['app']`, `spec.replicas`. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { fieldsOf, isFields, isUnset, textOf } from "../../../sdk/wire/json.ts";
import { floatText } from "../../analysis/condition/mod.ts";
import type { Outcome } from "../../api/validation/analysis_templates.ts";

/** The value at a path, as text. */
export function fieldText(rollout: Rollout, path: string): Outcome<string> {
  return path.startsWith("metadata") ? metadataText(rollout, path) : valueText(rollout, path);
}

/** Metadata as pods can read their own: whole maps, one of their values, or a name. */
function metadataText({ metadata }: Rollout, path: string): Outcome<string> {
  const [, map = "", key = ""] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (map !== "") return { value: textOf(fieldsOf(metadata[map as "labels"])[key]) };
  switch (path) {
    case "metadata.name":
    case "metadata.namespace":
    case "metadata.uid":
      return { value: textOf(metadata[path.slice("metadata.".length) as "name"]) };
    case "metadata.labels":
    case "metadata.annotations":
      return { value: mapText(metadata[path.slice("metadata.".length) as "labels"] ?? {}) };
  }
  return { error: `unsupported fieldPath: ${path}` };
}

/** One `key="value"` a line, sorted. */
function mapText(map: Readonly<Record<string, string>>): string {
  return Object.keys(map).sort().map((key) => `${key}=${JSON.stringify(map[key])}`).join("\n");
}

function valueText(rollout: Rollout, path: string): Outcome<string> {
  let value: unknown = rollout;
  for (const part of path.split(/[.[\]]+/).filter((text) => text !== "")) {
    if (Array.isArray(value)) {
      if (!/^[+-]?\d+$/.test(part)) return { error: `invalid index '${part}'` };
      const index = Number(part);
      if (index < 0 || index >= value.length) return { error: `index ${index} out of range` };
      value = value[index];
    } else if (isFields(value)) {
      value = Object.hasOwn(value, part) ? value[part] : undefined;
    } else {
      return { error: `invalid path ${path} in rollout` };
    }
  }
  if (isUnset(value)) return { error: `invalid path ${path} in rollout` };
  if (typeof value === "object") {
    return { error: `path ${path} in rollout must terminate in a primitive value` };
  }
  return { value: typeof value === "number" ? floatText(value) : String(value) };
}
