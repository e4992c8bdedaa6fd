/** Controllers that cannot begin: they go on trying, and `/readyz` says what they wait for. */
import assert from "node:assert/strict";
import { ApiClient } from "./control_plane/api_client.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { chooseFreePorts } from "./control_plane/ports.ts";
import { ControllerProgram } from "./controller_program.ts";
import { until } from "./real_cluster.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";

/** What `/readyz` says. */
async function readiness(port: number): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return `${response.status} ${await response.text()}`;
  } catch {
    return "";
  }
}

/** A ServiceAccount to which nothing is granted; its rights come while the controller runs. */
export async function checkWithoutRights(plane: ControlPlane): Promise<void> {
  const client = new ApiClient(plane);
  const [port = 0] = chooseFreePorts(1);
  try {
    await client.expect("POST", ACCOUNTS, { metadata: { name: "late" } });
    const { status: { token } } = await client.expect("POST", `${ACCOUNTS}/late/token`, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3600 },
    });
    const flags = [`--healthzPort=${port}`];
    const program = await ControllerProgram.start(plane, { namespace: "default", token, flags });
    try {
      for (const what of ["rollouts.argoproj.io", "replicasets.apps", "leadership"]) {
        const wait = new RegExp(`^503 not ready\n.*^waiting for ${what}\\b.* is forbidden: `, "ms");
        await until(`/readyz to wait for ${what}`, async () => wait.test(await readiness(port)));
      }
      await client.expect("POST", `${RBAC}/clusterrolebindings`, {
        metadata: { name: "late" },
        roleRef: {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: "cluster-admin",
        },
        subjects: [{ kind: "ServiceAccount", name: "late", namespace: "default" }],
      });
      await until(
        "/readyz to be ready",
        async () => (await readiness(port)).startsWith("200 ready"),
      );
    } finally {
      assert.equal(await program.stop(), 0);
    }
  } finally {
    client.close();
  }
}

/** The server comes up while the controller runs: here a way to it that opens later. */
export async function checkServerDown(plane: ControlPlane): Promise<void> {
  const [port = 0, way = 0] = chooseFreePorts(2);
  const program = await ControllerProgram.start(plane, {
    namespace: "default",
    url: `https://127.0.0.1:${way}`,
    token: plane.token,
    flags: [`--healthzPort=${port}`],
  });
  try {
    const wait = /^503 not ready\nwaiting for API server since \S+: .*does not answer: .*refused/m;
    await until("/readyz to wait for the server", async () => wait.test(await readiness(port)));
    await program.untilSaid("trying again until the cluster answers");
    const opened = openWay(way, Number(new URL(plane.url).port));
    try {
      await until(
        "/readyz to be ready",
        async () => (await readiness(port)).startsWith("200 ready"),
      );
    } finally {
      opened.close();
    }
  } finally {
    assert.equal(await program.stop(), 0);
  }
}

/** Carries every connection to a port on to another one. */
function openWay(from: number, to: number): { close(): void } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: from });
  const ends: Deno.Conn[] = [];
  const carry = async () => {
    for await (const near of listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: to });
      ends.push(near, far);
      near.readable.pipeTo(far.writable).catch(() => {});
      far.readable.pipeTo(near.writable).catch(() => {});
    }
  };
  void carry();
  return {
    close() {
      listener.close();
      for (const end of ends) {
        try {
          end.close();
        } catch {
          // Its other end was closed first.
        }
      }
    },
  };
}
