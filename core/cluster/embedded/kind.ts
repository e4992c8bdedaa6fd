import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Random } from "../../ports/random.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import type { FieldProblem } from "./status_error.ts";

/** Where the scale subresource of a kind finds its numbers; paths as in `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** What a kind may need of its surroundings to fill in defaults. */
export interface DefaultingContext {
  readonly random: Random;
  /** The stored object that is written over; undefined for a new one. */
  readonly before: KubeObject | undefined;
  /** True when the address is taken by another Service. */
  isAddressTaken(address: string): boolean;
}

/** How the server treats the objects of one kind. */
export interface Kind {
  readonly type: ResourceType;
  /** Kinds that come from a CustomResourceDefinition differ in patches and updates. */
  readonly isCustom: boolean;
  readonly hasStatus: boolean;
  readonly scale?: ScalePaths;
  /** Which changes count as a new generation: of the spec, of all but metadata and status, none. */
  readonly generation: "spec" | "body" | "none";
  /** True when a change of the annotations counts as a new generation too. */
  readonly countsAnnotations?: boolean;
  /** A field of the spec whose change makes no new generation. */
  readonly uncountedField?: string;
  /** Labels that every object of the kind carries, whatever its writer says. */
  readonly standardLabels?: (name: string) => Record<string, string>;
  /** Fields beside metadata.name and metadata.namespace that field selectors may name. */
  readonly selectableFields: Readonly<Record<string, (object: KubeObject) => unknown>>;
  /** The body (all but metadata) as it is stored: unknown fields dropped, defaults filled in. */
  stored(object: KubeObject, context: DefaultingContext): Fields;
  /** The status of a new object; undefined when it has none. */
  firstStatus(object: KubeObject): Fields | undefined;
  /** What is wrong with the object; `before` is the stored one that it replaces. */
  problems(object: KubeObject, before: KubeObject | undefined): FieldProblem[];
  /** Why the fields cannot even be read; undefined when they can. */
  unreadable(object: KubeObject): string | undefined;
}
