/** What the screen of an Experiment says, as plain data. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, textOf } from "../../sdk/wire/json.ts";
import { byController, controlledBy } from "../api/ownership.ts";
import { type ImageInfo, imagesOf } from "./images.ts";
import type { ObjectInfo } from "./object_info.ts";
import { experimentTree } from "./rollout_info.ts";
import { experimentTags } from "./tags.ts";

/** Everything on the screen of an Experiment. */
export interface ExperimentScreen {
  name: string;
  namespace: string;
  status: string;
  /** Why the status is what it is; may be empty. */
  message: string;
  images: ImageInfo[];
  age: string;
  /** Its ReplicaSets, then its AnalysisRuns. */
  objects: ObjectInfo[];
}

/** The objects of a screen: any of each kind, of which those of the Experiment are taken. */
export interface ExperimentObjects {
  experiment: KubeObject;
  replicaSets: readonly KubeObject[];
  pods: readonly KubeObject[];
  analysisRuns: readonly KubeObject[];
  nowMs: number;
}

/** What the screen of an Experiment says at a moment. */
export function experimentScreen(input: ExperimentObjects): ExperimentScreen {
  const { experiment, nowMs } = input;
  const groups = {
    replicaSets: byController(input.replicaSets),
    pods: byController(input.pods),
    analysisRuns: byController(input.analysisRuns),
  };
  const { status, age, children } = experimentTree(experiment, groups, nowMs);
  const { name, namespace = "" } = experiment.metadata;
  return {
    name,
    namespace,
    status,
    message: textOf(fieldsOf(experiment["status"])["message"]),
    images: imagesOf(
      controlledBy(experiment, groups.replicaSets)
        .map((replicaSet) => ({ replicaSet, tags: experimentTags(replicaSet) })),
    ),
    age,
    objects: children,
  };
}
