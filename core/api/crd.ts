import type { KubeObject } from "../../sdk/api/object.ts";
import { ROLLOUTS } from "./resources.ts";

interface PrintColumn {
  name: string;
  type: "integer" | "date";
  jsonPath: string;
  description: string;
}

const ROLLOUT_COLUMNS: readonly PrintColumn[] = [
  {
    name: "Desired",
    type: "integer",
    jsonPath: ".spec.replicas",
    description: "Pods that are wanted",
  },
  {
    name: "Current",
    type: "integer",
    jsonPath: ".status.replicas",
    description: "Pods of all revisions",
  },
  {
    name: "Up-to-date",
    type: "integer",
    jsonPath: ".status.updatedReplicas",
    description: "Pods of the newest revision",
  },
  {
    name: "Available",
    type: "integer",
    jsonPath: ".status.availableReplicas",
    description: "Pods that have been ready for minReadySeconds",
  },
  {
    name: "Age",
    type: "date",
    jsonPath: ".metadata.creationTimestamp",
    description: "Time since the Rollout was created",
  },
];

const OPEN_OBJECT = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** The CustomResourceDefinition of Rollouts, ready to be applied; a new object at each call. */
export function rolloutCrd(): KubeObject {
  return structuredClone({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${ROLLOUTS.plural}.${ROLLOUTS.group}` },
    spec: {
      group: ROLLOUTS.group,
      scope: "Namespaced",
      names: {
        kind: ROLLOUTS.kind,
        listKind: `${ROLLOUTS.kind}List`,
        plural: ROLLOUTS.plural,
        singular: "rollout",
        shortNames: ["ro"],
      },
      versions: [{
        name: ROLLOUTS.version,
        served: true,
        storage: true,
        additionalPrinterColumns: ROLLOUT_COLUMNS,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: ".spec.replicas",
            statusReplicasPath: ".status.HPAReplicas",
            labelSelectorPath: ".status.selector",
          },
        },
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object" },
              spec: OPEN_OBJECT,
              status: OPEN_OBJECT,
            },
          },
        },
      }],
    },
  });
}
