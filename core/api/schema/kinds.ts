/** The five kinds: how the API server knows them, and what fields they have. */
import { textOf } from "../../../sdk/wire/json.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  EXPERIMENTS,
  ROLLOUTS,
} from "../names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { analysisRun, analysisTemplate } from "./analysis.ts";
import { experiment } from "./experiment.ts";
import type { Kit, Shape } from "../../../sdk/fields/kit.ts";
import { rollout } from "./rollout.ts";

/** A column that `kubectl get` shows. */
export interface PrintColumn {
  readonly name: string;
  readonly type: "integer" | "string" | "date";
  readonly jsonPath: string;
  readonly description: string;
}

/** One kind of object that Sluice defines. */
export interface Kind {
  readonly type: ResourceType;
  readonly singular: string;
  readonly shortName: string;
  readonly columns: readonly PrintColumn[];
  /** True where the status is written through a subresource of its own. */
  readonly hasStatusSubresource: boolean;
  /** Where an autoscaler finds what it needs; absent: it cannot scale these objects. */
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath: string;
  };
  /** The fields besides apiVersion, kind and metadata. */
  readonly fields: (kit: Kit) => Shape;
}

const AGE: PrintColumn = Object.freeze({
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "Time since the object was created",
});

const PHASE: PrintColumn = Object.freeze({
  name: "Status",
  type: "string",
  jsonPath: ".status.phase",
  description: "How it is doing",
});

function count(name: string, jsonPath: string, description: string): PrintColumn {
  return Object.freeze({ name, type: "integer", jsonPath, description });
}

export const ROLLOUT_KIND: Kind = Object.freeze<Kind>({
  type: ROLLOUTS,
  singular: "rollout",
  shortName: "ro",
  columns: [
    count("Desired", ".spec.replicas", "Pods that are wanted"),
    count("Current", ".status.replicas", "Pods of all revisions"),
    count("Up-to-date", ".status.updatedReplicas", "Pods of the newest revision"),
    count(
      "Available",
      ".status.availableReplicas",
      "Pods that have been ready for minReadySeconds",
    ),
    AGE,
  ],
  hasStatusSubresource: true,
  scale: {
    specReplicasPath: ".spec.replicas",
    statusReplicasPath: ".status.HPAReplicas",
    labelSelectorPath: ".status.selector",
  },
  fields: rollout,
});

/** All kinds, in the order in which their definitions are printed. */
export const KINDS: readonly Kind[] = Object.freeze([
  ROLLOUT_KIND,
  {
    type: EXPERIMENTS,
    singular: "experiment",
    shortName: "exp",
    columns: [PHASE, AGE],
    hasStatusSubresource: false,
    fields: experiment,
  },
  {
    type: ANALYSIS_TEMPLATES,
    singular: "analysistemplate",
    shortName: "at",
    columns: [AGE],
    hasStatusSubresource: false,
    fields: analysisTemplate,
  },
  {
    type: CLUSTER_ANALYSIS_TEMPLATES,
    singular: "clusteranalysistemplate",
    shortName: "cat",
    columns: [AGE],
    hasStatusSubresource: false,
    fields: analysisTemplate,
  },
  {
    type: ANALYSIS_RUNS,
    singular: "analysisrun",
    shortName: "ar",
    columns: [PHASE, AGE],
    hasStatusSubresource: false,
    fields: analysisRun,
  },
]);

/** The kind of an object, by what its apiVersion and kind say; undefined for one of others. */
export function findKind(
  { apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown },
): Kind | undefined {
  const group = textOf(apiVersion).split("/")[0];
  return KINDS.find(({ type }) => type.kind === kind && type.group === group);
}
