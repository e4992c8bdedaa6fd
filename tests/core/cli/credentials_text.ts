import caPem from "../cluster/kube/certificates/ca.pem" with { type: "text" };

/** A kubeconfig that leads to a server of the tests, in namespace `shop`. */
export function credentialsText(server: string): string {
  const cluster = {
    server,
    "certificate-authority-data": new TextEncoder().encode(caPem).toBase64(),
  };
  return JSON.stringify({
    "current-context": "test",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "test", user: { token: "secret" } }],
    contexts: [
      { name: "test", context: { cluster: "test", user: "test", namespace: "shop" } },
      { name: "other", context: { cluster: "test", user: "test" } },
    ],
  });
}
