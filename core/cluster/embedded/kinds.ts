import { apiVersionOf, type ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  CONFIG_MAP_KIND,
  ENDPOINT_SLICE_KIND,
  EVENT_KIND,
  LEASE_KIND,
  NAMESPACE_KIND,
} from "./core_kinds.ts";
import { customKind, DEFINITION_KIND } from "./custom_kind.ts";
import { DEPLOYMENT_KIND } from "./deployments/deployment_kind.ts";
import type { Kind } from "./kind.ts";
import { POD_KIND } from "./pod_kind.ts";
import { POD_DISRUPTION_BUDGET_KIND, RESOURCE_QUOTA_KIND } from "./pod_policy_kinds.ts";
import { POD_TEMPLATE_KIND } from "./pod_template_kind.ts";
import { REPLICA_SET_KIND } from "./replica_set_kind.ts";
import { SERVICE_KIND } from "./service_kind.ts";
import { resourceName, unknownResource } from "./status_error.ts";

const BUILT_IN = [
  CONFIG_MAP_KIND,
  DEFINITION_KIND,
  DEPLOYMENT_KIND,
  ENDPOINT_SLICE_KIND,
  EVENT_KIND,
  LEASE_KIND,
  NAMESPACE_KIND,
  POD_DISRUPTION_BUDGET_KIND,
  POD_KIND,
  POD_TEMPLATE_KIND,
  REPLICA_SET_KIND,
  RESOURCE_QUOTA_KIND,
  SERVICE_KIND,
];

/** The kinds that a server knows: the built-in ones, and those that are defined in it. */
export class Kinds {
  readonly #byResource = new Map<string, Kind>();
  readonly #byKind = new Map<string, Kind>();
  /** Those that were found, by the type that was asked for. */
  readonly #found = new Map<ResourceType, Kind>();

  constructor() {
    for (const kind of BUILT_IN) this.#add(kind);
  }

  /** The kind of a resource; throws 404 when the server does not know it. */
  find(type: ResourceType): Kind {
    const known = this.#found.get(type);
    if (known !== undefined) return known;
    const kind = this.#byResource.get(resourceName(type));
    if (kind === undefined || kind.type.version !== type.version) throw unknownResource();
    this.#found.set(type, kind);
    return kind;
  }

  /** The kind that an owner reference names. */
  named(apiVersion: string, kind: string): Kind | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** A kind of the core group, which every server has. */
  builtIn(kind: "Namespace"): Kind {
    return this.#byKind.get(`v1/${kind}`) as Kind;
  }

  all(): Kind[] {
    return [...this.#byResource.values()];
  }

  /** Serves what a CustomResourceDefinition defines; answers the kind. */
  define(definition: KubeObject): Kind {
    const kind = customKind(definition);
    this.#add(kind);
    return kind;
  }

  /** Serves no more what was defined so; answers the kind, if it was served. */
  forget(definition: KubeObject): Kind | undefined {
    const { type } = customKind(definition);
    const resource = resourceName(type);
    const kind = this.#byResource.get(resource);
    this.#byResource.delete(resource);
    this.#found.clear();
    this.#byKind.delete(`${apiVersionOf(type)}/${type.kind}`);
    return kind;
  }

  #add(kind: Kind): void {
    const { type } = kind;
    this.#found.clear();
    this.#byResource.set(resourceName(type), kind);
    this.#byKind.set(`${apiVersionOf(type)}/${type.kind}`, kind);
  }
}
