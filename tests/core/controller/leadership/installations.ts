/** What an installation of the controller leaves in a cluster. */
import type { KubeObject } from "../../../../sdk/api/object.ts";

export function deployment(
  namespace: string,
  { name = "argo-rollouts", args = [], ready = 1 }: {
    readonly name?: string;
    readonly args?: readonly string[];
    readonly ready?: number;
  },
): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace,
      labels: {
        "app.kubernetes.io/component": "rollouts-controller",
        "app.kubernetes.io/name": "argo-rollouts",
      },
    },
    spec: { template: { spec: { containers: [{ name: "argo-rollouts", args }] } } },
    status: { readyReplicas: ready },
  };
}

export function heldLease(
  namespace: string,
  { holder = "them", renewTime = "2030-01-01T00:00:00.000000Z", durationSeconds = 15 } = {},
): KubeObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "argo-rollouts-controller-lock", namespace },
    spec: { holderIdentity: holder, renewTime, leaseDurationSeconds: durationSeconds },
  };
}
