import type { Selection } from "../../ports/cluster.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { matchesFields, parseFieldSelector } from "./field_selector.ts";
import type { Kind } from "./kind.ts";
import {
  type LabelSelector,
  matchesLabels,
  parseLabelSelector,
  SelectorError,
} from "../../api/values/label_selector.ts";
import { badRequest } from "./status_error.ts";

/** True for the objects that are selected. */
export type Filter = (object: KubeObject) => boolean;

const METADATA_FIELDS = ["metadata.name", "metadata.namespace"];

/** What a selection means for a kind; throws 400 when it cannot be understood. */
export function filterOf(kind: Kind, selection: Selection): Filter {
  const labels = labelsOf(selection.labelSelector ?? "");
  const fields = parseFieldSelector(selection.fieldSelector ?? "");
  for (const { field } of fields) checkField(kind, field);
  const { namespace } = selection;
  const isNamespaced = kind.type.namespaced && namespace !== undefined && namespace !== "";
  return (object) =>
    (!isNamespaced || object.metadata.namespace === namespace) &&
    matchesLabels(labels, object.metadata.labels) &&
    matchesFields(fields, (field) => fieldOf(kind, object, field));
}

function labelsOf(text: string): LabelSelector {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error;
  }
}

function checkField(kind: Kind, field: string): void {
  if (METADATA_FIELDS.includes(field) || field in kind.selectableFields) return;
  if (kind.isCustom || Object.keys(kind.selectableFields).length > 0) {
    throw badRequest(`field label not supported: ${field}`);
  }
  throw badRequest(
    `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function fieldOf(kind: Kind, object: KubeObject, field: string): string {
  if (field === "metadata.name") return object.metadata.name;
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  return String(kind.selectableFields[field]?.(object) ?? "");
}
