/** Objects that were read once, as a cluster that stands still: it can only be read. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import { ApiError } from "../ports/api_error.ts";
import type { Cluster, ObjectList, Selection } from "../ports/cluster.ts";
import { matchesFields, parseFieldSelector } from "./embedded/field_selector.ts";
import { matchesLabels, parseLabelSelector } from "../api/values/label_selector.ts";

export class ReadObjects implements Cluster {
  readonly #objects: readonly KubeObject[];

  constructor(objects: readonly KubeObject[]) {
    this.#objects = objects;
  }

  get(type: ResourceType, { namespace, name }: ObjectRef): Promise<KubeObject> {
    const found = this.#of(type).find(({ metadata }) =>
      metadata.name === name && (namespace === undefined || metadata.namespace === namespace)
    );
    if (found !== undefined) return Promise.resolve(found);
    const message = `${type.plural} "${name}" is not among the objects`;
    return Promise.reject(new ApiError({ code: 404, reason: "NotFound", message }));
  }

  list(type: ResourceType, selection: Selection = {}): Promise<ObjectList> {
    const { namespace, labelSelector = "", fieldSelector = "" } = selection;
    const labels = parseLabelSelector(labelSelector);
    const fields = parseFieldSelector(fieldSelector);
    const items = this.#of(type).filter(({ metadata }) => {
      const named = (field: string) =>
        field === "metadata.name" ? metadata.name : metadata.namespace ?? "";
      return (namespace === undefined || metadata.namespace === namespace) &&
        matchesLabels(labels, metadata.labels) && matchesFields(fields, named);
    });
    return Promise.resolve({ items, resourceVersion: "0" });
  }

  watch() {
    return { stop() {} };
  }

  create = refuse;
  update = refuse;
  patch = refuse;
  delete = refuse;

  #of(type: ResourceType): KubeObject[] {
    return this.#objects.filter(({ apiVersion, kind }) =>
      kind === type.kind && apiVersion === apiVersionOf(type)
    );
  }
}

function refuse(): Promise<never> {
  const message = "objects that were read from a file cannot be changed";
  return Promise.reject(new ApiError({ code: 405, reason: "MethodNotAllowed", message }));
}
