/** Who the controller is on a real cluster: with the rights that `sluice manifests` prints. */
import assert from "node:assert/strict";
import { installObjects } from "../../core/cli/install/objects.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

const NAMESPACE = "argo-rollouts";
export const CONTROLLER_USER = `system:serviceaccount:${NAMESPACE}:argo-rollouts`;

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const PATHS: Readonly<Record<string, string>> = {
  Namespace: "/api/v1/namespaces",
  ServiceAccount: `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`,
  ClusterRole: `${RBAC}/clusterroles`,
  ClusterRoleBinding: `${RBAC}/clusterrolebindings`,
};

/** Installs all but the Deployment, once, and gives a token of the ServiceAccount. */
export async function controllerToken(plane: ControlPlane): Promise<string> {
  const client = new ApiClient(plane);
  try {
    const objects = installObjects({
      namespace: NAMESPACE,
      image: "none",
      isNamespaced: false,
      hasNetworkPolicy: false,
      hasDisruptionBudget: false,
    });
    for (const object of objects.filter(({ kind }) => Object.hasOwn(PATHS, kind ?? ""))) {
      const { status, body } = await client.request("POST", PATHS[object.kind ?? ""] ?? "", object);
      assert.ok(status === 201 || status === 409, JSON.stringify(body));
    }
    const path = `${PATHS["ServiceAccount"]}/argo-rollouts/token`;
    const { status: { token } } = await client.expect("POST", path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3600 },
    });
    await untilGranted(plane, token);
    return token;
  } finally {
    client.close();
  }
}

/** The server learns of a new role a moment later. */
async function untilGranted(plane: ControlPlane, token: string): Promise<void> {
  const client = new ApiClient({ ...plane, token });
  try {
    for (;;) {
      const { status } = await client.request("GET", "/apis/apps/v1/replicasets?limit=1");
      if (status === 200) return;
      await sleep(systemClock, 50);
    }
  } finally {
    client.close();
  }
}
