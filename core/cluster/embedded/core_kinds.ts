import {
  CONFIG_MAPS,
  ENDPOINT_SLICES,
  EVENTS,
  LEASES,
  NAMESPACES,
} from "../../api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, isFields } from "../../../sdk/wire/json.ts";
import type { Kind } from "./kind.ts";
import { invalidValue, jsonTypeOf, readableTexts } from "./metadata.ts";

const EVENT_FIELDS = ("reason message count type series action related").split(" ");
const CONFIG_MAP_FIELDS = ["immutable", "data", "binaryData"];

/** Selects events by a field of the object that they are about. */
function involved(field: string): (event: KubeObject) => unknown {
  return (event) => fieldsOf(event["involvedObject"])[field];
}

function plainKind(type: ResourceType, rest: Pick<Kind, "stored"> & Partial<Kind>): Kind {
  return Object.freeze<Kind>({
    type,
    isCustom: false,
    hasStatus: false,
    generation: "none",
    selectableFields: {},
    firstStatus: () => undefined,
    problems: () => [],
    unreadable: () => undefined,
    ...rest,
  });
}

/** Events. */
export const EVENT_KIND: Kind = plainKind(EVENTS, {
  selectableFields: {
    "involvedObject.kind": involved("kind"),
    "involvedObject.namespace": involved("namespace"),
    "involvedObject.name": involved("name"),
    "involvedObject.uid": involved("uid"),
    "involvedObject.apiVersion": involved("apiVersion"),
    "involvedObject.resourceVersion": involved("resourceVersion"),
    "involvedObject.fieldPath": involved("fieldPath"),
    reason: (event) => event["reason"],
    reportingComponent: (event) => event["reportingComponent"],
    source: (event) => fieldsOf(event["source"])["component"],
    type: (event) => event["type"],
  },
  stored: storedEvent,
  problems(event, before) {
    const named = fieldsOf(event["involvedObject"])["namespace"] || "";
    // Objects without a namespace have their events in the default one.
    const isHere = (named || "default") === event.metadata.namespace;
    if (before !== undefined || isHere) return [];
    const path = "involvedObject.namespace";
    return [{ path, message: invalidValue(named, "does not match event.namespace") }];
  },
});

/** Leases, by which controllers agree on a leader. */
export const LEASE_KIND: Kind = plainKind(LEASES, {
  stored: ({ spec }) => ({ spec: fieldsOf(spec) }),
});

/** ConfigMaps. */
export const CONFIG_MAP_KIND: Kind = plainKind(CONFIG_MAPS, {
  stored: (object) => {
    const stored: Fields = {};
    for (const field of CONFIG_MAP_FIELDS) {
      const value = object[field];
      const isEmpty = isFields(value) && Object.keys(value).length === 0;
      const isKept = value !== undefined && value !== null && !isEmpty;
      if (isKept) stored[field] = field === "data" ? readableTexts(value) : value;
    }
    return stored;
  },
  unreadable({ data }) {
    const isMap = data === undefined || data === null || isFields(data);
    if (!isMap) {
      return `cannot unmarshal ${jsonTypeOf(data)} into Go struct field ConfigMap.data of type ` +
        "map[string]string";
    }
    const wrong = Object.values(fieldsOf(data))
      .find((value) => typeof value !== "string" && value !== null);
    return wrong === undefined
      ? undefined
      : `cannot unmarshal ${jsonTypeOf(wrong)} into Go struct field ConfigMap.data of type string`;
  },
});

/** Namespaces: a label carries their name, so that selectors can find them. */
export const NAMESPACE_KIND: Kind = plainKind(NAMESPACES, {
  hasStatus: true,
  standardLabels: (name) => ({ "kubernetes.io/metadata.name": name }),
  selectableFields: { "status.phase": (namespace) => fieldsOf(namespace["status"])["phase"] },
  stored: (object) => ({
    spec: { finalizers: ["kubernetes"], ...fieldsOf(object["spec"]) },
    status: fieldsOf(object["status"]),
  }),
  firstStatus: () => ({ phase: "Active" }),
});

/** EndpointSlices. */
export const ENDPOINT_SLICE_KIND: Kind = plainKind(ENDPOINT_SLICES, {
  generation: "body",
  stored: ({ addressType, endpoints, ports }) => ({
    addressType,
    endpoints: endpoints ?? null,
    ports: ports ?? null,
  }),
});

/** Fields of an Event that are empty are stored all the same. */
function storedEvent(event: KubeObject): Fields {
  const stored: Fields = {
    involvedObject: fieldsOf(event["involvedObject"]),
    source: fieldsOf(event["source"]),
    firstTimestamp: event["firstTimestamp"] ?? null,
    lastTimestamp: event["lastTimestamp"] ?? null,
    eventTime: event["eventTime"] ?? null,
    reportingComponent: event["reportingComponent"] ?? "",
    reportingInstance: event["reportingInstance"] ?? "",
  };
  for (const field of EVENT_FIELDS) {
    const value = event[field];
    const isEmpty = value === undefined || value === null || value === "" || value === 0;
    if (!isEmpty) stored[field] = value;
  }
  return stored;
}
